import Promela

extension Trace {
    /// One state, by names: what a person sees of it.
    public struct State: Hashable, Sendable {
        /// Global variables in the order of their declaration, without hidden ones and channels that never hold a message.
        public var globals: [Field]
        /// In the order of their pids.
        public var processes: [Process]

        public init(globals: [Field], processes: [Process]) {
            self.globals = globals
            self.processes = processes
        }
    }

    /// A process as it stands in one state.
    public struct Process: Hashable, Sendable {
        public var pid: Int
        /// Name of its proctype.
        public var name: String
        /// The statement that it stands before.
        public var location: SourceLocation
        public var locals: [Field]

        public init(pid: Int, name: String, location: SourceLocation, locals: [Field]) {
            self.pid = pid
            self.name = name
            self.location = location
            self.locals = locals
        }
    }

    /// A variable or a field of a record, with its value.
    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: Value

        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// A value, as far as a trace tells values apart.
    public indirect enum Value: Hashable, Sendable {
        case integer(Int64)
        /// A value above the largest `Int64`; smaller ones are `integer`.
        case large(UInt64)
        case boolean(Bool)
        /// A symbolic name, or the name of the channel that a variable refers to.
        case name(String)
        /// The messages in a channel, oldest first.
        case channel([[Value]])
        case array([Value])
        case record([Field])

        /// A value without a sign.
        public static func unsigned(_ value: UInt64) -> Value {
            if let small = Int64(exactly: value) { return .integer(small) }
            return .large(value)
        }
    }
}

extension Trace.Value: CustomStringConvertible {
    /// The value as a person would write it.
    public var description: String {
        switch self {
        case .integer(let value): String(value)
        case .large(let value): String(value)
        case .boolean(let value): value ? "true" : "false"
        case .name(let name): name
        case .channel(let messages): "[" + messages.map(Trace.Message.text).joined(separator: " | ") + "]"
        case .array(let elements): "{" + elements.map(\.description).joined(separator: ", ") + "}"
        case .record(let fields): "{" + fields.map { "\($0.name)=\($0.value)" }.joined(separator: ", ") + "}"
        }
    }

    /// Whether this is what the variable would hold if nothing had happened yet: zero, false, empty, through and through.
    var isBlank: Bool {
        switch self {
        case .integer(let value): value == 0
        case .large: false
        case .boolean(let value): !value
        case .name(let name): name == Trace.Value.noChannel
        case .channel(let messages): messages.isEmpty
        case .array(let elements): elements.allSatisfy(\.isBlank)
        case .record(let fields): fields.allSatisfy(\.value.isBlank)
        }
    }

    /// What a channel variable holds that refers to no channel.
    static let noChannel = "none"
}
