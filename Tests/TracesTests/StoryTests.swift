import TestSupport
import Testing

@testable import Traces

/// What somebody has written into a trace for others to read.
@Suite struct StoryTests {
    private static let story = ["The client `asks`; nobody \u{1b}[31manswers.", "Both wait until the end."]

    private func trace(_ story: [String] = story) throws -> Trace {
        var trace = try Fixture(Models.deadlock).trace
        trace.story = story
        return trace
    }

    @Test func standsInTheFile() throws {
        let text = ITFEncoder.text(try trace(["One.", "Two."]))
        #expect(text.contains("\"story\": ["))
        #expect(try TraceFile.decode(text).story == ["One.", "Two."])
        #expect(!ITFEncoder.text(try trace([])).contains("story"))
    }

    @Test(arguments: [
        ("\"One.\"", "#meta.heddle.story: a string stands where a list should be"),
        ("[\"One.\", 2]", "#meta.heddle.story[1]: a number stands where a string should be"),
        ("null", "#meta.heddle.story: null stands where a list should be"),
    ])
    func ofAnotherTypeIsAnError(story: String, message: String) throws {
        let text = ITFEncoder.text(try trace([])).replacing("\"version\": 1,", with: "\"version\": 1, \"story\": \(story),")
        let error = #expect(throws: TraceFileError.self) { try TraceFile.decode(text) }
        #expect(error?.description == message)
    }

    @Test func standsAboveTheSteps() throws {
        let text = TextRenderer(options: TextOptions(columns: 60)).render(try trace())
        #expect(
            text.contains(
                """
                  after 1 step, at models/a.pml:7

                The client `asks`; nobody \\u{1b}[31manswers. Both wait until
                the end.

                Initially:
                """))
        #expect(!text.contains("\u{1b}"))
    }

    @Test func standsInTheDiagramAsANote() throws {
        let lines = MermaidRenderer().render(try trace()).split(separator: "\n")
        #expect(lines[3].hasPrefix("    Note over P0,P1: The client #96;asks#96;#59; nobody "))
        #expect(lines[3].hasSuffix("<br/>Both wait until the #101;nd."))
        #expect(!lines[3].contains("\u{1b}"))
    }

    @Test func goesOverToTheTraceThatReplacesIt() throws {
        let folder = try TemporaryDirectory(prefix: "story")
        let path = folder.url.appendingPathComponent("t.itf.json").path
        try TraceFile.write(try trace(), to: path)
        #expect(try trace([]).withStory(ofFileAt: path) == trace())
        // One of its own is not replaced, and one of something else is not taken.
        #expect(try trace(["Mine."]).withStory(ofFileAt: path).story == ["Mine."])
        var other = try trace([])
        other.violation.property = "assertions"
        #expect(other.withStory(ofFileAt: path).story.isEmpty)
        other = try trace([])
        other.model.path = "other.pml"
        #expect(other.withStory(ofFileAt: path).story.isEmpty)
        try TraceFile.write(text: "no trace", to: path, overwrite: true)
        #expect(try trace([]).withStory(ofFileAt: path).story.isEmpty)
        #expect(try trace([]).withStory(ofFileAt: path + ".not").story.isEmpty)
    }
}
