import Promela

/// What one process, or all of one type where nothing is known of them, may do at each location and from there on.
final class ProcessFootprints {
    /// A transition as the search sees it: with the atomic sequence that it begins.
    struct Move {
        var footprint: Footprint
        /// What may make it possible where it is not.
        var enablers: TagSet
        /// Whether it may be one half of a rendezvous, so that its guard does not tell whether it can be taken.
        var isRendezvous: Bool
        /// Whether it changes what a claim looks at.
        var isVisible: Bool
    }

    /// By transition, from the first one of the process type on.
    let moves: [Move]
    let firstTransition: Int
    /// For each location, what the process and those that it starts may do from there on.
    let futures: [TagSet]
    /// Whether something depends on there being no partner for a rendezvous: a way on from within an atomic sequence, an `else`,
    /// what an `unless` protects.
    let testsRendezvous: Bool
    /// What may make `provided` true.
    let providedEnablers: TagSet

    /// - Parameters:
    ///   - spawned: for each process type, what its processes may do; empty while that is being found out.
    ///   - visible: the tags of what a claim minds.
    init(
        _ system: System, _ tags: TagTable, proctype: Int, pid: Int64?, constants: [Int: Int64], spawned: [TagSet],
        visible: TagSet?
    ) {
        let automaton = system.automata[proctype]
        let outgoing = system.outgoing[proctype]
        let first = outgoing.first?.lowerBound ?? 0
        func reader() -> FootprintReader { FootprintReader(tags, proctype: proctype, pid: pid, constants: constants) }
        func footprint(_ body: (inout FootprintReader) -> Void) -> Footprint {
            var own = reader()
            body(&own)
            return own.footprint
        }
        let provided = footprint { own in system.program.proctypes[proctype].provided.map { own.read($0) } }
        let guards = outgoing.map { range in
            footprint { own in
                for index in range {
                    switch system.transitions[index].action {
                    case .statement(let statement): own.visitGuard(of: statement)
                    case .deterministicStep(let step): own.visit(automaton.deterministicSteps[step])
                    case .skip, .otherwise, .end: break
                    }
                }
            }
        }
        let hasEscapes = outgoing.map { $0.contains { system.transitions[$0].escapeGroup > 0 } }

        /// One transition without those that follow it.
        func single(_ index: Int, isInner: Bool) -> Footprint {
            let transition = system.transitions[index]
            var result = footprint { own in
                switch transition.action {
                case .statement(let statement): own.visit(statement, isInner: isInner)
                case .deterministicStep(let step): own.visit(automaton.deterministicSteps[step])
                case .skip, .otherwise: break
                case .end:
                    own.footprint.does.insert(tags.end)
                    own.footprint.minds.insert(tags.run)
                    own.footprint.minds.insert(tags.countProcesses)
                    for cell in tags.remoteCells(of: proctype) { own.footprint.write(cell, tags) }
                    if !system.layout.processes[proctype].channels.isEmpty {
                        // Its channels go with it.
                        own.footprint.send(tags.localChannels, isSorted: true, tags)
                        own.footprint.test(tags.localChannels, tags)
                    }
                }
            }
            result.formUnion(provided)
            if transition.kind == .otherwise || hasEscapes[transition.source] { result.formUnion(guards[transition.source]) }
            for location in [transition.source, transition.target] {
                if let cell = tags.cell(of: .location(proctype: proctype, location)) { result.write(cell, tags) }
            }
            return result
        }
        let inner = outgoing.map { range in
            range.reduce(into: Footprint(tags)) { result, index in result.formUnion(single(index, isInner: true)) }
        }
        /// The locations that an atomic sequence may pass through from one of them on.
        func chain(from location: Int) -> Set<Int> {
            Self.reach(from: location) { place in
                outgoing[place].filter { system.transitions[$0].keepsControl }.map { system.transitions[$0].target }
            }
        }
        func enablers(_ index: Int) -> TagSet {
            let transition = system.transitions[index]
            if transition.kind == .otherwise || hasEscapes[transition.source] { return guards[transition.source].minds }
            return footprint { own in
                switch transition.action {
                case .statement(let statement): own.visitEnablers(of: statement)
                case .deterministicStep(let step): own.visit(automaton.deterministicSteps[step])
                case .skip, .otherwise, .end: break
                }
            }.minds
        }
        moves = outgoing.flatMap { range in
            range.map { index in
                let transition = system.transitions[index]
                var whole = single(index, isInner: false)
                let isRendezvous = whole.mayMeet
                if transition.keepsControl {
                    for location in chain(from: transition.target) { whole.formUnion(inner[location]) }
                }
                return Move(
                    footprint: whole, enablers: enablers(index), isRendezvous: isRendezvous,
                    isVisible: visible.map { !$0.isDisjoint(with: whole.does) } ?? false)
            }
        }
        firstTransition = first
        providedEnablers = provided.minds
        let moves = moves
        let entered = Set(outgoing.joined().filter { system.transitions[$0].keepsControl }.map { system.transitions[$0].target })
        testsRendezvous = outgoing.joined().contains { index in
            let transition = system.transitions[index]
            return moves[index - first].isRendezvous
                && (transition.kind == .otherwise || hasEscapes[transition.source] || entered.contains(transition.source))
        }
        futures = outgoing.indices.map { location in
            /// `timeout` is false as long as anything is left out, so what it guards does not happen before.
            func possible(_ place: Int) -> [Int] { outgoing[place].filter { !system.transitions[$0].waitsForTimeout } }
            var result = TagSet(capacity: tags.count)
            for place in Self.reach(from: location, { possible($0).map { system.transitions[$0].target } }) {
                for index in possible(place) {
                    let footprint = moves[index - first].footprint
                    result.formUnion(footprint.does)
                    if !spawned.isEmpty { for other in footprint.spawned { result.formUnion(spawned[other]) } }
                }
            }
            return result
        }
    }

    private static func reach(from start: Int, _ next: (Int) -> [Int]) -> Set<Int> {
        var reached: Set = [start]
        var pending = [start]
        while let place = pending.popLast() {
            for target in next(place) where target >= 0 && reached.insert(target).inserted { pending.append(target) }
        }
        return reached
    }
}

extension System.Transition {
    /// Whether it cannot be taken as long as anything else can be.
    fileprivate var waitsForTimeout: Bool {
        guard case .statement(let statement) = action, case .condition(let expression) = statement.kind else { return false }
        return expression.demandsTimeout
    }
}

extension Expression {
    fileprivate var demandsTimeout: Bool {
        switch kind {
        case .timeout: true
        case .binary(.and, let left, let right): left.demandsTimeout || right.demandsTimeout
        default: false
        }
    }
}
