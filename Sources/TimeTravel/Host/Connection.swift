import CHost
import Glibc

/// One side of a connection between a calendar and a client: whole messages, and descriptors beside them.
///
/// Nothing here ever blocks. The stream may cut messages anywhere; they are put together again.
public struct Connection: ~Copyable {
    private let socket: Descriptor
    private var input: [UInt8] = []

    /// Takes over a connected stream socket.
    public init(_ socket: Descriptor) { self.socket = socket }

    /// To wait for.
    public var descriptor: Int32 { socket.number }

    /// The number of the process on the other side; nil if that is not known.
    var peerProcess: pid_t? { socket.peerProcess }

    /// Why nothing comes from the other side any more.
    public enum End: Hashable, Sendable {
        case closed
        /// Closed within a message, of which so many bytes had come.
        case closedWithinMessage(Int)
        case failed(code: Int32)
    }

    /// What has come.
    public struct Arrivals {
        public var messages: [Message] = []
        public var descriptors: [Descriptor] = []
        public var end: End?

        package init() {}
    }

    /// The bytes taken in one go: a client that never stops sending does not keep the others waiting.
    private static let chunk = 64 * Message.length

    /// Takes what has come, if anything.
    public mutating func receive() -> Arrivals {
        var arrivals = Arrivals()
        var numbers = [Int32](repeating: -1, count: Int(HOST_MAXIMUM_DESCRIPTORS))
        var count = numbers.count
        let received = withUnsafeTemporaryAllocation(byteCount: Self.chunk, alignment: 8) { buffer in
            var received: Int
            repeat {
                count = numbers.count
                received = host_receive(socket.number, buffer.baseAddress, buffer.count, &numbers, &count)
            } while received < 0 && errno == EINTR
            if received > 0 { input.append(contentsOf: buffer.prefix(received)) }
            return received
        }
        let error = errno
        arrivals.descriptors = numbers.prefix(count).map(Descriptor.init)
        if received == 0 {
            arrivals.end = input.isEmpty ? .closed : .closedWithinMessage(input.count)
        } else if received < 0, error != EAGAIN {
            arrivals.end = error == ECONNRESET ? .closed : .failed(code: error)
        }
        let whole = input.count / Message.length * Message.length
        if whole > 0 {
            input.withUnsafeBytes { bytes in
                for start in stride(from: 0, to: whole, by: Message.length) {
                    let part = UnsafeRawBufferPointer(rebasing: bytes[start..<start + Message.length])
                    if let message = Message(part) { arrivals.messages.append(message) }
                }
            }
            input.removeFirst(whole)
        }
        return arrivals
    }

    /// Sends a message.
    /// - Parameter split: so many bytes go first, in a piece of their own; for a moment, the rest waits until that has been read.
    /// - Throws: also if the other side has left so much unread that there is no room.
    public func send(_ message: Message, descriptors: [Descriptor] = [], splitAt split: Int = 0) throws(SystemError) {
        let bytes = message.bytes
        if split > 0 {
            try send(Array(bytes.prefix(split)), descriptors)
            let end = ContinuousClock.now + .milliseconds(20)
            while host_is_unread(socket.number) != 0, ContinuousClock.now < end { sched_yield() }
        }
        try send(Array(bytes.dropFirst(split)), split > 0 ? [] : descriptors)
    }

    /// Sends bytes that need not be a message.
    package func send(bytes: [UInt8]) throws(SystemError) { if !bytes.isEmpty { try send(bytes, []) } }

    private func send(_ bytes: [UInt8], _ descriptors: [Descriptor]) throws(SystemError) {
        let numbers = descriptors.map(\.number)
        var sent: Int
        repeat {
            sent = host_send(socket.number, bytes, bytes.count, numbers, numbers.count)
        } while sent < 0 && errno == EINTR
        guard sent == bytes.count else { throw SystemError("send a message", code: sent < 0 ? errno : EMSGSIZE) }
    }

    /// Two connected sides, for a calendar and a client in one process.
    public static func pair() throws(SystemError) -> (Descriptor, Descriptor) {
        var ends: [Int32] = [0, 0]
        guard host_make_socket_pair(&ends) == 0 else {
            throw SystemError("make a pair of sockets")
        }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }

    /// Connects to a calendar.
    public static func connect(to path: String) throws(SystemError) -> Descriptor {
        let socket = try UnixAddress.makeSocket()
        let code = try UnixAddress.with(path) { Glibc.connect(socket.number, $0, $1) }
        guard code == 0 else { throw SystemError("connect to \(path)") }
        return socket
    }
}
