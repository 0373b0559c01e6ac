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
        /// The places of the others, in the order of the source; none twice.
        public var missed: [SourceLocation]
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

extension CoverageSummary {
    init(_ system: System, _ coverage: Coverage, claims: [(claim: Claim, visited: [UInt64], states: Int)]) {
        proctypes = system.program.proctypes.indices.map { OfProctype(system, coverage, proctype: $0) }
        self.claims = claims.map { claim, visited, states in
            OfClaim(claim: claim, visited: visited.reduce(0) { $0 + $1.nonzeroBitCount }, states: states)
        }
    }
}

extension CoverageSummary.OfProctype {
    init(_ system: System, _ coverage: Coverage, proctype: Int) {
        name = system.program.proctypes[proctype].name
        let reachable = Self.transitions(of: proctype, in: system)
        let missed = reachable.filter { !coverage.hasTransition($0) }
        self.reachable = reachable.count
        taken = reachable.count - missed.count
        let sources = system.program.sources
        var places: [SourceLocation] = []
        for place in missed.map({ sources.location(of: sources.spanOutsideMacros(system.transitions[$0].span)) })
        where !places.contains(where: { $0.path == place.path && $0.line == place.line }) {
            places.append(place)
        }
        self.missed = places.sorted { ($0.path, $0.line) < ($1.path, $1.line) }
    }

    /// The transitions that can be reached from the initial location, whatever the guards say.
    private static func transitions(of proctype: Int, in system: System) -> [Int] {
        var seen: Set<Int> = [system.automata[proctype].initial]
        var pending = [system.automata[proctype].initial]
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
