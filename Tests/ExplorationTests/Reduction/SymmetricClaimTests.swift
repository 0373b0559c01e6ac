import Automata
import Exploration
import Promela
import TestSupport
import Testing
import Traces

/// The number of random programs of each kind; the environment may ask for more.
private let programCount = RandomPrograms.count()

/// Claims about whole runs where states stand for those that differ only in who is who.
struct SymmetricClaimTests {
    private static func options(
        symmetry: Bool, _ order: SearchOptions.Order = .breadth, _ reduction: Reduction = .none, properties: Set<Property>? = nil,
        fairness: Fairness = .none
    ) -> SearchOptions {
        SearchOptions(
            order: order, properties: properties, fairness: fairness, reduction: reduction, usesSymmetry: symmetry, memoryLimit: 1 << 28,
            violationLimit: .max)
    }

    /// Goes through a run step by step, and looks at whether it breaks the claim.
    /// - Throws: if it is no run of the model, does not end where it began, or breaks nothing.
    private static func record(_ violation: Violation, of system: Automata.System) throws -> Trace {
        guard case .claim(let claim) = violation.property else { throw NoClaim() }
        return try TraceRecorder(system, model: ModelReference(path: "model.pml")).record(
            violation.path, finding: .claim(claim, loopStart: violation.loopStart, fairness: .none),
            property: violation.property.name(in: system.program), message: violation.message)
    }

    private struct NoClaim: Error {}

