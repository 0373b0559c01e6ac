import Testing

/// How examples are found in a Markdown text and compared.
@Suite struct ConsoleBlocksTests {
    private static let sample = """
        # Title

        ```promela
        active proctype P() { skip }
        ```

        ```console
        $ swift build
        Compiling
        $ heddle check counter-holds.pml
        counter-holds.pml: holds

        ...

        209 states stored, 144 matched, 352 transitions, depth 32; 12.34 s, 1.5 GiB
        $ heddle check --quiet deadlock-violated.pml; echo $?
        deadlock-violated.pml: violated
        1
        ```

        ```console
        $ heddle --version | tr -d 0-9
        ..
        ```
        """

    @Test func findsCommandsAndTheirOutputs() {
        let blocks = ConsoleBlocks(markdown: Self.sample)
        #expect(blocks.blockCount == 2)
        #expect(
            blocks.examples.map(\.command) == [
                "heddle check counter-holds.pml", "heddle check --quiet deadlock-violated.pml; echo $?",
                "heddle --version | tr -d 0-9",
            ])
        #expect(blocks.examples.map(\.line) == [10, 16, 22])
        #expect(blocks.examples.last?.expected == [".."])
    }

    @Test func runsThem() throws {
        for example in ConsoleBlocks(markdown: Self.sample).examples {
            let outcome = try ConsoleBlocks.run(example, in: Repository.models)
            #expect(ConsoleBlocks.matches(outcome.output, example.expected), "\(example.command): \(outcome.output)")
        }
    }

    @Test func aTextWithoutExamplesHasNone() {
        #expect(ConsoleBlocks(markdown: "# Title\n\n```swift\n$ heddle check\n```\n").blockCount == 0)
        #expect(ConsoleBlocks(markdown: "").examples == [])
    }

    @Test(arguments: [
        ("one\ntwo\n", ["one", "two"], true),
        ("one\ntwo\n", ["one"], false),
        ("one\n", ["one", "two"], false),
        ("one\ntwo\nthree\n", ["...", "three"], true),
        ("one\ntwo\nthree\n", ["one", "..."], true),
        ("one\ntwo\nthree\n", ["one", "...", "two", "...", "three"], true),
        ("one\ntwo\nthree\n", ["...", "two"], false),
        ("one\n", ["One"], false),
        ("", [], true),
        ("", ["..."], true),
        ("one\n", [], false),
        ("it took 1.20 s, 3 MiB\n", ["it took 0.01 s, 4.5 GiB"], true),
        ("it took 1.20 s, 3 states\n", ["it took 0.01 s, 4 states"], false),
    ] as [(String, [String], Bool)])
    func comparesLineByLine(output: String, expected: [String], isEqual: Bool) {
        #expect(ConsoleBlocks.matches(output, expected) == isEqual)
    }
}
