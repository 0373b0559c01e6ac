import Exploration
import Foundation
import Promela
import Symbolic
import TestSupport
import Testing
import Traces

@testable import Automata

/// The number of random programs; the environment may ask for more.
private let programCount = Int(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_PROGRAMS"] ?? "") ?? 100
private let firstSeed = UInt64(ProcessInfo.processInfo.environment["HEDDLE_DIFFERENTIAL_SEED"] ?? "") ?? 1

/// Symbolic states that differ only in who is who.
@Suite struct SymbolicSymmetryTests {
    private static func options(symmetry: Bool) -> SymbolicOptions {
        var options = SymbolicOptions()
        options.properties = Set(Property.ofStates)
        options.violationLimit = .max
        options.usesSymmetry = symmetry
        return options
    }

    private static func program(_ text: String) throws -> Program {
        let result = ModelReader.read(text: text, path: "model.pml")
        return try #require(result.program, "\(result.diagnostics.map(\.message))\n\(text)")
    }

    private static func finding(_ violation: Violation) -> String {
        "\(violation.property) at \(violation.span.start) \(violation.fault.map { "\($0.kind)" } ?? violation.message)"
    }

    @Test("verdicts are those of an explicit search, there are no more states, and every run replays", arguments: [0, 0.15])
    func randomPrograms(bias: Double) throws {
        var (compared, smaller, renamed) = (0, 0, 0)
        for seed in firstSeed..<firstSeed + UInt64(programCount) {
            var generator = SymmetricProgramGenerator(seed: seed, bias: bias, hasTimes: true)
            let text = generator.makeProgram()
            let program = try Self.program(text)
            let explicit = try Search(
                try System(program),
                options: SearchOptions(properties: Set(Property.ofStates), memoryLimit: 1 << 28, violationLimit: .max)
            ) { $0.statesStored < 20_000 }.run()
            if explicit.verdicts.contains(where: { $0.verdict == .inconclusive(.interrupted) }) { continue }
            let full = try SymbolicSearch(program, options: Self.options(symmetry: false)).run().result
            let some = try SymbolicSearch(program, options: Self.options(symmetry: true)).run().result
            compared += 1
            for (property, verdict) in explicit.verdicts {
                let own = some.verdicts.first { $0.property == property }?.verdict
                #expect(own == verdict, "seed \(seed), \(property)\n\(text)")
            }
            #expect(some.statistics.statesStored <= full.statistics.statesStored, "seed \(seed)\n\(text)")
            if some.statistics.statesStored < full.statistics.statesStored { smaller += 1 }
            let known = Set(explicit.violations.map(Self.finding))
            let recorder = TraceRecorder(try System(program), model: ModelReference(path: "model.pml"))
            for violation in some.violations {
                #expect(known.contains(Self.finding(violation)), "seed \(seed): \(violation.message)\n\(text)")
                // Throws if a step is not one of the model's, or the end is another.
                _ = try recorder.record(
                    violation.path, finding: violation.fault.map { .fault($0) } ?? .invalidEndState, property: "", message: violation.message)
                if violation.path.contains(where: { $0.pid > 1 }) { renamed += 1 }
            }
        }
        print("symmetry \(bias): \(compared) compared, \(smaller) with fewer states, \(renamed) runs")
        #expect(compared > programCount / 4)
        #expect(smaller > compared / 4)
        #expect(renamed > 10)
    }

    @Test("what a renaming does is undone by going back") func back() throws {
        var changed = 0
        for seed in firstSeed..<firstSeed + 20 {
            var generator = SymmetricProgramGenerator(seed: seed, bias: 0)
            let system = try System(try Self.program(generator.makeProgram()))
            let (symmetry, successors) = (Symmetry(system), SuccessorGenerator(system))
            var seen: Set<[UInt8]> = []
            var pending = [successors.initialState().state]
            while let state = pending.popLast(), seen.count < 300 {
                guard seen.insert(state).inserted else { continue }
                successors.onSuccessor = { pending.append(Array($0.state)) }
                _ = state.withUnsafeBytes { successors.expand($0) }
                for renaming in symmetry.smallest(state) {
                    guard let renaming else { continue }
                    changed += 1
                    let image = symmetry.apply(renaming, to: state)
                    let back = try #require(symmetry.back(from: renaming, then: nil, of: image))
                    #expect(symmetry.apply(back, to: image) == state)
                    #expect(symmetry.back(from: renaming, then: renaming, of: image) == nil)
                    var representative = state
                    symmetry.canonicalize(&representative)
                    #expect(representative == image)
                }
            }
        }
        #expect(changed > 100)
    }

    @Test("numbers of any value are nobody's names") func termsAreNoNames() throws {
        let text = """
            unsigned owner : 20;
            proctype Client(byte me) { unsigned own : 20; own = me; do :: owner == 0 -> owner = own :: owner == own -> owner = 0 od }
            init { atomic { run Client(1); run Client(2) } }
            """
        let found = try SymbolicSearch(try Self.program(text), options: Self.options(symmetry: true)).run().result
        #expect(found.statistics.symmetry?.exchanges == [])
        let full = try SymbolicSearch(try Self.program(text), options: Self.options(symmetry: false)).run().result
        #expect(found.statistics.statesStored == full.statistics.statesStored)
        #expect(full.statistics.symmetry == nil)
    }

    @Test("any times of clients that are alike count once, and a formula is checked in full") func anyTimes() throws {
        let text = """
            #define MIN(a, b) ((a) <= (b) -> (a) : (b))
            unsigned now : 64; unsigned due : 64 [4];
            proctype Client(byte me) { unsigned at : 64; do :: atomic { due[me] <= now -> select (at : now .. 1000000000000); due[me] = at; at = 0 } od }
            active proctype Clock() { do :: now = MIN(due[1], MIN(due[2], due[3])) od }
            init { atomic { run Client(1); run Client(2); run Client(3) } }
            """
        let full = try SymbolicSearch(try Self.program(text), options: Self.options(symmetry: false)).run().result
        let some = try SymbolicSearch(try Self.program(text), options: Self.options(symmetry: true)).run().result
        #expect(some.verdict == full.verdict)
        #expect(some.statistics.statesStored < full.statistics.statesStored)
        #expect(some.statistics.symmetry?.exchanges == ["Client(2) and Client(3)", "Client(2) and Client(4)", "Client(3) and Client(4)"])
        let claim = try Self.program(text + "ltl bounded { [] (now <= 1000000000000) }")
        var options = SymbolicOptions()
        options.usesSymmetry = true
        let checked = try SymbolicSearch(claim, options: options).run().result
        #expect(checked.verdict == .holds)
        #expect(checked.statistics.symmetry?.obstacle?.hasPrefix("formulas are checked") == true)
    }
}
