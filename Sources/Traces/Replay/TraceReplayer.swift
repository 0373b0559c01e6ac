import Automata
import Promela

/// Does again what a trace says was done, on a model that may have been edited since, and sees whether it still fails.
public struct TraceReplayer {
    private let system: System

    public init(_ system: System) { self.system = system }

    /// Replays a trace from the initial state of the model.
    public func replay(_ trace: Trace) -> Replay {
        var run = Run(system: system, trace: trace)
        return run.replay()
    }
}

/// One replay under way.
private struct Run {
    let trace: Trace
    let walk: ModelWalk
    private var notes: [String] = []
    private var hasDifference = false
    /// What a claim sees of the path, if the trace is about one.
    private var observed = ObservedRun()

    init(system: System, trace: Trace) {
        self.trace = trace
        walk = ModelWalk(system)
    }

    private var check: ViolationCheck { ViolationCheck(walk: walk) }

    mutating func replay() -> Replay {
        let outcome = findOutcome()
        return Replay(outcome: outcome, notes: notes)
    }

    private mutating func findOutcome() -> Replay.Outcome {
        if let fault = walk.initialFault {
            let isSame = trace.steps.isEmpty && trace.violation.failedStep == nil && fits(fault)
            return isSame ? .reproduced : .diverged(step: 0, reason: "the initialization fails: \(fault.message)")
        }
        noteDifference(after: 0)
        let isOfClaim = trace.violation.cause.isOfClaim
        if isOfClaim { observed.look(at: walk, after: 0) }
        for (index, (step, recorded)) in zip(trace.steps, trace.states).enumerated() {
            let target = trace.states.indices.contains(index + 1) ? trace.states[index + 1] : nil
            walk.give(step.choice)
            let match = match(step, in: recorded, leadingTo: target)
            guard let candidate = match.candidate else {
                return .diverged(step: index + 1, reason: reason(step, in: recorded))
            }
            if let note = match.note { add("step \(index + 1): \(note)") }
            let isLast = index == trace.steps.count - 1
            let faults = walk.faults.filter { $0.step == candidate.move.step }.map(\.fault)
            if isOfClaim { observed.note(candidate.move.step) }
            walk.take(candidate)
            noteDifference(after: index + 1)
            if isOfClaim { observed.look(at: walk, after: index + 1) }
            if isLast, !isOfClaim, trace.violation.failedStep == nil, trace.violation.cause != .invalidEndState {
                return verify(faults)
            }
        }
        if isOfClaim { return verifyClaim() }
        if let failed = trace.violation.failedStep { return replayFailure(failed) }
        return verifyEnd()
    }

    private mutating func add(_ note: String) {
        if !notes.contains(note) { notes.append(note) }
    }

    /// Notes the first difference of values; what follows from it is of no use to anybody.
    private mutating func noteDifference(after index: Int) {
        guard !hasDifference, trace.states.indices.contains(index) else { return }
        let matching = ProcessMatching(recorded: trace.states[index], current: walk.state)
        guard let difference = matching.firstDifference else { return }
        hasDifference = true
        add((index == 0 ? "in the initial state " : "after step \(index) ") + difference)
    }

    // MARK: Steps

    /// The candidate that does what the recorded step did.
    private func match(
        _ step: Trace.Step, in recorded: Trace.State, leadingTo target: Trace.State?
    ) -> (candidate: ModelWalk.Candidate?, note: String?) {
        let processes = ProcessMatching(recorded: recorded, current: walk.state)
        guard let pid = processes.pid(of: step.action) else { return (nil, nil) }
        let partner = step.partner.flatMap { processes.pid(of: $0) }
        let able = walk.candidates.filter { candidate in
            candidate.key.pid == pid && candidate.key.choice == step.choice && candidate.key.partner == partner
                && (partner == nil) == (step.partner == nil)
        }
        let alike = able.filter { $0.key.text == step.action.text && $0.key.partnerText == step.partner?.text }
        if !alike.isEmpty { return (choose(alike, step, target), nil) }
        let respelled = able.filter {
            isRespelled($0.key.text, step.action.text) && isRespelled($0.key.partnerText ?? "", step.partner?.text ?? "")
        }
        if !respelled.isEmpty { return (choose(respelled, step, target), nil) }
        let inPlace = able.filter { candidate in
            let now = walk.describe(candidate.move.step)
            return isSamePlace(step.action, now.action) && isSamePlace(step.partner, now.partner)
        }
        guard let candidate = choose(inPlace, step, target) else { return (nil, nil) }
        let now = walk.describe(candidate.move.step)
        let texts = [(step.action, now.action)] + zipped(step.partner, now.partner)
        let note = texts.filter { $0.text != $1.text }
            .map { "`\($0.text)` reads `\($1.text)` now, at \($1.location.text)" }
        return (candidate, note.joined(separator: "; "))
    }

