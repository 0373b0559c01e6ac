import Automata
import Exploration
@testable import ModelFuzzing
import TestSupport
import Testing

/// Long paths become short.
struct ShorteningTests {
    private static let model = """
        byte x, y, noise;
        active proctype Noise() { do :: noise++ :: noise = noise * 3 :: noise > 100 -> noise = 0 od }
        active proctype P() { do :: x < 6 -> x++ :: x > 0 -> x-- :: x == 6 -> y = 1 od }
        active proctype Q() { do :: y == 1 && x == 2 -> assert(false) :: y == 1 -> y = 0 od }
        ltl low { [] !(y == 1 && x == 2) }
        ltl often { [] <> (x == 0) }

        """

    /// A walk of thousands of steps to the violation of a property.
    private static func longWalk(_ system: Automata.System, _ property: Property) throws -> FoundViolation {
        let initial = SuccessorGenerator(system).initialState().state
        let walker = try Walker(system, [property], .none, initial: initial)
        let violations = (UInt64(1)...).lazy.compactMap { seed -> FoundViolation? in
            var random = SplitMix64(seed: seed)
            var strategy = Strategy(steps: 100_000, using: &random)
            strategy.kind = .anyMove
            let plan = WalkPlan(
                start: .initialState, strategy: strategy, seed: seed, patience: .max, depthLimit: 100_000)
            return walker.run(plan, seen: Coverage(transitionCount: system.transitions.count), known: []) { true }.violation
        }
        return try #require(violations.first { $0.path.count > 100 })
    }

    private static func shortened(_ system: Automata.System, _ violation: FoundViolation, stepLimit: Int) throws -> Reenactment.Path {
        let initial = SuccessorGenerator(system).initialState().state
        let reenactment = try Reenactment(system, violation, .none, initial: initial)
        let again = try #require(reenactment.run(violation.path, loopStart: violation.loopStart))
        var shortening = Shortening(reenactment, again, stepLimit: stepLimit)
        shortening.run()
        let path = try #require(reenactment.run(shortening.path.steps, loopStart: shortening.path.loopStart))
        #expect(path.steps == shortening.path.steps)
        return path
    }

    @Test("as short as the shortest", arguments: [(Property.assertions, 16), (.claim(.formula(0)), 15)])
    func shortest(property: Property, steps: Int) throws {
        let system = try Fuzzed.system(Self.model)
        let violation = try Self.longWalk(system, property)
        let path = try Self.shortened(system, violation, stepLimit: Shortening.usualStepLimit)
        let searched = try Search(system, options: SearchOptions(properties: [property], memoryLimit: 1 << 28)).run()
        #expect(path.steps.count == searched.violations.first?.path.count)
    }

    @Test("a cycle stays one, and its way there becomes short")
    func cycle() throws {
        let system = try Fuzzed.system(Self.model)
        let violation = try Self.longWalk(system, .claim(.formula(1)))
        let path = try Self.shortened(system, violation, stepLimit: Shortening.usualStepLimit)
        // One step away from zero, and one that changes nothing but the noise, which must come back: 256 times, or 0 times 3.
        #expect((path.loopStart ?? .max) < 12)
        #expect(path.steps.count < 24)
    }

    @Test("little is tried if little is allowed")
    func limit() throws {
        let system = try Fuzzed.system(Self.model)
        let violation = try Self.longWalk(system, .assertions)
        let path = try Self.shortened(system, violation, stepLimit: 0)
        #expect(path.steps.count <= violation.path.count)
    }
}
