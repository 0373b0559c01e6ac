import Foundation
import Testing

/// `heddle check` where the search does not come to its end, or goes another way.
@Suite struct LimitTests {
    /// Eight million states.
    private static let large = """
        int a, b, c;
        active proctype A() { do :: a < 2000 -> a++ :: else -> break od }
        active proctype B() { do :: b < 2000 -> b++ :: else -> break od }
        active proctype C() { do :: c < 2000 -> c++ :: else -> break od }
        """

    /// Where compiled models are kept.
    private let cache: Workplace

    init() throws { cache = try Workplace() }

    private static func statesStored(_ outcome: HeddleCommand.Outcome) throws -> Int {
        let line = try #require(outcome.output.split(separator: "\n").last { $0.contains(" stored, ") })
        let match = try #require(line.firstMatch(of: #/^([0-9,]+) states? stored, /#), "\(line)")
        return try #require(Int(match.output.1.filter { $0 != "," }))
    }

    @Test(arguments: [(["--depth", "3"], 4), (["--memory", "64K"], 100), (["--memory", "0.1M", "--search", "depth"], 100)])
    func aLimitIsNamedWithWhatWasCovered(options: [String], atLeast: Int) throws {
        let place = try Workplace(["model.pml": Self.large])
        let outcome = try place.heddle(["check"] + options + ["model.pml"])
        #expect(outcome.exitCode == 3)
        #expect(outcome.output.hasPrefix("model.pml: inconclusive: "))
        #expect(outcome.output.contains("  assertions        undecided: "))
        #expect(try Self.statesStored(outcome) >= atLeast)
        #expect(outcome.errors.isEmpty)
    }

    @Test func theMemoryLimitIsKept() throws {
        let place = try Workplace(["model.pml": Self.large])
        let outcome = try place.heddle("check", "--memory", "256K", "--format", "json", "model.pml")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
        let statistics = try #require(object["statistics"] as? [String: Any])
        #expect(try #require(statistics["bytes"] as? Int) <= 256 << 10)
    }

    @Test func statesThatAreCompressedAreTheSame() throws {
        let place = try Workplace()
        let model = Repository.root.appendingPathComponent("Models/um-timetravel/socket.pml").path
        let counts = try [[], ["--compress"]].map { options in
            let outcome = try place.heddle(["check", model, "-DN=2", "--property", "end-states", "--reduction", "none"] + options)
            #expect(outcome.exitCode == 0)
            return try Self.statesStored(outcome)
        }
        #expect(counts == [229_556, 229_556])
        #expect(try place.heddle("check", "--compress", "--engine", "symbolic", model).exitCode == 2)
    }

    /// The only state in which nothing can move is one step away.
    @Test(arguments: [(0, 3), (1, 1), (2, 1)] as [(Int, Int32)])
    func aDeadlockAtTheDepthLimitIsFound(depth: Int, exitCode: Int32) throws {
        let place = try Workplace(["model.pml": try Repository.model("deadlock-violated.pml")])
        #expect(try place.heddle("check", "--depth", "\(depth)", "model.pml").exitCode == exitCode)
    }

    @Test func aDepthThatIsDeepEnoughIsNoLimit() throws {
        let place = try Workplace(["model.pml": try Repository.model("counter-holds.pml")])
        #expect(try place.heddle("check", "--depth", "32", "model.pml").exitCode == 0)
        #expect(try place.heddle("check", "--depth", "31", "model.pml").exitCode == 3)
    }

    /// Depth first, the state with `x == 2` is met at the end of a path, cut there, and not looked at again on a shorter
    /// one, which would lead to the deadlock.
    @Test func depthFirstSearchDoesNotClaimToHaveCoveredADepth() throws {
        let place = try Workplace([
            "model.pml": "byte x;\nactive proctype P() { do :: x < 2 -> x++ :: x == 0 -> x = 2 od }\n"
        ])
        for depth in 1...8 {
            let outcome = try place.heddle("check", "--search", "depth", "--depth", "\(depth)", "model.pml")
            #expect(outcome.exitCode == 1 || outcome.exitCode == 3)
            #expect(!outcome.output.contains("no violation up to depth"))
        }
        #expect(try place.heddle("check", "--search", "depth", "model.pml").exitCode == 1)
    }

    @Test(arguments: ["counter-holds.pml", "valid-end-holds.pml", "timeout-holds.pml", "division-guarded-holds.pml"])
    func depthFirstStoresTheSameStates(model: String) throws {
        let breadth = try HeddleCommand.run(["check", model], in: Repository.models)
        let depth = try HeddleCommand.run(["check", "--search", "depth", model], in: Repository.models)
        #expect(breadth.exitCode == 0)
        #expect(depth.exitCode == 0)
        #expect(try Self.statesStored(breadth) == Self.statesStored(depth))
    }

