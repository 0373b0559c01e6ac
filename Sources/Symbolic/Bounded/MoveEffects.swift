import Automata
import Exploration
import Promela

/// What the moves do.
extension MoveEncoder {
    /// Adds what went wrong in an execution.
    func note(
        _ log: ExecutionLog, where condition: Term, _ step: Step, hasChoice: Bool = false, in result: inout ProcessMoves
    ) {
        for fault in log.faults + log.failedAssertions {
            result.add(
                SymbolicEvent(
                    kind: .property(fault.kind.property), condition: algebra.and(condition, fault.condition), step: step,
                    hasChoice: hasChoice, span: fault.span), algebra)
        }
        for overflow in log.overflows {
            result.add(
                SymbolicEvent(
                    kind: .overflow(overflow.kind), condition: algebra.and(condition, overflow.condition), step: step,
                    hasChoice: hasChoice, span: overflow.span), algebra)
        }
    }

    /// Adds a move of one process whose effect was carried out.
    func add(
        _ step: Step, _ transition: System.Transition, _ execution: Execution, where condition: Term,
        hasChoice: Bool = false, ends: Bool = false, to result: inout ProcessMoves
    ) {
        var own = execution
        let log = own.log
        let path = own.path
        own.path = algebra.yes
        if !ends { move(step.pid, along: transition, &own) }
        finish(&own, by: step.pid, keepsControl: transition.keepsControl)
        note(log, where: condition, step, hasChoice: hasChoice, in: &result)
        result.add(
            SymbolicMove(
                step: step, hasChoice: hasChoice, condition: algebra.and(condition, path), cells: own.cells,
                arrivals: arrivals(log) + (ends ? [] : arrivals(step.pid, transition))), algebra)
    }

    private func move(_ slot: Int, along transition: System.Transition, _ execution: inout Execution) {
        if transition.target > 0 {
            execution.store(.constant(Int64(transition.target)), in: schema.slots[slot].location)
        }
    }

    private func finish(_ execution: inout Execution, by slot: Int, keepsControl: Bool) {
        if schema.layout.options.keepsLastPid { execution.store(.constant(Int64(slot)), in: schema.lastPid) }
        execution.store(.constant(keepsControl ? Int64(slot + 1) : 0), in: schema.control)
        if !keepsControl { execution.cells = schema.storedForm(of: execution.cells) }
    }

    private func arrivals(_ log: ExecutionLog) -> [(slot: Int, type: Int, location: Int)] {
        log.starts.map { ($0.slot, $0.type, system.automata[$0.type].initial) }
    }

    private func arrivals(_ slot: Int, _ transition: System.Transition) -> [(slot: Int, type: Int, location: Int)] {
        [(slot, transition.proctype, transition.target > 0 ? transition.target : transition.source)]
    }

    // MARK: Rendezvous

    /// Adds a send together with every receive that may fit.
    /// - Returns: whether there is one, or a fault that keeps it from being found out.
    func addRendezvous(
        _ step: Step, _ transition: System.Transition, _ offered: Term, where condition: Term,
        to result: inout ProcessMoves
    ) throws -> Term {
        var sender = execution(step.pid, transition.proctype)
        sender.path = offered
        try sender.execute(transition)
        note(sender.log, where: condition, step, in: &result)
        let isOffered = algebra.and(condition, sender.path)
        var hasMet = algebra.and(condition, butNot: sender.path)
        sender.path = algebra.yes
        move(step.pid, along: transition, &sender)
        if schema.layout.options.keepsLastPid { sender.store(.constant(Int64(step.pid)), in: schema.lastPid) }
        for slot in schema.slots.indices where slot != step.pid {
            for type in whereabouts[slot].keys.sorted() {
                let receiver = execution(slot, type, after: sender)
                let found = try addReceives(
                    slot, type, receiver, step, transition, isOffered, to: &result)
                hasMet = algebra.or(hasMet, found)
            }
        }
        return hasMet
    }

    private func execution(_ slot: Int, _ type: Int, after sender: Execution) -> Execution {
        var result = execution(slot, type)
        result.cells = sender.cells
        result.handshake = sender.handshake
        result.message = sender.message
        return result
    }

    private func addReceives(
        _ slot: Int, _ type: Int, _ receiver: Execution, _ step: Step, _ sending: System.Transition, _ isOffered: Term,
        to result: inout ProcessMoves
    ) throws -> Term {
        var mayMove = algebra.and(isOffered, receiver.isAlive(slot, ofType: type))
        if let provided = schema.program.proctypes[type].provided, mayMove != algebra.no {
            var own = execution(slot, type, after: receiver)
            let isProvided = algebra.and(try own.truth(provided), own.path)
            note(own.log, where: mayMove, step, in: &result)
            mayMove = algebra.and(mayMove, isProvided)
        }
        var hasMet = algebra.no
        for location in (whereabouts[slot][type] ?? []).sorted() {
            let isHere = algebra.and(
                mayMove, algebra.equal(receiver.cells[schema.slots[slot].location], .constant(Int64(location))))
            if isHere == algebra.no { continue }
            var order = TransitionOrder(algebra)
            for index in system.outgoing[type][location] {
                let transition = system.transitions[index]
                order.reach(transition)
                guard transition.canReceive else { continue }
                let isTried = algebra.and(isHere, butNot: order.isOver)
                var meeting = step
                meeting.receiver = Step.Receiver(pid: slot, transition: index)
                var guardian = execution(slot, type, after: receiver)
                let canReceive = try guardian.canExecute(transition).alone
                note(guardian.log, where: isTried, meeting, in: &result)
                let isPossible = algebra.and(isTried, canReceive)
                if isPossible == algebra.no { continue }
                var own = execution(slot, type, after: receiver)
                try own.execute(transition)
                note(own.log, where: isPossible, meeting, in: &result)
                let path = own.path
                own.path = algebra.yes
                move(slot, along: transition, &own)
                finish(&own, by: slot, keepsControl: transition.keepsControl)
                result.add(
                    SymbolicMove(
                        step: meeting, condition: algebra.and(isPossible, path), cells: own.cells,
                        arrivals: arrivals(own.log) + arrivals(step.pid, sending) + arrivals(slot, transition)), algebra)
                order.take(transition, where: isPossible)
            }
            hasMet = algebra.or(hasMet, order.hasMoved)
        }
        return hasMet
    }
}

extension MoveEncoder.ProcessMoves {
    mutating func add(_ event: SymbolicEvent, _ algebra: Algebra) {
        if event.condition != algebra.no { events.append(event) }
    }

    mutating func add(_ move: SymbolicMove, _ algebra: Algebra) {
        if move.condition != algebra.no { moves.append(move) }
    }
}

extension Possibilities {
    mutating func addEvent(_ event: SymbolicEvent, _ algebra: Algebra) {
        if event.condition != algebra.no { events.append(event) }
    }

    /// Adds what a process can do, where it may.
    mutating func add(_ found: MoveEncoder.ProcessMoves, where condition: Term, _ algebra: Algebra) {
        for var move in found.moves {
            move.condition = algebra.and(condition, move.condition)
            if move.condition != algebra.no { moves.append(move) }
        }
        for var event in found.events {
            event.condition = algebra.and(condition, event.condition)
            addEvent(event, algebra)
        }
    }
}
