import Automata
import Promela

/// What is certain of every state that can be reached: where processes can be, and which values cells can have.
///
/// All of it holds in the state that it is worked out from, and whatever can happen in a state in which it holds leads to
/// another.
struct InductionDomain {
    let schema: StateSchema
    /// The values that it was worked out from.
    let start: [Int64]
    private(set) var whereabouts: Whereabouts
    /// For each slot and type, the locations at which the process may have control.
    private var controlled: Whereabouts
    /// For each cell the values that it can have; nil for any.
    private var values: [Set<Int64>?]

    /// Sets of more values than this are not kept.
    private static let valueLimit = 40

    /// - Parameters:
    ///   - cells: a state of which everything is known.
    ///   - whereabouts: where its processes are.
    init(_ schema: StateSchema, cells: [Int64], whereabouts: Whereabouts) throws {
        self.schema = schema
        start = cells
        self.whereabouts = whereabouts
        controlled = Whereabouts(repeating: [:], count: schema.slots.count)
        values = cells.map { [$0] }
        closeWhereabouts()
        let holder = Int(cells[schema.control]) - 1
        if whereabouts.indices.contains(holder) {
            for (type, locations) in whereabouts[holder] { controlled[holder][type, default: []].formUnion(locations) }
        }
        try closeValues()
    }

    /// Follows every transition from where processes are, whether or not it is ever possible.
    private mutating func closeWhereabouts() {
        let system = schema.system
        var open = whereabouts.enumerated().flatMap { slot, types in
            types.flatMap { type, locations in locations.map { (slot, type, $0) } }
        }
        while let (slot, type, location) = open.popLast() {
            for index in system.outgoing[type][location] {
                let transition = system.transitions[index]
                let target = transition.target > 0 ? transition.target : location
                if transition.kind != .end, whereabouts[slot][type, default: []].insert(target).inserted {
                    open.append((slot, type, target))
                }
                if transition.keepsControl { controlled[slot][type, default: []].insert(target) }
                for started in ProcessSlots.started(by: transition, in: system) {
                    let initial = system.automata[started].initial
                    for other in schema.slots.indices
                    where other > slot && schema.slots[other].types.contains(started)
                        && whereabouts[other][started, default: []].insert(initial).inserted
                    {
                        open.append((other, started, initial))
                    }
                }
            }
        }
    }

    /// Adds the values that moves store, until no move stores another.
    private mutating func closeValues() throws {
        let timeouts = TimeoutUsage(schema.program)
        while true {
            let algebra = Algebra(Solver())
            algebra.keepsAlternatives = true
            let unrolling = Unrolling(schema, algebra.solver, invariants: [])
            let cells = self.cells(unrolling)
            var numbers: [SymbolicValue: Int] = [:]
            for (cell, value) in cells.enumerated() { numbers[value] = cell }
            let choice = SymbolicValue.bits(algebra.solver.unknown("choice", .bitVector(width: 64)), isSigned: true)
            let found = try MoveEncoder.possibilities(
                schema, algebra, cells: cells, whereabouts: whereabouts, choice: choice, timeouts: timeouts)
            var hasChanged = false
            for move in found.moves {
                for cell in cells.indices where move.cells[cell] != cells[cell] {
                    for value in algebra.alternatives(of: move.cells[cell]) where value != cells[cell] {
                        if add(value, to: cell, numbers) { hasChanged = true }
                    }
                }
            }
            if !hasChanged { return }
        }
    }

    private mutating func add(_ value: SymbolicValue, to cell: Int, _ numbers: [SymbolicValue: Int]) -> Bool {
        guard let old = values[cell] else { return false }
        var new: Set<Int64>? = old
        if case .constant(let constant) = value {
            new?.insert(constant)
        } else if let source = numbers[value], let others = values[source] {
            new?.formUnion(others)
        } else {
            new = nil
        }
        if let count = new?.count, count > Self.valueLimit { new = nil }
        guard new != old else { return false }
        values[cell] = new
        return true
    }

    /// A state of which no more is known than what is certain.
    func cells(_ unrolling: Unrolling) -> [SymbolicValue] {
        values.enumerated().map { cell, values in
            if let values, values.count == 1, let only = values.first { return .constant(only) }
            return unrolling.unknown(cell, at: 0)
        }
    }

    /// The values that a cell can have, where they are few.
    func smallValues(of cell: Int, limit: Int) -> [Int64]? {
        if let own = values[cell], own.count <= limit { return own.sorted() }
        return schema.cells[cell].width == 1 ? [0, 1] : nil
    }

    // MARK: As constraints

    /// What is certain, as terms about a state.
    func constraints(on cells: [SymbolicValue], _ algebra: Algebra) -> [Term] {
        var result: [Term] = []
        for (cell, value) in cells.enumerated() {
            guard let values = values[cell], values.count > 1 else { continue }
            result.append(algebra.any(values.sorted().map { algebra.equal(value, .constant($0)) }))
        }
        func atMost(_ value: SymbolicValue, _ bound: Int) -> Term {
            algebra.less(value, .constant(Int64(bound)), orEqual: true, isUnsigned: false)
        }
        func isZero(_ range: Range<Int>) -> Term {
            algebra.all(range.map { algebra.equal(cells[$0], .constant(0)) })
        }
        let state = Execution(
            schema, algebra, pid: nil, type: nil, cells: cells, path: algebra.yes, timeout: algebra.no)
        result.append(atMost(cells[schema.processCount], schema.slots.count))
        var mayControl = [algebra.equal(cells[schema.control], .constant(0))]
        for (slot, own) in schema.slots.enumerated() {
            func isAt(_ places: [Int: Set<Int>]) -> Term {
                algebra.any(
                    places.flatMap { type, locations in
                        locations.sorted().map {
                            algebra.and(
                                state.isAlive(slot, ofType: type),
                                algebra.equal(cells[own.location], .constant(Int64($0))))
                        }
                    })
            }
            let isAlive = state.isAlive(slot)
            let isGone = algebra.and(isZero(own.type..<own.type + 1), isZero(own.location..<own.location + 1))
            result.append(algebra.or(algebra.and(isAlive, isAt(whereabouts[slot])), algebra.and(isGone, butNot: isAlive)))
            for (type, locals) in own.locals {
                let count = schema.program.proctypes[type].locals.reduce(0) { $0 + schema.cellCount(of: $1) }
                guard let first = locals.first?.first, count > 0 else { continue }
                result.append(algebra.or(state.isAlive(slot, ofType: type), isZero(first..<first + count)))
            }
            mayControl.append(
                algebra.and(algebra.equal(cells[schema.control], .constant(Int64(slot + 1))), isAt(controlled[slot])))
        }
        result.append(algebra.any(mayControl))
        for channel in schema.channels {
            let type = schema.layout.channelTypes[channel.type]
            result.append(atMost(cells[channel.length], type.capacity))
            if let owner = channel.owner {
                result.append(algebra.or(state.isAlive(owner), isZero(channel.length..<channel.length + 1)))
            }
            for slot in 0..<type.capacity {
                let first = channel.messages + slot * type.fields.count
                let isTaken = algebra.not(atMost(cells[channel.length], slot))
                result.append(algebra.or(isTaken, isZero(first..<first + type.fields.count)))
            }
        }
        return result.filter { $0 != algebra.yes }
    }
}
