import Automata
import Exploration
import Promela

/// Finds all that can happen in a symbolic state, as `SuccessorGenerator.moves` does in a concrete one.
struct MoveEncoder {
    let schema: StateSchema
    let algebra: Algebra
    private(set) var cells: [SymbolicValue]
    let whereabouts: Whereabouts
    /// The value that a `select` chooses in this state.
    let choice: SymbolicValue
    /// Whether this is about what is possible only because nothing else is.
    var isTimeout = false

    /// What one process can do.
    struct ProcessMoves {
        var moves: [SymbolicMove] = []
        var events: [SymbolicEvent] = []
        var hasMoved: Term
    }

    var system: System { schema.system }

    func execution(_ slot: Int?, _ type: Int?) -> Execution {
        Execution(
            schema, algebra, pid: slot, type: type, cells: cells, path: algebra.yes,
            timeout: isTimeout ? algebra.yes : algebra.no)
    }

    /// Everything that can happen.
    static func possibilities(
        _ schema: StateSchema, _ algebra: Algebra, cells: [SymbolicValue], whereabouts: Whereabouts, choice: SymbolicValue,
        timeouts: TimeoutUsage
    ) throws -> Possibilities {
        var encoder = MoveEncoder(
            schema: schema, algebra: algebra, cells: cells, whereabouts: whereabouts, choice: choice)
        let control = cells[schema.control]
        func hasControl(_ slot: Int) -> Term { algebra.equal(control, .constant(Int64(slot + 1))) }

        var ordinary = try schema.slots.indices.map { try encoder.moves(of: $0) }
        let holderMoves = algebra.any(
            schema.slots.indices.map { algebra.and(hasControl($0), ordinary[$0].hasMoved) })
        let isFree = algebra.not(holderMoves)
        var result = Possibilities(isBlocked: isFree, isStored: isFree)
        let stored = schema.storedForm(of: cells)
        if stored == cells {
            for (slot, found) in ordinary.enumerated() {
                result.add(found, where: algebra.or(isFree, hasControl(slot)), algebra)
            }
        } else {
            // Once control is lost, the state is another one.
            for (slot, found) in ordinary.enumerated() {
                result.add(found, where: algebra.and(holderMoves, hasControl(slot)), algebra)
            }
            encoder.cells = stored
            ordinary = try schema.slots.indices.map { try encoder.moves(of: $0) }
            for found in ordinary { result.add(found, where: isFree, algebra) }
        }
        let anyMoves = algebra.or(holderMoves, algebra.any(ordinary.map(\.hasMoved)))
        result.isBlocked = algebra.not(anyMoves)
        if timeouts.isUsed {
            encoder.isTimeout = true
            var anyLate: [Term] = []
            for slot in schema.slots.indices {
                let found = try encoder.moves(of: slot) { timeouts.canWakeUp($0) }
                result.add(found, where: algebra.not(anyMoves), algebra)
                anyLate.append(found.hasMoved)
            }
            result.isBlocked = algebra.and(result.isBlocked, butNot: algebra.any(anyLate))
        }
        let state = encoder.execution(nil, nil)
        let isUnfinished = algebra.any(schema.slots.indices.map { state.isAt($0) { !$0.isEnd } })
        result.addEvent(
            SymbolicEvent(
                kind: .property(.endStates), condition: algebra.and(result.isBlocked, isUnfinished), step: nil,
                span: schema.program.proctypes[0].span), algebra)
        return result
    }

    /// What the process in a slot can do, whatever the others are doing.
    func moves(of slot: Int, ofTypes isWanted: (Int) -> Bool = { _ in true }) throws -> ProcessMoves {
        var result = ProcessMoves(hasMoved: algebra.no)
        for type in whereabouts[slot].keys.sorted() where isWanted(type) {
            try StopSignal.check()
            let isAlive = execution(slot, type).isAlive(slot, ofType: type)
            if isAlive == algebra.no { continue }
            var mayMove = isAlive
            if let provided = schema.program.proctypes[type].provided {
                var own = execution(slot, type)
                let isProvided = algebra.and(try own.truth(provided), own.path)
                note(own.log, where: isAlive, Step(pid: slot, transition: -1, isTimeout: isTimeout), in: &result)
                mayMove = algebra.and(isAlive, isProvided)
            }
            for location in (whereabouts[slot][type] ?? []).sorted() {
                let isHere = algebra.and(
                    mayMove, algebra.equal(cells[schema.slots[slot].location], .constant(Int64(location))))
                if isHere == algebra.no { continue }
                try addMoves(at: location, of: slot, type, isHere, to: &result)
            }
        }
        return result
    }

