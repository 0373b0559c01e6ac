import Automata
import Promela

/// Looks in the current state of a walk for what is said to fail. Recording and replaying ask the same question.
struct ViolationCheck {
    let walk: ModelWalk

    private var system: System { walk.system }

    /// Whether nothing can move, although some process has not come to an end.
    var isInvalidEnd: Bool {
        walk.candidates.isEmpty && !walk.isBroken && !waits.isEmpty
    }

    /// The processes that have not come to an end.
    var waits: [Trace.Wait] { WaitExplanation(system: system, state: walk.state).waits(at: walk.locations) }

    /// Text of the model at a fault.
    func subject(of fault: Fault) -> String {
        WrittenText.normalized(system.program.sources.text(of: fault.span))
    }

    func location(of fault: Fault) -> SourceLocation {
        WrittenText.location(of: fault.span, in: system.program.sources)
    }

    /// Everything that a trace says of a fault that the given step runs into.
    func violation(_ fault: Fault, in step: Step?, property: String, message: String) -> Trace.Violation {
        Trace.Violation(
            property: property, message: message, cause: Trace.Cause(fault.kind), location: location(of: fault),
            subject: subject(of: fault), values: step.map { values(of: fault, in: $0) } ?? [])
    }

    func violationAtEnd(property: String, message: String) -> Trace.Violation {
        let waits = waits
        return Trace.Violation(
            property: property, message: message, cause: .invalidEndState, location: waits.first?.location,
            waiting: waits)
    }

    /// The variables that take part in a fault, with what they hold before the step.
    private func values(of fault: Fault, in step: Step) -> [Trace.Field] {
        let collector = ConditionValues(program: system.program, state: walk.state, pid: fault.pid)
        guard system.transitions.indices.contains(step.transition) else { return [] }
        let transitions = [step.transition] + (step.receiver.map { [$0.transition] } ?? [])
        for transition in transitions.map({ system.transitions[$0] }) {
            switch transition.action {
            case .statement(let statement):
                if statement.covers(fault.span) || transitions.count == 1 {
                    return collector.values(in: statement.decidingExpressions)
                }
            case .deterministicStep(let index):
                for case .statement(let statement, _) in system.automata[transition.proctype].deterministicSteps[index].nodes
                where statement.covers(fault.span) {
                    return collector.values(in: statement.decidingExpressions)
                }
            case .otherwise, .skip, .end: break
            }
        }
        return []
    }
}

extension Statement {
    /// Whether a span lies in this statement or in one of its expressions.
    fileprivate func covers(_ inner: Span) -> Bool {
        ([span] + decidingExpressions.map(\.span)).contains { own in
            own.file == inner.file && own.expansion == inner.expansion && own.start <= inner.start && inner.end <= own.end
        }
    }
}
