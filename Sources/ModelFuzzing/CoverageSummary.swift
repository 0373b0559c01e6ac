import Automata
import Exploration
import Promela

/// How much of a model walks have seen.
public struct CoverageSummary: Sendable {
    /// One process type.
    public struct OfProctype: Sendable {
        public var name: String
        /// Transitions that were taken, and all that control flow alone does not rule out. A `d_step` is one.
        public var taken: Int
        public var reachable: Int
        /// Where there is nothing that was taken, in the order of the source. The lines of an `inline` count as executed wherever the
        /// process type uses it.
        public var missed: [Line]
    }

    /// A line of the source.
    public struct Line: Hashable, Sendable {
        public var path: String
        public var number: Int
    }

    /// A claim, as the automaton that goes along with the model.
    public struct OfClaim: Sendable {
        public var claim: Claim
        /// States of it that walks have been in, and all.
        public var visited: Int
        public var states: Int
    }

    public var proctypes: [OfProctype]
    public var claims: [OfClaim]

    /// Transitions that were taken.
    public var taken: Int { proctypes.map(\.taken).reduce(0, +) }
    /// Transitions that control flow alone does not rule out.
    public var reachable: Int { proctypes.map(\.reachable).reduce(0, +) }
}

/// The transitions that control flow alone does not rule out, whatever the guards say.
struct ReachableTransitions: Sendable {
    /// For each proctype, by their indices into `System.transitions`.
    let ofProctypes: [[Int]]

    init(_ system: System) {
        ofProctypes = system.program.proctypes.indices.map { proctype in
            let initial = system.automata[proctype].initial
            var seen: Set<Int> = [initial]
            var pending = [initial]
            var result: [Int] = []
            while let location = pending.popLast() {
                for transition in system.outgoing[proctype][location] {
                    result.append(transition)
                    let target = system.transitions[transition].target
                    if system.transitions[transition].kind != .end, seen.insert(target).inserted { pending.append(target) }
                }
            }
            return result
        }
    }

    var count: Int { ofProctypes.map(\.count).reduce(0, +) }

    /// How many of them were taken.
    func taken(in coverage: Coverage) -> Int {
        ofProctypes.reduce(0) { sum, own in sum + own.count(where: coverage.hasTransition) }
    }
}

extension CoverageSummary {
    /// What some steps have seen of a model.
    /// - Parameter taken: transitions, by their indices into `System.transitions`.
    public init(_ system: System, taken: some Sequence<Int>) {
        var coverage = Coverage(transitionCount: system.transitions.count)
        for transition in taken { coverage.visit(transition) }
        self.init(system, coverage, ReachableTransitions(system), claims: [])
    }

    init(
        _ system: System, _ coverage: Coverage, _ reachable: ReachableTransitions,
        claims: [(claim: Claim, visited: [UInt64], states: Int)]
    ) {
        proctypes = zip(system.program.proctypes, reachable.ofProctypes).map { proctype, transitions in
            OfProctype(
                name: proctype.name, taken: transitions.count(where: coverage.hasTransition), reachable: transitions.count,
                missed: Self.missedLines(transitions, system, coverage))
        }
        self.claims = claims.map { claim, visited, states in
            OfClaim(claim: claim, visited: visited.reduce(0) { $0 + $1.nonzeroBitCount }, states: states)
        }
    }

    private static func missedLines(_ transitions: [Int], _ system: System, _ coverage: Coverage) -> [Line] {
        let sources = system.program.sources
        func line(_ transition: Int) -> Line {
            let place = sources.location(of: sources.spanOutsideMacros(system.transitions[transition].span))
            return Line(path: place.path, number: place.line)
        }
        let taken = Set(transitions.filter(coverage.hasTransition).map(line))
        return Set(transitions.map(line)).subtracting(taken).sorted { ($0.path, $0.number) < ($1.path, $1.number) }
    }
}
