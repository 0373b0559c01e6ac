/// A message between a calendar and a client: 16 bytes in the byte order of the host (`struct um_timetravel_msg`).
public struct Message: Hashable, Sendable {
    public var operation: Operation
    /// Chosen by whoever asks; the answer has the same.
    public var sequence: UInt32
    /// In nanoseconds, for most operations.
    public var time: UInt64

    public init(_ operation: Operation, sequence: UInt32, time: UInt64 = 0) {
        self.operation = operation
        self.sequence = sequence
        self.time = time
    }

    /// The answer to this message.
    public func acknowledgement(time: UInt64 = 0) -> Message { Message(.acknowledge, sequence: sequence, time: time) }
}

extension Message {
    /// The length of every message, in bytes.
    public static let length = 16

    /// Reads a message.
    /// - Returns: nil unless there are exactly as many bytes as a message has.
    public init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.length else { return nil }
        operation = Operation(rawValue: bytes.loadUnaligned(as: UInt32.self))
        sequence = bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self)
        time = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
    }

    /// The message as it goes over the wire.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.length) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: operation.rawValue, as: UInt32.self)
            raw.storeBytes(of: sequence, toByteOffset: 4, as: UInt32.self)
            raw.storeBytes(of: time, toByteOffset: 8, as: UInt64.self)
            count = Self.length
        }
    }
}

extension Message: CustomStringConvertible {
    public var description: String { "\(operation) #\(sequence) \(Time.text(time))" }
}

/// Simulated times, in nanoseconds.
public enum Time {
    /// What a client asks for that has nothing to do (`S64_MAX`, in `time_travel_sleep()`). A kernel that is run at this time
    /// or a later one panics.
    public static let forever = UInt64(Int64.max)

    /// A sum that ends at `forever` rather than beyond it.
    static func sum(_ time: UInt64, _ offset: UInt64) -> UInt64 {
        let (sum, overflow) = time.addingReportingOverflow(offset)
        return overflow ? forever : min(sum, forever)
    }

    /// A time as people read it: `1.5 s`, or `for ever`.
    public static func text(_ time: UInt64) -> String {
        time >= forever ? "for ever" : "\(time / 1_000_000_000).\(String(String(1_000_000_000 + time % 1_000_000_000).dropFirst())) s"
    }
}
