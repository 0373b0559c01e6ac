import Promela
import Testing

@Suite struct DiagnosticRendererTests {
    /// A diagnostic at the first token with this text.
    private func rendered(
        _ source: String, at spelling: String, hint: String? = nil, usesColor: Bool = false
    ) -> String {
        let model = Preprocessed(source, path: "a.pml")
        guard let token = model.tokens.first(where: { $0.text == spelling }) else { return "no such token" }
        let diagnostic = Diagnostic(
            .error, .undeclaredName, "something is wrong", at: token.span, hint: hint)
        return DiagnosticRenderer(sources: model.sources, usesColor: usesColor).render(diagnostic)
    }

    @Test func `underlines the place and gives the hint`() {
        #expect(
            rendered("a\n  if :: (xyz = 3)", at: "xyz", hint: "write something else") == """
                a.pml:2:10: error: something is wrong [undeclared-name]
                    2 |   if :: (xyz = 3)
                      |          ^~~
                   hint: write something else

                """)
    }

    @Test func `shows the call first, then what it expands to, from the inside out`() {
        #expect(
            rendered("#define IN y + 1\n#define OUT(a) a + IN\nx = OUT(z);", at: "y") == """
                a.pml:3:5: error: something is wrong [undeclared-name]
                    3 | x = OUT(z);
                      |     ^~~~~~
                a.pml:1:12: note: in the expansion of macro `IN`
                    1 | #define IN y + 1
                      |            ^
                a.pml:2:20: note: in the expansion of macro `OUT`
                    2 | #define OUT(a) a + IN
                      |                    ^~

                """)
    }

    @Test func `points at an argument where it is written`() {
        #expect(
            rendered("#define OUT(a) a + 1\nx = OUT(z);", at: "z") == """
                a.pml:2:9: error: something is wrong [undeclared-name]
                    2 | x = OUT(z);
                      |         ^
                a.pml:1:9: note: in an argument of macro `OUT`
                    1 | #define OUT(a) a + 1
                      |         ^~~

                """)
    }

    @Test func `says through which calls an argument was passed`() {
        #expect(
            rendered("#define IN(a) a\n#define OUT(b) IN(b)\nOUT(z)", at: "z") == """
                a.pml:3:5: error: something is wrong [undeclared-name]
                    3 | OUT(z)
                      |     ^
                a.pml:1:9: note: in an argument of macro `IN`
                    1 | #define IN(a) a
                      |         ^~
                a.pml:2:16: note: in the expansion of macro `OUT`
                    2 | #define OUT(b) IN(b)
                      |                ^~~~~

                """)
    }

    @Test func `tells an argument within a macro from the body of the macro called`() {
        #expect(
            rendered("#define IN(a) a\n#define OUT IN(z)\nOUT", at: "z") == """
                a.pml:3:1: error: something is wrong [undeclared-name]
                    3 | OUT
                      | ^~~
                a.pml:2:16: note: in an argument of macro `IN`
                    2 | #define OUT IN(z)
                      |                ^
                a.pml:2:13: note: in the expansion of macro `OUT`
                    2 | #define OUT IN(z)
                      |             ^~~~~

                """)
    }

    @Test func `shows six expansions and counts the others`() {
        let source = (0..<9).map { "#define A\($0) A\($0 + 1)\n" }.joined() + "#define A9 x\nA0"
        let lines = rendered(source, at: "x").split(separator: "\n")
        #expect(lines.count { $0.contains("note: in the expansion") } == 6)
        #expect(lines.last == "   ... 4 more")
    }

    @Test func `spaces out tabs, and shows no control characters`() {
        #expect(
            rendered("a\n\tb\t/*\u{1B}[31m\u{202E}*/ x", at: "x") == """
                a.pml:2:17: error: something is wrong [undeclared-name]
                    2 |     b   /*\u{FFFD}[31m\u{FFFD}*/ x
                      |                    ^

                """)
        let model = Preprocessed("#error \u{1B}[31mred", path: "\u{7}.pml")
        let text = DiagnosticRenderer(sources: model.sources).render(model.diagnostics)
        #expect(!text.contains("\u{1B}") && !text.contains("\u{7}"))
    }

    @Test func `counts wide and combining characters as terminals do`() {
        #expect(
            rendered("/* 漢字 e\u{301} */ x", at: "x").hasSuffix(
                "\n      | " + String(repeating: " ", count: 13) + "^\n"))
    }

    @Test(arguments: [0, 1, 60, 150, 5_000, 100_000])
    func `cuts a long line around the place`(before: Int) {
        let source = String(repeating: "a ", count: before) + "here" + String(repeating: " b", count: 5_000)
        let lines = rendered(source, at: "here").split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1].count <= 108)
        let column = lines[2].distance(
            from: lines[2].startIndex, to: lines[2].firstIndex(of: "^") ?? lines[2].startIndex)
        #expect(lines[1].dropFirst(column).hasPrefix("here"))
        #expect(lines[2].hasSuffix("^~~~"))
    }

    @Test func `points behind the last line at the end of the model`() {
        #expect(
            rendered("ab\n", at: "") == """
                a.pml:2:1: error: something is wrong [undeclared-name]
                    2 |
                      | ^

                """)
        #expect(rendered("ab", at: "").hasSuffix("    1 | ab\n      |   ^\n"))
    }

    @Test func `colours on request`() {
        #expect(
            rendered("x", at: "x", hint: "h", usesColor: true)
                == "\u{1B}[1ma.pml:1:1:\u{1B}[0m \u{1B}[1;31merror:\u{1B}[0m something is wrong [undeclared-name]\n"
                + "    1 | x\n      | \u{1B}[1;32m^\u{1B}[0m\n   \u{1B}[1;36mhint:\u{1B}[0m h\n")
    }

    @Test func `appends the notes of a diagnostic`() {
        let model = Preprocessed("#define A 1\n#define A 2\n", path: "a.pml")
        #expect(
            DiagnosticRenderer(sources: model.sources).render(model.diagnostics) == """
                a.pml:2:9: warning: `A` is defined again, differently [macro-redefined]
                    2 | #define A 2
                      |         ^
                   hint: take the former definition back with `#undef A`
                a.pml:1:9: note: the former definition
                    1 | #define A 1
                      |         ^

                """)
    }

    @Test func `limits errors and warnings each, and counts them`() {
        let model = Preprocessed(String(repeating: "#warning w\n#error e\n", count: 3))
        let text = DiagnosticRenderer(sources: model.sources, limit: 2).render(model.diagnostics)
        #expect(text.split(separator: "\n").count { $0.contains("[error-directive]") } == 2)
        #expect(text.split(separator: "\n").count { $0.contains("[warning-directive]") } == 2)
        #expect(text.hasSuffix("... and 2 more\n"))
        #expect(DiagnosticRenderer.summary(of: model.diagnostics) == "3 errors, 3 warnings")
        #expect(DiagnosticRenderer.summary(of: Array(model.diagnostics.prefix(1))) == "1 warning")
        #expect(DiagnosticRenderer.summary(of: []) == "")
    }
}
