import Automata
import Promela

/// Whole transitions, and whether another process could take one.
extension Execution {
    /// Whether a transition can be taken by itself, and, for a send, whether it could if somebody received at the same time.
    mutating func canExecute(_ transition: System.Transition) throws -> (alone: Term, offered: Term) {
        switch transition.action {
        case .statement(let statement): return try canExecute(statement)
        case .deterministicStep(let index):
            let step = schema.system.automata[transition.proctype].deterministicSteps[index]
            return (try DeterministicStepExecution.canStart(step, &self), algebra.no)
        case .skip, .otherwise, .end: return (path, algebra.no)
        }
    }

    /// Does what a transition does, but for where it leads.
    mutating func execute(_ transition: System.Transition) throws {
        switch transition.action {
        case .statement(let statement): try execute(statement)
        case .deterministicStep(let index):
            let step = schema.system.automata[transition.proctype].deterministicSteps[index]
            try DeterministicStepExecution.run(step, &self)
        case .skip, .otherwise, .end: break
        }
    }

    /// How deep `enabled` may ask for `enabled`: what is deeper counts as false.
    private static let nestingLimit = 3

    /// Whether some transition of the process with a pid could be taken; `provided` is not looked at.
    mutating func isEnabled(_ number: SymbolicValue) throws -> Term {
        guard nesting < Self.nestingLimit else { return algebra.no }
        var result = algebra.no
        for (slot, condition) in slots(number) {
            for type in schema.slots[slot].types {
                let isThere = algebra.and(condition, isAlive(slot, ofType: type))
                for location in schema.system.automata[type].locations.indices {
                    let isAt = algebra.equal(cells[schema.slots[slot].location], .constant(Int64(location)))
                    try when(algebra.and(isThere, isAt)) {
                        let isEnabled = try $0.isEnabled(at: location, of: slot, type)
                        result = $0.algebra.or(result, isEnabled)
                    }
                }
            }
        }
        return result
    }

    private mutating func isEnabled(at location: Int, of slot: Int, _ type: Int) throws -> Term {
        var own = self
        own.nesting += 1
        (own.pid, own.type) = (slot, type)
        var result = algebra.no
        for index in schema.system.outgoing[type][location] where own.path != algebra.no {
            let transition = schema.system.transitions[index]
            let found: Term
            switch transition.kind {
            case .otherwise, .select: found = own.path
            case .end:
                found = algebra.and(own.path, algebra.equal(cells[schema.processCount], .constant(Int64(slot + 1))))
            case .ordinary:
                let before = own.path
                let (alone, offered) = try own.canExecute(transition)
                path = algebra.and(path, butNot: algebra.and(before, butNot: own.path))
                found = algebra.or(alone, offered)
            }
            result = algebra.or(result, found)
            own.path = algebra.and(own.path, butNot: found)
        }
        return result
    }
}
