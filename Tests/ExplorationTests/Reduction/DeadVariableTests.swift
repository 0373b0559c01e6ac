import Automata
import Exploration
import Promela
import TestSupport
import Testing
import Traces

/// The number of random programs of each kind; the environment may ask for more.
private let programCount = RandomPrograms.count()

/// States that differ only in locals that nobody reads any more.
struct DeadVariableTests {
    private static func options(
        resets: Bool = true, symmetry: Bool = false, _ order: SearchOptions.Order = .breadth, _ reduction: Reduction = .none,
        properties: Set<Property>? = nil, fairness: Fairness = .none, threads: Int = 1
    ) -> SearchOptions {
        SearchOptions(
            order: order, properties: properties, fairness: fairness, reduction: reduction, usesSymmetry: symmetry,
            resetsDeadVariables: resets, memoryLimit: 1 << 28, violationLimit: .max, threads: threads)
    }

    private static let ways: [(order: SearchOptions.Order, reduction: Reduction, threads: Int)] = [
        (.breadth, .none, 1), (.breadth, .none, 2), (.depth, .none, 1), (.breadth, .stubborn, 1),
    ]

    @Test(
        "what follows on a state follows on the one that stands for it, and each verdict stays",
        arguments: [nil, GeneratorProfile.everything, .data, .channels, .atomicity, .processes])
    func randomPrograms(profile: GeneratorProfile?) throws {
        var (states, left) = (0, 0)
        let compared = try RandomPrograms.forEachSmall(profile, count: programCount, Self.options(resets: false)) { seed, text, system, full in
            let dead = DeadVariables(system)
            func representative(_ state: [UInt8]) -> [UInt8] {
                var result = state
                dead.reset(&result)
                return result
            }
            let generator = SuccessorGenerator(system)
            let initial = generator.initialState().state
            var (seen, pending, images): (Set<[UInt8]>, [[UInt8]], [[UInt8]: Set<[UInt8]>]) = ([initial], [initial], [:])
            while let state = pending.popLast() {
                var next: [[UInt8]] = []
                generator.onSuccessor = { next.append(Array($0.state)) }
                _ = state.withUnsafeBytes { generator.expand($0) }
                let own = Set(next.map(representative))
                let name = representative(state)
                if let known = images[name], known != own { Issue.record("seed \(seed): a state and the one for it differ\n\(text)") }
                images[name] = own
                pending += next.filter { seen.insert($0).inserted }
            }
            for (order, reduction, threads) in Self.ways {
                let some = try Search(system, options: Self.options(order, reduction, threads: threads)).run()
                #expect(some.verdicts.map(\.verdict) == full.verdicts.map(\.verdict), "seed \(seed), \(order), \(reduction)\n\(text)")
                #expect(Checked.findings(some) == Checked.findings(full), "seed \(seed), \(order), \(reduction)\n\(text)")
                if reduction == .none { #expect(some.statistics.statesStored == images.count, "seed \(seed), \(order)\n\(text)") }
                for violation in some.violations { try Checked.expectIsReal(violation, in: system) }
            }
            states += seen.count
            left += images.count
        }
        if RandomPrograms.isAskedFor { print("\(compared) programs: \(left) of \(states) states") }
        #expect(compared < 50 || left < states)
        #expect(compared > programCount / 3)
    }

    @Test("claims hold where they hold of all states, and what breaks them is a run", arguments: GeneratedClaim.allCases, Fairness.allCases)
    func claims(kind: GeneratedClaim, fairness: Fairness) throws {
        let claim = kind.claim
        let property = Property.claim(claim)
        for seed in RandomPrograms.seeds(programCount) {
            let text = ProgramGenerator(seed: seed, profile: .liveness(kind)).makeProgram()
            let system = try Checked.system(text)
            let full = try Search(system, options: Self.options(resets: false, properties: [property], fairness: fairness)) {
                $0.statesStored < 2000
            }.run()
            guard full.statistics.statesStored < 2000 else { continue }
            for (order, reduction, _) in Self.ways where order == .breadth || fairness != .strong {
                let some = try Search(system, options: Self.options(order, reduction, properties: [property], fairness: fairness)).run()
                #expect(
                    Checked.verdict(property, in: some) == Checked.verdict(property, in: full),
                    "\(kind), seed \(seed), \(order), \(reduction)\n\(text)")
                #expect(some.statistics.statesStored <= full.statistics.statesStored)
                for violation in some.violations where violation.property == property {
                    #expect(throws: Never.self, "\(kind), seed \(seed), \(order), \(reduction)\n\(text)") {
                        _ = try Self.record(violation, claim, fairness, of: system)
                    }
                }
            }
        }
    }

    /// Goes through a run step by step, and looks at whether it breaks the claim.
    /// - Throws: if it is no run of the model, does not end where it began, or breaks nothing.
    private static func record(_ violation: Violation, _ claim: Claim, _ fairness: Fairness, of system: Automata.System) throws -> Trace {
        try TraceRecorder(system, model: ModelReference(path: "model.pml")).record(
            violation.path, finding: .claim(claim, loopStart: violation.loopStart, fairness: fairness),
            property: violation.property.name(in: system.program), message: violation.message)
    }

    @Test("who is who and what nobody reads are forgotten together", arguments: [GeneratedClaim?.none, .formula, .acceptance])
    func withSymmetry(kind: GeneratedClaim?) throws {
        let claim: Claim? = kind.map { $0 == .formula ? .formula(0) : .acceptance }
        let properties: Set<Property>? = claim.map { [.claim($0)] }
        var smaller = 0
        for seed in RandomPrograms.seeds(programCount) {
            var generator = SymmetricProgramGenerator(seed: seed, bias: 0.02, claim: kind)
            let text = generator.makeProgram()
            let system = try Checked.system(text)
            let full = try Search(system, options: Self.options(resets: false, symmetry: true, properties: properties)) {
                $0.statesStored < 3000
            }.run()
            guard full.statistics.statesStored < 3000 else { continue }
            let some = try Search(system, options: Self.options(symmetry: true, properties: properties)).run()
            #expect(some.verdicts.map(\.verdict) == full.verdicts.map(\.verdict), "seed \(seed)\n\(text)")
            if some.statistics.statesStored < full.statistics.statesStored { smaller += 1 }
            for violation in some.violations {
                #expect(throws: Never.self, "seed \(seed)\n\(text)") {
                    if let claim, violation.property == .claim(claim) {
                        _ = try Self.record(violation, claim, .none, of: system)
                    } else {
                        _ = try BruteForce(system).walk(violation)
                    }
                }
            }
        }
        #expect(smaller > 0)
    }

    @Test(
        "what is reset is dead",
        arguments: [
            ("active proctype P() { byte x; do :: x = 1 :: x = 2; g = x od }", ["P:x"]),
            ("active proctype P() { byte x; do :: x = 1; g = x :: x++; g = x od }", []),
            ("active proctype P() { byte x = 3; g = x; do :: skip od }", []),
            ("active proctype P() { byte x[2]; do :: x[0] = 1; g = x[0]; x[1] = 0 :: g = x[1] od }", []),
            ("active proctype P() { byte x[2]; x[0] = 1; g = x[0]; x[1] = 2; do :: g = 1 od }", ["P:x"]),
            ("typedef R { byte a; bit b } active proctype P() { R r; r.a = 1; g = r.a; do :: g = 2 od }", ["P:r"]),
            ("active proctype P() { byte x; do :: g = x :: d_step { x = 2; g = x } od }", []),
            ("active proctype P() { byte x; do :: d_step { x = 2; g = x; x = 3 } :: g = 1 od }", ["P:x"]),
            ("active proctype P() { byte x, i; do :: i < 3 -> x = i; i++; g = x :: else -> i = 0 od }", ["P:x", "P:i"]),
            ("chan c = [2] of { byte }; active proctype P() { byte x; do :: c?x; g = x :: c!1 od }", ["P:x"]),
            ("chan c = [2] of { byte }; active proctype P() { byte x; do :: c?eval(x) :: c!1; x++ od }", []),
            ("chan c = [2] of { byte }; active proctype P() { byte x; do :: c?[eval(x)] -> g = 1 :: c!1; x++ od }", []),
            ("chan c = [2] of { byte }; active proctype P() { byte x; do :: c?[x] -> g = x :: c!1; x++ od }", []),
            ("active proctype P() { byte x; x = 1; { do :: g = 1 od } unless { x == 1 && g == 2; g = 3 } }", ["P:x"]),
            ("active proctype P() provided (g < 2) { byte x; do :: x = 1 :: x = g od }", ["P:x"]),
            ("active proctype P() { byte x; x = 1; do :: g = 1 od } active proctype Q() { g = P:x }", []),
            ("active proctype P() { byte x; x = 1; do :: g = 1 od } ltl { [] (P:x < 2) }", []),
            ("active proctype P() { byte x; x = 1; do :: g = 1 od } never { do :: P:x < 2 od }", []),
            ("proctype Q(byte n) { g = n; do :: g = 1 od } init { byte x; x = 2; run Q(x); run Q(x) }", [":init::x"]),
            ("active proctype P() { byte x; do :: x = 1; printf(\"%d\", x); g = 1 od }", ["P:x"]),
            ("active proctype P() { byte x; do :: select(x : 1 .. 3); g = x od }", ["P:x"]),
        ])
    func names(model: String, names: [String]) throws {
        let text = "byte g; " + model
        let result = try Checked.search(text, Self.options(properties: []))
        let full = try Checked.search(text, Self.options(resets: false, properties: []))
        #expect(result.statistics.resetVariables == names)
        #expect(full.statistics.resetVariables == nil)
        #expect(result.statistics.statesStored <= full.statistics.statesStored)
    }

    @Test("a cycle begins where what nobody reads has settled")
    func cycle() throws {
        let text = """
            byte g;
            active proctype P() { byte x = 5; do :: x = 1; g = x; g = 0 od }
            ltl rest { <> [] (g == 0) }
            """
        let system = try Checked.system(text)
        for order in SearchOptions.Order.allCases {
            let result = try Search(system, options: Self.options(order)).run()
            let violation = try #require(result.violations.first)
            let trace = try Self.record(violation, .formula(0), .none, of: system)
            #expect(result.statistics.statesStored == 3)
            #expect(trace.loopStart != nil)
        }
    }
}