    /// Whether two texts differ at most in blanks, parentheses, commas and semicolons: `c!MSG,1` is `c!MSG(1)`, and `(x)` is `x`.
    private func isRespelled(_ one: String, _ other: String) -> Bool {
        func parts(_ text: String) -> [Substring] { text.split { " (),;".contains($0) } }
        return parts(one) == parts(other)
    }

    private func zipped(_ one: Trace.Action?, _ other: Trace.Action?) -> [(Trace.Action, Trace.Action)] {
        guard let one, let other else { return [] }
        return [(one, other)]
    }

    /// Whether two statements are the same but for an edit: they stand in one place, and start alike.
    private func isSamePlace(_ recorded: Trace.Action?, _ now: Trace.Action?) -> Bool {
        guard let recorded, let now else { return recorded == nil && now == nil }
        if recorded.text == now.text { return true }
        return recorded.location == now.location && head(recorded.text) == head(now.text)
    }

    /// What a statement starts with: the channel and the operator, the variable that is assigned.
    private func head(_ text: String) -> Substring {
        let operators: Set<Character> = ["=", "!", "?", "(", "{", "<", ">", "+", "-", "&", "|"]
        guard let first = text.firstIndex(where: { operators.contains($0) }) else { return text[...] }
        return text[...first]
    }

    /// Of moves that are described alike: the one that is in the recorded place of the order, unless another one alone leads
    /// to the recorded state.
    private func choose(
        _ candidates: [ModelWalk.Candidate], _ step: Trace.Step, _ target: Trace.State?
    ) -> ModelWalk.Candidate? {
        guard candidates.count > 1 else { return candidates.first }
        let usual = candidates.indices.contains(step.occurrence) ? candidates[step.occurrence] : candidates.last
        guard let target else { return usual }
        func fits(_ candidate: ModelWalk.Candidate) -> Bool {
            ProcessMatching(recorded: target, current: walk.state(after: candidate)).firstDifference == nil
        }
        if let usual, fits(usual) { return usual }
        let fitting = candidates.filter(fits)
        return fitting.count == 1 ? fitting[0] : usual
    }

    // MARK: Why a step is not possible

    private func reason(_ step: Trace.Step, in recorded: Trace.State) -> String {
        let processes = ProcessMatching(recorded: recorded, current: walk.state)
        let actions = [step.action] + (step.partner.map { [$0] } ?? [])
        for action in actions where !walk.system.program.proctypes.contains(where: { $0.name == action.process }) {
            return "the model no longer has a proctype `\(action.process)`"
        }
        for action in actions where processes.pid(of: action) == nil {
            return "there is no process `\(action.actor)` at this point now"
        }
        for action in actions {
            guard let pid = processes.pid(of: action) else { continue }
            let standing = walk.standing(pid)
            if standing.texts.contains(action.text) { continue }
            let wanted = "`\(action.actor)` cannot do `\(action.text)`: it stands at \(standing.location.text)"
            return standing.texts.isEmpty
                ? wanted : wanted + " " + standing.texts.map { "`\($0)`" }.joined(separator: ", ") + " now"
        }
        return blocked(step, processes)
    }

    /// Why a statement that a process stands at cannot be done.
    private func blocked(_ step: Trace.Step, _ processes: ProcessMatching) -> String {
        var result = "`\(step.action.actor)` cannot do `\(step.action.text)` now"
        if let partner = step.partner { result += " together with `\(partner.actor)` doing `\(partner.text)`" }
        if let choice = step.choice, walk.candidates.contains(where: { $0.key.text == step.action.text && $0.key.choice != nil }) {
            return "`\(step.action.actor)` cannot choose \(choice) in `\(step.action.text)` now"
        }
        if let pid = processes.pid(of: step.action) {
            if let control = walk.control, control != pid, walk.candidates.contains(where: { $0.key.pid == control }),
                let holder = walk.state.processes.first(where: { $0.pid == control })
            {
                return result + ": `\(holder.displayName)` is inside an atomic sequence"
            }
            if let fault = walk.faults.first(where: { $0.step.pid == pid })?.fault {
                return result + ": it fails (\(fault.message))"
            }
            let waits = check.waits.first { $0.pid == pid }
            if let reason = waits?.reasons.first, step.partner == nil { result += ": it \(reason)" }
        }
        return result
    }

