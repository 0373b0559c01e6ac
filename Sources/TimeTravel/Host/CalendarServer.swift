import Glibc

/// Serves clients over a socket, as a calendar; starts their processes, and ends when these have ended.
///
/// One thread does it all. Nothing that it has made is left behind: the socket's file, the processes and the incomplete record go with the
/// server, and a guardian sees to it if this process is killed.
public final class CalendarServer {
    /// What to do.
    public struct Configuration: Sendable {
        public var calendar = Calendar.Configuration()
        /// Whether clients are offered shared memory.
        public var sharesMemory = true
        /// Where clients connect; nil for a place that is made for this.
        public var socketPath: String?
        /// A program with its arguments, to be started once for each expected client, with the socket's path for `{socket}` and the
        /// client's number, from 1 on, for `{id}`. In its environment, `HEDDLE_FOLDER` is a folder that goes with the server.
        /// If it has `{device}`, each client has a device that can interrupt it, whose socket that is.
        /// Empty: the server ends when clients have come and all have gone.
        public var command: [String] = []
        /// Where to record all messages.
        public var logPath: String?

        public init() {}

        /// The command of a client.
        func command(of client: Int, socket: String, device: String) -> [String] {
            command.map {
                $0.replacing("{socket}", with: socket).replacing("{id}", with: String(client)).replacing("{device}", with: device)
            }
        }

        var hasDevice: Bool { command.contains { $0.contains("{device}") } }
    }

    /// How far it is.
    public struct Progress: Hashable, Sendable {
        /// The simulated time, in nanoseconds.
        public var time: UInt64 = 0
        /// Clients that have started and not gone.
        public var clients = 0
        public var messages = 0
        public var turns = 0
        /// Nobody has asked for any time.
        public var isAsleep = false
    }

    /// What there is to tell while it goes on.
    public enum Event: Sendable {
        /// A process, counted from 0, has printed a line, here without its end.
        case line([UInt8], process: Int)
        case ended(ProcessTree.Ending, process: Int)
        case refused(String, client: UInt64)
    }

    /// What came of it.
    public struct Outcome: Sendable {
        public var progress = Progress()
        /// Of each process; those that have not ended by themselves were killed.
        public var endings: [ProcessTree.Ending] = []
        public var refusals = 0
        public var end = End.finished

        public enum End: Hashable, Sendable {
            /// The processes have ended, or the clients have gone.
            case finished
            case stopped
            /// This process ended although the expected clients had not come yet, so they never would.
            case tooFewClients(process: Int)
        }
    }

    private typealias ClientID = Calendar.ClientID

    private var calendar: Calendar
    private let listener: Listener
    /// For what clients leave behind, if the socket has no folder of its own.
    private let folder: PrivateFolder?
    private let log: CalendarLog?
    private let guardian: Guardian
    private let refusedMemory: Descriptor
    private let null: Descriptor
    private var links: [ClientID: Link] = [:]
    private var processes: [Console] = []
    private var lastClient = 0
    private var hasServed = false
    private var outcome = Outcome()
    private let report: (Event) -> Void
    private let interference: (any Interference)?
    /// A place for each process; nil if it has none, or has broken the device's rules.
    private var devices: [InterruptDevice?] = []
    private var held = HeldDeliveries()
    /// How long nothing may happen before messages that are held go, in milliseconds.
    private static let quiet: Int32 = 20

    /// A connection and what its client called itself. A class, for connections cannot be copied.
    private final class Link {
        var connection: Connection
        var name: UInt64 = 0

        init(_ connection: consuming Connection) { self.connection = connection }
    }

