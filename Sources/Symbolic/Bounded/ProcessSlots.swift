import Automata
import Promela

/// How many processes there can be at once, and of which types.
struct ProcessSlots {
    /// For each pid, the types of the processes that may have it.
    private(set) var types: [[Int]] = []
    /// By type: what its processes can start, and where.
    let runs: [[(proctype: Int, location: Int)]]

    /// No more processes than this are kept apart.
    static let limit = 10

    init(_ system: System) {
        let program = system.program
        runs = program.proctypes.indices.map { type in
            system.outgoing[type].enumerated().flatMap { location, transitions in
                transitions.flatMap { Self.started(by: system.transitions[$0], in: system) }.map { ($0, location) }
            }
        }
        types = program.initialProcesses.map { [$0] }
        let count = Self.instanceCount(system, runs)
        // A process is started by one of those before it, for all others have come to an end by then.
        for slot in 0..<max(types.count, min(count, Self.limit)) {
            if slot == types.count { types.append([]) }
            let started = types[..<slot].joined().flatMap { runs[$0].map(\.proctype) }
            types[slot] = Array(Set(types[slot] + started)).sorted()
        }
        while types.last?.isEmpty == true { types.removeLast() }
    }

    /// How many processes can be started in all; `Int.max` where a loop starts them.
    private static func instanceCount(_ system: System, _ runs: [[(proctype: Int, location: Int)]]) -> Int {
        var counts = [Int](repeating: 0, count: runs.count)
        for type in system.program.initialProcesses { counts[type] += 1 }
        let loops = runs.indices.map { type in runs[type].map { isOnCycle($0.location, of: type, in: system) } }
        // As many rounds as a chain of starts can be long; what grows after that grows for ever.
        for _ in 0...runs.count {
            var next = [Int](repeating: 0, count: runs.count)
            for type in system.program.initialProcesses { next[type] += 1 }
            for (type, own) in runs.enumerated() where counts[type] > 0 {
                for (run, isRepeated) in zip(own, loops[type]) {
                    next[run.proctype] = isRepeated ? 1000 : min(1000, next[run.proctype] + counts[type])
                }
            }
            if next == counts { return counts.reduce(0, +) }
            counts = next
        }
        return .max
    }

    private static func isOnCycle(_ start: Int, of type: Int, in system: System) -> Bool {
        var seen: Set<Int> = []
        var open = [start]
        while let location = open.popLast() {
            for index in system.outgoing[type][location] {
                let target = system.transitions[index].target
                if target == start { return true }
                if seen.insert(target).inserted { open.append(target) }
            }
        }
        return false
    }

    /// The types of the processes that a transition can start.
    static func started(by transition: System.Transition, in system: System) -> [Int] {
        switch transition.action {
        case .statement(let statement): return started(by: statement)
        case .deterministicStep(let index):
            let step = system.automata[transition.proctype].deterministicSteps[index]
            let found = step.nodes.flatMap { node -> [Int] in
                if case .statement(let statement, _) = node { return started(by: statement) }
                return []
            }
            // Nobody knows how often it goes round inside.
            return found + found
        case .skip, .otherwise, .end: return []
        }
    }

    private static func started(by statement: Statement) -> [Int] {
        switch statement.kind {
        case .condition(let expression), .assert(let expression), .printName(let expression), .assign(_, let expression):
            started(by: expression)
        case .send(_, let arguments, _), .print(_, let arguments): arguments.flatMap(started)
        default: []
        }
    }

    private static func started(by expression: Expression) -> [Int] {
        switch expression.kind {
        case .run(let proctype, let arguments, _): [proctype] + arguments.flatMap(started)
        case .unary(_, let operand): started(by: operand)
        case .binary(_, let left, let right): started(by: left) + started(by: right)
        case .conditional(let condition, let then, let otherwise):
            started(by: condition) + started(by: then) + started(by: otherwise)
        default: []
        }
    }
}
