import Promela

extension Trace {
    /// What was done between two states.
    public struct Step: Hashable, Sendable {
        /// Who moved, and by which statement.
        public var action: Action
        /// The receiving half of a rendezvous.
        public var partner: Action?
        /// The number that `select` chose: one of 64 bits, with or without a sign.
        public var choice: Int128?
        /// Whether this was possible only because nothing else was: a `timeout` took part.
        public var isTimeout: Bool
        /// What was sent and received. One message at most, but for a `d_step`.
        public var messages: [Message]
        /// What the model printed.
        public var output: String
        /// Whether the process was inside an atomic sequence afterwards, and alone could go on.
        public var keepsControl: Bool
        /// Among the moves of that state that are described alike, which one this was, from 0.
        public var occurrence: Int

        public init(
            action: Action, partner: Action? = nil, choice: Int128? = nil, isTimeout: Bool = false,
            messages: [Message] = [], output: String = "", keepsControl: Bool = false, occurrence: Int = 0
        ) {
            self.action = action
            self.partner = partner
            self.choice = choice
            self.isTimeout = isTimeout
            self.messages = messages
            self.output = output
            self.keepsControl = keepsControl
            self.occurrence = occurrence
        }

        /// The step in one line, such as `Client(1): c!GET(3) -> Server(0): c?x`.
        public var summary: String {
            let own = "\(action.actor): \(statement)"
            return partner.map { "\(own) -> \($0.actor): \($0.text)" } ?? own
        }

        /// The statement, with what was chosen, and whether a timeout took part.
        var statement: String {
            var result = action.text == StatementText.end ? "ends" : action.text
            if let choice { result += " = \(choice)" }
            if isTimeout, !result.contains("timeout") { result += " (timeout)" }
            return result
        }
    }

    /// One statement, taken by one process.
    public struct Action: Hashable, Sendable {
        public var pid: Int
        /// Name of the proctype.
        public var process: String
        /// The statement: as written, or spelled out from its meaning where no text stands for just that.
        public var text: String
        /// Where it stands: in the body of an inline, but not in the body of a macro.
        public var location: SourceLocation

        public init(pid: Int, process: String, text: String, location: SourceLocation) {
            self.pid = pid
            self.process = process
            self.text = text
            self.location = location
        }

        /// The process as people name it, such as `Client(1)`.
        public var actor: String { Trace.processName(process, pid) }
    }

    /// A message that a step put into a channel or took from one.
    public struct Message: Hashable, Sendable {
        /// Which way a message went.
        public enum Direction: String, Hashable, Sendable {
            case sent, received
            /// Received, but left in the channel.
            case copied
            /// From sender to receiver at once.
            case exchanged
        }

        public var channel: String
        public var values: [Value]
        public var direction: Direction

        public init(channel: String, values: [Value], direction: Direction) {
            self.channel = channel
            self.values = values
            self.direction = direction
        }

        /// The values, such as `GET 3`.
        public var text: String { Self.text(values) }

        static func text(_ values: [Value]) -> String { values.map(\.description).joined(separator: " ") }
    }

    /// `Client(1)`; `init(0)` for the initial process.
    static func processName(_ name: String, _ pid: Int) -> String {
        "\(name == ":init:" ? "init" : name)(\(pid))"
    }
}

extension Trace.Process {
    /// The process as people name it, such as `Client(1)`.
    public var displayName: String { Trace.processName(name, pid) }
}
