import Automata
import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// A search that decides by itself whether to leave out interleavings.
struct AutomaticReductionTests {
    private static func options(surveySize: Int, threads: Int = 1, violationLimit: Int = 1) -> SearchOptions {
        var options = SearchOptions(reduction: .automatic, memoryLimit: 1 << 28, violationLimit: violationLimit, threads: threads)
        options.surveySize = surveySize
        return options
    }

    /// Processes that count each for itself, and one that looks when all have.
    private static func counters(_ count: Int, each limit: Int, then last: String) -> String {
        """
        byte ready, i[\(count)];
        active [\(count)] proctype Counter() { do :: i[_pid] < \(limit) -> i[_pid]++ :: else -> break od; ready++ }
        active proctype Last() { ready == \(count); \(last) }
        """
    }

    /// The same, but that no other process could see how far one has counted, and all count in one place as well.
    private static func localCounters(_ count: Int, each limit: Int, then last: String) -> String {
        """
        byte ready, all;
        active [\(count)] proctype Counter() {
            byte i, j;
            do :: i < \(limit) -> all = (all + 1) % 5; i++; j = i; j++; j = 0 :: else -> break od;
            ready++
        }
        active proctype Last() { ready == \(count); \(last) }
        """
    }

    @Test func aSmallModelIsSearchedWithAllInterleavings() throws {
        let text = Self.counters(3, each: 4, then: "skip")
        let all = try Checked.search(text)
        let result = try Checked.search(text, SearchOptions(reduction: .automatic))
        #expect(result.statistics.statesStored == all.statistics.statesStored)
        #expect(result.statistics.reducedStates == nil)
        #expect(result.statistics.reductionObstacle == nil)
    }

    @Test("where much can be left out, a larger one is not", arguments: [1, 3])
    func independentProcesses(threads: Int) throws {
        let text = Self.counters(4, each: 8, then: "skip")
        let all = try Checked.search(text)
        let result = try Checked.search(text, Self.options(surveySize: 500, threads: threads))
        #expect(result.verdict == .holds)
        #expect(result.statistics.reducedStates ?? 0 > 0)
        #expect(result.statistics.statesStored * 20 < all.statistics.statesStored)
        let reduced = try Checked.search(text, SearchOptions(reduction: .stubborn))
        #expect(result.statistics.statesStored == reduced.statistics.statesStored)
    }

    @Test("where many states are between local steps, they are merged", arguments: [1, 3])
    func localSteps(threads: Int) throws {
        let text = Self.localCounters(3, each: 4, then: "skip")
        let all = try Checked.search(text)
        let result = try Checked.search(text, Self.options(surveySize: 500, threads: threads))
        #expect(all.statistics.merging == nil)
        #expect(result.statistics.merging?.locationCount == 6)
        #expect(result.statistics.statesStored * 4 < all.statistics.statesStored)
        let small = try Checked.search(text, Self.options(surveySize: all.statistics.statesStored * 3, threads: threads))
        #expect(small.statistics.merging == nil)
        #expect(small.statistics.statesStored == all.statistics.statesStored)
    }

    @Test("a counterexample without merged steps is shortest")
    func localStepsAndACounterexample() throws {
        let text = Self.localCounters(3, each: 4, then: "assert(false)")
        let all = try Checked.search(text)
        let result = try Checked.search(text, Self.options(surveySize: 2500))
        #expect(result.violations.map(\.isShortest) == [true])
        #expect(result.violations.first?.path.count == all.violations.first?.path.count)
        var options = Self.options(surveySize: 2500)
        options.mergesLocalSteps = true
        let asked = try Checked.search(text, options)
        #expect(asked.violations.map(\.isShortest) == [false])
        #expect(asked.statistics.merging?.locationCount == 5)
    }

    @Test("where nothing can be, the search goes on as if it had not been asked", arguments: [1, 3])
    func dependentProcesses(threads: Int) throws {
        let text = "byte x; active [3] proctype P() { do :: x < 60 -> x = x + _pid + 1 :: x = x / 2 od }"
        let all = try Checked.search(text)
        let result = try Checked.search(text, Self.options(surveySize: 20, threads: threads))
        #expect(result.statistics.statesStored == all.statistics.statesStored)
        #expect(result.statistics.transitions == all.statistics.transitions)
        #expect(result.statistics.depthReached == all.statistics.depthReached)
        #expect(result.statistics.reducedStates == nil)
    }

