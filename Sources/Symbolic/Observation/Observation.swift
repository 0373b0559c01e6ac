import Automata
import Exploration
import Promela

/// What was seen of one send or receive: as much as is known of it.
public struct Observation: Hashable, Sendable {
    /// What a global variable held at that moment.
    public struct Reading: Hashable, Sendable {
        public var storage: Storage
        public var value: Int128

        public init(storage: Storage, value: Int128) {
            self.storage = storage
            self.value = value
        }
    }

    public var isSend: Bool
    /// The numbers of the channels that it may have been on, from 1 on.
    public var channels: Set<Int>
    /// What the message was, field by field; nil where that is not known.
    public var fields: [Int128?]
    public var readings: [Reading]

    public init(isSend: Bool, channels: Set<Int>, fields: [Int128?], readings: [Reading] = []) {
        self.isSend = isSend
        self.channels = channels
        self.fields = fields
        self.readings = readings
    }
}

/// A send or a receive of the model where the log has something else, or nothing more.
public struct ObservedMove: Hashable, Sendable {
    /// What is wrong with it.
    public enum Mismatch: Hashable, Sendable {
        /// Another channel, or a receive in place of a send.
        case operation
        /// The field of the message can have these values, of which none was seen.
        case field(Int, ClosedRange<Int128>)
        /// The variable of a reading, by its number, can have these values.
        case reading(Int, ClosedRange<Int128>)
        /// Each part can be as it was seen, but not together.
        case combination
    }

    public var isSend: Bool
    /// The number of the channel.
    public var channel: Int
    /// The values that each field of the message can have.
    public var fields: [ClosedRange<Int128>]
    /// The statement.
    public var span: Span
    /// In the order of the parts of the observation.
    public var mismatches: [Mismatch]
}

/// What became of a search for a behaviour that was observed.
public enum ObservedOutcome: Sendable {
    /// Some behaviour of the model has all the observations, in their order.
    case matched
    /// No behaviour has more than so many of the observations.
    case diverged(Divergence)
    case stopped(after: Int, Limit)

    public struct Divergence: Sendable {
        /// How many observations a behaviour can have.
        public var matched: Int
        /// What the model can do then that would be observed, none of it what was.
        public var moves: [ObservedMove]
        /// A state in which the model can be then, with numbers for all that is not known, in which nothing can happen unobserved;
        /// nil if there is none that is simple enough.
        public var state: [UInt8]?
    }
}
