import ArgumentParser
import Conformance
import Exploration
import Foundation
import Fuzzing
import ModelFuzzing
import Promela
import Suites
import Symbolic
import Terminal
import Traces

/// A model in which recorded runs are followed.
struct GuideOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Follow runs in this model, as `heddle conform` does, and prefer those that take it where none has been.", valueName: "model"),
        completion: .file(extensions: ["pml", "promela", "prom"]))
    var model: String?

    @Option(
        name: [.customShort("D"), .long], parsing: .singleValue,
        help: ArgumentHelp("Define a macro of the model, as #define does.", valueName: "name[=value]"))
    var define: [String] = []

    func validate() throws {
        guard model != nil || define.isEmpty else { throw ValidationError("-D goes with --model only.") }
    }

    /// What follows runs; nil if there is no model.
    func makeGuide() throws -> ModelGuide? {
        guard let model else { return nil }
        let options = ReadOptions(preprocessor: PreprocessorOptions(defines: define))
        let system = try ModelLoader.load(showsWarnings: true) { () throws(ModelError) in
            try LoadedModel(ModelReference(path: model, options: options))
        }
        do {
            return try ModelGuide(ModelFollower(system.program))
        } catch let error as ConformanceError {
            throw UserError("\(error)", hint: error.hint)
        }
    }

    /// Looks at what has come of the first run, in which nothing is done wrong.
    static func check(_ guide: ModelGuide) throws {
        let summary = guide.summary
        switch summary.failure {
        case nil: break
        case let error as ConformanceError: throw UserError("\(error)", hint: error.hint)
        case let error as UnsupportedModel:
            ModelLoader.report([error.diagnostic], guide.follower.system.program.sources)
            throw ExitStatus.wrongInput
        case let error?: throw error
        }
        if summary.followed > summary.stopped, summary.whole == 0 {
            StandardError.write("heddle: even the run in which nothing is done wrong is a behaviour of the model at its beginning only\n")
        }
    }

    /// What runs have taken of the model, and what that has cost.
    static func text(_ guide: ModelGuide) -> (result: String, cost: String) {
        let summary = guide.summary
        var cost = "\(NumberText.counted(summary.followed, "run")) followed in the model, \(summary.whole) to the end"
        if summary.stopped > 0 { cost += " and \(summary.stopped) as far as there was time" }
        cost += String(format: ", in %.1f s", summary.time / .seconds(1))
        cost += summary.waiting > 0 ? "; \(summary.waiting) with other messages wait for that\n" : "\n"
        return (CoverageSummary(guide.follower.system, taken: summary.taken).text, cost)
    }
}