    private func addMoves(
        at location: Int, of slot: Int, _ type: Int, _ isHere: Term, to result: inout ProcessMoves
    ) throws {
        var order = TransitionOrder(algebra)
        for index in system.outgoing[type][location] {
            let transition = system.transitions[index]
            order.reach(transition)
            let isTried = algebra.and(isHere, butNot: order.isOver)
            if isTried == algebra.no { break }
            let step = Step(pid: slot, transition: index, isTimeout: isTimeout)
            switch transition.kind {
            case .end:
                let isLast = algebra.equal(cells[schema.processCount], .constant(Int64(slot + 1)))
                let isPossible = algebra.and(isTried, isLast)
                guard isPossible != algebra.no else { continue }
                var own = execution(slot, type)
                own.end(slot)
                add(step, transition, own, where: isPossible, ends: true, to: &result)
                order.take(transition, where: isPossible)
            case .otherwise:
                let isPossible = algebra.and(isTried, butNot: order.hasMoved)
                guard isPossible != algebra.no else { continue }
                add(step, transition, execution(slot, type), where: isPossible, to: &result)
                order.take(transition, where: isPossible)
            case .select:
                try addSelect(step, transition, isTried, to: &result, &order)
            case .ordinary:
                try addOrdinary(step, transition, isTried, to: &result, &order)
            }
        }
        result.hasMoved = algebra.or(result.hasMoved, order.hasMoved)
    }

    private func addOrdinary(
        _ step: Step, _ transition: System.Transition, _ isTried: Term, to result: inout ProcessMoves,
        _ order: inout TransitionOrder
    ) throws {
        var guardian = execution(step.pid, transition.proctype)
        let (alone, offered) = try guardian.canExecute(transition)
        let failed = algebra.and(isTried, butNot: guardian.path)
        note(guardian.log, where: isTried, step, in: &result)
        order.stop(where: failed, afterMove: true)
        let isPossible = algebra.and(isTried, alone)
        if isPossible != algebra.no {
            var own = execution(step.pid, transition.proctype)
            // Only a channel that may be of either kind makes this more than one case.
            if offered != algebra.no { own.path = alone }
            try own.execute(transition)
            if offered != algebra.no { own.path = algebra.or(own.path, algebra.not(alone)) }
            add(step, transition, own, where: isPossible, to: &result)
            order.take(transition, where: isPossible)
        }
        let isOffered = algebra.and(isTried, offered)
        if isOffered != algebra.no {
            let hasMet = try addRendezvous(step, transition, offered, where: isOffered, to: &result)
            order.take(transition, where: hasMet)
            // As Spin has it: a send that finds no partner also lets go of the escape that it belongs to.
            order.letGo(where: algebra.and(isOffered, butNot: hasMet))
        }
    }

    private func addSelect(
        _ step: Step, _ transition: System.Transition, _ isTried: Term, to result: inout ProcessMoves,
        _ order: inout TransitionOrder
    ) throws {
        guard case .statement(let statement) = transition.action,
            case .select(let place, let from, let through) = statement.kind
        else { return }
        var bounds = execution(step.pid, transition.proctype)
        let low = try bounds.evaluate(from)
        let upper = try bounds.evaluate(through)
        note(bounds.log, where: isTried, step, in: &result)
        order.stop(where: algebra.and(isTried, butNot: bounds.path), afterMove: false)
        let isUnsigned = system.choosesUnsigned(step.transition)
        let high = algebra.choose(algebra.less(low, upper, orEqual: true, isUnsigned: isUnsigned), upper, low)
        var isSmall = algebra.yes
        if isUnsigned || max(low.signedWidth, high.signedWidth) > 19 {
            let count = algebra.arithmetic(.subtract, high, low, isWide: true)
            isSmall = algebra.less(count, .constant(1 << 20), orEqual: false, isUnsigned: true)
        }
        let isReached = algebra.and(isTried, bounds.path)
        let isTooLarge = algebra.and(isReached, butNot: isSmall)
        result.add(
            SymbolicEvent(
                kind: .property(.execution), condition: isTooLarge, step: step, span: transition.span), algebra)
        order.stop(where: isTooLarge, afterMove: true)
        var own = execution(step.pid, transition.proctype)
        try own.assign(choice, to: place)
        let isInRange = algebra.and(
            algebra.less(low, choice, orEqual: true, isUnsigned: isUnsigned),
            algebra.less(choice, high, orEqual: true, isUnsigned: isUnsigned))
        let isPossible = algebra.and(isReached, isSmall)
        add(step, transition, own, where: algebra.and(isPossible, isInRange), hasChoice: true, to: &result)
        order.take(transition, where: isPossible)
    }
}
