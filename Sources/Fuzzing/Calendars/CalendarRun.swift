import Glibc
import TimeTravel

/// One run of clients against a calendar.
public struct CalendarRun {
    /// How long nothing may happen.
    public struct Patience: Sendable {
        /// Until clients that break the protocol, and may hold everything up, go.
        public var quiet = Duration.milliseconds(3)
        /// Until those that keep to it are said to wait for ever.
        public var starvation = Duration.seconds(10)

        public init() {}
    }

    private let process: CalendarProcess
    private let plan: CalendarPlan
    private let patience: Patience
    private var clients: [FuzzingClient] = []
    /// Clients of the plan that have not come yet.
    private var absent: [Int]
    private var judge = CalendarJudge()
    private var random: SplitMix64
    private var messages = 0
    private var lastProgress = ContinuousClock.now
    private var outcome: CalendarOutcome?
    private let log: CalendarLog?

    private init(_ process: CalendarProcess, _ plan: CalendarPlan, _ patience: Patience, _ log: CalendarLog?) {
        self.process = process
        self.plan = plan
        self.patience = patience
        self.log = log
        absent = Array(plan.clients.indices)
        random = SplitMix64(seed: plan.clients.reduce(0) { $0 ^ $1.seed })
    }

    /// Lets the clients of a plan come to a calendar, and waits until those that keep to the protocol have had their events.
    ///
    /// The calendar's process goes on, so that others can come to it.
    /// - Parameters:
    ///   - log: takes all messages, as clients send and receive them, in whole.
    ///   - shouldStop: ends the run early; what came of it is then not to be used.
    public static func run(
        _ plan: CalendarPlan, against process: CalendarProcess, patience: Patience = Patience(), log: CalendarLog? = nil,
        shouldStop: () -> Bool = { false }
    ) throws(SystemError) -> CalendarOutcome {
        var run = CalendarRun(process, plan, patience, log)
        guard try run.comes(0) else {
            return process.ending(within: 0).map(CalendarOutcome.ended) ?? .silent
        }
        while run.outcome == nil, !shouldStop() { try run.step() }
        return run.outcome ?? .survived
    }

    /// Connects a client and lets it say START.
    /// - Returns: false if it cannot connect.
    private mutating func comes(_ index: Int) throws(SystemError) -> Bool {
        absent.removeAll { $0 == index }
        guard let socket = process.connect(patience: patience.starvation) else { return false }
        let client = FuzzingClient(number: index + 1, plan: plan.clients[index], socket: socket)
        clients.append(client)
        try record(.connected, of: client)
        try note(client.start(), of: client)
        return true
    }

    private mutating func step() throws(SystemError) {
        try bringNext(anyway: false)
        if outcome != nil { return }
        try kick()
        let open = clients.filter { !$0.isClosed && !$0.isDeaf }
        var polls = open.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        if process.console.isOpen { polls.append(pollfd(fd: process.console.process.output.number, events: Int16(POLLIN), revents: 0)) }
        let quiet = Int32(patience.quiet / .milliseconds(1))
        let count = poll(&polls, nfds_t(polls.count), isKicking ? 0 : quiet)
        guard count >= 0 || errno == EINTR else { throw SystemError("wait for a calendar") }
        process.readConsole()
        for (client, poll) in zip(open, polls) where poll.revents != 0 && outcome == nil { try serve(client) }
        try leave()
        if let violation = judge.violation, outcome == nil { outcome = .wrong(violation) }
        if outcome == nil, ContinuousClock.now - lastProgress > patience.quiet, !isKicking { try goOn() }
    }

    /// Lets clients come whose time it is, or if nothing happens any more, the next.
    private mutating func bringNext(anyway: Bool) throws(SystemError) {
        for index in absent where anyway || plan.clients[index].arrival <= messages {
            guard try comes(index) else {
                outcome = process.ending(within: 100).map { mayEnd($0) ? .survived : .ended($0) } ?? .silent
                return
            }
            lastProgress = .now
            if anyway { return }
        }
    }

    /// A calendar may end when all have gone, and those that break the protocol may be sent away at any time: before others come.
    private func mayEnd(_ ending: ProcessTree.Ending, before newcomer: FuzzingClient? = nil) -> Bool {
        guard case .exited = ending else { return false }
        return !clients.contains { $0 !== newcomer && !$0.isClosed && !$0.isGuilty }
    }

    /// Whether somebody raises an interrupt, and nobody has one to take that is raised already; that may need an answer which never comes.
    private var isKicking: Bool {
        clients.contains { !$0.isClosed && $0.kernel.stage == .kicking }
            && !clients.contains { !$0.isClosed && !$0.isGuilty && $0.kernel.isHandling }
    }

