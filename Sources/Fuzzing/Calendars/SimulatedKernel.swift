import TimeTravel

/// A client that does what `arch/um/kernel/time.c` of Linux 6.12 does, with events at times of chance.
///
/// It takes one message at a time and says what it sends then; it keeps note of whatever would make the kernel panic.
package struct SimulatedKernel {
    /// Where its flow of control is.
    package enum Stage: Equatable, Sendable {
        case new
        /// In `time_travel_ext_req()`, for the ACK of this.
        case asking(TimeTravel.Operation, sequence: UInt32)
        /// In the idle loop of `time_travel_ext_wait()`.
        case idle
        /// Its idle loop has been interrupted, and the handler waits for an ACK.
        case handling(TimeTravel.Operation, sequence: UInt32)
        /// It has raised an interrupt of another, and waits until that has been taken.
        case kicking
    }

    package let name: UInt64
    /// Whether it maps memory that it is given.
    package let canShare: Bool
    package private(set) var memory: SharedSchedule?
    package private(set) var slot: UInt16 = 0
    package private(set) var stage = Stage.new
    /// Its clock.
    package private(set) var now: UInt64 = 0
    /// The event that it waits for.
    package private(set) var awaited = Time.forever
    /// Another event, of an interrupt.
    private var interrupt: UInt64?
    private var freeUntil: UInt64?
    private var sequence: UInt32 = 0
    /// Events left to have.
    package private(set) var eventsLeft: Int
    /// Turns that it had.
    package private(set) var runs = 0
    private var kicksNext = false
    /// Between two events, in nanoseconds.
    private static let longestPause: UInt64 = 40
    /// What has gone wrong, in the kernel's words.
    package private(set) var panics: [String] = []
    private var random: SplitMix64

    package init(name: UInt64, canShare: Bool, events: Int, seed: UInt64) {
        self.name = name
        self.canShare = canShare
        eventsLeft = events
        random = SplitMix64(seed: seed)
    }

    package mutating func start() -> [Message] { [ask(.start, name)] }

    private mutating func ask(_ operation: TimeTravel.Operation, _ time: UInt64 = .max) -> Message {
        sequence += 1
        stage = .asking(operation, sequence: sequence)
        return Message(operation, sequence: sequence, time: time)
    }

    private mutating func set(_ time: UInt64) {
        if time < now { panics.append("time goes backwards \(now) -> \(time)") }
        if time >= Time.forever { panics.append("going to sleep forever") }
        now = time
    }

    /// Takes a message, and goes on until it has to wait for the next one.
    package mutating func take(_ message: Message, memory offered: SharedSchedule? = nil) -> [Message] {
        switch (stage, message.operation) {
        case (.asking(let question, let expected), .acknowledge), (.handling(let question, let expected), .acknowledge):
            if message.sequence != expected { panics.append("ACK message has different seqno") }
            return goOn(after: question, message, memory: offered)
        case (_, .freeUntil):
            if memory == nil { freeUntil = message.time }
            return [message.acknowledgement()]
        case (_, .broadcast):
            return [message.acknowledgement()]
        case (.idle, .run):
            set(message.time)
            let earliest = earliest
            if message.time != earliest { panics.append("BUG: run at \(message.time), not at \(earliest)") }
            runs += 1
            if interrupt == earliest { interrupt = nil } else { awaited = Time.forever }
            if let memory { memory[slot].flags &= ~SharedSchedule.requestsRun }
            return (memory == nil ? [message.acknowledgement()] : []) + run()
        case (_, .run):
            panics.append("RUN taken outside of the idle loop")
            return []
        default:
            panics.append("unexpected \(message) in \(stage)")
            return []
        }
    }

    private mutating func goOn(after question: TimeTravel.Operation, _ message: Message, memory offered: SharedSchedule?) -> [Message] {
        switch question {
        case .start:
            slot = UInt16(truncatingIfNeeded: message.time)
            if canShare, let offered, Int(slot) < offered.slotCount {
                memory = offered
                offered[slot].capabilities |= SharedSchedule.timeShare
            }
            return [ask(.getTimeOfDay)]
        case .getTimeOfDay: return [ask(.get)]
        case .get:
            set(message.time)
            if case .handling = stage {
                interrupt = now
                sequence += 1
                stage = .handling(.request, sequence: sequence)
                return [Message(.request, sequence: sequence, time: now)]
            }
            return run()
        case .request:
            if case .handling = stage {
                stage = .idle
                return []
            }
            freeUntil = nil
            return [ask(.wait)]
        case .wait:
            stage = .idle
            return []
        case .update where kicksNext:
            stage = .kicking
            return []
        default: return run()
        }
    }

    /// Goes from event to event as far as it may by itself.
    private mutating func run() -> [Message] {
        while true {
            // Nothing is left to happen at the end of time.
            if now >= Time.forever - Self.longestPause { eventsLeft = 0 }
            if awaited == Time.forever, eventsLeft > 0 {
                eventsLeft -= 1
                awaited = now + UInt64.random(in: 0...Self.longestPause, using: &random)
            }
            let next = earliest
            guard let limit, next < limit else { return wait(for: next) }
            set(next)
            if interrupt == next { interrupt = nil } else { awaited = Time.forever }
            let action = Int.random(in: 0..<8, using: &random)
            if action == 0 { return [ask(.broadcast, UInt64.random(in: 0...UInt64.max, using: &random))] }
            kicksNext = action < 4
            guard action < 6 else { continue }
            guard let memory else { return [ask(.update, now)] }
            if memory.runningClient != slot { panics.append("setting time while not running") }
            memory.currentTime = now
            if kicksNext {
                stage = .kicking
                return []
            }
        }
    }

    /// The interrupt that it has raised has been taken, or nobody was there to take it.
    package mutating func goOnAfterKick() -> [Message] { run() }

    private mutating func wait(for time: UInt64) -> [Message] {
        guard let memory else { return [ask(.request, time)] }
        if !requestInMemory(memory, time) { return [ask(.request, time)] }
        let message = ask(.wait)
        stage = .idle
        return [message]
    }

    /// - Returns: false if a message has to be sent instead.
    private mutating func requestInMemory(_ memory: SharedSchedule, _ time: UInt64) -> Bool {
        let runner = memory.runningClient
        guard Int(runner) < memory.slotCount else {
            panics.append("there is no client \(runner), which is said to run")
            return false
        }
        guard memory[runner].sharesTime else { return false }
        memory[slot].flags |= SharedSchedule.requestsRun
        memory[slot].requestTime = time
        memory.lowerFreeUntil(to: time)
        return true
    }

    /// Another raises an interrupt while this one is idle.
    package mutating func takeInterrupt() -> [Message] {
        guard stage == .idle else { return [] }
        guard let memory else {
            sequence += 1
            stage = .handling(.get, sequence: sequence)
            return [Message(.get, sequence: sequence, time: .max)]
        }
        set(memory.currentTime)
        interrupt = now
        if requestInMemory(memory, now) { return [] }
        sequence += 1
        stage = .handling(.request, sequence: sequence)
        return [Message(.request, sequence: sequence, time: now)]
    }

    /// It has had its events, and asks for no other.
    package var isDone: Bool { stage == .idle && eventsLeft == 0 && awaited == Time.forever && interrupt == nil }

    /// Whether its START has been answered.
    package var hasStarted: Bool {
        if case .asking(.start, _) = stage { return false }
        return stage != .new
    }

    /// The earliest event that it waits for.
    package var earliest: UInt64 { min(awaited, interrupt ?? awaited) }

    /// How far it may go by itself; nil if it does not know.
    package var limit: UInt64? { memory?.freeUntil ?? freeUntil }

    /// What it has asked for, and the calendar knows of, while it waits to be run; nil if it does not wait.
    package var request: UInt64? {
        switch stage {
        case .idle, .asking(.wait, _): earliest
        // The ACK of the time that it has asked for as the first thing then is still to come.
        case .handling: awaited
        case .new, .asking, .kicking: nil
        }
    }

    /// Whether it takes an interrupt at the moment.
    package var isHandling: Bool { if case .handling = stage { true } else { false } }
}
