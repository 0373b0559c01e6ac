import Automata
import Exploration
import Promela
import TestSupport
import Testing

@testable import Traces

/// Whatever breaks a claim in a search stands up to the recorder, which shares no code with the search.
@Suite struct SearchedClaimTests {
    /// Claims about the scalars of a program, and its labels.
    private func formulas(of program: Program, _ random: inout SplitMix64) -> [String] {
        let names = program.globals.filter { variable in
            if case .scalar(let type) = variable.type, type != .chan, variable.count == nil, variable.visibility != .hidden {
                return true
            }
            return false
        }.map(\.displayName)
        guard !names.isEmpty else { return [] }
        func proposition() -> String {
            let name = names[Int.random(in: 0..<names.count, using: &random)]
            return "(\(name) \(Bool.random(using: &random) ? "==" : "!=") \(Int.random(in: 0...2, using: &random)))"
        }
        let (p, q, r) = (proposition(), proposition(), proposition())
        return [
            "[] (\(p) -> <> \(q))", "[] <> \(p)", "<> [] \(p)", "\(p) U \(q)", "[] (\(p) -> X \(q))",
            "(\(p) W \(q)) V <> \(r)", "([] <> \(p)) -> ([] <> \(q))", "[] (\(p) -> (\(q) U \(r)))",
        ]
    }

    private func verify(_ text: String, formulas: [String], seed: UInt64) throws -> Int {
        let options = ReadOptions(formulas: formulas)
        guard let program = ModelReader.read(text: text, path: "a.pml", options: options).program else { return 0 }
        let system = try System(program)
        let recorder = TraceRecorder(system, model: ModelReference(path: "a.pml", options: options))
        var count = 0
        for fairness in Fairness.allCases {
            let properties = Set(Property.all(of: program).filter { if case .claim = $0 { true } else { false } })
            let search = try Search(
                system,
                options: SearchOptions(
                    properties: properties, fairness: fairness, depthLimit: 40, memoryLimit: 1 << 24, violationLimit: 100))
            for violation in search.run().violations {
                guard case .claim(let claim) = violation.property else { continue }
                let finding = Finding.claim(claim, loopStart: violation.loopStart, fairness: fairness)
                let name = violation.property.name(in: program)
                do {
                    let trace = try recorder.record(
                        violation.path, finding: finding, property: name, message: violation.message)
                    let read = try TraceFile.decode(TraceFormat.itf.render(trace))
                    #expect(read == trace)
                    #expect(TraceReplayer(system).replay(read) == Replay(outcome: .reproduced))
                    #expect(!trace.violation.explanation.isEmpty)
                    for format in TraceFormat.allCases { #expect(!format.render(trace).isEmpty) }
                } catch let error as TraceRecordingError {
                    Issue.record("seed \(seed), \(name) \(fairness): \(error.step): \(error.reason)\n\(formulas)\n\(text)")
                }
                count += 1
            }
        }
        return count
    }

    @Test func generatedPrograms() throws {
        var count = 0
        for seed in 0..<UInt64(24) {
            var random = SplitMix64(seed: seed)
            var profile = [GeneratorProfile.everything, .atomicity, .channels, .processes][Int(seed % 4)]
            profile.statements = 6...14
            let text = ProgramGenerator(seed: seed, profile: profile.without(.assertions)).makeProgram()
            guard let program = ModelReader.read(text: text, path: "a.pml").program else { continue }
            count += try verify(text, formulas: formulas(of: program, &random), seed: seed)
        }
        #expect(count > 60)
    }

    @Test(arguments: [ClaimModels.request, ClaimModels.counters, ClaimModels.ending, ClaimModels.labels, ClaimModels.atomic])
    func models(_ model: String) throws {
        #expect(try verify(model, formulas: [], seed: 0) > 0)
    }

    @Test func neverClaims() throws {
        let claims = [
            "never { do :: true :: x == 1 -> break od; accept_here: do :: x != 2 od }",
            "never { do :: x == 0 :: x == 1 -> break od }",
            "never { accept: do :: np_ od }",
        ]
        for claim in claims {
            let model = "byte x;\nactive proctype P() { do :: x == 0 -> x = 1 :: x == 1 -> x = 0 :: x == 1 -> x = 2; break od }\n" + claim
            #expect(try verify(model, formulas: [], seed: 0) > 0)
        }
    }

    @Test func aPropositionWithoutAValueIsNotTakenForAFalseOne() throws {
        let text = "byte x, a[3]\nactive proctype P() { x = 1; x = 5 }\nltl p { [] (a[x] == 0) }\n"
        let program = try #require(ModelReader.read(text: text, path: "a.pml").program)
        let system = try System(program)
        let found = try Search(system, options: SearchOptions(properties: [.claim(.formula(0))])).run()
        let violation = try #require(found.violations.first)
        let trace = try TraceRecorder(system, model: ModelReference(path: "a.pml")).record(
            violation.path, finding: .claim(.formula(0), loopStart: violation.loopStart, fairness: .none), property: "p",
            message: violation.message)
        #expect(trace.steps.count == 2)
        #expect(trace.violation.explanation.first?.contains("neither true nor false after step 2") == true)
    }
}
