import Automata
import Exploration
import Promela
import Testing

/// Models in memory, and what a search says about them.
enum Checked {
    static func system(_ text: String, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws -> Automata.System {
        let result = ModelReader.read(text: text, path: "model.pml")
        let (program, errors) = (result.program, result.diagnostics.map(\.message))
        return try System(try #require(program, "\(errors)", sourceLocation: sourceLocation))
    }

    static func search(
        _ text: String, _ options: SearchOptions = SearchOptions(),
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws -> SearchResult {
        try Search(system(text, sourceLocation: sourceLocation), options: options).run()
    }

    static func verdict(_ property: Property, in result: SearchResult) -> Verdict? {
        result.verdicts.first { $0.property == property }?.verdict
    }

    /// What is violated where: each failing statement, and each deadlock by what stands in it.
    static func findings(_ result: SearchResult) -> Set<String> {
        Set(result.violations.map { "\($0.property) \($0.span.start) \($0.fault == nil ? $0.message : "\($0.fault?.kind as Any)")" })
    }

    /// Goes the way to what was found, in the model as it is, and looks whether it is there.
    static func expectIsReal(_ violation: Violation, in system: Automata.System, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
        let end = try BruteForce(system).walk(violation)
        if let fault = violation.fault {
            #expect(end.faults.contains { $0.kind == fault.kind && $0.span == fault.span }, sourceLocation: sourceLocation)
        } else {
            #expect(BruteForce(system).isInvalidEnd(end.node.state), sourceLocation: sourceLocation)
        }
    }
}

/// The state space by other means: sets and arrays, one move at a time, nothing of the search's own.
struct BruteForce {
    /// A state as a walk sees it: inside an atomic sequence it is not the same as outside.
    struct Node: Hashable {
        var state: [UInt8]
        var control: Int?
    }

    let system: Automata.System
    private let generator: SuccessorGenerator

    init(_ system: Automata.System) {
        self.system = system
        generator = SuccessorGenerator(system)
    }

    /// The number of stored states between the initial one and the nearest that is an invalid end; nil if there is none.
    func distanceToInvalidEnd() -> Int? {
        var level: Set<[UInt8]> = [generator.initialState().state]
        var seen = level
        var distance = 0
        while !level.isEmpty {
            var next: Set<[UInt8]> = []
            for state in level {
                let successors = storedSuccessors(of: state)
                if successors.isEmpty, isInvalidEnd(state) { return distance }
                next.formUnion(successors)
            }
            level = next.subtracting(seen)
            seen.formUnion(next)
            distance += 1
        }
        return nil
    }

    func isInvalidEnd(_ state: [UInt8]) -> Bool {
        !state.withUnsafeBytes { EndState.blockedProcesses(in: $0, of: system) }.isEmpty
    }

    /// The states in which any process may move that are reached by one move, or by one atomic sequence.
    private func storedSuccessors(of state: [UInt8]) -> Set<[UInt8]> {
        var found: Set<[UInt8]> = []
        var pending = generator.moves(from: state, control: nil).moves.map { Node(state: $0.state, control: $0.control) }
        var followed = Set(pending)
        while let node = pending.popLast() {
            let moves = node.control.map { control in
                generator.moves(from: node.state, control: control).moves.filter { $0.step.pid == control }
            } ?? []
            if moves.isEmpty { found.insert(node.state) }
            for move in moves {
                let next = Node(state: move.state, control: move.control)
                if followed.insert(next).inserted { pending.append(next) }
            }
        }
        return found
    }

    /// Takes the steps of a violation one by one.
    /// - Returns: what goes wrong in the last of them, and the state behind it.
    func walk(
        _ violation: Violation, sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) throws -> (faults: [Fault], node: Node, storedStates: Int) {
        var node = Node(state: generator.initialState().state)
        var storedStates = 0
        for (index, step) in violation.path.enumerated() {
            let (moves, faults) = generator.moves(from: node.state, control: node.control)
            let isLast = index == violation.path.count - 1
            let ownFaults = faults.filter { $0.step.pid == step.pid }.map(\.fault)
            if isLast, violation.fault != nil { return (ownFaults, node, storedStates) }
            let move = try #require(
                moves.first { $0.step == step }, "step \(index) of \(violation.path.count)",
                sourceLocation: sourceLocation)
            node = Node(state: move.state, control: move.control)
            if node.control == nil { storedStates += 1 }
        }
        return ([], node, storedStates)
    }

    /// Whether nothing can move.
    func isBlocked(_ node: Node) -> Bool { generator.moves(from: node.state, control: node.control).moves.isEmpty }
}
