import CHost
import Glibc

/// A device without queues, for the one thing that any device can do: interrupt the kernel, at a moment of our choice.
///
/// To a kernel with `virtio_uml.device=PATH:ID` it is a virtio device of that number over vhost-user. An interrupt says that the device's
/// configuration has changed; it comes as a message over a socket of the kernel's, so by SIGIO, and in time travel the kernel's handler
/// asks for the time at once, whatever it is doing (`vu_req_read_message()`).
public final class InterruptDevice {
    /// Where the kernel connects.
    public let path: String
    private let listener: Listener
    private var kernel: Descriptor?
    /// The kernel's end for requests of the device.
    private var requests: Descriptor?
    private var input: [UInt8] = []
    private var replies: [UInt8] = []

    /// What the kernel says to a device, as far as it matters here.
    private enum Request {
        static let getFeatures: UInt32 = 1
        static let getProtocolFeatures: UInt32 = 15
        static let setRequestDescriptor: UInt32 = 21
    }

    /// What a device says to the kernel.
    private static let configurationChanged: UInt32 = 2
    /// There are protocol features, and it is a device of version 1.
    private static let features: UInt64 = 1 << 30 | 1 << 32
    /// The device has requests of its own (5), and they come as messages (14).
    private static let protocolFeatures: UInt64 = 1 << 5 | 1 << 14

    /// Waits for a kernel to connect.
    public init(path: String? = nil) throws(SystemError) {
        listener = try Listener(path: path)
        self.path = listener.path
    }

    /// Whether the kernel can be interrupted.
    public var isReady: Bool { requests != nil }

    /// The number of the kernel's process; nil if there is none, or that is not known.
    package var kernelProcess: pid_t? { kernel?.peerProcess }

    /// To wait for.
    public var descriptors: [Int32] { [listener.descriptor] + [kernel, requests].compactMap { $0?.number } }

    /// Answers what has come; never blocks.
    /// - Throws: if the kernel breaks the rules of vhost-user.
    public func serve() throws(SystemError) {
        if kernel == nil { kernel = listener.accept() }
        guard let kernel, let (bytes, descriptors) = try Self.receive(kernel) else { return }
        guard !bytes.isEmpty else { return forget() }
        input += bytes
        guard !VhostUserMessage.isTooLong(input) else { throw SystemError("read a request of the kernel", code: EMSGSIZE) }
        while let message = VhostUserMessage.take(from: &input) {
            switch message.request {
            case Request.getFeatures: try Self.send(message.reply(Self.features), to: kernel)
            case Request.getProtocolFeatures: try Self.send(message.reply(Self.protocolFeatures), to: kernel)
            case Request.setRequestDescriptor: requests = descriptors.first
            default: break
            }
        }
    }

    /// Interrupts the kernel.
    /// - Parameter needsReply: whether it is to say when its handler has taken the interrupt.
    public func interrupt(needsReply: Bool) throws(SystemError) {
        guard let requests else { throw SystemError("interrupt a kernel that has not asked for it", code: ENOTCONN) }
        let flags = VhostUserMessage.version | (needsReply ? VhostUserMessage.needsReply : 0)
        try Self.send(VhostUserMessage(request: Self.configurationChanged, flags: flags), to: requests)
    }

    /// Takes a reply to an interrupt.
    /// - Returns: false if none has come.
    public func takeReply() throws(SystemError) -> Bool {
        guard let requests else { return false }
        if let (bytes, _) = try Self.receive(requests) {
            guard !bytes.isEmpty else {
                forget()
                return false
            }
            replies += bytes
        }
        return VhostUserMessage.take(from: &replies) != nil
    }

    /// The kernel has gone, and another may come.
    private func forget() {
        kernel = nil
        requests = nil
        input = []
        replies = []
    }

    private static func send(_ message: VhostUserMessage, to socket: Descriptor) throws(SystemError) {
        let bytes = message.bytes
        guard host_send(socket.number, bytes, bytes.count, nil, 0) == bytes.count else { throw SystemError("send to the kernel") }
    }

    /// - Returns: nil if nothing has come; no bytes at the end.
    private static func receive(_ socket: Descriptor) throws(SystemError) -> (bytes: [UInt8], descriptors: [Descriptor])? {
        var bytes = [UInt8](repeating: 0, count: 8192)
        var numbers = [Int32](repeating: -1, count: Int(HOST_MAXIMUM_DESCRIPTORS))
        var count = numbers.count
        let received = host_receive(socket.number, &bytes, bytes.count, &numbers, &count)
        guard received >= 0 else {
            if errno == EAGAIN || errno == EINTR { return nil }
            if errno == ECONNRESET { return ([], []) }
            throw SystemError("read a request of the kernel")
        }
        return (Array(bytes.prefix(received)), numbers.prefix(count).map(Descriptor.init))
    }
}