    /// The rule of the protocol: who raises an interrupt does nothing else until it has been taken.
    private mutating func kick() throws(SystemError) {
        guard isKicking, let kicker = clients.first(where: { !$0.isClosed && $0.kernel.stage == .kicking }) else { return }
        let others = clients.filter { !$0.isClosed && !$0.isGuilty && $0.kernel.stage == .idle && !$0.kernel.isDone }
        if !kicker.isGuilty, Bool.random(using: &random), let other = others.randomElement(using: &random) {
            try note(other.takeInterrupt(), of: other)
        } else {
            try note(kicker.goOnAfterKick(), of: kicker)
        }
    }

    private mutating func serve(_ client: FuzzingClient) throws(SystemError) {
        let arrivals = client.receive()
        for message in arrivals.messages where outcome == nil && !client.isClosed {
            messages += 1
            lastProgress = .now
            try record(.sent(message, descriptors: arrivals.descriptors.count), of: client)
            if !client.isGuilty {
                judge.receives(message, to: client.number, answering: client.question(of: message))
                if message.operation == .run, let limit = client.kernel.limit { judge.isFree(client.number, until: limit) }
            }
            try note(client.take(message, descriptors: arrivals.descriptors), of: client)
        }
        guard arrivals.end != nil, !client.isClosed else { return }
        try disconnect(client)
        guard !client.isGuilty, outcome == nil, judge.violation == nil else { return }
        if let ending = process.ending(within: 100) {
            outcome = client.kernel.hasStarted || !mayEnd(ending, before: client) ? .ended(ending) : .survived
        } else {
            outcome = .cutOff("while it \(Self.text(client.kernel))")
        }
    }

    /// Takes note of what a client has done, and of what has become of it.
    private mutating func note(_ events: [FuzzingClient.Event], of client: FuzzingClient) throws(SystemError) {
        for event in events {
            switch event {
            case .sent(let message):
                try record(.received(message), of: client)
                if client.isGuilty { judge.hears(message) } else { judge.sends(message, from: client.number) }
            case .misbehaved: excuseWhatComesOf(client)
            case .garbled: judge.hearsGarbage()
            case .spoiltMemory: process.isMemorySpoilt = true
            }
        }
        if process.isMemorySpoilt {
            for other in clients where other.sharesMemory && !other.isGuilty {
                other.markGuilty()
                excuseWhatComesOf(other)
            }
        }
        if !client.isGuilty, let panic = client.kernel.panics.first { judge.fail(FuzzOutcome.withoutNumbers(panic)) }
        if client.isClosed { judge.forget(client.number) }
        if !client.isClosed, !client.isGuilty { judge.waits(client.number, until: client.kernel.request) }
    }

    /// A client breaks the protocol from now on. If it raises an interrupt, it may no longer wait until that has been taken; then whoever
    /// takes it can be run in the midst of that, and go on as no client should.
    private mutating func excuseWhatComesOf(_ client: FuzzingClient) {
        judge.forget(client.number)
        guard client.kernel.stage == .kicking else { return }
        for other in clients where !other.isClosed && !other.isGuilty && other.kernel.isHandling {
            other.markGuilty()
            judge.forget(other.number)
        }
    }

    /// Lets clients go that have had their events; the first one stays to the end, for a calendar may end when all have gone.
    private mutating func leave() throws(SystemError) {
        for client in clients.dropFirst() where !client.isClosed && client.kernel.isDone && !client.isGuilty {
            try disconnect(client)
        }
        clients = clients.prefix(1) + clients.dropFirst().filter { !$0.isClosed }
        let isLast = clients.count == 1 && absent.isEmpty
        if isLast, let first = clients.first, first.isClosed || first.kernel.isDone, outcome == nil { outcome = .survived }
    }

    /// Nothing happens: others come, those that break the protocol go, and then somebody waits for ever.
    private mutating func goOn() throws(SystemError) {
        if !absent.isEmpty { return try bringNext(anyway: true) }
        let guilty = clients.filter { $0.isGuilty && !$0.isClosed }
        if let next = guilty.randomElement(using: &random) {
            try disconnect(next)
            lastProgress = .now
            return
        }
        guard ContinuousClock.now - lastProgress > patience.starvation else { return }
        let waiting = clients.first { !$0.kernel.isDone }
        outcome = process.ending(within: 0).map(CalendarOutcome.ended) ?? .starved(waiting.map { "while it \(Self.text($0.kernel))" } ?? "")
    }

    private mutating func disconnect(_ client: FuzzingClient) throws(SystemError) {
        client.close()
        judge.forget(client.number)
        try record(.disconnected, of: client)
    }

    /// Records an event, in the calendar's terms.
    private func record(_ event: CalendarLog.Event, of client: FuzzingClient) throws(SystemError) {
        try log?.add(
            event, client: client.number, slot: client.kernel.slot, simulated: client.kernel.now, memory: nil, slots: 0)
    }

    private static func text(_ kernel: SimulatedKernel) -> String {
        switch kernel.stage {
        case .new: "connects"
        case .asking(let operation, _), .handling(let operation, _): "waits for the answer to \(operation)"
        case .idle: kernel.earliest < Time.forever ? "waits to be run" : "sleeps"
        case .kicking: "interrupts another"
        }
    }
}