    /// Listens, and starts the processes.
    /// - Parameters:
    ///   - interference: comes between the calendar and its clients.
    ///   - report: is called with what there is to tell.
    public init(
        _ configuration: Configuration, interference: (any Interference)? = nil, report: @escaping (Event) -> Void
    ) throws(SystemError) {
        self.report = report
        self.interference = interference
        let slots = max(64, configuration.calendar.expectedClients) + 1
        let memory = configuration.sharesMemory ? try SharedSchedule(slotCount: min(slots, Int(UInt16.max))) : nil
        calendar = Calendar(configuration.calendar, memory: memory)
        refusedMemory = try SharedSchedule.makeRefused()
        null = try Descriptor.null()
        listener = try Listener(path: configuration.socketPath)
        log = if let path = configuration.logPath { try CalendarLog(path: path, calendar: calendar) } else { nil }
        folder = listener.folderPath == nil ? try PrivateFolder() : nil
        let folderPath = listener.folderPath ?? folder?.path
        guardian = try Guardian(removing: [listener.path] + (log?.temporaryFiles ?? []), folder: folderPath)
        guard !configuration.command.isEmpty else { return }
        for client in 1...max(1, configuration.calendar.expectedClients) {
            let device = configuration.hasDevice ? try InterruptDevice(path: folderPath.map { "\($0)/device-\(client)" }) : nil
            devices.append(device)
            let command = configuration.command(of: client, socket: listener.path, device: device?.path ?? "")
            let environment = ["HEDDLE_FOLDER": folderPath ?? ""]
            processes.append(Console(try ProcessTree(command, environment: environment, guardian: guardian)))
        }
    }

    /// Serves until there is nobody left to serve.
    /// - Parameters:
    ///   - shouldStop: is asked again and again; true ends it.
    ///   - progress: is called again and again.
    public func run(shouldStop: () -> Bool = { false }, progress: (Progress) -> Void = { _ in }) throws(SystemError) -> Outcome {
        while true {
            updateProgress()
            progress(outcome.progress)
            if shouldStop() {
                outcome.end = .stopped
                break
            }
            if isFinished { break }
            try serveOnce()
        }
        outcome.endings = processes.map { $0.process.stop() }
        for index in processes.indices { drainConsole(index) }
        try log?.keep()
        return outcome
    }

    private var isFinished: Bool {
        if outcome.end != .finished { return true }
        return processes.isEmpty ? hasServed && links.isEmpty : processes.allSatisfy { $0.process.ending != nil }
    }

    private func updateProgress() {
        outcome.progress.time = calendar.now
        outcome.progress.clients = calendar.startedCount
        outcome.progress.turns = calendar.turns
        outcome.progress.isAsleep = calendar.isAsleep
    }

    private enum Source {
        case listener
        case client(ClientID)
        case console(Int)
        case end(Int)
        case device(Int)
    }

    /// Waits until something happens, for a moment at most, and sees to it.
    private func serveOnce() throws(SystemError) {
        var sources: [Source] = [.listener]
        var polls = [Self.wait(listener.descriptor)]
        for (id, link) in links {
            sources.append(.client(id))
            polls.append(Self.wait(link.connection.descriptor))
        }
        for (index, console) in processes.enumerated() {
            if console.isOpen {
                sources.append(.console(index))
                polls.append(Self.wait(console.process.output.number))
            }
            if console.process.ending == nil {
                sources.append(.end(index))
                polls.append(Self.wait(console.process.end.number))
            }
        }
        for (index, device) in devices.enumerated() {
            for descriptor in device?.descriptors ?? [] {
                sources.append(.device(index))
                polls.append(Self.wait(descriptor))
            }
        }
        let count = Glibc.poll(&polls, nfds_t(polls.count), held.isEmpty ? 200 : Self.quiet)
        guard count >= 0 || errno == EINTR else { throw SystemError("wait for messages") }
        guard count > 0 else { return try release(anyway: true) }
        for (source, poll) in zip(sources, polls) where poll.revents != 0 {
            switch source {
            case .listener: try accept()
            case .client(let id): try serve(id)
            case .console(let index): readConsole(index)
            case .end(let index): end(index)
            case .device(let index):
                // A kernel that breaks the device's rules loses the device.
                if let device = devices[index], (try? device.serve()) == nil || (try? device.takeReply()) == nil { devices[index] = nil }
            }
        }
    }