    @Test(arguments: ModelFile.all.filter { $0.options.isEmpty })
    func depthFirstComesToTheSameVerdict(model: ModelFile) throws {
        let outcome = try HeddleCommand.run(["check", "--search", "depth", model.name], in: Repository.models)
        #expect(outcome.exitCode == model.exitCode)
        #expect(outcome.output.hasPrefix("\(model.name): \(model.verdict)"))
    }

    /// Starts a search of all interleavings, for fewer would be done soon, and returns when it is well under way.
    private func search(_ options: [String], in place: Workplace) throws -> RunningCommand {
        let running = try HeddleCommand(
            arguments: ["check", "--trace", "trace.itf.json", "--reduction", "none"] + options + ["model.pml"], directory: place.url,
            environment: ["XDG_CACHE_HOME": cache.url.path]
        ).start()
        try running.wait { $0.isCatching(SIGINT) }
        let start = running.processorTime
        try running.wait { $0.processorTime >= start + 0.5 }
        return running
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func anInterruptedSearchSaysWhatItHas(signal: Int32) throws {
        let place = try Workplace(["model.pml": Self.large])
        let running = try search([], in: place)
        running.send(signal)
        // Like `timeout`, which sends its signal to the program, and to the program's process group; but two of the same could merge.
        running.send(signal == SIGINT ? SIGTERM : SIGINT)
        let outcome = try running.outcome()
        #expect(outcome.exitCode == 3)
        #expect(
            outcome.output.hasPrefix("model.pml: inconclusive: interrupted before all states were searched\n"))
        #expect((2..<8_000_000_000).contains(try Self.statesStored(outcome)))
        #expect(try place.names == ["model.pml"])
        // Nor is anything left of a compilation that was going on.
        let folder = cache.url.appendingPathComponent("heddle")
        let cached = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
        #expect(cached.allSatisfy { $0.hasSuffix(".so") })
    }

    /// Neither hard questions nor many answers to one step keep it from ending.
    @Test func anInterruptIsHeededWhileZ3Thinks() throws {
        let place = try Workplace([
            "model.pml": """
                unsigned x : 32;
                active proctype P() { unsigned i : 32; do :: select (i : 0 .. 1000000); x = (x + 3 * i) & 255 od }
                """
        ])
        let running = try search(["--engine", "symbolic"], in: place)
        running.send(SIGINT)
        let outcome = try running.outcome()
        #expect(outcome.exitCode == 3)
        #expect(outcome.output.hasPrefix("model.pml: inconclusive: interrupted before all states were searched\n"))
    }

    /// Two processes that count: enough states for the compiler to be asked, and for it to be done in time if it is waited for.
    @Test func machineCodeFindsTheSameStates() throws {
        let place = try Workplace(["model.pml": "byte x, y; active [2] proctype P() { do :: x++ :: y++ od }"])
        func check(_ options: String...) throws -> String {
            let outcome = try HeddleCommand.run(
                ["check"] + options + ["model.pml"], in: place.url, environment: ["XDG_CACHE_HOME": cache.url.path])
            #expect(outcome.exitCode == 0)
            let line = outcome.output.split(separator: "\n").last.map(String.init) ?? ""
            return String(line.prefix { $0 != ";" })
        }
        let interpreted = try check("--native", "off")
        #expect(try cache.names.isEmpty)
        #expect(try check() == interpreted)
        #expect(try check("--native", "first") == interpreted)
        #expect(try !cache.names.isEmpty)
        #expect(try check() == interpreted)
    }

    @Test(arguments: ["breadth", "depth"])
    func anInterruptedSearchShowsTheViolationsItHasFound(order: String) throws {
        // The failing assertion is among the first successors of the initial state.
        let place = try Workplace(["model.pml": "active proctype Early() { assert(false) }\n" + Self.large])
        let running = try search(["--search", order, "--all-violations", "9"], in: place)
        running.send(SIGINT)
        let outcome = try running.outcome()
        #expect(outcome.exitCode == 1)
        #expect(outcome.output.hasPrefix("model.pml: violated\n"))
        #expect(outcome.output.contains("  end-states        undecided: interrupted"))
        #expect(try place.names == ["model.pml", "trace.itf.json"])
        #expect(try place.heddle("replay", "trace.itf.json").exitCode == 0)
    }
}
