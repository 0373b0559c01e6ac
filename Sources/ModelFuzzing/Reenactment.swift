import Automata
import Exploration
import struct Fuzzing.SplitMix64

/// Goes through schedules again to see whether they still lead to a certain violation.
///
/// Steps that cannot be taken any more are left out, so that a schedule from which something was taken away can go on.
final class Reenactment {
    /// A path that shows the violation.
    struct Path: Sendable {
        var steps: [ScheduleStep]
        /// See `Violation.loopStart`.
        var loopStart: Int?
        /// The fault at its end, if it is one: in another use of the same inline it has another place.
        var fault: Fault?
    }

    let key: ViolationKey
    /// Where a claim is broken by what comes again and again, or by nothing that can move any more.
    let isInfinite: Bool
    let stepper: Stepper
    let watch: ClaimWatch?
    private let fairness: CycleFairness?
    let initial: [UInt8]
    /// The path taken so far.
    private var taken: [ScheduleStep] = []
    /// The step that ran into the fault that is looked for, and the fault.
    private(set) var failed: (step: ScheduleStep, fault: Fault)?
    /// Steps tried, all told.
    private(set) var stepCount = 0

    /// - Throws: `BuchiTranslationError` if a formula is too large.
    init(_ system: System, _ violation: FoundViolation, _ fairness: Fairness, initial: [UInt8]) throws {
        key = violation.key
        isInfinite = violation.loopStart != nil
        self.initial = initial
        self.fairness = CycleFairness(system, fairness)
        stepper = Stepper(system)
        if case .claim(let claim) = key.property { watch = try ClaimWatch(system, claim) } else { watch = nil }
        stepper.notesWrapAround = key.property == .wrapAround
        stepper.onFault = { [unowned self] fault, step in
            if failed == nil, ViolationKey(fault) == key { failed = (ScheduleStep(step), fault) }
        }
    }

    /// Begins at the initial state.
    func begin() {
        failed = nil
        taken.removeAll(keepingCapacity: true)
        initial.withUnsafeBytes { stepper.go(to: $0, control: -1) }
        watch?.begin(in: nil)
    }

    /// Follows a schedule from the initial state.
    /// - Parameter loopStart: how many steps of it come before those that are repeated for ever.
    /// - Returns: the path to the violation, which may be shorter; nil if it does not come about.
    func run(_ schedule: [ScheduleStep], loopStart: Int?) -> Path? {
        begin()
        let hasCycle = loopStart.map { $0 < schedule.count } ?? false
        var start: (count: Int, position: Int, state: [UInt8])?
        for (index, step) in schedule.enumerated() {
            if hasCycle, index == loopStart {
                guard comesToRest() else { return nil }
                start = (taken.count, watch?.position ?? 0, [UInt8](stepper.state))
            }
            if let path = follow(step) { return path }
        }
        if let start {
            guard comesToRest(), taken.count > start.count, start.state.elementsEqual(stepper.state),
                watch?.isBroken(byRepeatingFrom: start.position) ?? false,
                fairness?.isFair(taken[start.count...], from: stepper.state) ?? true
            else { return nil }
            return Path(steps: taken, loopStart: start.count)
        }
        return violationAtEnd()
    }

    /// Forgets the fault that was found.
    func forgetFailure() { failed = nil }

    /// Takes a step.
    /// - Returns: whether it could be taken.
    func advance(_ step: ScheduleStep) -> Bool {
        guard let move = stepper.follow(step) else { return false }
        stepCount += 1
        if let watch, stepper.control < 0 { _ = watch.observe(stepper.state, isTimeout: stepper.move(move).step.isTimeout) }
        stepper.take(move)
        return true
    }

    /// Takes one step of a schedule, if it can be taken.
    /// - Returns: the path to the violation, if it has come about.
    private func follow(_ step: ScheduleStep) -> Path? {
        stepCount += 1
        guard let move = stepper.follow(step) else { return failure() }
        if let path = failure() { return path }
        let found = stepper.move(move).step
        if let watch, stepper.control < 0, watch.observe(stepper.state, isTimeout: found.isTimeout), !isInfinite {
            return Path(steps: taken, loopStart: nil)
        }
        taken.append(ScheduleStep(found))
        stepper.take(move)
        return nil
    }

    private func failure() -> Path? {
        failed.map { Path(steps: taken + [$0.step], loopStart: nil, fault: $0.fault) }
    }

    /// Whether no process keeps the current state for itself, or can.
    private func comesToRest() -> Bool {
        guard stepper.control >= 0 else { return true }
        if stepper.findMoves(of: stepper.control) { return false }
        stepper.loseControl()
        return true
    }

    /// Looks at a state in which the schedule has come to its end.
    private func violationAtEnd() -> Path? {
        guard comesToRest() else { return failure() }
        let (isTimeout, isBlocked) = stepper.findAllMoves()
        if let path = failure() { return path }
        if let watch {
            if watch.observe(stepper.state, isTimeout: isTimeout), !isInfinite { return Path(steps: taken, loopStart: nil) }
            return isInfinite && isBlocked && watch.stay(stepper.state) ? Path(steps: taken, loopStart: taken.count) : nil
        }
        guard isBlocked else { return nil }
        let isValid = stepper.endsHere()
        if let path = failure() { return path }
        return key.property == .endStates && !isValid ? Path(steps: taken, loopStart: nil) : nil
    }
}

extension Stepper {
    /// Finds all moves of a state in which no process is in control.
    /// - Returns: whether nothing can move but for a timeout, and whether nothing can move at all.
    func findAllMoves() -> (isTimeout: Bool, isBlocked: Bool) {
        var moved = false
        for pid in 0..<processCount where findMoves(of: pid) { moved = true }
        if moved { return (false, false) }
        for pid in 0..<processCount where findMoves(of: pid, allowsTimeout: true) { moved = true }
        return (true, !moved)
    }
}
