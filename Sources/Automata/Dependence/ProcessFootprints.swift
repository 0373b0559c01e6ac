import Promela

/// What one process, or all of one type where nothing is known of them, may do at each location, and what makes that possible.
final class ProcessFootprints {
    /// A transition as the search sees it: with the atomic sequence that it begins.
    struct Move {
        var footprint: Footprint
        var source: Int
        /// Conditions without which it is not possible, by their numbers in `conditions`.
        var conditions: [Int]
        /// Those of them that ask for one cell.
        var tests: [CellTest]
        /// What may make it possible where that is not for one of the conditions.
        var enablers: NumberSet
        /// Whether it may be one half of a rendezvous, so that its guard does not tell whether it can be taken.
        var isRendezvous: Bool
        /// Whether it may be something else than one half of a rendezvous.
        var mayStandAlone: Bool
        /// Whether it changes what a claim looks at.
        var isVisible: Bool
        /// Whether it ends the process.
        var isEnd: Bool
        /// Whether it cannot be taken as long as anything else can be.
        var waitsForTimeout: Bool
    }

    /// See `GuardCondition`.
    struct Condition {
        /// The address of the code that computes it.
        var entry: Int
        /// What may change it, but for locals.
        var minds: NumberSet
        /// Whether the process itself may change it by what nobody else knows of.
        var asksForLocals: Bool
        var test: CellTest?
    }

    /// Numbered on their own in each process: they tell what was found for two of them together.
    let number: Int
    /// By transition, from the first one of the process type on.
    private let moves: [Move]
    private let firstTransition: Int
    private let conditions: [Condition]
    /// What follows each move within its atomic sequence.
    private let sequences: [Footprint?]
    /// See `MoveReader.indexLocals`.
    private let indexLocals: [[Int]]
    /// Those of `provided` come first.
    private let providedCount: Int
    /// Whether something depends on there being no partner for a rendezvous: a way on from within an atomic sequence, an `else`,
    /// what an `unless` protects.
    let testsRendezvous: Bool
    /// For each location, the process types that may be started from there on.
    let mayStart: [Set<Int>]

    /// Moves that are refined, of one process.
    private static let refinementLimit = 1 << 9
    /// Conditions of refined moves.
    private static let refinedConditionLimit = 1 << 10

    private let reader: MoveReader
    private let visible: NumberSet?
    /// Moves and conditions with the values of locals that tell which elements of arrays they use: they count on after the others.
    private var refined: [Move] = []
    private var refinedConditions: [Condition] = []
    private var refinements: [[Int64]: Int] = [:]
    /// All of this that is read often.
    let table: UnsafeMutablePointer<FootprintTable>
    private let memory: [UnsafeMutablePointer<UInt64>]

