import TimeTravel

/// Plays a script to clients.
public struct ScriptPlayer {
    /// What came of it.
    public struct Outcome: Hashable, Sendable {
        /// The first line that went otherwise, and how; nil if all went as the script has it.
        public var deviation: String?
        /// What the clients have printed.
        public var console: [String]
        /// What the console says is wrong.
        public var failure: String? { console.lazy.compactMap(FuzzOutcome.failure).first }
    }

    private let calendar: ScriptedCalendar
    private var clients: [Int: Client] = [:]

    /// What is known of a client.
    private struct Client {
        var link: Int
        /// Messages of its own that have not been answered.
        var questions: [Message] = []
        /// The last message that was sent to it as no answer.
        var lastSent: UInt32 = 0
        /// What it has asked for last.
        var request = Time.forever
        var sharesMemory = false
    }

    private init(_ calendar: ScriptedCalendar) { self.calendar = calendar }

    /// Plays a script.
    /// - Parameters:
    ///   - command: the program of a client with its arguments; `{socket}`, `{id}` and `{device}` are filled in.
    ///   - logPath: where to record all messages.
    public static func play(
        _ script: Script, command: [String], patience: Duration = .seconds(60), logPath: String? = nil,
        shouldStop: () -> Bool = { false }
    ) throws(SystemError) -> Outcome {
        try withoutActuallyEscaping(shouldStop) { shouldStop throws(SystemError) in
            let calendar = try ScriptedCalendar(
                command: command, patience: patience, recordsMemory: script.sharesMemory, logPath: logPath, shouldStop: shouldStop)
            let deviation = play(script, to: calendar)
            calendar.readConsoles()
            try calendar.keepLog()
            let console = calendar.console.split(whereSeparator: \.isNewline).map(String.init)
            return Outcome(deviation: deviation, console: console)
        }
    }

    private static func play(_ script: Script, to calendar: ScriptedCalendar) -> String? {
        var player = ScriptPlayer(calendar)
        for (index, step) in script.steps.enumerated() {
            do {
                try player.take(step.action)
            } catch {
                return "at line \(index + 1) of the script, `\(step.text)`: \(error)"
            }
        }
        return nil
    }

    private mutating func take(_ action: Script.Action) throws {
        switch action {
        case .start(let client, let arguments):
            guard clients[client] == nil else { throw deviation("client \(client) is there already") }
            clients[client] = Client(link: try calendar.start(arguments))
        case .receive(let client, let operation): try receive(client, operation)
        case .answer(let client, let operation, let time, let sharesMemory):
            try answer(client, operation, time, sharesMemory: sharesMemory)
        case .send(let client, let operation, let time):
            let sequence = try calendar.send(link(client), operation, try value(time, of: client))
            clients[client]?.lastSent = sequence
        case .serve(let client, let operation):
            if let time = try calendar.serve(link(client), until: operation) { clients[client]?.request = time }
        case .serveUntilConsole(let client, let time, let count, let text):
            try calendar.waitForConsole(
                text, count: calendar.occurrences(of: text) + count, answering: try value(time, of: client), to: link(client))
        case .run(let client, let text):
            while !calendar.console.contains(text) {
                try calendar.run(link(client), at: try value(.request(minus: 0), of: client))
                if let time = try calendar.serve(link(client), until: .wait) { clients[client]?.request = time }
            }
        case .store(let field, let time):
            calendar.memory.store(try value(time, of: clients.keys.first { clients[$0]?.sharesMemory == true } ?? 1), in: field)
        case .interrupt: try calendar.interrupt(needsReply: false)
        case .console(let text): try calendar.waitForConsole(text)
        }
    }

    private func deviation(_ text: String) -> ScriptedCalendar.Deviation { ScriptedCalendar.Deviation(description: text) }

    private func link(_ client: Int) throws -> Int {
        guard let link = clients[client]?.link else { throw deviation("client \(client) has not been started") }
        return link
    }

    private func value(_ time: ScriptTime, of client: Int) throws -> UInt64 {
        switch time {
        case .number(let number): return number
        case .request(let less):
            let slot = UInt16(truncatingIfNeeded: try link(client) + 1)
            let shared = clients[client]?.sharesMemory == true ? calendar.memory[slot].request : nil
            return (shared ?? clients[client]?.request ?? Time.forever) &- less
        }
    }

    @discardableResult
    private mutating func receive(_ client: Int, _ operation: TimeTravel.Operation) throws -> Message {
        let message = try calendar.receive(try link(client), operation)
        if operation == .acknowledge {
            guard message.sequence == clients[client]?.lastSent else { throw deviation("client \(client) sends \(message)") }
        } else {
            clients[client]?.questions.append(message)
        }
        if operation == .request { clients[client]?.request = message.time }
        return message
    }

    private mutating func answer(
        _ client: Int, _ operation: TimeTravel.Operation, _ time: ScriptTime, sharesMemory: Bool
    ) throws {
        let message: Message
        if let index = clients[client]?.questions.firstIndex(where: { $0.operation == operation }),
            let question = clients[client]?.questions[index]
        {
            message = question
        } else {
            message = try receive(client, operation)
        }
        clients[client]?.questions.removeAll { $0 == message }
        let value = try value(time, of: client)
        if operation == .start {
            try calendar.admit(try link(client), message, number: value, sharesMemory: sharesMemory)
            clients[client]?.sharesMemory = sharesMemory
        } else {
            try calendar.send(try link(client), message.acknowledgement(time: value))
        }
    }
}
