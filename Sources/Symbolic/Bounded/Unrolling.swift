import Automata
import Exploration
import Promela

/// A state somewhere in a run, and what can happen there.
struct Frame {
    var cells: [SymbolicValue]
    var whereabouts: Whereabouts
    var choice: SymbolicValue
    var possibilities: Possibilities
    /// For each claim that is checked, whether it fails here.
    var failedInvariants: [(property: Property, condition: Term)] = []
    /// For each move, whether it is the one that leads to the next frame; empty in the last frame.
    var selections: [Term] = []
}

/// Runs of a system, step by step, as constraints of a solver.
final class Unrolling {
    let schema: StateSchema
    let solver: Solver
    let algebra: Algebra
    let timeouts: TimeoutUsage
    let invariants: [Invariant]
    private(set) var frames: [Frame] = []
    /// What goes wrong before the first step.
    private(set) var initialEvents: [SymbolicEvent] = []
    private(set) var moveCount = 0

    init(_ schema: StateSchema, _ solver: Solver, invariants: [Invariant]) {
        self.schema = schema
        self.solver = solver
        algebra = Algebra(solver)
        timeouts = TimeoutUsage(schema.program)
        self.invariants = invariants
    }

    /// Begins with the initial state.
    func begin() throws {
        let zero = [SymbolicValue](repeating: .constant(0), count: schema.cells.count)
        var execution = Execution(
            schema, algebra, pid: nil, type: nil, cells: zero, path: algebra.yes, timeout: algebra.no)
        var channel = 0
        try execution.initialize(schema.program.globals, schema.globals, nextChannel: &channel)
        for proctype in schema.program.initialProcesses {
            _ = try execution.start(proctype, [], schema.program.proctypes[proctype].span)
        }
        initialEvents = execution.log.faults.map {
            SymbolicEvent(
                kind: .property($0.kind.property), condition: $0.condition, step: nil, span: $0.span)
        }
        var whereabouts = Whereabouts(repeating: [:], count: schema.slots.count)
        for start in execution.log.starts {
            whereabouts[start.slot][start.type, default: []].insert(schema.system.automata[start.type].initial)
        }
        try append(execution.cells, whereabouts)
    }

    /// Begins with any state.
    func begin(anywhereIn whereabouts: Whereabouts, _ makeCells: (Unrolling) -> [SymbolicValue]) throws {
        try append(makeCells(self), whereabouts)
    }

    private func append(_ cells: [SymbolicValue], _ whereabouts: Whereabouts) throws {
        let choice = SymbolicValue.bits(solver.unknown("choice@\(frames.count)", .bitVector(width: 64)), isSigned: true)
        let possibilities = try MoveEncoder.possibilities(
            schema, algebra, cells: cells, whereabouts: whereabouts, choice: choice, timeouts: timeouts)
        var frame = Frame(cells: cells, whereabouts: whereabouts, choice: choice, possibilities: possibilities)
        let observer = observer(of: schema.storedForm(of: cells))
        for invariant in invariants {
            let holds = try invariant.holds(observer)
            frame.failedInvariants.append(
                (invariant.property, algebra.and(possibilities.isStored, butNot: holds)))
        }
        moveCount += possibilities.moves.count
        frames.append(frame)
    }

    private func observer(of cells: [SymbolicValue]) -> Execution {
        Execution(schema, algebra, pid: nil, type: nil, cells: cells, path: algebra.yes, timeout: algebra.no)
    }

    /// Nobody, looking at a frame.
    func observer(of frame: Int) -> Execution { observer(of: frames[frame].cells) }

    /// Everything that must not be in the last frame.
    var lastEvents: [SymbolicEvent] {
        guard let frame = frames.last else { return [] }
        return frame.possibilities.events
            + frame.failedInvariants.filter { $0.condition != algebra.no }.map {
                SymbolicEvent(
                    kind: .property($0.property), condition: $0.condition, step: nil, span: schema.program.proctypes[0].span)
            }
    }

