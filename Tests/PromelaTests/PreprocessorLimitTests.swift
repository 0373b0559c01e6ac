import Promela
import TestSupport
import Testing

@Suite(.serialized) struct PreprocessorLimitTests {
    /// `#define A0 A1 A1`, and so on: 2 to the power of `count` copies of `last`.
    static func chain(_ count: Int, last: String, call: (String) -> String = { "\($0) \($0)" }) -> String {
        (0..<count).map { "#define A\($0) \(call("A\($0 + 1)"))\n" }.joined() + "#define A\(count) \(last)\n"
    }

    @Test(
        arguments: [
            chain(60, last: "x") + "A0",
            chain(60, last: "") + "A0",
            "#define D(x) x x\n" + String(repeating: "D(", count: 60) + "y" + String(repeating: ")", count: 60),
            "#define D(x)\n" + chain(60, last: "x") + "D(A0)" + "\n#define S(x) x S2(x)\n#define S2(x) D(x)\nS(A0)",
            "#define P(a) a##a\n#define Q(a) P(a)\n" + String(repeating: "Q(", count: 60) + "y"
                + String(repeating: ")", count: 60),
            "#define P(a) #a\n#define Q(a) P(a)\n" + String(repeating: "Q(", count: 60) + #""\\""#
                + String(repeating: ")", count: 60),
            "#if " + chain(0, last: "") + "\n#endif\n" + chain(60, last: "1 +") + "#if A0 1\n#endif",
        ])
    // Half a second, in a debug build.
    func `stops an exponential expansion at once`(source: String) {
        let time = processorTime { #expect(Preprocessed(source).codes.contains("expansion-too-large")) }
        #expect(time < .seconds(10))
    }

    @Test func `stops macros that nest too deeply`() {
        let deep = (0..<300).map { "#define A\($0) A\($0 + 1)\n" }.joined() + "A0"
        #expect(Preprocessed(deep).codes == ["macro-recursion"])
        let fine = (0..<250).map { "#define A\($0) A\($0 + 1)\n" }.joined() + "A0"
        #expect(Preprocessed(fine).text == "A250")
        let calls = "#define I(x) x\n" + String(repeating: "I(", count: 100_000)
        #expect(Preprocessed(calls).codes == ["unterminated-macro-call"])
        #expect(Preprocessed(calls + String(repeating: ")", count: 100_000)).diagnostics.count == 1)
        let closed = String(repeating: "I(", count: 300) + String(repeating: ")", count: 300)
        #expect(Preprocessed("#define I(x) x\n" + closed).codes == ["macro-recursion"])
    }

    @Test func `stops conditions that nest too deeply`() {
        for opening in ["(", "1?", "1||1&&1|1^1&1==1<1<<1+1*(", "-(", "1?1:"] {
            let result = Preprocessed("#if " + String(repeating: opening, count: 10_000) + "\n#endif")
            #expect(result.codes == ["malformed-condition"])
        }
        #expect(Preprocessed("#if " + String(repeating: "!", count: 100_000) + "1\n#endif").diagnostics.isEmpty)
    }

    @Test func `stops files that include themselves`() throws {
        let folder = try TemporaryFolder([
            "once.pml": "#include \"once.pml\"\n", "twice.pml": "#include \"twice.pml\"\n#include \"twice.pml\"\n",
            "empty.h": "", "many.pml": String(repeating: "#include \"empty.h\"\n", count: 10_001),
        ])
        defer { folder.remove() }
        for (name, code) in [
            ("once", "include-depth"), ("twice", "include-depth"), ("many", "too-many-includes"),
        ] {
            var sources = SourceMap()
            var diagnostics: [Diagnostic] = []
            _ = try Preprocessor.tokens(
                ofFileAt: "\(folder.path)/\(name).pml", options: PreprocessorOptions(), sources: &sources,
                diagnostics: &diagnostics)
            #expect(diagnostics.map(\.code.rawValue) == [code])
        }
    }

    @Test func `stops after a thousand faults`() {
        let result = Preprocessed(String(repeating: "é ", count: 5_000))
        #expect(result.diagnostics.count == 1_001)
        #expect(result.codes.last == "too-many-faults")
    }

    @Test func `takes time in proportion to the text`() {
        let count = 20_000
        let texts = [
            String(repeating: "#if 0\n", count: count) + String(repeating: "#else\n#endif\n", count: count),
            String(repeating: "#if 1\n", count: count),
            "#define F(" + (0..<count).map { "a\($0)" }.joined(separator: ",") + ") x\nF(1)",
            "#define f(a) __LINE__ g\n#define g(a) __LINE__ f\nf" + String(repeating: "(1)", count: count),
            "#define F(a) " + String(repeating: "a ", count: 1_000) + "\n"
                + String(repeating: "F()", count: count / 10),
            String(repeating: "\\ ", count: count) + String(repeating: " ", count: count),
            "#define F() x\n" + String(repeating: "F ", count: count) + String(repeating: "/**/ ", count: count),
            String(repeating: "#define F(x\n", count: count), String(repeating: "'", count: count),
            "#define F(x) x\nF" + String(repeating: "(", count: count), "x" + String(repeating: " y", count: 4 * count),
        ]
        for text in texts {
            let time = processorTime {
                let result = Preprocessed(text)
                _ = DiagnosticRenderer(sources: result.sources).render(result.diagnostics)
            }
            #expect(time < .seconds(20), "\(text.prefix(40))")
        }
    }

    @Test func `reads a model of megabytes`() {
        let result = Preprocessed("/*" + String(repeating: "long comment ", count: 250_000) + "*/ x\n")
        #expect(result.text == "x")
        #expect(result.diagnostics.isEmpty)
    }
}