    @Test func aCounterexampleIsShortest() throws {
        let options = Self.options(surveySize: 500)
        let right = try Checked.search(Self.counters(3, each: 6, then: "skip"), options)
        #expect(right.statistics.reducedStates ?? 0 > 0)
        let text = Self.counters(3, each: 6, then: "assert(false)")
        let all = try Checked.search(text)
        let result = try Checked.search(text, options)
        #expect(result.violations.map(\.isShortest) == [true])
        #expect(result.violations.first?.path.count == all.violations.first?.path.count)
    }

    @Test func whatTakesTooLongToMakeShortIsToldAsItWasFound() throws {
        let text = Self.counters(7, each: 8, then: "assert(false)")
        let result = try Checked.search(text, Self.options(surveySize: 500))
        #expect(result.violations.map(\.isShortest) == [false])
        #expect(result.statistics.reducedStates ?? 0 > 0)
    }

    @Test("where a diagram has all states, it is told how many these are", arguments: [1, 3])
    func diagrams(threads: Int) throws {
        let text = Self.counters(4, each: 8, then: "skip")
        let all = try Checked.search(text)
        var options = Self.options(surveySize: 500, threads: threads)
        options.triesDiagrams = true
        let result = try Checked.search(text, options)
        #expect(result.verdict == .holds && result.verdicts.map(\.property) == all.verdicts.map(\.property))
        #expect(result.statistics.diagrams != nil)
        #expect(result.statistics.statesStored == all.statistics.statesStored)
        let wrong = try Checked.search(Self.counters(4, each: 8, then: "assert(false)"), options)
        #expect(wrong.verdict == .violated && wrong.violations.count == 1 && wrong.statistics.diagrams == nil)
    }

    @Test("what asks for something else than all states is searched as before")
    func withoutDiagrams() throws {
        var options = Self.options(surveySize: 500)
        options.triesDiagrams = true
        let changes: [(inout SearchOptions) -> Void] = [
            { $0.usesSymmetry = true }, { $0.resetsDeadVariables = true }, { $0.mergesLocalSteps = true }, { $0.compressesStates = true },
            { $0.depthLimit = 1000 }, { $0.order = .depth }, { $0.reduction = .stubborn }, { $0.reduction = .sleep }, { $0.reduction = .none },
        ]
        for change in changes {
            var changed = options
            change(&changed)
            #expect(try Checked.search(Self.counters(4, each: 8, then: "skip"), changed).statistics.diagrams == nil)
        }
    }

    @Test func someRandomProgramsAreWorthItAndSomeAreNot() throws {
        var reduced = 0
        let count = 100
        for seed in 0..<UInt64(count) {
            let system = try Checked.system(ProgramGenerator(seed: seed, profile: .data).makeProgram())
            let result = try Search(system, options: Self.options(surveySize: 40, violationLimit: .max)).run()
            if result.statistics.reducedStates != nil || result.statistics.merging != nil { reduced += 1 }
        }
        #expect((count / 20..<count).contains(reduced))
    }

    @Test("the result is the same with any number of threads", arguments: 0..<40 as Range<UInt64>)
    func threads(seed: UInt64) throws {
        let system = try Checked.system(ProgramGenerator(seed: seed, profile: .everything).makeProgram())
        for limit in [1, 3, .max] {
            let one = try Search(system, options: Self.options(surveySize: 40, violationLimit: limit)).run()
            let three = try Search(system, options: Self.options(surveySize: 40, threads: 3, violationLimit: limit)).run()
            #expect(one.verdicts.map(\.verdict) == three.verdicts.map(\.verdict))
            #expect(one.violations.map(\.path) == three.violations.map(\.path))
            #expect(one.statistics.statesStored == three.statistics.statesStored)
            #expect(one.statistics.reducedStates == three.statistics.reducedStates)
        }
    }
}
