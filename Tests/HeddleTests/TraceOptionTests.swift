import Foundation
import Testing
import Traces

/// `heddle check --trace FILE`
@Suite struct TraceOptionTests {
    private func place(_ model: String = "deadlock-violated.pml") throws -> Workplace {
        try Workplace(["model.pml": try Repository.model(model)])
    }

    @Test(arguments: [
        "assertion-violated.pml", "deadlock-violated.pml", "index-violated.pml", "division-violated.pml",
        "message-length-violated.pml", "processes-violated.pml", "channel-never-created-violated.pml",
    ])
    func theTraceThatIsWrittenIsReproduced(model: String) throws {
        let place = try place(model)
        #expect(try place.heddle("check", "--trace", "trace.itf.json", "model.pml").exitCode == 1)
        let replay = try place.heddle("replay", "trace.itf.json")
        #expect(replay.output == "trace.itf.json: reproduced\n")
        #expect(replay.errors.isEmpty)
        #expect(replay.exitCode == 0)
    }

    @Test func askingForAFileChangesNothingElse() throws {
        let place = try place()
        let plain = try place.heddle("check", "model.pml")
        let traced = try place.heddle("check", "--trace", "trace.itf.json", "model.pml")
        #expect(Normalized.text(plain.output) == Normalized.text(traced.output))
        #expect(plain.errors == traced.errors)
        #expect(plain.exitCode == traced.exitCode)
        #expect(try place.names == ["model.pml", "trace.itf.json"])
    }

    @Test func nothingIsWrittenWhereEverythingHolds() throws {
        let place = try place("counter-holds.pml")
        #expect(try place.heddle("check", "--trace", "trace.itf.json", "model.pml").exitCode == 0)
        #expect(try place.names == ["model.pml"])
    }

    @Test func showsItInEveryFormat() throws {
        let place = try place()
        _ = try place.heddle("check", "--trace", "trace.itf.json", "model.pml")
        let text = try place.heddle("show", "trace.itf.json")
        #expect(text.exitCode == 0)
        #expect(text.output.hasPrefix("end-states: "))
        #expect(text.output.contains("request!GET(7)"))
        #expect(try place.heddle("show", "--as", "text", "trace.itf.json").output == text.output)

        let mermaid = try place.heddle("show", "--as", "mermaid", "trace.itf.json")
        #expect(mermaid.exitCode == 0)
        #expect(mermaid.output.hasPrefix("sequenceDiagram\n"))

        let itf = try place.heddle("show", "--as", "itf", "trace.itf.json")
        #expect(itf.exitCode == 0)
        #expect(itf.output == (try place.text(of: "trace.itf.json")))
    }

    @Test func asciiIsASCII() throws {
        let place = try place()
        _ = try place.heddle("check", "--trace", "trace.itf.json", "model.pml")
        let shown = try place.heddle("show", "--ascii", "trace.itf.json")
        #expect(shown.exitCode == 0)
        #expect(shown.output.contains("request!GET(7)"))
        #expect(shown.output.utf8.allSatisfy { $0 < 128 })
    }

    @Test func anExistingFileIsLeftAlone() throws {
        let place = try place()
        try place.write("mine", to: "trace.itf.json")
        let refused = try place.heddle("check", "--trace", "trace.itf.json", "model.pml")
        #expect(refused.exitCode == 2)
        #expect(refused.output.isEmpty)
        #expect(
            refused.errors
                == "heddle: error: `trace.itf.json` exists\n  hint: name another file, or add --overwrite\n")
        #expect(try place.text(of: "trace.itf.json") == "mine")
        #expect(try place.names == ["model.pml", "trace.itf.json"])

        #expect(try place.heddle("check", "--trace", "trace.itf.json", "--overwrite", "model.pml").exitCode == 1)
        #expect(try place.heddle("replay", "trace.itf.json").exitCode == 0)
        #expect(try place.names == ["model.pml", "trace.itf.json"])
    }

    @Test func theStoryOfAReplacedFileStays() throws {
        let place = try place()
        let write = ["check", "--trace", "trace.itf.json", "--overwrite", "model.pml"]
        #expect(try place.heddle(write).exitCode == 1)
        let told = try place.text(of: "trace.itf.json").replacing("\"version\": 1,", with: "\"version\": 1, \"story\": [\"A.\", \"B.\"],")
        try place.write(told, to: "trace.itf.json")
        #expect(try place.heddle(write).exitCode == 1)
        #expect(try TraceFile.decode(try place.text(of: "trace.itf.json")).story == ["A.", "B."])
        // A story of another failure would not be true.
        try place.write(told.replacing("\"property\": \"end-states\"", with: "\"property\": \"assertions\""), to: "trace.itf.json")
        #expect(try place.heddle(write).exitCode == 1)
        #expect(try TraceFile.decode(try place.text(of: "trace.itf.json")).story.isEmpty)
    }

    @Test func severalViolationsGiveNumberedFiles() throws {
        let place = try place("two-assertions-violated.pml")
        #expect(
            try place.heddle("check", "--all-violations", "5", "--trace", "trace.itf.json", "model.pml").exitCode == 1)
        #expect(try place.names == ["model.pml", "trace.itf.json", "trace.2.itf.json"])
        #expect(try place.heddle("replay", "trace.itf.json", "trace.2.itf.json").exitCode == 0)
        #expect(try place.text(of: "trace.itf.json") != place.text(of: "trace.2.itf.json"))
    }

    @Test func eitherAllFilesAreWrittenOrNone() throws {
        let place = try place("two-assertions-violated.pml")
        try place.write("mine", to: "trace.2.itf.json")
        let refused = try place.heddle(
            "check", "--all-violations", "5", "--trace", "trace.itf.json", "model.pml")
        #expect(refused.exitCode == 2)
        #expect(refused.errors.contains("`trace.2.itf.json` exists"))
        // The search is done by then: what it found is not lost.
        #expect(refused.output.contains("Counterexample 2 of 2"))
        #expect(try place.names == ["model.pml", "trace.2.itf.json"])
        #expect(try place.text(of: "trace.2.itf.json") == "mine")
    }

    @Test(arguments: ["missing/trace.itf.json", "folder", "model.pml/trace.itf.json", ""])
    func aPathThatCannotBeWrittenIsRefusedBeforeTheSearch(path: String) throws {
        let place = try place()
        try place.write("", to: "folder/file")
        let refused = try place.heddle("check", "--overwrite", "--trace", path, "model.pml")
        #expect(refused.exitCode == 2)
        #expect(refused.output.isEmpty)
        #expect(refused.errors.hasPrefix("heddle: error: `\(path)` "))
        #expect(try place.names == ["model.pml", "folder"])
    }
}