    private static func wait(_ descriptor: Int32) -> pollfd { pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0) }

    private func accept() throws(SystemError) {
        guard let socket = listener.accept() else { return }
        lastClient += 1
        let id = ClientID(rawValue: lastClient)
        links[id] = Link(Connection(socket))
        hasServed = true
        try log?.add(.connected, client: id, calendar: calendar)
        try handle(.connected(id))
    }

    private func serve(_ id: ClientID) throws(SystemError) {
        guard let link = links[id] else { return }
        let arrivals = link.connection.receive()
        for message in arrivals.messages where links[id] != nil {
            outcome.progress.messages += 1
            if message.operation == .start { link.name = message.time }
            try log?.add(.received(message), client: id, calendar: calendar)
            held.countMessage()
            if interference?.lets(message, from: id) ?? true { try handle(.received(message, from: id)) }
            try release(anyway: false)
        }
        if let end = arrivals.end, links[id] != nil {
            if case .closedWithinMessage(let count) = end {
                refuse(link, "ended within a message, after \(count) of \(Message.length) bytes")
            }
            try disconnect(id)
        }
    }

    private func disconnect(_ id: ClientID) throws(SystemError) {
        try log?.add(.disconnected, client: id, calendar: calendar)
        links[id] = nil
        try handle(.disconnected(id))
    }

    private func refuse(_ link: Link, _ reason: String) {
        outcome.refusals += 1
        report(.refused(reason, client: link.name))
    }

    private func handle(_ input: Calendar.Input) throws(SystemError) {
        for output in calendar.handle(input) {
            switch output {
            case .send(let message, let id): try send(message, to: id, descriptors: [])
            case .admit(let message, let id, let sharesMemory):
                let memory = sharesMemory ? calendar.memory?.descriptor ?? refusedMemory : refusedMemory
                try send(message, to: id, descriptors: [memory, null])
            case .refuse(let id, let refusal):
                guard let link = links[id] else { continue }
                try log?.add(.refused(refusal), client: id, calendar: calendar)
                links[id] = nil
                refuse(link, "\(refusal)")
            }
        }
    }

    private func send(_ message: Message, to id: ClientID, descriptors: [Descriptor]) throws(SystemError) {
        let delivery = Delivery(message: message, descriptors: descriptors)
        guard let interference else { return try deliver(delivery, to: id) }
        for action in interference.replace(delivery, to: id) {
            switch action {
            case .deliver(let delivery): for delivery in held.pass(delivery, to: id) { try deliver(delivery, to: id) }
            case .hold(let delivery, let messages, let keepsOrder):
                held.add(delivery, to: id, messages: messages, keepsOrder: keepsOrder)
            case .interrupt(let id): try interrupt(id)
            case .store(let field, let value): calendar.memory?.store(value, in: field)
            case .close: if links[id] != nil { try disconnect(id) }
            }
        }
    }

    private func interrupt(_ id: ClientID) throws(SystemError) {
        guard let process = links[id]?.connection.peerProcess else { return }
        let device = devices.lazy.compactMap(\.self).first { $0.isReady && $0.kernelProcess == process }
        guard let device else { return }
        // Before, for its handler may change the memory at once.
        try log?.add(.interrupted, client: id, calendar: calendar)
        try? device.interrupt(needsReply: false)
    }

    /// Delivers what was held.
    private func release(anyway: Bool) throws(SystemError) {
        while let (delivery, id) = held.next(anyway: anyway) {
            try deliver(delivery, to: id)
            if anyway { return }
        }
    }

    private func deliver(_ delivery: Delivery, to id: ClientID) throws(SystemError) {
        guard let link = links[id] else { return }
        outcome.progress.messages += 1
        try log?.add(.sent(delivery.message, descriptors: delivery.descriptors.count), client: id, calendar: calendar)
        do {
            try link.connection.send(delivery.message, descriptors: delivery.descriptors, splitAt: delivery.split)
        } catch where error.code == EAGAIN {
            refuse(link, "does not read what is sent to it")
            try disconnect(id)
        } catch {
            // It has gone, but what it has sent before may not have been read yet.
        }
    }

    private func readConsole(_ index: Int) {
        for line in processes[index].read() { report(.line(line, process: index)) }
    }

    /// Reads what is left of a process that has ended; not for ever, for something that it has left behind may go on printing.
    private func drainConsole(_ index: Int) {
        for _ in 0..<64 where processes[index].isOpen { readConsole(index) }
    }

    private func end(_ index: Int) {
        let process = processes[index].process
        let ending = process.stop()
        guardian.forget(process)
        drainConsole(index)
        report(.ended(ending, process: index))
        if !calendar.hasBegun { outcome.end = .tooFewClients(process: index) }
    }
}
