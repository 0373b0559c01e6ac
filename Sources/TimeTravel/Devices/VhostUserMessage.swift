/// A message of the vhost-user protocol, which a kernel and a device speak (`arch/um/drivers/vhost_user.h` of Linux 6.12): a header
/// of three words in the byte order of the host, and what belongs to the request.
struct VhostUserMessage: Hashable, Sendable {
    var request: UInt32
    var flags: UInt32
    var payload: [UInt8] = []

    /// The bytes of a header.
    static let headerLength = 12
    /// More than any request to a device without queues has.
    static let maximumPayload = 4096
    /// Of the protocol, in the flags.
    static let version: UInt32 = 1
    static let isReply: UInt32 = 1 << 2
    static let needsReply: UInt32 = 1 << 3

    init(request: UInt32, flags: UInt32 = Self.version, payload: [UInt8] = []) {
        self.request = request
        self.flags = flags
        self.payload = payload
    }

    /// The answer to a request, with a number.
    func reply(_ value: UInt64) -> VhostUserMessage {
        VhostUserMessage(request: request, flags: Self.version | Self.isReply, payload: withUnsafeBytes(of: value, Array.init))
    }

    var bytes: [UInt8] {
        [request, flags, UInt32(payload.count)].flatMap { withUnsafeBytes(of: $0, Array.init) } + payload
    }

    /// Whether `bytes` begin with a message longer than any that is allowed.
    static func isTooLong(_ bytes: [UInt8]) -> Bool { length(bytes).map { $0 > headerLength + maximumPayload } ?? false }

    private static func length(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= headerLength else { return nil }
        return headerLength + Int(bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 8, as: UInt32.self) })
    }

    /// Takes the first message off these bytes.
    /// - Returns: nil if it has not come completely.
    static func take(from bytes: inout [UInt8]) -> VhostUserMessage? {
        guard let length = length(bytes), bytes.count >= length else { return nil }
        let message = bytes.withUnsafeBytes {
            VhostUserMessage(
                request: $0.loadUnaligned(as: UInt32.self), flags: $0.loadUnaligned(fromByteOffset: 4, as: UInt32.self),
                payload: Array($0[headerLength..<length]))
        }
        bytes.removeFirst(length)
        return message
    }
}