    /// - Parameter visible: the tags of what a claim minds.
    init(_ reader: MoveReader, number: Int, visible: NumberSet?) {
        self.reader = reader
        self.number = number
        self.visible = visible
        let (system, proctype) = (reader.system, reader.proctype)
        let outgoing = system.outgoing[proctype]
        let first = outgoing.first?.lowerBound ?? 0
        var inner = [Footprint?](repeating: nil, count: outgoing.count)
        func inside(_ location: Int) -> Footprint {
            if let known = inner[location] { return known }
            let found = reader.inner(at: location)
            inner[location] = found
            return found
        }
        func reach(from location: Int, by isFollowed: (System.Transition) -> Bool) -> [Int] {
            var reached = [location]
            var isReached = [Bool](repeating: false, count: outgoing.count)
            isReached[location] = true
            var next = 0
            while next < reached.count {
                for index in outgoing[reached[next]] where isFollowed(system.transitions[index]) {
                    let target = system.transitions[index].target
                    if target < 0 || isReached[target] { continue }
                    isReached[target] = true
                    reached.append(target)
                }
                next += 1
            }
            return reached
        }

        var conditions = reader.conditions(system.conditions.ofProctypes[proctype])
        providedCount = conditions.count
        let count = outgoing.last.map { $0.upperBound - first } ?? 0
        var entering = MoveTable(rows: outgoing.count, moves: count)
        var leaving = entering
        var ends = MoveTable(rows: 1, moves: count)
        var starts = MoveTable(rows: system.program.proctypes.count, moves: count)
        var refinable = MoveTable(rows: 1, moves: count)
        var sequences: [Footprint?] = []
        var moves: [Move] = []
        var indexLocals: [[Int]] = []
        for index in outgoing.joined() {
            let transition = system.transitions[index]
            var targets = transition.target >= 0 ? [transition.target] : []
            var sequence: Footprint?
            if transition.keepsControl {
                // The locations that the atomic sequence may pass through.
                targets = reach(from: transition.target) { $0.keepsControl }
                sequence = targets.reduce(into: Footprint(reader.tags)) { $0.formUnion(inside($1)) }
            }
            let move = Self.move(
                index, reader, sequence, visible, &conditions, providedCount: providedCount)
            for target in targets { entering.insert(index - first, in: target) }
            leaving.insert(index - first, in: transition.source)
            if transition.kind == .end { ends.insert(index - first, in: 0) }
            for other in move.footprint.spawned { starts.insert(index - first, in: other) }
            let locals = reader.indexLocals(of: transition)
            if !locals.isEmpty { refinable.insert(index - first, in: 0) }
            indexLocals.append(locals)
            sequences.append(sequence)
            moves.append(move)
        }
        firstTransition = first
        self.moves = moves
        self.sequences = sequences
        self.indexLocals = indexLocals
        self.conditions = conditions
        wordCount = leaving.wordCount
        memory = [leaving, entering, ends, starts, refinable].map { $0.allocateWords() }
        table = .allocate(capacity: 1)
        let here = outgoing.map { indices in
            let footprints = indices.lazy.map { moves[$0 - first].footprint }
            let spawned = footprints.reduce(into: Set<Int>()) { $0.formUnion($1.spawned) }
            return (mayFault: footprints.contains(where: \.mayFault), spawned: spawned)
        }
        let later = outgoing.indices.map { location in reach(from: location) { _ in true } }
        mayStart = later.map { $0.reduce(into: []) { $0.formUnion(here[$1].spawned) } }
        testsRendezvous = reader.testsRendezvous { moves[$0 - first].isRendezvous }
        table.initialize(
            to: FootprintTable(
                owner: Unmanaged.passUnretained(self), number: Int32(truncatingIfNeeded: number),
                conditionCount: conditions.count, providedCount: providedCount, firstTransition: first, wordCount: wordCount,
                moves: .allocate(capacity: moveCapacity), conditions: .allocate(capacity: conditionCapacity),
                leaving: memory[0], entering: memory[1], later: .allocate(capacity: max(1, outgoing.count)), ends: memory[2], starts: memory[3],
                refinable: memory[4]))
        for (index, move) in moves.enumerated() {
            table.pointee.moves[index] = record(of: move)
        }
        for location in outgoing.indices {
            let starting = mayStart[location].reduce(into: 0 as UInt64) { $0 |= 1 << UInt64(min($1, 63)) }
            (table.pointee.later + location).initialize(to: .init(mayFault: later[location].contains { here[$0].mayFault }, starting: starting))
        }
        for (index, condition) in conditions.enumerated() { table.pointee.conditions[index] = Self.record(of: condition) }
    }

    deinit {
        for words in memory { words.deallocate() }
        table.pointee.moves.deallocate()
        table.pointee.conditions.deallocate()
        table.pointee.later.deallocate()
        table.deallocate()
    }

    private func record(of move: Move) -> FootprintTable.MoveRecord {
        // Those of `provided` come first, or are not asked for.
        let own = move.conditions.drop { $0 < providedCount }
        return FootprintTable.MoveRecord(
            source: Int32(truncatingIfNeeded: move.source), firstCondition: Int32(truncatingIfNeeded: own.first ?? 0),
            conditionCount: Int32(truncatingIfNeeded: own.count), asksForProvided: move.conditions.count > own.count,
            isEnd: move.isEnd, isRendezvous: move.isRendezvous, mayStandAlone: move.mayStandAlone, isVisible: move.isVisible,
            waitsForTimeout: move.waitsForTimeout)
    }

