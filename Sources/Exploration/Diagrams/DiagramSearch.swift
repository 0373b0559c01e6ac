import Automata
import Diagrams
import Promela

/// All reachable states at once, as a decision diagram: for models with too many to look at one by one.
///
/// What processes can do is found out for values that go together in some states (`LocalTransitionTable`), and the initial state is closed
/// under it. Which values go together in the states that come of that is then known, and where something else could be done with them, it
/// is done once more, until there is nothing: so what is found is exactly the reachable states.
final class DiagramSearch {
    /// Why it knows no verdict, in words.
    struct Obstacle: Error {
        var reason: String
    }

    private let generator: SuccessorGenerator
    private let effort: DiagramEffort
    private let stop: DiagramStop?
    private let properties: [Property]
    private var report = DiagramReport()
    private var stepsTaken = 0

    init(_ generator: SuccessorGenerator, properties: [Property], effort: DiagramEffort, stop: DiagramStop? = nil) {
        self.generator = generator
        self.properties = properties
        self.effort = effort
        self.stop = stop
    }

    /// The most states without a successor that are looked at.
    private static let endLimit = 1 << 16

    /// - Returns: what came of it; without an obstacle, nothing goes wrong in any state.
    func run() -> DiagramReport {
        do {
            try findAllStates()
        } catch let error as Obstacle {
            report.obstacle = error.reason
        } catch let error as LocalTransitionTable.Obstacle {
            report.obstacle = error.reason
        } catch DiagramLimit.memory {
            report.obstacle = "they take more than \(ByteCount.text(effort.bytes))"
        } catch DiagramLimit.steps {
            report.obstacle = "they take too many steps"
        } catch {
            report.obstacle = "the search was interrupted"
        }
        return report
    }

    /// - Throws: `Obstacle`, `LocalTransitionTable.Obstacle` or `DiagramLimit`, unless nothing goes wrong in any state.
    private func findAllStates() throws {
        for case .claim in properties { throw Obstacle(reason: "decision diagrams know states, and no runs") }
        let (initial, fault) = generator.initialState()
        guard fault == nil, generator.takeTruncations().isEmpty else { throw Obstacle(reason: "an initial value is faulty") }
        let sample = StateSample(generator, from: initial, size: effort.sampleSize)
        let table = try LocalTransitionTable(generator, states: sample.states, foresight: effort.foresight)
        let isStopped = { [stop] in stop?.isStopped ?? false }
        var closed: Closed?
        while true {
            report.rounds += 1
            try table.foresee(limit: effort.transitions, isStopped: isStopped)
            let states = try close(closed, initial, table)
            closed = states
            states.variables.setJointValues(try states.diagrams.jointRanks(of: states.states), in: table)
            let isExtended = try table.extend(limit: effort.transitions, isStopped: isStopped)
            // What could not be done with the values known before was left out.
            let possible = table.possibleTransitions
            if isExtended || !states.transitions.isSuperset(of: possible) { continue }
            return try finish(states, table, possible.map { table.transitions[$0] })
        }
    }

    /// States, closed under what is known of the processes.
    private struct Closed {
        /// Those of the table that they are closed under.
        var transitions: Set<Int> = []
        var variables: DiagramVariables
        var diagrams: DecisionDiagrams
        var states: DecisionDiagrams.Node

        var relations: DiagramRelations { DiagramRelations(variables, diagrams) }
    }

    /// Closes the initial state, or goes on with states that were closed when less was known, if that can be: then the variables keep
    /// their order, and what there is does not have to be found again.
    private func close(_ earlier: Closed?, _ initial: [UInt8], _ table: LocalTransitionTable) throws -> Closed {
        let possible = table.possibleTransitions
        let transitions = possible.map { table.transitions[$0] }
        var closed: Closed
        if var earlier, earlier.variables.grow(table, transitions) {
            for (level, count) in earlier.variables.domains.enumerated() { try earlier.diagrams.growDomain(of: level, to: count) }
            closed = earlier
        } else {
            let variables = DiagramVariables(table, transitions)
            let diagrams = try DecisionDiagrams(
                domains: variables.domains, byteLimit: effort.bytes, stepLimit: effort.steps - stepsTaken, stop: stop)
            guard let vector = table.vector(of: initial), let ranks = variables.ranks(of: vector, table) else {
                throw Obstacle(reason: "the initial state has no place")
            }
            closed = Closed(variables: variables, diagrams: diagrams, states: try diagrams.singleton(ranks))
        }
        let before = closed.diagrams.stepCount
        try closed.diagrams.setEvents(closed.relations.events(transitions))
        closed.states = try closed.diagrams.saturate(closed.states)
        closed.transitions = Set(possible)
        stepsTaken += closed.diagrams.stepCount - before
        return closed
    }

    /// Says what there is to say of all states.
    /// - Parameter transitions: those that are possible in them.
    /// - Throws: `Obstacle` if something goes wrong in one.
    private func finish(_ closed: Closed, _ table: LocalTransitionTable, _ transitions: [LocalTransition]) throws {
        try checkFaults(in: closed, transitions)
        if properties.contains(.endStates) { try checkEnds(in: closed, table, transitions) }
        report.nodeCount = try closed.diagrams.nodeCount(of: closed.states)
        report.variableCount = closed.variables.fields.count
        report.bytes = closed.diagrams.byteCount
        report.stateCount = try closed.diagrams.count(of: closed.states)
    }

    /// - Throws: `Obstacle` if some process does something unclear in some state.
    private func checkFaults(in closed: Closed, _ transitions: [LocalTransition]) throws {
        for filter in try closed.relations.filters(transitions.lazy.filter { $0.kind == .unclear }) {
            if try !closed.diagrams.hasNoImage(closed.states, filter) { throw Obstacle(reason: "something may go wrong") }
        }
    }

    /// - Throws: `Obstacle` if there is a state that is no valid end and has no successor.
    private func checkEnds(in closed: Closed, _ table: LocalTransitionTable, _ transitions: [LocalTransition]) throws {
        let diagrams = closed.diagrams
        var ends = closed.states
        for pid in 0..<table.processCount {
            let filters = try closed.relations.filters(transitions.lazy.filter { $0.pid == pid && $0.kind == .blocked })
            ends = try diagrams.image(ends, filters.reduce(.empty) { try diagrams.union($0, $1) })
        }
        guard let count = try diagrams.count(of: ends), count <= UInt128(Self.endLimit) else {
            throw Obstacle(reason: "many states have no successor")
        }
        try forEachVector(of: ends, diagrams, []) { ranks in
            let state = closed.variables.state(ranks, table)
            guard state.withUnsafeBytes({ generator.isValidEnd($0) }) else { throw Obstacle(reason: "there is a deadlock") }
        }
    }

    private func forEachVector(
        of set: DecisionDiagrams.Node, _ diagrams: DecisionDiagrams, _ upper: [Int], _ body: ([Int]) throws -> Void
    ) throws {
        if set == .terminal { return try body(upper) }
        for edge in diagrams.edges(of: set) { try forEachVector(of: edge.child, diagrams, upper + [edge.rank], body) }
    }
}
