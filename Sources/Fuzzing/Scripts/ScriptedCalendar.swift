import Glibc
import TimeTravel

/// A calendar that says to its clients what it is told to say, and nothing else.
///
/// Clients count from 0. Everything waits for a limited time: who waits for a client that hangs gets an error.
package final class ScriptedCalendar {
    package let listener: Listener
    /// Interrupts the client that was started with its socket among its arguments.
    package let device: InterruptDevice
    private let command: [String]
    private let guardian: Guardian
    private var processes: [ProcessTree] = []
    private var links: [Link] = []
    /// What all clients have printed.
    package private(set) var console = ""
    /// Shared memory, for clients that are to have some.
    package let memory: SharedSchedule
    /// Sequence numbers of its own messages.
    private var sequence: UInt32 = 0
    private let deadline: ContinuousClock.Instant
    private let shouldStop: () -> Bool
    private let log: CalendarLog?
    private let recordsMemory: Bool

    /// A client has not done what it had to do.
    package struct Deviation: Error, CustomStringConvertible {
        package var description: String
    }

    private final class Link {
        var connection: Connection
        var arrived: [Message] = []
        var isClosed = false

        /// The client's process.
        let process: pid_t?

        init(_ socket: Descriptor) {
            process = socket.peerProcess
            connection = Connection(socket)
        }
    }

    /// - Parameters:
    ///   - command: the program of a client with its arguments: `{socket}`, `{id}` and, for the socket of the device, `{device}` are filled in.
    ///   - patience: how long all of it may take.
    ///   - recordsMemory: whether the record has the shared memory too.
    ///   - logPath: where to record all messages.
    package init(
        command: [String], patience: Duration = .seconds(60), recordsMemory: Bool = true, logPath: String? = nil, shouldStop: @escaping () -> Bool = { false }
    ) throws(SystemError) {
        self.recordsMemory = recordsMemory
        self.command = command
        self.shouldStop = shouldStop
        deadline = .now + patience
        listener = try Listener()
        device = try InterruptDevice(path: listener.folderPath.map { $0 + "/device" })
        memory = try SharedSchedule(slotCount: 65)
        log = if let logPath { try CalendarLog(path: logPath, clients: 1, timeOfDay: 0, sharesMemory: recordsMemory) } else { nil }
        guardian = try Guardian(removing: [listener.path, device.path] + (log?.temporaryFiles ?? []), folder: listener.folderPath)
    }

    /// Starts a client, and takes its connection.
    /// - Returns: its number.
    package func start(_ arguments: [String] = []) throws -> Int {
        let client = links.count
        let words = (command + arguments).map {
            $0.replacing("{id}", with: "\(client + 1)").replacing("{socket}", with: listener.path).replacing("{device}", with: device.path)
        }
        processes.append(try ProcessTree(words, guardian: guardian))
        while true {
            if let socket = listener.accept() {
                links.append(Link(socket))
                try record(.connected, client)
                return client
            }
            if let process = processes.last, ScriptedCalendar.hasEnded(process) {
                throw Deviation(description: "client \(client + 1) \(process.stop()) and never came")
            }
            try pump()
        }
    }

    private static func hasEnded(_ process: ProcessTree) -> Bool {
        var poll = pollfd(fd: process.end.number, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, 0) > 0
    }

    private func record(_ event: CalendarLog.Event, _ client: Int) throws(SystemError) {
        try log?.add(
            event, client: client + 1, slot: UInt16(client + 1), simulated: memory.currentTime,
            memory: recordsMemory ? memory : nil, slots: UInt16(links.count))
    }

    /// Puts the record in its place.
    package func keepLog() throws(SystemError) { try log?.keep() }

    /// Takes what has come, and waits a little if nothing has.
    private func pump() throws {
        guard !shouldStop() else { throw Deviation(description: "was stopped") }
        guard ContinuousClock.now < deadline else { throw Deviation(description: "nothing of the kind has come in time") }
        var polls = links.filter { !$0.isClosed }.map { pollfd(fd: $0.connection.descriptor, events: Int16(POLLIN), revents: 0) }
        polls += processes.map { pollfd(fd: $0.output.number, events: Int16(POLLIN), revents: 0) }
        polls += ([listener.descriptor] + device.descriptors).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = poll(&polls, nfds_t(polls.count), 100)
        readConsoles()
        try device.serve()
        for (client, link) in links.enumerated() where !link.isClosed {
            let arrivals = link.connection.receive()
            for message in arrivals.messages { try record(.received(message), client) }
            link.arrived += arrivals.messages
            link.isClosed = arrivals.end != nil
            if link.isClosed { try record(.disconnected, client) }
        }
    }

    /// Takes what has been printed; not for ever, for something may go on printing.
    package func readConsoles() {
        for process in processes {
            for _ in 0..<64 {
                guard let bytes = process.read(), !bytes.isEmpty else { break }
                console += String(decoding: bytes, as: UTF8.self)
            }
        }
    }

    /// The next message of a client.
    package func next(_ client: Int) throws -> Message {
        while links[client].arrived.isEmpty, !links[client].isClosed { try pump() }
        guard !links[client].arrived.isEmpty else { throw Deviation(description: "client \(client + 1) has gone") }
        return links[client].arrived.removeFirst()
    }

    /// The next message of a client, which has to be this one.
    package func receive(_ client: Int, _ operation: TimeTravel.Operation) throws -> Message {
        let message = try next(client)
        guard message.operation == operation else { throw Deviation(description: "client \(client + 1) sends \(message)") }
        return message
    }

    /// Lets the device interrupt its client.
    /// - Parameter needsReply: whether that is to say when its handler has taken the interrupt.
    package func interrupt(needsReply: Bool) throws(SystemError) {
        if let process = device.kernelProcess, let client = links.firstIndex(where: { $0.process == process }) {
            try record(.interrupted, client)
        }
        try device.interrupt(needsReply: needsReply)
    }

    /// Waits for the client's answer to an interrupt.
    package func waitForReply() throws { while try !device.takeReply() { try pump() } }

    /// Serves a client by messages until it has sent this.
    /// - Returns: what it has asked for last, if it has asked for anything.
    package func serve(_ client: Int, until operation: TimeTravel.Operation) throws -> UInt64? {
        var time: UInt64?
        while true {
            let message = try next(client)
            if message.operation == .request { time = message.time }
            guard [.request, .update, operation].contains(message.operation) else {
                throw Deviation(description: "client \(client + 1) sends \(message)")
            }
            try send(client, message.acknowledgement())
            if message.operation == operation { return time }
        }
    }

    package func send(_ client: Int, _ message: Message, descriptors: [Descriptor] = []) throws(SystemError) {
        try record(.sent(message, descriptors: descriptors.count), client)
        try links[client].connection.send(message, descriptors: descriptors)
    }

    /// Sends a message of its own.
    /// - Returns: its sequence number.
    @discardableResult
    package func send(_ client: Int, _ operation: TimeTravel.Operation, _ time: UInt64) throws(SystemError) -> UInt32 {
        sequence += 1
        try send(client, Message(operation, sequence: sequence, time: time))
        return sequence
    }

    /// Answers START, with shared memory or with some that every client refuses.
    package func admit(_ client: Int, _ start: Message, number: UInt64, sharesMemory: Bool) throws(SystemError) {
        let shared = sharesMemory ? memory.descriptor : try SharedSchedule.makeRefused()
        try send(client, start.acknowledgement(time: number), descriptors: [shared, try Descriptor.null()])
    }

    /// Sends RUN, and waits for its ACK.
    package func run(_ client: Int, at time: UInt64) throws {
        let sequence = try send(client, .run, time)
        let answer = try receive(client, .acknowledge)
        guard answer.sequence == sequence else { throw Deviation(description: "client \(client + 1) sends \(answer)") }
    }

    /// Waits until the console says so, and answers what a client sends in the meantime; it must not wait.
    /// - Parameter time: what it is told that time it is.
    package func waitForConsole(_ text: String, count: Int = 1, answering time: UInt64 = 0, to client: Int? = nil) throws {
        while console.occurrences(of: text) < count {
            try pump()
            guard let client, !links[client].isClosed else { continue }
            for message in links[client].arrived {
                guard message.operation != .wait else { throw Deviation(description: "client \(client + 1) sends \(message)") }
                try send(client, message.acknowledgement(time: time))
            }
            links[client].arrived = []
        }
    }

    /// How often the console has said so.
    package func occurrences(of text: String) -> Int { console.occurrences(of: text) }
}

extension String {
    fileprivate func occurrences(of text: String) -> Int { ranges(of: text).count }
}
