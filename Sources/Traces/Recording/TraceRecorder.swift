import Automata
import Promela

/// Why a path could not be recorded: the engine that found it and the interpreter do not agree.
public struct TraceRecordingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The step at which they part, counted from 1; 0 for the initialization.
    public var step: Int
    public var reason: String

    public init(step: Int, reason: String) {
        self.step = step
        self.reason = reason
    }

    public var description: String {
        "this path does not hold up (a fault of Heddle, please report it): "
            + (step == 0 ? reason : "step \(step): \(reason)")
    }
}

/// Walks a path that an engine found, independently of that engine, and writes down what is done on the way.
///
/// A violation that is printed has been through this: every step was possible, and the property does fail at the end.
public struct TraceRecorder {
    private let system: System
    private let model: ModelReference

    public init(_ system: System, model: ModelReference) {
        self.system = system
        self.model = model
    }

    /// Records a path from the initial state.
    /// - Parameters:
    ///   - path: every single step, those inside atomic sequences included.
    ///   - finding: what is said to fail at its end, or on all of it, and is checked here.
    ///   - property: the name of the property that fails.
    ///   - message: what is wrong, in words.
    public func record(
        _ path: [Step], finding: Finding, property: String, message: String
    ) throws(TraceRecordingError) -> Trace {
        let walk = ModelWalk(system)
        let check = ViolationCheck(walk: walk)
        var trace = Trace(
            model: model, violation: Trace.Violation(property: property, message: message, cause: finding.cause),
            states: [walk.state], steps: [])
        var isViolated = false
        var run = ObservedRun()
        // Nothing else needs to look at all the states, of which there may be many.
        let isObserved = if case .claim = finding { true } else { false }
        if isObserved { run.look(at: walk, after: 0) }
        if path.isEmpty, case .fault(let fault) = finding, let found = walk.initialFault, Self.agree(found, fault) {
            trace.violation = check.violation(found, in: nil, property: property, message: message)
            isViolated = true
        }
        for (index, step) in path.enumerated() {
            walk.give(walk.choice(of: step))
            let candidate = walk.candidates.first { $0.move.step == step }
            if index == path.count - 1, case .fault(let fault) = finding,
                let found = walk.faults.first(where: { Self.isSame($0.step, step) && Self.agree($0.fault, fault) })
            {
                // An engine that does not work with numbers may have had fewer words for it.
                trace.violation = check.violation(found.fault, in: step, property: property, message: found.fault.message)
                if candidate == nil { trace.violation.failedStep = walk.describe(step) }
                isViolated = true
            } else if candidate == nil {
                throw TraceRecordingError(step: index + 1, reason: impossible(step, walk))
            }
            guard let candidate else { continue }
            run.note(step)
            let next = walk.state(after: candidate)
            trace.steps.append(walk.describe(candidate, leadingTo: next))
            walk.take(candidate, leadingTo: next)
            trace.states.append(next)
            if isObserved { run.look(at: walk, after: index + 1) }
        }
        if case .invalidEndState = finding, check.isInvalidEnd {
            trace.violation = check.violationAtEnd(property: property, message: message)
            isViolated = true
        }
        if case .claim(let claim, let loopStart, let fairness) = finding {
            let breach = try breach(of: claim, fairness, on: &run, loopStart: loopStart, stepCount: path.count)
            trace.violation = Trace.Violation(
                property: property, message: message, cause: Trace.Cause(claim), location: breach.location,
                subject: breach.text, waiting: breach.needsStay && check.isInvalidEnd ? check.waits : [],
                claim: breach.name, fairness: fairness, explanation: breach.explanation)
            trace.loopStart = breach.needsStay ? path.count : loopStart
            isViolated = true
        }
        guard isViolated else {
            throw TraceRecordingError(
                step: path.count, reason: "every step is possible, but this does not fail at the end: \(message)")
        }
        return trace
    }

    private func breach(
        of claim: Claim, _ fairness: Fairness, on run: inout ObservedRun, loopStart: Int?, stepCount: Int
    ) throws(TraceRecordingError) -> ClaimCheck.Breach {
        if let reason = run.close(after: stepCount, loopStart: loopStart) {
            throw TraceRecordingError(step: stepCount, reason: reason)
        }
        do {
            return try ClaimCheck(system: system, run: run, givenFormulaCount: model.formulas.count)
                .breach(of: claim, fairness: fairness)
        } catch {
            throw TraceRecordingError(step: stepCount, reason: "every step is possible, but \(error.reason)")
        }
    }

    private static func agree(_ found: Fault, _ expected: Fault) -> Bool {
        found.kind == expected.kind && found.span == expected.span
    }

    /// A fault in a guard may be reported before it is known which timeout or partner takes part.
    private static func isSame(_ found: Step, _ expected: Step) -> Bool {
        found == expected || (found.pid == expected.pid && found.transition == expected.transition && found.receiver == nil)
    }

    private func impossible(_ step: Step, _ walk: ModelWalk) -> String {
        guard system.transitions.indices.contains(step.transition) || step.transition == -1 else {
            return "there is no transition \(step.transition)"
        }
        return "`\(walk.describe(step).summary)` is not possible"
    }
}