    private static func record(of condition: Condition) -> FootprintTable.ConditionRecord {
        FootprintTable.ConditionRecord(
            entry: Int32(truncatingIfNeeded: condition.entry), asksForLocals: condition.asksForLocals)
    }

    // MARK: Moves

    /// Words of 64 moves in each set of them.
    let wordCount: Int
    var moveCount: Int { moves.count }
    /// How many moves and conditions there may be with the refined ones.
    var moveCapacity: Int { moves.count + (isRefinable ? Self.refinementLimit : 0) }
    var conditionCapacity: Int { conditions.count + (isRefinable ? Self.refinedConditionLimit : 0) }
    private var isRefinable: Bool { indexLocals.contains { !$0.isEmpty } }

    func move(_ number: Int) -> Move { number < moves.count ? moves[number] : refined[number - moves.count] }

    func condition(_ number: Int) -> Condition {
        number < conditions.count ? conditions[number] : refinedConditions[number - conditions.count]
    }

    /// The number of a move of which it is known which elements of arrays it uses, for the process stands before it.
    /// It is one that was refined.
    /// - Parameter base: where the process lies in the machine's state.
    func refinement(of move: Int, _ machine: Machine, base: Int) -> Int {
        let locals = indexLocals[move]
        if locals.isEmpty { return move }
        let slots = reader.system.layout.processes[reader.proctype].locals.slots
        let values = locals.map { machine.load(slots[$0].storage, base: base) }
        let key = [Int64(move)] + values
        if let known = refinements[key] { return known }
        guard refined.count < Self.refinementLimit else { return move }
        var reader = reader
        reader.current = Dictionary(uniqueKeysWithValues: zip(locals, values))
        var all = conditions + refinedConditions
        let result = Self.move(firstTransition + move, reader, sequences[move], visible, &all, providedCount: providedCount)
        guard all.count <= conditionCapacity else { return move }
        for number in conditions.count + refinedConditions.count..<all.count {
            table.pointee.conditions[number] = Self.record(of: all[number])
        }
        refined.append(result)
        refinedConditions = Array(all[conditions.count...])
        let number = moves.count + refined.count - 1
        table.pointee.moves[number] = record(of: result)
        refinements[key] = number
        return number
    }

    /// - Parameters:
    ///   - conditions: gets those of the move.
    ///   - providedCount: how many of them are those of `provided`.
    private static func move(
        _ index: Int, _ reader: MoveReader, _ sequence: Footprint?, _ visible: NumberSet?, _ conditions: inout [Condition],
        providedCount: Int
    ) -> Move {
        let transition = reader.system.transitions[index]
        var whole = reader.single(index, isInner: false)
        let isRendezvous = whole.mayMeet
        let mayStandAlone = !isRendezvous || whole.mayBuffer || transition.action.isDeterministicStep
        if let sequence { whole.formUnion(sequence) }
        var own = Array(0..<providedCount)
        // Where `provided` may fail, the guard is not reached.
        if transition.kind != .otherwise, providedCount > 0 || !reader.provided.mayFault {
            let found = reader.conditions(reader.system.conditions.ofTransitions[index])
            own += conditions.count..<conditions.count + found.count
            conditions += found
        }
        return Move(
            footprint: whole, source: transition.source, conditions: own, tests: own.compactMap { conditions[$0].test },
            enablers: reader.enablers(index), isRendezvous: isRendezvous, mayStandAlone: mayStandAlone,
            isVisible: visible.map { !$0.isDisjoint(with: whole.does) } ?? false, isEnd: transition.kind == .end,
            waitsForTimeout: transition.waitsForTimeout)
    }
}

extension System.Transition {
    /// Whether it cannot be taken as long as anything else can be.
    fileprivate var waitsForTimeout: Bool {
        guard case .statement(let statement) = action, case .condition(let expression) = statement.kind else { return false }
        return expression.conjuncts.contains { if case .timeout = $0.kind { true } else { false } }
    }
}

extension ControlFlowAutomaton.Action {
    fileprivate var isDeterministicStep: Bool {
        if case .deterministicStep = self { return true }
        return false
    }
}
