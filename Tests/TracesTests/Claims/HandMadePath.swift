import Automata
import Promela
import Testing

@testable import Traces

/// A path that a test walks by itself, to be recorded as if an engine had found it.
struct HandMadePath {
    let system: System
    let model: ModelReference
    private let walk: ModelWalk
    private(set) var steps: [Step] = []

    init(_ text: String, formulas: [String] = []) throws {
        let options = ReadOptions(formulas: formulas)
        let result = ModelReader.read(text: text, path: "models/a.pml", options: options)
        let errors = result.diagnostics.filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors.map(\.message))")
        system = try System(try #require(result.program))
        model = ModelReference(path: "models/a.pml", options: options)
        walk = ModelWalk(system)
    }

    /// Takes steps, each named as in `P(0): x = 1`.
    mutating func take(_ names: String..., times: Int = 1) throws {
        for name in (0..<times).flatMap({ _ in names }) {
            let summaries = walk.candidates.map { walk.describe($0.move.step).summary }
            let index = try #require(summaries.firstIndex(of: name), "\(name) is none of \(summaries)")
            steps.append(walk.candidates[index].move.step)
            walk.take(walk.candidates[index])
        }
    }

    func record(
        _ claim: Claim, loopStart: Int?, fairness: Fairness = .none, property: String = "ltl p"
    ) throws -> Trace {
        let trace = try TraceRecorder(system, model: model).record(
            steps, finding: .claim(claim, loopStart: loopStart, fairness: fairness), property: property,
            message: "a run breaks the claim")
        // Whatever is recorded can be written, read again and replayed.
        let read = try TraceFile.decode(TraceFormat.itf.render(trace))
        #expect(read == trace)
        #expect(TraceReplayer(system).replay(read) == Replay(outcome: .reproduced))
        return trace
    }

    /// Why a lasso is refused.
    func refusal(_ claim: Claim, loopStart: Int?, fairness: Fairness = .none) -> String? {
        do {
            _ = try TraceRecorder(system, model: model).record(
                steps, finding: .claim(claim, loopStart: loopStart, fairness: fairness), property: "p", message: "m")
            return nil
        } catch {
            return error.reason
        }
    }
}
