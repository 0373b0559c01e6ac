@testable import Diagrams

/// Processes in a ring, which want a token, have it one after the other, and use it if they want to.
struct TokenRing {
    /// The ranks of a process.
    private enum Rank {
        static let idle = 0, wanting = 1, idleWithToken = 2, wantingWithToken = 3, using = 4, count = 5
    }

    let diagrams: DecisionDiagrams
    let start: DecisionDiagrams.Node

    init(processCount: Int) throws {
        diagrams = try DecisionDiagrams(domains: Array(repeating: Rank.count, count: processCount))
        var rules: [System.Rule] = []
        for process in 0..<processCount {
            let next = (process + 1) % processCount
            for (from, to) in [
                (Rank.idle, Rank.wanting), (Rank.idleWithToken, Rank.wantingWithToken), (Rank.wantingWithToken, Rank.using),
                (Rank.using, Rank.idleWithToken),
            ] {
                rules.append(System.Rule(conditions: [process: from], writes: [process: to]))
            }
            for (from, to) in [(Rank.idle, Rank.idleWithToken), (Rank.wanting, Rank.wantingWithToken)] {
                rules.append(
                    System.Rule(conditions: [process: Rank.idleWithToken, next: from], writes: [process: Rank.idle, next: to]))
            }
        }
        start = try diagrams.singleton([Rank.idleWithToken] + Array(repeating: Rank.idle, count: processCount - 1))
        try diagrams.setEvents(rules.map { [diagrams] in try $0.relation(in: diagrams) })
    }

    /// One process has the token, and is one of three things; all others are one of two.
    static func count(processCount: Int) -> UInt128 { UInt128(processCount) * 3 << UInt128(processCount - 1) }
}
