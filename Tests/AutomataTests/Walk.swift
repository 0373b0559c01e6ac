import Automata
import Promela
import TestSupport
import Testing

/// A model and a state of it, for taking one step after the other.
final class Walk {
    typealias System = Automata.System
    typealias Move = SuccessorGenerator.Move
    typealias Value = StateSnapshot.Value

    let system: System
    let generator: SuccessorGenerator
    private let reader: StateReader
    private(set) var state: [UInt8]
    /// The process inside an atomic sequence, if one is.
    private(set) var control: Int?
    /// All that was printed on the way.
    private(set) var output = ""

    /// Reads a model and stands at its initial state.
    init(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
        system = try Self.system(text, sourceLocation: sourceLocation)
        generator = SuccessorGenerator(system)
        reader = StateReader(system)
        let (initial, fault) = generator.initialState()
        #expect(fault == nil, sourceLocation: sourceLocation)
        state = initial
    }

    static func system(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> System {
        let result = ModelReader.read(text: text, path: "model.pml")
        let (program, errors) = (result.program, result.diagnostics.map(\.message))
        return try System(try #require(program, "\(errors)", sourceLocation: sourceLocation))
    }

    // MARK: Moving

    /// The single moves that are possible now.
    var moves: [Move] { generator.moves(from: state, control: control).moves }

    /// What goes wrong in the moves that were tried now.
    var faults: [Fault] { generator.moves(from: state, control: control).faults.map(\.fault) }

    func take(_ move: Move) {
        state = move.state
        control = move.control
        output += move.output
    }

    /// Takes the only move there is.
    @discardableResult
    func step(sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> Move {
        let moves = self.moves
        try #require(moves.count == 1, "\(moves.map { text(of: $0) })", sourceLocation: sourceLocation)
        take(moves[0])
        return moves[0]
    }

    /// Takes the move that the text of its statement begins, of a certain process if one is named.
    @discardableResult
    func step(_ statement: String, by pid: Int? = nil, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> Move {
        let moves = self.moves
        let fitting = moves.filter { text(of: $0).hasPrefix(statement) && (pid == nil || pid == $0.step.pid) }
        let move = try #require(fitting.first, "\(moves.map { text(of: $0) })", sourceLocation: sourceLocation)
        take(move)
        return move
    }

    /// Goes on while there is exactly one move, for at most so many steps.
    func run(steps: Int = 1000) {
        for _ in 0..<steps {
            let moves = self.moves
            guard moves.count == 1 else { return }
            take(moves[0])
        }
    }

    /// Goes on while there is exactly one move, and returns the fault that ends that.
    func fault(sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> Fault {
        for _ in 0..<1000 {
            let (moves, faults) = generator.moves(from: state, control: control)
            if let found = faults.first { return found.fault }
            try #require(moves.count == 1, "\(moves.map { text(of: $0) })", sourceLocation: sourceLocation)
            take(moves[0])
        }
        return try #require(nil, "no fault in a thousand steps", sourceLocation: sourceLocation)
    }

    /// The statement of a move, as the model has it.
    func text(of move: Move) -> String { system.program.sources.text(of: system.transitions[move.step.transition].span) }

    // MARK: Looking

    var snapshot: StateSnapshot { state.withUnsafeBytes { reader.snapshot($0) } }

    /// The value of a global variable.
    subscript(name: String) -> Value? { snapshot.globals.first { $0.name == name }?.value }

    /// The value of a local variable.
    subscript(name: String, pid: Int) -> Value? {
        snapshot.processes.first { $0.pid == pid }?.locals.first { $0.name == name }?.value
    }

    /// The stored successors of the present state.
    func successors() -> [[UInt8]] {
        var found: [[UInt8]] = []
        generator.onSuccessor = { found.append([UInt8]($0.state)) }
        defer { generator.onSuccessor = { _ in } }
        _ = state.withUnsafeBytes { generator.expand($0) }
        return found
    }
}
