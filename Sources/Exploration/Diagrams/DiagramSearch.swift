import Automata
import Diagrams
import Promela

/// All reachable states at once, as a decision diagram: for models with too many to look at one by one.
///
/// What processes can do is found out for the values that variables have in some states (`LocalTransitionTable`), and the initial state is
/// closed under it. Where a variable has other values then, the same is done once more with these, until there are no new ones: so what is
/// found is exactly the reachable states.
final class DiagramSearch {
    /// Why it knows no verdict, in words.
    struct Obstacle: Error {
        var reason: String
    }

    private let generator: SuccessorGenerator
    private let byteLimit: Int
    private let stop: DiagramStop?
    private let properties: [Property]
    private var report = DiagramReport()

    init(_ generator: SuccessorGenerator, properties: [Property], byteLimit: Int, stop: DiagramStop? = nil) {
        self.generator = generator
        self.properties = properties
        self.byteLimit = byteLimit
        self.stop = stop
    }

    /// The most transitions of single processes; more take longer to find out about than a search without diagrams.
    private static let transitionLimit = 1 << 18
    /// How many steps on it is found out what processes can do with the values that they give to variables.
    private static let foresight = 2
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
            report.obstacle = "they take more than \(ByteCount.text(byteLimit))"
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
        let table = try LocalTransitionTable(generator, states: StateSample(generator, from: initial).states)
        repeat {
            report.rounds += 1
            try table.foresee(limit: Self.transitionLimit) { stop?.isStopped ?? false }
            let transitions = table.possibleTransitions
            let variables = DiagramVariables(table, transitions)
            let diagrams = try DecisionDiagrams(domains: variables.domains, byteLimit: byteLimit, stop: stop)
            let relations = DiagramRelations(variables, diagrams)
            guard let vector = table.vector(of: initial), let ranks = variables.ranks(of: vector, table) else {
                throw Obstacle(reason: "the initial state has no place")
            }
            try diagrams.setEvents(relations.events(transitions))
            let states = try diagrams.saturate(diagrams.singleton(ranks))
            variables.setJointValues(try diagrams.jointRanks(of: states), in: table)
            if try table.extend(limit: Self.transitionLimit) { continue }
            let possible = table.possibleTransitions
            try checkFaults(in: states, diagrams, relations, possible)
            if properties.contains(.endStates) { try checkEnds(in: states, diagrams, variables, relations, table, possible) }
            report.nodeCount = try diagrams.nodeCount(of: states)
            report.variableCount = variables.fields.count
            report.bytes = diagrams.byteCount
            report.stateCount = try diagrams.count(of: states)
            return
        } while true
    }

    /// - Throws: `Obstacle` if some process does something unclear in some state.
    private func checkFaults(in states: DecisionDiagrams.Node, _ diagrams: DecisionDiagrams, _ relations: DiagramRelations, _ transitions: [LocalTransition]) throws {
        for filter in try relations.filters(transitions.lazy.filter { $0.kind == .unclear }) {
            if try diagrams.image(states, filter) != .empty { throw Obstacle(reason: "something may go wrong") }
        }
    }

    /// - Throws: `Obstacle` if there is a state that is no valid end and has no successor.
    private func checkEnds(
        in states: DecisionDiagrams.Node, _ diagrams: DecisionDiagrams, _ variables: DiagramVariables, _ relations: DiagramRelations, _ table: LocalTransitionTable,
        _ transitions: [LocalTransition]
    ) throws {
        var ends = states
        for pid in 0..<table.processCount {
            var own = DecisionDiagrams.Node.empty
            for filter in try relations.filters(transitions.lazy.filter { $0.pid == pid && $0.kind == .blocked }) {
                own = try diagrams.union(own, diagrams.image(ends, filter))
            }
            ends = own
        }
        guard let count = try diagrams.count(of: ends), count <= UInt128(Self.endLimit) else { throw Obstacle(reason: "many states have no successor") }
        try forEachVector(of: ends, diagrams, []) { ranks in
            let state = variables.state(ranks, table)
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
