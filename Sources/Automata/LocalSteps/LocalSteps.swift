import Promela

/// Where a process may go on at once, for all it can do there concerns nobody else: it is not stored as a place where others could
/// move first. In what order such a step and those of others are taken makes no difference to anybody, and no claim sees it (Spin
/// calls this statement merging: G. J. Holzmann, "The Engineering of a Model Checker: the Gnu i-Protocol Case Study Revisited",
/// 1999; that what commutes with all others may follow at once is R. J. Lipton, "Reduction: A Method of Proving Properties of
/// Parallel Programs", 1975).
///
/// All transitions that leave such a location read and write locals only, those that nobody else looks at; none can fail, or begins
/// an atomic sequence, which would not be local as a whole; neither the location nor those behind it have a label that a claim or
/// another process asks for; and no cycle leads through such locations alone, so that a process that goes round for ever is still
/// seen to. Where it matters that nobody is there for a rendezvous, none is possible in the locations behind either.
///
/// Claims are kept that `StubbornSets` keep, so `System.reductionObstacle` has to be nil.
public struct LocalSteps: Sendable {
    /// For each proctype.
    fileprivate let locations: [Set<Int>]

    /// In how many locations a process goes on.
    public var locationCount: Int { locations.reduce(0) { $0 + $1.count } }

    /// - Parameter claims: what is checked besides single states; of all runs, for fairness sees who can move in between.
    public init(_ system: System, keeping claims: [Claim]) {
        // `Dependence` has the labels that the claims ask for themselves; those in formulas are part of the program.
        let tags = TagTable(system, observed: system.observed(by: claims).locations)
        let readers = system.automata.indices.map {
            MoveReader(system: system, tags: tags, proctype: $0, pid: nil, constants: [:])
        }
        let seesPartners = readers.contains { reader in reader.testsRendezvous { reader.single($0, isInner: false).mayMeet } }
        locations = readers.map { reader in
            let proctype = reader.proctype
            // What depends on others, though it is for a while only, may leave the process where it is for good.
            guard system.program.proctypes[proctype].provided == nil else { return [] }
            func mayMeet(at location: Int) -> Bool {
                location >= 0 && system.outgoing[proctype][location].contains { reader.single($0, isInner: false).mayMeet }
            }
            func successors(_ location: Int) -> [Int] { system.outgoing[proctype][location].map { system.transitions[$0].target } }
            let reached = reachable(from: [system.automata[proctype].initial]) { successors($0).filter { $0 >= 0 } }
            let candidates = reached.filter { location in
                let outgoing = system.outgoing[proctype][location]
                return !outgoing.isEmpty && outgoing.allSatisfy { Self.isLocal($0, reader) }
                    && !(seesPartners && successors(location).contains { mayMeet(at: $0) })
            }
            return Self.withoutCycles(candidates, successors)
        }
    }

    private static func isLocal(_ index: Int, _ reader: MoveReader) -> Bool {
        let transition = reader.system.transitions[index]
        if transition.keepsControl { return false }
        switch transition.action {
        case .skip, .otherwise: break
        case .statement(let statement):
            var usage = TimeoutUsage()
            usage.visit(statement)
            // One value of a `select` would be as good as another now, but all of them are tried.
            if usage.isFound || transition.kind == .select { return false }
        case .deterministicStep, .end: return false
        }
        return reader.single(index, isInner: false).isOfNoConcern
    }

    /// The locations, less as many as it takes that no cycle is left.
    private static func withoutCycles(_ locations: Set<Int>, _ successors: (Int) -> [Int]) -> Set<Int> {
        enum Progress { case onPath, done }
        var left = locations
        var progress: [Int: Progress] = [:]
        for start in locations.sorted() where progress[start] == nil {
            progress[start] = .onPath
            var path = [(location: start, next: successors(start)[...])]
            while let (location, next) = path.last {
                guard let target = next.first else {
                    progress[location] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next.removeFirst()
                guard locations.contains(target) else { continue }
                switch progress[target] {
                case nil:
                    progress[target] = .onPath
                    path.append((target, successors(target)[...]))
                // Every cycle has a step back to where a path came from.
                case .onPath: left.remove(target)
                case .done: break
                }
            }
        }
        return left
    }
}

extension Footprint {
    /// Whether it neither does nor minds anything that others could mind or do, and cannot fail.
    fileprivate var isOfNoConcern: Bool {
        does.isEmpty && minds.isEmpty && !mayMeet && !mayBuffer && !mayFault && spawned.isEmpty
    }
}

/// Whether something asks for `timeout`, which is a question to all processes.
private struct TimeoutUsage: ProgramVisitor {
    private(set) var isFound = false

    mutating func visit(_ expression: Expression) {
        if case .timeout = expression.kind { isFound = true }
        visitParts(of: expression)
    }
}

extension System {
    /// The same system, but that processes go on at once where nobody minds. Verdicts are the same, with fewer states; the steps and
    /// their order in each process are, too.
    public func merging(_ steps: LocalSteps) -> System {
        replacing(
            transitions.map { transition in
                var transition = transition
                if steps.locations[transition.proctype].contains(transition.target) { transition.keepsControl = true }
                return transition
            })
    }
}

extension SuccessorGenerator {
    /// Whether some process of a state would have gone on.
    public func isPassed(_ state: UnsafeRawBufferPointer, with steps: LocalSteps) -> Bool {
        guard let base = state.baseAddress else { return false }
        machine.index(UnsafeMutableRawPointer(mutating: base), size: state.count)
        return (0..<machine.processCount).contains {
            steps.locations[machine.proctype(ofProcessAt: $0)].contains(machine.location(ofProcessAt: $0))
        }
    }
}
