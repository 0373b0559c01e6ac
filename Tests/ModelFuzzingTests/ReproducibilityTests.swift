import Exploration
import ModelFuzzing
import Synchronization
import TestSupport
import Testing

/// The same seed goes on the same walks.
struct ReproducibilityTests {
    @Test("with any number of threads all that is found is the same", arguments: 1...20)
    func threads(seed: Int) throws {
        let profiles: [GeneratorProfile] = [.everything, .channels, .processes, .liveness(.formula)]
        let system = try Fuzzed.system(ProgramGenerator(seed: UInt64(seed), profile: profiles[seed % profiles.count]).makeProgram())
        var options = Fuzzed.options(walks: 200, seed: UInt64(seed))
        options.violationLimit = 3
        options.depthLimit = 300
        let alone = Fuzzed.findings(try Fuzzed.fuzz(system, options))
        for threads in [2, 3] {
            options.threads = threads
            #expect(Fuzzed.findings(try Fuzzed.fuzz(system, options)) == alone)
        }
    }

    @Test("the limit of steps ends the work after the walk that reaches it, whatever others did")
    func stepLimit() throws {
        let system = try Fuzzed.system("byte x; active [3] proctype P() { do :: x++ :: x-- :: x < 200 -> x = x + 2 od }")
        let alone = try Fuzzed.fuzz(system, Fuzzed.options(steps: 30_000))
        #expect(alone.steps >= 30_000 && alone.steps < 40_000)
        let together = try Fuzzed.fuzz(system, Fuzzed.options(steps: 30_000, threads: 4))
        #expect(Fuzzed.findings(together) == Fuzzed.findings(alone))
    }

    @Test("another seed goes on other walks")
    func seeds() throws {
        let system = try Fuzzed.system("byte x; active [3] proctype P() { do :: x++ :: x-- :: x < 200 -> x = x + 2 od }")
        let steps = try (1...4).map { try Fuzzed.fuzz(system, Fuzzed.options(walks: 20, seed: $0)).steps }
        #expect(Set(steps).count > 1)
    }

    @Test("so many walks are made as were asked for, unless a violation is found", arguments: [0, 1, 63, 64, 65, 200])
    func walkLimit(walks: Int) throws {
        let system = try Fuzzed.system("byte x; active proctype P() { do :: x < 3 -> x++ :: x == 3 -> break od }")
        let found = try Fuzzed.fuzz(system, Fuzzed.options(walks: walks))
        #expect(found.walks == walks)
        #expect(found.result.verdict == .inconclusive(.walks(walks: walks, steps: found.steps, taken: walks > 0 ? 4 : 0, reachable: 4)))
    }

    @Test("it ends when it is told to, or when its time is over, and says what it has", arguments: [1, 3])
    func ends(threads: Int) throws {
        let system = try Fuzzed.system("byte x; active [3] proctype P() { do :: x++ :: x-- od }")
        let isStopped = Atomic(false)
        var heard = 0
        let fuzzer = ModelFuzzer(
            system, options: Fuzzed.options(threads: threads), isStopped: { isStopped.load(ordering: .relaxed) }
        ) { progress in
            heard += 1
            #expect(progress.walks == 64 * heard)
            #expect(progress.taken == 2)
            if heard == 3 { isStopped.store(true, ordering: .relaxed) }
        }
        let found = try fuzzer.run()
        #expect(heard == 3)
        #expect(found.walks == 192)
        var options = Fuzzed.options(threads: threads)
        options.timeLimit = .milliseconds(50)
        #expect(try Fuzzed.fuzz(system, options).walks > 0)
        options.timeLimit = .zero
        #expect(try Fuzzed.fuzz(system, options).walks == 0)
    }
}
