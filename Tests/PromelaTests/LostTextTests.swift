import Promela
import Testing

/// Where text is missing, what the parser would say of the rest only hides what is wrong.
@Suite struct LostTextTests {
    @Test(arguments: [
        ("macro-recursion", (0..<300).map { "#define A\($0) A\($0 + 1)\n" }.joined() + "int x = A0;\ninit { y = 2 }"),
        ("expansion-too-large", PreprocessorLimitTests.chain(60, last: "x") + "init { int x; x = A0; y = 2 }"),
        ("unterminated-macro-call", "#define F(x) x\nint x = F(;\ninit { x = 1; y = 2 }\nint z = F(2;"),
        ("unterminated-comment", "int x;\n/* init { x = 1; }"),
        ("unterminated-conditional", "#if 0\ninit { skip }"),
        ("missing-include", "#include \"none.h\"\ninit { int x; x = N }"),
        ("error-directive", "#ifndef N\n#error N\n#endif\ninit { int x; x = N }"),
    ])
    func `is the only thing that is reported`(code: String, text: String) {
        let result = ModelReader.read(text: text)
        #expect(result.program == nil)
        #expect(result.diagnostics.map(\.code.rawValue) == [code])
    }

    @Test func `leaves other faults of the text to be reported together with those of the model`() {
        let result = ModelReader.read(text: "init { int x; x = 0b1; y = 2 }")
        #expect(Set(result.diagnostics.map(\.code)) == [.malformedNumber, .undeclaredName])
    }
}
