import Promela
import Testing

@Suite struct MacroSpanTests {
    @Test func `leads from the body of a macro to its call`() {
        let result = Preprocessed("#define FOO x + 1\nif FOO fi")
        #expect(result.trail(of: "x") == ["1:13 x", "2:4 FOO"])
        #expect(result.trail(of: "fi") == ["2:8 fi"])
    }

    @Test func `leads through macros within macros`() {
        let result = Preprocessed("#define IN y\n#define OUT(a) a + IN\n OUT(z)")
        #expect(result.trail(of: "y") == ["1:12 y", "2:20 IN", "3:2 OUT(z)"])
        #expect(result.trail(of: "z") == ["3:6 z", "3:2 OUT(z)"])
    }

    @Test func `leads through the arguments of macros`() {
        let result = Preprocessed("#define ID(a) [a]\n#define N n\nID(ID(N))")
        #expect(result.trail(of: "n") == ["2:11 n", "3:7 N", "3:4 ID(N)", "3:1 ID(ID(N))"])
        let passed = Preprocessed("#define IN(a) a\n#define OUT(b) IN(b)\nOUT(z)")
        #expect(passed.trail(of: "z") == ["3:5 z", "2:16 IN(b)", "3:1 OUT(z)"])
    }

    @Test func `names every macro and where it was defined`() throws {
        let result = Preprocessed("#define FOO x\nFOO")
        let expansion = try #require(result.sources[result.tokens[0].span.expansion])
        #expect(expansion.kind == .macro)
        #expect(expansion.name == "FOO")
        #expect(expansion.definition.map { result.sources.text(of: $0) } == "FOO")
    }

    @Test func `never joins an argument with the body around it`() {
        let result = Preprocessed("#define F(a) 1 + a + 2\nF(x - y)")
        let spans = Dictionary(result.tokens.map { ($0.text, $0.span) }, uniquingKeysWith: { first, _ in first })
        #expect(spans["1"]?.joined(with: spans["x"] ?? result.tokens[0].span) == spans["1"])
        #expect(spans["x"]?.joined(with: spans["y"] ?? result.tokens[0].span).end == spans["y"]?.end)
        #expect(spans["1"]?.joined(with: spans["2"] ?? result.tokens[0].span).end == spans["2"]?.end)
    }

    @Test func `spans a call over its lines, and a token over its continuation`() {
        let result = Preprocessed("#define F(a) a q\nF(x\n)\nlo\\\nng")
        #expect(result.trail(of: "q") == ["1:16 q", "2:1 F(x\n)"])
        #expect(result.trail(of: "long") == ["4:1 lo\\\nng"])
    }

    @Test func `places pasted tokens and strings in the body`() {
        let result = Preprocessed("#define F(a) b ## a #a\nF(x)")
        #expect(result.trail(of: "bx") == ["1:14 b", "2:1 F(x)"])
        #expect(result.trail(of: "x") == ["1:21 #a", "2:1 F(x)"])
    }

    @Test func `places what -D defines on the command line`() {
        let result = Preprocessed("N", defines: ["N=7"])
        let spelled = result.tokens[0].span
        #expect(result.sources.location(of: spelled) == SourceLocation(path: "<command line>", line: 1, column: 3))
        #expect(result.sources.text(of: spelled) == "7")
    }
}
