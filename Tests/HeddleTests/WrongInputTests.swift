import Testing

/// What the user has to mend: exit code 2, one clear message on standard error, nothing on standard output.
@Suite struct WrongInputTests {
    private func expectRefusal(
        _ outcome: HeddleCommand.Outcome, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(outcome.exitCode == 2, sourceLocation: sourceLocation)
        #expect(outcome.output.isEmpty, sourceLocation: sourceLocation)
        for part in parts { #expect(outcome.errors.contains(part), sourceLocation: sourceLocation) }
    }

    @Test(arguments: ["check", "simulate"])
    func aModelThatCannotBeRead(command: String) throws {
        let place = try Workplace(["folder/model.pml": ""])
        let missing = try place.heddle(command, "missing.pml")
        expectRefusal(missing)
        #expect(missing.errors == "heddle: error: cannot read `missing.pml`: No such file or directory\n")
        let folder = try place.heddle(command, "folder")
        expectRefusal(folder)
        #expect(folder.errors == "heddle: error: cannot read `folder`: Is a directory\n")
    }

    @Test(arguments: ["check", "simulate"])
    func aSyntaxErrorIsShownWhereItIs(command: String) throws {
        let place = try Workplace([
            "model.pml": "byte x;\nactive proctype P() {\n    if (x = 1) -> skip\n}\n"
        ])
        let outcome = try place.heddle(command, "model.pml")
        expectRefusal(outcome, "model.pml:3:", ": error: ", "    3 |     if (x = 1) -> skip\n", "^", "hint: ")
    }

    @Test func severalErrorsAreShownInTheOrderOfTheText() throws {
        let place = try Workplace([
            "model.pml": "byte x = ;\nactive proctype P() {\n    y = 1\n}\nbyte z = ;\n"
        ])
        let outcome = try place.heddle("check", "model.pml")
        expectRefusal(outcome)
        let lines = outcome.errors.matches(of: #/(?m)^model\.pml:(\d+):\d+: error: /#).compactMap { Int($0.output.1) }
        #expect(lines.first == 1)
        #expect(lines.last == 5)
        #expect(lines == lines.sorted())
    }

    @Test func anErrorInAnIncludedFileNamesThatFile() throws {
        let place = try Workplace([
            "model.pml": "#include \"types.pml\"\nactive proctype P() { skip }\n", "types.pml": "byte x = ;\n",
        ])
        expectRefusal(try place.heddle("check", "model.pml"), "types.pml:1:10: error: ")
    }

    @Test func aWarningDoesNotStandInTheWay() throws {
        let place = try Workplace(["model.pml": "byte x;\nactive proctype P() { x = 300 }\n"])
        let loud = try place.heddle("check", "model.pml")
        #expect(loud.exitCode == 0)
        #expect(loud.errors.contains("model.pml:2:"))
        #expect(loud.errors.contains(": warning: "))
        let quiet = try place.heddle("check", "--quiet", "model.pml")
        #expect(quiet.exitCode == 0)
        #expect(quiet.errors.isEmpty)
    }

    @Test func bytesThatAreNoTextAreSurvivedAndKeptFromTheTerminal() throws {
        let place = try Workplace()
        var bytes: [UInt8] = []
        var value: UInt32 = 2_463_534_242
        for _ in 0..<4096 {
            value ^= value << 13
            value ^= value >> 17
            value ^= value << 5
            bytes.append(UInt8(truncatingIfNeeded: value))
        }
        try place.write(bytes: bytes, to: "model.pml")
        let outcome = try place.heddle("check", "model.pml")
        expectRefusal(outcome, "model.pml:1:")
        #expect(!outcome.errors.unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" })
    }

    @Test func anEmptyModel() throws {
        let place = try Workplace(["model.pml": ""])
        expectRefusal(try place.heddle("check", "model.pml"), "model.pml:1:1: error: ", "hint: ")
    }

    @Test(arguments: [
        (["check"], "Missing expected argument '<model>'"),
        (["check", "--nope", "model.pml"], "Unknown option '--nope'"),
        (["check", "--search", "sideways", "model.pml"], "'sideways' is invalid"),
        (["check", "--format", "xml", "model.pml"], "'xml' is invalid"),
        (["check", "--memory", "0", "model.pml"], "'0' is invalid for '--memory <size>'"),
        (["check", "--memory", "12Q", "model.pml"], "'12Q' is invalid for '--memory <size>'"),
        (["check", "--memory=-1", "model.pml"], "'-1' is invalid for '--memory <size>'"),
        (["check", "--memory", "1.2.3G", "model.pml"], "'1.2.3G' is invalid for '--memory <size>'"),
        (["check", "--memory", "1e300", "model.pml"], "'1e300' is invalid for '--memory <size>'"),
        (["check", "--threads", "0", "model.pml"], "--threads takes a number from 1 to 256"),
        (["check", "--depth=-1", "model.pml"], "--depth takes a number from 0 on"),
        (["check", "--depth", "few", "model.pml"], "'few' is invalid for '--depth <n>'"),
        (["check", "--ltl", "true } ltl more { true", "model.pml"], "--ltl takes one formula"),
        (["check", "--all-violations", "0", "model.pml"], "--all-violations takes a number from 1 on"),
        (["check", "model.pml", "model.pml"], "Unexpected argument 'model.pml'"),
        (["simulate", "--steps=-1", "model.pml"], "--steps takes a number from 0 on"),
        (["simulate", "--seed", "abc", "model.pml"], "'abc' is invalid for '--seed <s>'"),
        (["replay"], "Missing expected argument '<traces> ...'"),
        (["show", "--as", "gif", "trace.itf.json"], "'gif' is invalid for '--as <as>'"),
        (["show", "--columns", "3", "trace.itf.json"], "--columns takes a number from 40 to 1000"),
        (["frobnicate"], "Unexpected argument 'frobnicate'"),
    ])
    func aCommandLineThatMeansNothing(arguments: [String], message: String) throws {
        let place = try Workplace(["model.pml": "active proctype P() { skip }\n"])
        expectRefusal(try place.heddle(arguments), "Error: ", message, "--help")
    }

    @Test func aPropertyThatTheModelDoesNotHave() throws {
        let place = try Workplace(["model.pml": "bool x\nactive proctype P() { skip }\nltl quiet { [] !x }\n"])
        expectRefusal(
            try place.heddle("check", "--property", "nope", "model.pml"),
            "heddle: error: there is no property `nope`\n", "`end-states`", "`ltl quiet`", "`progress`")
    }

    @Test func moreMemoryThanThereAreAddresses() throws {
        let place = try Workplace(["model.pml": "active proctype P() { skip }\n"])
        expectRefusal(
            try place.heddle("check", "--memory", "900T", "model.pml"),
            "heddle: error: 900 TiB of memory cannot be reserved\n", "hint: give less with --memory")
    }

    @Test(
        arguments: ["replay", "show"],
        ["", "{", "[]", "null", "{\"vars\":[],\"states\":[]}", "\u{0}\u{1}\u{2}", "not a trace", "{\"#meta\":7}"])
    func aFileThatIsNoTrace(command: String, text: String) throws {
        let place = try Workplace(["trace.itf.json": text])
        let outcome = try place.heddle(command, "trace.itf.json")
        expectRefusal(outcome)
        #expect(outcome.errors.hasPrefix("heddle: error: trace.itf.json: "))
        #expect(outcome.errors.count(where: { $0 == "\n" }) == 1)
    }

    @Test(arguments: ["replay", "show"])
    func aTraceThatCannotBeRead(command: String) throws {
        let place = try Workplace(["folder/file": ""])
        expectRefusal(
            try place.heddle(command, "gone.itf.json"), "heddle: error: gone.itf.json: No such file or directory\n")
        expectRefusal(try place.heddle(command, "folder"), "heddle: error: folder: Is a directory\n")
    }

    @Test(arguments: ["replay", "show"])
    func aTraceThatIsCutShort(command: String) throws {
        let place = try Workplace(["model.pml": try Repository.model("deadlock-violated.pml")])
        _ = try place.heddle("check", "--trace", "trace.itf.json", "model.pml")
        let text = try place.text(of: "trace.itf.json")
        for part in 1..<8 {
            try place.write(String(text.prefix(text.count * part / 8)), to: "cut.itf.json")
            expectRefusal(try place.heddle(command, "cut.itf.json"), "heddle: error: cut.itf.json: ")
        }
    }

    @Test func aTraceWhoseModelIsGoneCanBeShownButNotReplayed() throws {
        let place = try Workplace(["model.pml": try Repository.model("deadlock-violated.pml")])
        _ = try place.heddle("check", "--trace", "trace.itf.json", "model.pml")
        try place.remove("model.pml")
        expectRefusal(
            try place.heddle("replay", "trace.itf.json"), "cannot read `model.pml`: No such file or directory",
            "`trace.itf.json` is a trace of this model")
        #expect(try place.heddle("show", "trace.itf.json").exitCode == 0)
    }
}
