import Automata
import Exploration
import Promela
import TestSupport
import Testing

/// The number of random programs; the environment may ask for more.
private let programCount = RandomPrograms.count()

/// States that differ only in who is who.
struct SymmetryTests {
    private static func options(symmetry: Bool, _ order: SearchOptions.Order = .breadth, threads: Int = 1, _ reduction: Reduction = .none) -> SearchOptions {
        SearchOptions(
            order: order, reduction: reduction, usesSymmetry: symmetry, memoryLimit: 1 << 28, violationLimit: .max, threads: threads)
    }

    /// All states, by other means, and what comes of each.
    private struct StateSpace {
        private(set) var successors: [[UInt8]: [[UInt8]]] = [:]
        private(set) var isComplete = true

        init(_ system: Automata.System, limit: Int) {
            let generator = SuccessorGenerator(system)
            var pending = [generator.initialState().state]
            while let state = pending.popLast() {
                if successors[state] != nil { continue }
                if successors.count == limit {
                    isComplete = false
                    return
                }
                var next: [[UInt8]] = []
                generator.onSuccessor = { next.append(Array($0.state)) }
                _ = state.withUnsafeBytes { generator.expand($0) }
                successors[state] = next
                pending += next
            }
        }
    }

    @Test("what follows on a state follows on the one that stands for it, and each verdict stays", arguments: [0, 0.15])
    func randomPrograms(bias: Double) throws {
        var (exchanged, states, left) = (0, 0, 0)
        for seed in RandomPrograms.seeds(programCount) {
            var generator = SymmetricProgramGenerator(seed: seed, bias: bias)
            let text = generator.makeProgram()
            let system = try Checked.system(text)
            let space = StateSpace(system, limit: 20_000)
            guard space.isComplete else { continue }
            let symmetry = Symmetry(system)
            #expect(symmetry.obstacle == nil)
            func representative(_ state: [UInt8]) -> [UInt8] {
                var result = state
                symmetry.canonicalize(&result)
                return result
            }
            var images: [[UInt8]: [[UInt8]]] = [:]
            for (state, next) in space.successors {
                let own = next.map(representative).sorted { $0.lexicographicallyPrecedes($1) }
                let name = representative(state)
                if let known = images[name], known != own { Issue.record("seed \(seed): a state and the one for it differ\n\(text)") }
                images[name] = own
            }
            let full = try Search(system, options: Self.options(symmetry: false)).run()
            for (order, reduction) in [(SearchOptions.Order.breadth, Reduction.none), (.depth, .none), (.breadth, .stubborn)] {
                let some = try Search(system, options: Self.options(symmetry: true, order, reduction)).run()
                #expect(some.verdicts.map(\.verdict) == full.verdicts.map(\.verdict), "seed \(seed), \(order), \(reduction)\n\(text)")
                if reduction == .none { #expect(some.statistics.statesStored == images.count, "seed \(seed), \(order)\n\(text)") }
                for violation in some.violations { try Checked.expectIsReal(violation, in: system) }
            }
            if full.statistics.statesStored > images.count { exchanged += 1 }
            states += full.statistics.statesStored
            left += images.count
        }
        if RandomPrograms.isAskedFor { print("\(exchanged) programs; \(left) of \(states) states") }
        #expect(exchanged >= programCount / 6)
    }

    @Test("two threads find the states that one finds")
    func threads() throws {
        for seed in RandomPrograms.seeds(10) {
            var generator = SymmetricProgramGenerator(seed: seed, bias: 0)
            let system = try Checked.system(generator.makeProgram())
            let counts = try [1, 2].map { threads in
                try Search(system, options: Self.options(symmetry: true, threads: threads)).run().statistics.statesStored
            }
            #expect(counts[0] == counts[1], "seed \(seed)")
        }
    }

    private static let mutex = """
        byte owner; bool inside[4];
        proctype Client(byte me) {
            do :: atomic { owner == 0 -> owner = me }; inside[me] = true; assert(owner == me); inside[me] = false; owner = 0 od
        }
        """

    @Test(
        "what tells processes apart is named",
        arguments: [
            ("proctype P(byte me) { do :: x = me + 1 od } init { atomic { run P(1); run P(2) } }", "`me` is used as a number"),
            ("proctype P(byte me) { do :: x < me -> skip od } init { atomic { run P(1); run P(2) } }", "`me` is used as a number"),
            ("proctype P(byte me) { do :: me == 1 -> x = 1 :: else -> x = 2 od } init { atomic { run P(1); run P(2) } }", "P(1) does not say the same when names are exchanged"),
            ("active [2] proctype P() { do :: x = _pid + 1 od }", "`_pid` is used as a number"),
            ("byte a[2]; proctype P(byte me) { do :: a[me] = 1 od } init { atomic { run P(1); run P(2) } }", "`a` has too few elements"),
            ("int y; proctype P(byte me) { do :: y = me od } init { atomic { run P(1); run P(2) } }", "their names are kept in variables of different sizes"),
            ("chan c = [1] of { bit }; proctype P(byte me) { do :: c!me :: c?x od } init { atomic { run P(1); run P(2) } }", "their names are kept in variables of different sizes"),
            ("proctype P(byte me) provided (_pid != 1 || x == 0) { do :: x = 0 :: x = 1 od } init { atomic { run P(1); run P(2) } }", "`provided` tells P(1) and its counterpart apart"),
            ("proctype P(byte me) { do :: x = x od } proctype Q(byte me) { do :: x = x od } init { atomic { run P(1); run Q(2) } }", "no two processes of one type stay together for good"),
            ("active [2] proctype P() { x = 1 }", "no two processes of one type stay together for good"),
            ("active [2] proctype P() { chan c = [1] of { byte }; do :: c!1; c?x od }", "processes declare channels of their own"),
            ("active [2] proctype P() { do :: x = _last od }", "the model asks for `_last`"),
        ])
    func obstacles(text: String, reason: String) throws {
        let model = "byte x; " + text
        let result = try Checked.search(model, Self.options(symmetry: true))
        #expect(result.statistics.symmetry?.obstacle == reason)
        #expect(try Checked.search(model).statistics.statesStored == result.statistics.statesStored)
    }

    @Test("clients that are alike count once", arguments: [(1, 1), (2, 2), (3, 6)])
    func orbits(clients: Int, order: Int) throws {
        let text = Self.mutex + "init { atomic { \((1...clients).map { "run Client(\($0))" }.joined(separator: ";")) } }"
        let full = try Checked.search(text)
        let result = try Checked.search(text, Self.options(symmetry: true))
        #expect(result.verdict == .holds)
        // Somebody inside is one of `clients`, whoever it is.
        let outside = 2
        #expect(result.statistics.statesStored - outside == (full.statistics.statesStored - outside) / clients)
        let exchanges = result.statistics.symmetry?.exchanges ?? []
        #expect(exchanges.count == clients * (clients - 1) / 2)
        if clients > 1 { #expect(exchanges.contains("Client(1) and Client(2)")) }
        #expect(order >= exchanges.count)
    }

    @Test("where there are too many exchanges to try all, no verdict is lost")
    func manyClients() throws {
        let clients = 8
        let text = """
            byte owner; byte inside; bool wants[\(clients + 1)];
            proctype Client(byte me) {
                do :: wants[me] = true; atomic { owner == 0 -> owner = me; wants[me] = false }; inside++; assert(inside == 1); inside--; owner = 0 od
            }
            init { atomic { \((1...clients).map { "run Client(\($0))" }.joined(separator: ";")) } }
            """
        let full = try Checked.search(text)
        let result = try Checked.search(text, Self.options(symmetry: true))
        #expect(result.verdict == .holds)
        #expect(result.statistics.statesStored * 50 < full.statistics.statesStored)
        let broken = text.replacing("owner == 0 -> owner", with: "owner != 1 -> owner")
        let found = try Checked.search(broken, Self.options(symmetry: true))
        #expect(found.violations.first?.property == .assertions)
        #expect(try found.violations.first?.path.count == Checked.search(broken).violations.first?.path.count)
    }
}