    @Test("claims hold where they hold of all states, and what breaks them is a run", arguments: GeneratedClaim.allCases, [0, 0.3])
    func randomPrograms(kind: GeneratedClaim, bias: Double) throws {
        let claim = kind.claim
        var (compared, violated, smaller) = (0, 0, 0)
        for seed in RandomPrograms.seeds(programCount) {
            var generator = SymmetricProgramGenerator(seed: seed, bias: 0, claim: kind, claimBias: bias)
            let text = generator.makeProgram()
            let system = try Checked.system(text)
            let full = try Search(system, options: Self.options(symmetry: false, properties: [.claim(claim)])) {
                $0.statesStored < 4000
            }.run()
            guard full.statistics.statesStored < 4000, let verdict = Checked.verdict(.claim(claim), in: full) else { continue }
            compared += 1
            if verdict == .violated { violated += 1 }
            for (order, reduction) in [(SearchOptions.Order.breadth, Reduction.none), (.depth, .none), (.breadth, .stubborn)] {
                let some = try Search(system, options: Self.options(symmetry: true, order, reduction, properties: [.claim(claim)])).run()
                let own = Checked.verdict(.claim(claim), in: some)
                #expect(own == verdict, "\(kind), seed \(seed), \(order), \(reduction)\n\(text)")
                for violation in some.violations where violation.property == .claim(claim) {
                    #expect(throws: Never.self, "\(kind), seed \(seed), \(order), \(reduction)\n\(text)") {
                        _ = try Self.record(violation, of: system)
                    }
                }
                if order == .breadth, reduction == .none, some.statistics.statesStored < full.statistics.statesStored { smaller += 1 }
            }
        }
        if RandomPrograms.isAskedFor {
            print("\(kind), \(bias): \(compared) programs, \(violated) violated, \(smaller) with fewer states")
        }
        #expect(compared < 30 || smaller > compared / 20)
        #expect(violated > 0 && violated < compared, "the programs are too much alike")
    }

    /// Clients that go in by turns: who was in last, and before that if there are so many, lets another go first.
    private static func turns(_ clients: Int, memory: Int) -> String {
        let memories = (1...memory).map { "before\($0)" }
        let shift = memories.indices.reversed().map { "\(memories[$0]) = \($0 == 0 ? "me" : memories[$0 - 1])" }.joined(separator: "; ")
        return """
            byte owner, \(memories.joined(separator: ", ")); bool inside[\(clients + 1)];
            proctype Client(byte me) {
                do :: atomic { owner == 0 && \(memories.map { "\($0) != me" }.joined(separator: " && ")) -> owner = me; inside[me] = true };
                      busy: atomic { \(shift); inside[me] = false; owner = 0 }
                od
            }
            init { atomic { \((1...clients).map { "run Client(\($0))" }.joined(separator: "; ")) } }

            """
    }

    @Test("a run goes round until all are back in their places", arguments: [(2, 1), (3, 1), (3, 2), (5, 4), (7, 1), (8, 3), (8, 7)])
    func turns(clients: Int, memory: Int) throws {
        let system = try Checked.system(Self.turns(clients, memory: memory) + "ltl rest { <> [] (owner == 0) }")
        for order in SearchOptions.Order.allCases {
            let result = try Search(system, options: Self.options(symmetry: true, order)).run()
            #expect(result.statistics.symmetry?.obstacle == nil)
            let violation = try #require(result.violations.first)
            let trace = try Self.record(violation, of: system)
            let loopStart = try #require(violation.loopStart)
            let movers = Set(violation.path[loopStart...].map(\.pid))
            // No more than have to go by turns, and nobody twice.
            #expect(movers.count == memory + 1)
            #expect(violation.path.count - loopStart == movers.count * (memory + 5))
            #expect(trace.loopStart != nil)
        }
    }

    @Test("clients that are alike count once where the claim does not ask who they are", arguments: [2, 3, 4])
    func sizes(clients: Int) throws {
        let names = 1...clients
        let pairs = names.flatMap { one in names.filter { $0 > one }.map { "inside[\(one)] && inside[\($0)]" } }
        let formulas = [
            "[] !(\(pairs.joined(separator: " || ")))", "[] (owner != 0 -> <> (owner == 0))",
            "[] (\(names.map { "inside[\($0)]" }.joined(separator: " + ")) <= 1)",
            "[] <> (\(names.map { "Client[\($0)]@busy" }.joined(separator: " || ")))", "<> (owner != 0) && (owner == 0 U owner != 0)",
        ]
        for formula in formulas {
            let text = Self.turns(clients, memory: 1) + "ltl claimed { \(formula) }"
            let full = try Checked.search(text, Self.options(symmetry: false))
            let some = try Checked.search(text, Self.options(symmetry: true))
            #expect(some.verdict == .holds, "\(formula)")
            #expect(full.verdict == .holds, "\(formula)")
            #expect(some.statistics.statesStored < full.statistics.statesStored, "\(formula)")
            #expect(some.statistics.productStates < full.statistics.productStates, "\(formula)")
            #expect(some.statistics.symmetry?.exchanges.count == pairs.count, "\(formula)")
        }
    }

    @Test(
        "what tells processes apart is named with the claim that asks for it",
        arguments: [
            ("ltl first { <> (owner == 1) }", "in ltl first, `owner == 1` tells them apart"),
            ("ltl each { [] <> inside[1] && [] <> inside[2] }", "in ltl each, `inside[1]` tells them apart"),
            ("ltl { [] (owner == 0) } ltl { [] !Client[2]@busy }", "in ltl ltl_1, `!Client[2]@busy` tells them apart"),
            ("ltl count { [] (owner + 1 < 4) }", "`owner` is used as a number"),
            ("never { do :: inside[2] -> break :: else od }", "in never, `inside[2]` tells them apart"),
            ("never one { do :: true -> assert(!inside[1]) od }", "in never one, `!inside[1]` tells them apart"),
        ])
    func obstacles(claim: String, reason: String) throws {
        let text = Self.turns(2, memory: 1) + claim
        let result = try Checked.search(text, Self.options(symmetry: true))
        let plain = try Checked.search(text, Self.options(symmetry: false))
        #expect(result.statistics.symmetry?.obstacle == reason)
        #expect(result.statistics.symmetry?.span != nil)
        #expect(result.verdicts.map(\.verdict) == plain.verdicts.map(\.verdict))
        #expect(result.statistics.statesStored == plain.statistics.statesStored)
    }

    @Test("clients that a claim does not name are alike still")
    func partly() throws {
        let text = Self.turns(3, memory: 1) + "ltl first { [] (owner != 1) }"
        let result = try Checked.search(text, Self.options(symmetry: true, properties: [.claim(.formula(0))]))
        #expect(result.statistics.symmetry?.exchanges == ["Client(2) and Client(3)"])
        #expect(result.verdict == .violated)
    }

    @Test("fairness, which follows each process, leaves states as they are", arguments: [Fairness.weak, .strong])
    func fairness(_ fairness: Fairness) throws {
        let text = Self.turns(2, memory: 1) + "ltl served { [] <> (owner != 0) }"
        let result = try Checked.search(text, Self.options(symmetry: true, fairness: fairness))
        #expect(result.statistics.symmetry?.obstacle == "fairness asks who could have moved")
        let states = try Checked.search(text, Self.options(symmetry: true, properties: [], fairness: fairness))
        #expect(states.statistics.symmetry?.obstacle == nil)
    }

    @Test("what a claim cannot compute is told of the real state")
    func faults() throws {
        let text = Self.turns(2, memory: 1) + "byte seen[2]; ltl index { [] (seen[owner] == 0) }"
        let system = try Checked.system(text)
        let result = try Search(system, options: Self.options(symmetry: true, properties: [.claim(.formula(0))])).run()
        let violation = try #require(result.violations.first { $0.property == .claim(.formula(0)) })
        #expect(try Self.record(violation, of: system).violation.explanation.contains { $0.contains(violation.message) })
    }
}