    // MARK: The end

    private func fits(_ fault: Fault) -> Bool { Trace.Cause(fault.kind) == trace.violation.cause }

    private mutating func verify(_ faults: [Fault]) -> Replay.Outcome {
        let fitting = faults.filter(fits)
        guard let fault = fitting.first(where: { check.subject(of: $0) == trace.violation.subject }) ?? fitting.first else {
            return .diverged(step: trace.steps.count, reason: "\(allStepsFit), but \(healed)")
        }
        let subject = check.subject(of: fault)
        if let old = trace.violation.subject, old != subject { add("what fails reads `\(subject)` now, and was `\(old)`") }
        return .reproduced
    }

    /// The step that could not be completed must still fail, in the same process and the same way.
    private mutating func replayFailure(_ step: Trace.Step) -> Replay.Outcome {
        let number = trace.steps.count + 1
        guard let recorded = trace.states.last else { return .diverged(step: number, reason: "there is no state before it") }
        guard let pid = ProcessMatching(recorded: recorded, current: walk.state).pid(of: step.action) else {
            return .diverged(step: number, reason: reason(step, in: recorded))
        }
        let faults = walk.faults.filter { $0.step.pid == pid }
        if faults.contains(where: { fits($0.fault) && walk.key(of: $0.step).text == step.action.text }) { return .reproduced }
        if let other = faults.first(where: { fits($0.fault) })?.fault {
            add("what fails reads `\(check.subject(of: other))` now, and was `\(trace.violation.subject ?? step.action.text)`")
            return .reproduced
        }
        if match(step, in: recorded, leadingTo: nil).candidate != nil {
            return .diverged(step: number, reason: "\(allStepsFit), but `\(step.action.actor)` does `\(step.action.text)` without a fault now")
        }
        return .diverged(step: number, reason: reason(step, in: recorded))
    }

    private func verifyEnd() -> Replay.Outcome {
        if check.isInvalidEnd { return .reproduced }
        let last = trace.steps.count
        if let candidate = walk.candidates.first {
            let now = walk.describe(candidate.move.step)
            return .diverged(step: last, reason: "\(allStepsFit), but it goes on now: `\(now.summary)`")
        }
        if let fault = walk.faults.first?.fault {
            return .diverged(step: last, reason: "\(allStepsFit), but it fails otherwise now: \(fault.message)")
        }
        return .diverged(step: last, reason: "\(allStepsFit), but every process has come to its end now")
    }

    /// The cycle must still close, and the claim still fail.
    private mutating func verifyClaim() -> Replay.Outcome {
        let (violation, last) = (trace.violation, trace.steps.count)
        let lookup = ClaimLookup(program: walk.system.program)
        guard let claim = lookup.claim(of: violation) else {
            return .diverged(step: last, reason: lookup.absence(of: violation))
        }
        if let reason = observed.close(after: last, loopStart: trace.loopStart) {
            return .diverged(step: last, reason: "\(allStepsFit), but \(reason)")
        }
        let check = ClaimCheck(
            system: walk.system, run: observed, givenFormulaCount: trace.model.formulas.count)
        do {
            let breach = try check.breach(of: claim, fairness: violation.fairness)
            if let old = violation.subject, let new = breach.text, old != new {
                add("the formula reads `\(new)` now, and was `\(old)`")
            }
            return .reproduced
        } catch {
            return .diverged(step: last, reason: "\(allStepsFit), but \(error.reason)")
        }
    }

    private var allStepsFit: String {
        let count = trace.steps.count
        if count == 0 { return "there are no steps" }
        return count == 1 ? "the only step fits" : "all \(count) steps fit"
    }

    private var healed: String {
        trace.violation.cause == .assertionFailed ? "the assertion holds now" : "nothing fails now"
    }
}
