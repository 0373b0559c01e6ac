import TimeTravel

/// What a calendar says to its clients, line by line, and what it expects to hear: a schedule of its own, for what no calendar with
/// faults here and there would come to.
///
/// A line is a word and its arguments; clients count from 1, and a time is a number of nanoseconds, `forever`, `maximum`, or `request`,
/// which is what the client has asked for last, also with `-` and a number behind:
///
///     start CLIENT [ARGUMENT...]              start the command once more, with these arguments behind it, and take its connection
///     receive CLIENT OPERATION                the client's next message has to be this; an ACK, that of what was sent to it last
///     answer CLIENT OPERATION [TIME] [shared] ACK what was received, or else is received now; START also with shared memory
///     send CLIENT OPERATION TIME
///     serve CLIENT until OPERATION            ACK its REQUESTs and UPDATEs, and then this
///     serve CLIENT TIME until N TEXT          say that it is TIME, but take no WAIT, until the console has said TEXT N times more
///     run CLIENT until TEXT                   RUN it for each WAIT, until the console has said TEXT
///     memory FIELD TIME                       store free_until, current_time or running_id
///     interrupt                               the device, whose socket arguments have as {device}, interrupts its kernel
///     console TEXT                            the console has to say so
public struct Script: Hashable, Sendable {
    /// A line that says what to do.
    public struct Step: Hashable, Sendable {
        var action: Action
        /// The line.
        public var text: String
    }

    enum Action: Hashable, Sendable {
        case start(client: Int, arguments: [String])
        case receive(client: Int, TimeTravel.Operation)
        case answer(client: Int, TimeTravel.Operation, ScriptTime, sharesMemory: Bool)
        case send(client: Int, TimeTravel.Operation, ScriptTime)
        case serve(client: Int, until: TimeTravel.Operation)
        case serveUntilConsole(client: Int, ScriptTime, count: Int, String)
        case run(client: Int, until: String)
        case store(SharedField, ScriptTime)
        case interrupt
        case console(String)
    }

    public private(set) var steps: [Step] = []

    /// A line that says nothing.
    public struct SyntaxError: Error, Hashable, CustomStringConvertible {
        /// From 1 on.
        public var line: Int
        public var text: String
        public var description: String { "line \(line) of the script, `\(text)`, is no step of a script" }
    }

    /// Reads a script.
    public init(_ lines: [String]) throws(SyntaxError) {
        for (index, line) in lines.enumerated() {
            let words = line.split(separator: " ").map(String.init)
            guard let action = Action(words) else { throw SyntaxError(line: index + 1, text: line) }
            steps.append(Step(action: action, text: line))
        }
    }

    /// Whether any client gets shared memory.
    var sharesMemory: Bool {
        steps.contains { if case .answer(_, _, _, sharesMemory: true) = $0.action { true } else { false } }
    }

    /// The lines.
    public var lines: [String] { steps.map(\.text) }
}

extension Script.Action {
    fileprivate init?(_ words: [String]) {
        guard let word = words.first else { return nil }
        let rest = words.dropFirst(2)
        let text = words.dropFirst().joined(separator: " ")
        switch word {
        case "interrupt" where words.count == 1: self = .interrupt
        case "console" where !text.isEmpty: self = .console(text)
        case "memory":
            guard words.count == 3, let field = SharedField(rawValue: words[1]), let time = ScriptTime(words[2]) else { return nil }
            self = .store(field, time)
        default:
            guard words.count >= 2, let client = Int(words[1]), client > 0 else { return nil }
            self.init(word, client, Array(rest))
        }
    }

    private init?(_ word: String, _ client: Int, _ words: [String]) {
        let operation = words.first.flatMap(TimeTravel.Operation.init(name:))
        let until = words.firstIndex(of: "until")
        switch word {
        case "start": self = .start(client: client, arguments: words)
        case "receive":
            guard words.count == 1, let operation else { return nil }
            self = .receive(client: client, operation)
        case "send":
            guard words.count == 2, let operation, let time = ScriptTime(words[1]) else { return nil }
            self = .send(client: client, operation, time)
        case "answer":
            var arguments = words.dropFirst()
            let sharesMemory = arguments.last == "shared"
            if sharesMemory { arguments.removeLast() }
            guard let operation, let time = ScriptTime(arguments.first ?? "0"), arguments.count <= 1 else { return nil }
            self = .answer(client: client, operation, time, sharesMemory: sharesMemory)
        case "serve" where until == 0:
            guard words.count == 2, let operation = TimeTravel.Operation(name: words[1]) else { return nil }
            self = .serve(client: client, until: operation)
        case "serve" where until == 1:
            guard words.count > 3, let time = ScriptTime(words[0]), let count = Int(words[2]), count > 0 else { return nil }
            self = .serveUntilConsole(client: client, time, count: count, words.dropFirst(3).joined(separator: " "))
        case "run" where until == 0:
            guard words.count > 1 else { return nil }
            self = .run(client: client, until: words.dropFirst().joined(separator: " "))
        default: return nil
        }
    }
}

/// A time in a script.
enum ScriptTime: Hashable, Sendable {
    case number(UInt64)
    /// What the client has asked for last, less this.
    case request(minus: UInt64)

    init?(_ text: String) {
        if let number = UInt64(text) {
            self = .number(number)
        } else if text == "forever" {
            self = .number(Time.forever)
        } else if text == "maximum" {
            self = .number(.max)
        } else if text == "request" {
            self = .request(minus: 0)
        } else if text.hasPrefix("request-"), let number = UInt64(text.dropFirst("request-".count)) {
            self = .request(minus: number)
        } else {
            return nil
        }
    }
}