    /// Goes on by one step.
    /// - Returns: whether there may be one.
    func extend() throws -> Bool {
        guard let last = frames.last, !last.possibilities.moves.isEmpty else { return false }
        let number = frames.count - 1
        let moves = last.possibilities.moves
        let selections = self.selections(among: moves.count, number)
        for (move, isSelected) in zip(moves, selections) where move.condition != algebra.yes {
            solver.assert(isSelected == algebra.yes ? move.condition : isSelected.implies(move.condition))
        }
        frames[number].selections = selections
        let cells = schema.cells.indices.map { nextValue(of: $0, moves, selections, number) }
        var whereabouts = last.whereabouts
        for move in moves {
            for arrival in move.arrivals {
                whereabouts[arrival.slot][arrival.type, default: []].insert(arrival.location)
            }
        }
        try append(cells, reduced(whereabouts, cells))
        return true
    }

    /// Leaves out where no process can be, because that is known for certain.
    private func reduced(_ whereabouts: Whereabouts, _ cells: [SymbolicValue]) -> Whereabouts {
        whereabouts.enumerated().map { slot, types in
            let own = schema.slots[slot]
            if case .constant(let count) = cells[schema.processCount], count <= slot { return [:] }
            return types.compactMapValues { locations in
                guard case .constant(let location) = cells[own.location] else { return locations }
                return [Int(location)]
            }.filter { type, _ in
                guard case .constant(let known) = cells[own.type] else { return true }
                return known == Int64(type)
            }
        }
    }

    private func selections(among count: Int, _ number: Int) -> [Term] {
        if count == 1 { return [algebra.yes] }
        let width = Int.bitWidth - (count - 1).leadingZeroBitCount
        let index = solver.unknown("move@\(number)", .bitVector(width: width))
        if count < 1 << width { solver.assert(index.isLess(than: solver.bits(count, width: width), isSigned: false)) }
        return (0..<count).map { index .== solver.bits($0, width: width) }
    }

    private func nextValue(
        of cell: Int, _ moves: [SymbolicMove], _ selections: [Term], _ number: Int
    ) -> SymbolicValue {
        let old = frames[number].cells[cell]
        var conditions: [SymbolicValue: Term] = [:]
        var order: [SymbolicValue] = []
        for (move, isSelected) in zip(moves, selections) where move.cells[cell] != old {
            let value = move.cells[cell]
            if conditions[value] == nil { order.append(value) }
            conditions[value] = algebra.or(conditions[value] ?? algebra.no, isSelected)
        }
        let next = order.reduce(old) { algebra.choose(conditions[$1] ?? algebra.no, $1, $0) }
        if next == old { return old }
        if case .constant = next { return next }
        let form = schema.cells[cell]
        let fresh = unknown(cell, at: number + 1)
        switch fresh {
        case .truth(let term): solver.assert(term .== algebra.truth(next))
        case .bits(let term, _): solver.assert(term .== algebra.bits(next, form.width))
        case .constant: break
        }
        return fresh
    }

    /// A value of a cell of which nothing is known.
    func unknown(_ cell: Int, at frame: Int) -> SymbolicValue {
        let form = schema.cells[cell]
        let name = "\(cell) \(form.name)@\(frame)"
        if form.width == 1, !form.isSigned { return .truth(solver.unknown(name, .boolean)) }
        return .bits(solver.unknown(name, .bitVector(width: form.width)), isSigned: form.isSigned)
    }

    // MARK: Reading a run

    /// The steps from the first frame to one frame, as a model has them.
    func steps(in model: Model, through frame: Int) throws -> [Step] {
        try (0..<frame).map { number in
            let moves = frames[number].possibilities.moves
            for (move, isSelected) in zip(moves, frames[number].selections) where try model.truth(isSelected) {
                return try step(move.step, hasChoice: move.hasChoice, frame: number, in: model)
            }
            throw SolverError(message: "a model without a move")
        }
    }

    func step(_ step: Step, hasChoice: Bool, frame: Int, in model: Model) throws -> Step {
        guard hasChoice else { return step }
        var result = step
        result.choice = Int64(bitPattern: try model.bits(algebra.bits(frames[frame].choice, 64)))
        return result
    }
}
