import CHost
import Glibc
import Testing

@testable import TimeTravel

/// The device as a kernel sees it; with a real kernel in `LiveFindingTests`.
@Suite struct InterruptDeviceTests {
    private let device: InterruptDevice
    private let kernel: Descriptor

    init() throws {
        device = try InterruptDevice()
        kernel = try Connection.connect(to: device.path)
    }

    private func say(_ request: UInt32, _ payload: [UInt8] = []) throws {
        let bytes = VhostUserMessage(request: request, payload: payload).bytes
        #expect(write(kernel.number, bytes, bytes.count) == bytes.count)
        try device.serve()
    }

    private func hear(_ socket: Descriptor) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 100)
        let count = recv(socket.number, &bytes, bytes.count, Int32(MSG_DONTWAIT))
        return Array(bytes.prefix(max(0, count)))
    }

    @Test(arguments: [(UInt32(1), UInt64(0x1_4000_0000)), (15, 0x4020)]) func itSaysWhatItCanDo(request: UInt32, features: UInt64) throws {
        try say(request)
        var bytes = hear(kernel)
        let reply = try #require(VhostUserMessage.take(from: &bytes))
        // `vhost_user_recv_resp()` wants exactly these flags.
        #expect(reply == VhostUserMessage(request: request, flags: 5, payload: withUnsafeBytes(of: features, Array.init)))
        #expect(bytes.isEmpty)
    }

    @Test func requestsThatNeedNoAnswerGetNone() throws {
        try say(3)
        try say(2, [UInt8](repeating: 0, count: 8))
        #expect(hear(kernel) == [])
    }

    @Test func requestsMayComeInPieces() throws {
        for byte in VhostUserMessage(request: 1).bytes {
            #expect(hear(kernel) == [])
            #expect(write(kernel.number, [byte], 1) == 1)
            try device.serve()
        }
        #expect(hear(kernel).count == 20)
    }

    @Test func aRequestThatNeverEndsIsAnError() throws {
        let header: [UInt32] = [2, 1, 1 << 30]
        let bytes = header.flatMap { withUnsafeBytes(of: $0, Array.init) }
        #expect(write(kernel.number, bytes, bytes.count) == bytes.count)
        #expect(throws: SystemError.self) { try device.serve() }
    }

    @Test func whenAKernelHasGoneAnotherMayCome() throws {
        try say(1)
        shutdown(kernel.number, Int32(SHUT_RDWR))
        try device.serve()
        #expect(device.descriptors.count == 1, "there is nothing to wait for but another kernel")
        let other = try Connection.connect(to: device.path)
        let bytes = VhostUserMessage(request: 1).bytes
        #expect(write(other.number, bytes, bytes.count) == bytes.count)
        try device.serve()
        #expect(hear(other).count == 20)
    }

    @Test(arguments: [(false, UInt32(1)), (true, 9)]) func anInterruptIsAMessage(needsReply: Bool, flags: UInt32) throws {
        #expect(!device.isReady)
        #expect(throws: SystemError.self) { try device.interrupt(needsReply: needsReply) }
        let (ours, theirs) = try Connection.pair()
        let request = VhostUserMessage(request: 21).bytes
        #expect(try send(request, with: theirs) == request.count)
        try device.serve()
        #expect(device.isReady)
        try device.interrupt(needsReply: needsReply)
        var bytes = hear(ours)
        #expect(VhostUserMessage.take(from: &bytes) == VhostUserMessage(request: 2, flags: flags))
        #expect(bytes.isEmpty)
        let isEarly = try device.takeReply()
        #expect(!isEarly)
        let reply = VhostUserMessage(request: 2).reply(0).bytes
        #expect(write(ours.number, reply, reply.count) == reply.count)
        let hasCome = try device.takeReply()
        #expect(hasCome)
    }

    private func send(_ bytes: [UInt8], with descriptor: Descriptor) throws -> Int {
        host_send(kernel.number, bytes, bytes.count, [descriptor.number], 1)
    }
}
