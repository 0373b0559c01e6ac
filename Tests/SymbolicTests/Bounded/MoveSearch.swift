import Automata
import Exploration
import Promela
import Testing

/// All runs up to some number of single moves, in the interpreter: what a bounded check must find.
struct MoveSearch {
    private struct Node: Hashable {
        var state: [UInt8]
        var control: Int?
    }

    /// For each property that is violated, after how few moves.
    private(set) var depths: [Property: Int] = [:]
    /// The number of moves of the longest shortest run; nil if there are deeper states than were looked at.
    private(set) var diameter: Int?
    /// Whether there were more states than were wanted.
    private(set) var isCut = false

    init(_ system: Automata.System, depth: Int, stateLimit: Int = 20_000) {
        let generator = SuccessorGenerator(system)
        var level: Set<Node> = [Node(state: generator.initialState().state)]
        var seen = level
        for number in 0...depth {
            var next: Set<Node> = []
            for node in level {
                let (moves, faults) = generator.moves(from: node.state, control: node.control)
                for found in faults { note(found.fault.kind.property, number) }
                if moves.isEmpty, faults.isEmpty,
                    !node.state.withUnsafeBytes({ EndState.blockedProcesses(in: $0, of: system) }).isEmpty
                {
                    note(.endStates, number)
                }
                for move in moves {
                    let target = Node(state: move.state, control: move.control)
                    if seen.insert(target).inserted { next.insert(target) }
                }
            }
            if next.isEmpty {
                diameter = number
                return
            }
            level = next
            if seen.count > stateLimit {
                isCut = true
                return
            }
        }
    }

    private mutating func note(_ property: Property, _ depth: Int) { if depths[property] == nil { depths[property] = depth } }
}

enum Checked {
    static func system(
        _ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws -> Automata.System {
        let result = ModelReader.read(text: text, path: "model.pml")
        let (program, errors) = (result.program, result.diagnostics.map(\.message))
        return try System(try #require(program, "\(errors)", sourceLocation: sourceLocation))
    }
}
