import Promela

/// Reads off the transitions of one process what they do and mind: see `ProcessFootprints`.
struct MoveReader {
    let system: System
    let tags: TagTable
    let proctype: Int
    /// The pid, where it is known.
    let pid: Int64?
    /// The locals that never change.
    let constants: [Int: Int64]
    /// What other locals are as long as the process stays where it is, where that is known.
    var current: [Int: Int64] = [:]

    private var automaton: ControlFlowAutomaton { system.automata[proctype] }

    private func footprint(_ body: (inout FootprintReader) -> Void) -> Footprint {
        var own = reader
        body(&own)
        return own.footprint
    }

    private var reader: FootprintReader {
        FootprintReader(
            tags, proctype: proctype, pid: pid, constants: current.isEmpty ? constants : constants.merging(current) { $1 })
    }

    /// What it takes to find out whether the process may move at all.
    var provided: Footprint {
        footprint { own in system.program.proctypes[proctype].provided.map { own.read($0) } }
    }

    /// What it takes to find out what can be done at a location.
    func guards(at location: Int) -> Footprint {
        footprint { own in
            for index in system.outgoing[proctype][location] {
                switch system.transitions[index].action {
                case .statement(let statement): own.visitGuard(of: statement)
                case .deterministicStep(let step): own.visit(automaton.deterministicSteps[step])
                case .skip, .otherwise, .end: break
                }
            }
        }
    }

    func hasEscapes(at location: Int) -> Bool {
        system.outgoing[proctype][location].contains { system.transitions[$0].escapeGroup > 0 }
    }

    /// Whether it asks for all that can be done at its location.
    func asksForAlternatives(_ transition: System.Transition) -> Bool {
        transition.kind == .otherwise || hasEscapes(at: transition.source)
    }

    /// Whether it makes a difference that nobody is there for a rendezvous: it is tried in the midst of an atomic sequence, which goes
    /// on only if somebody is, or beside something else that can be done only if nobody is.
    /// - Parameter mayMeet: whether a rendezvous may be part of a transition.
    func testsRendezvous(_ mayMeet: (Int) -> Bool) -> Bool {
        let indices = system.outgoing[proctype].joined()
        let entered = Set(indices.filter { system.transitions[$0].keepsControl }.map { system.transitions[$0].target })
        return indices.contains { index in
            let transition = system.transitions[index]
            return (asksForAlternatives(transition) || entered.contains(transition.source)) && mayMeet(index)
        }
    }

    /// One transition without those that follow it.
    /// - Parameter isInner: see `FootprintReader.visit`.
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
                for cell in tags.remoteCells(of: proctype) { own.footprint.write(cell, .any, tags) }
                if !system.layout.processes[proctype].channels.isEmpty {
                    // Its channels go with it.
                    own.footprint.send(tags.localChannels, isSorted: true, tags)
                    own.footprint.test(tags.localChannels, tags)
                }
            }
        }
        result.formUnion(provided)
        if asksForAlternatives(transition) { result.formUnion(guards(at: transition.source)) }
        for location in [transition.source, transition.target] {
            if let cell = tags.cell(of: .location(proctype: proctype, location)) { result.write(cell, .any, tags) }
        }
        return result
    }

    /// All that may happen at a location in the midst of an atomic sequence.
    func inner(at location: Int) -> Footprint {
        system.outgoing[proctype][location].reduce(into: Footprint(tags)) { $0.formUnion(single($1, isInner: true)) }
    }

    /// What may make a transition possible where none of its conditions is to blame.
    func enablers(_ index: Int) -> NumberSet {
        let transition = system.transitions[index]
        if asksForAlternatives(transition) { return guards(at: transition.source).minds.union(provided.minds) }
        return footprint { own in
            switch transition.action {
            case .statement(let statement): own.visitEnablers(of: statement)
            case .deterministicStep(let step): own.visit(automaton.deterministicSteps[step])
            case .skip, .otherwise, .end: break
            }
        }.minds.union(provided.minds)
    }

    /// Conditions that all have to hold; none if it might be an error to ask for them, for what becomes an error is a step too.
    func conditions(_ found: [GuardCondition]) -> [ProcessFootprints.Condition] {
        let read = found.map { condition in footprint { $0.read(condition.expression) } }
        if read.contains(where: \.mayFault) { return [] }
        return zip(found, read).map { condition, footprint in
            var locals = LocalUsage(ignoring: Set(constants.keys))
            locals.visit(condition.expression)
            return ProcessFootprints.Condition(
                entry: condition.entry, minds: footprint.minds, asksForLocals: locals.isFound,
                test: reader.cellTest(condition.expression))
        }
    }

    /// The locals whose values tell which elements of arrays a transition uses, as long as the process stands before it.
    func indexLocals(of transition: System.Transition) -> [Int] {
        guard case .statement(let statement) = transition.action, !asksForAlternatives(transition) else { return [] }
        // What was received may tell where what comes with it is to go.
        if case .receive = statement.kind { return [] }
        var usage = IndexUsage(ignoring: Set(constants.keys))
        usage.visit(statement)
        if let provided = system.program.proctypes[proctype].provided { usage.visit(provided) }
        let locals = system.program.proctypes[proctype].locals
        return usage.locals.filter {
            if case .scalar(let type) = locals[$0].type { return locals[$0].count == nil && !type.isWide }
            return false
        }.sorted()
    }
}

/// Whether an expression asks for a local that may change.
private struct LocalUsage: ProgramVisitor {
    let ignored: Set<Int>
    private(set) var isFound = false

    init(ignoring locals: Set<Int>) { ignored = locals }

    mutating func visit(_ place: Place) {
        switch place.root {
        case .local(let index): if !ignored.contains(index) { isFound = true }
        case .selfPid, .global: break
        case .discard, .lastPid, .processCount, .selfPriority: isFound = true
        }
        visitParts(of: place)
    }
}

/// The locals that indices are computed from.
private struct IndexUsage: ProgramVisitor {
    let ignored: Set<Int>
    private(set) var locals: Set<Int> = []
    private var depth = 0

    init(ignoring locals: Set<Int>) { ignored = locals }

    mutating func visit(_ place: Place) {
        if case .local(let index) = place.root, depth > 0, !ignored.contains(index) { locals.insert(index) }
        depth += 1
        visitParts(of: place)
        depth -= 1
    }
}
