import Foundation
import Promela
import TestSupport
import Testing

/// Compares with GNU cpp, which is what Spin runs: the same tokens in the same order.
@Suite struct CppOracleTests {
    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/gcc")

    /// What cpp makes of a text, cut into tokens; without the macros that describe the compiler.
    static func cpp(_ arguments: [String], input: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/gcc")
        process.arguments = ["-std=gnu99", "-undef", "-w", "-E", "-P", "-x", "c"] + arguments
        let (standardInput, standardOutput) = (Pipe(), Pipe())
        process.standardInput = standardInput
        process.standardOutput = standardOutput
        process.standardError = FileHandle.nullDevice
        try process.run()
        DispatchQueue.global().async {
            try? standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
            try? standardInput.fileHandleForWriting.close()
        }
        let output = standardOutput.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()

        var sources = SourceMap()
        var diagnostics: [Diagnostic] = []
        let file = sources.add(SourceFile(path: "cpp", bytes: Array(output)))
        let tokens = Lexer.tokens(of: file, in: sources, diagnostics: &diagnostics)
        return tokens.map { $0.kind == .string ? "\"\($0.text)\"" : $0.text }.dropLast()
    }

    @Test(
        .enabled(if: isInstalled),
        arguments: [
            "#define f(a) a*g\n#define g(a) f(a)\nf(2)(9)\nf(2) (9) (3)",
            "#define x 3\n#define f(a) f(x * (a))\n#undef x\n#define x 2\n#define g f\n#define z z[0]\n#define h g(~\n"
                + "#define m(a) a(w)\n#define w 0,1\n#define t(a) a\n#define p() int\n#define q(x) x\n"
                + "#define r(x,y) x ## y\n#define str(x) # x\nf(y+1) + f(f(z)) % t(t(g)(0) + t)(1);\n"
                + "g(x+(3,4)-w) | h 5) & m\n(f)^m(m);\np() i[q()] = { q(1), r(2,3), r(4,), r(,5), r(,) };\n"
                + "char c[2][6] = { str(hello), str() };",
            "#define str(s) # s\n#define xstr(s) str(s)\n#define debug(s, t) printf(\"x\" # s \"= %d, x\" # t \"= %s\", "
                + "x ## s, x ## t)\n#define INCFILE(n) vers ## n\n#define glue(a, b) a ## b\n"
                + "#define xglue(a, b) glue(a, b)\n#define HIGHLOW \"hello\"\n#define LOW LOW \", world\"\n"
                + "debug(1, 2);\nfputs(str(strncmp(\"abc\\0d\", \"abc\", '\\4') == 0) str(: @), s);\n"
                + "xstr(INCFILE(2).h)\nglue(HIGH, LOW);\nxglue(HIGH, LOW)",
            "#define t(x,y,z) x ## y ## z\nint j[] = { t(1,2,3), t(,4,5), t(6,,7), t(8,9,), t(10,,), t(,11,), t(,,12), "
                + "t(,,) };",
            "#define debug(...) fprintf(stderr, __VA_ARGS__)\n#define showlist(...) puts(#__VA_ARGS__)\n"
                + "#define report(test, ...) ((test)?puts(#test): printf(__VA_ARGS__))\ndebug(\"Flag\");\n"
                + "debug(\"X = %d\\n\", x);\nshowlist(The first, second, and third items.);\n"
                + "report(x>y, \"x is %d but y is %d\", x, y);",
            "#define A B\n#define B A\nA B\n#define C() D\n#define D C\nC()() C()()()",
            "#define LP (\n#define F(x) [x]\nF LP 1)\n#define CALL F LP 1)\nCALL\n#define ID(x) x\nID(CALL) ID(ID(CALL))",
            "#define foo() bar\nfoo\n()\nfoo\n(\n)\nfoo x foo",
            "#define f(x) x f\nf(1)(2)(3) f(f)(1) f(f(1))(2)",
            "#define NIL(xxx) xxx\n#define G_0(arg) NIL(G_1)(arg)\n#define G_1(arg) NIL(arg)\nG_0(42)",
            "#define AA BB\n#define BB AA CC\n#define CC AA BB\nAA BB CC",
            "#define E\n#define F(x, y) x E y\nF(a, b) F(,) F(E, E) F((,), [) F(a E, E b)",
            "#define EMPTY\n#define CAT(a, b) a ## b\n#define XCAT(a, b) CAT(a, b)\nXCAT(EMPTY x, y) CAT(EMPTY, y) "
                + "XCAT(EMPTY, EMPTY) XCAT(a EMPTY, EMPTY b)",
            "#define S(x) #x\nS( a   b /* c */ d ) S(\"a\\\\b\" '\\'' '\"') S(a\nb) S(,) S((a,b))",
            "#define V(a, ...) [a|__VA_ARGS__|#__VA_ARGS__]\nV(1) V(1,) V(1,2) V(1,2,3 ,4)",
            "#define V(a, b...) f(a, ##b) g(a , ## b)\n#define N 1\nV(N) V(N,) V(N,N) V(N,N,N)",
            "#define V(...) f(0, ##__VA_ARGS__)\nV() V(1) V(1,2)",
            "#define a a b\n#define b a\na b",
            "#define f(x) [x\n#define g f(\ng 1)] g g 2))",
            "#define f(x,y) x y\nf(f(1,2),f(f(3,4),5)) f((f)(1,2),f)",
            "#if 1 ? 2 : (1/0)\na\n#endif\n#if -1 > 0u\nb\n#endif\n#if (2 || 1/0) && !(0 && 1/0)\nc\n#endif",
            "#if 0x7fffffffffffffff + 0 > 0 && 077 == 63 && 'a' < 'b' && 10UL == 10\na\n#else\nb\n#endif",
            "#define X\n#if defined X && !defined(Y) && defined ( X )\na\n#elif defined Y\nb\n#else\nc\n#endif",
            "#if 0\n#if 1\na\n#else\nb\n#endif\n'\n#elif 1\nc\n# else\nd\n#endif",
            "#define \\\nX \\\n 1 \\\n + 2\nX\n#def\\\nine Y 3\nY // z \\\nY\nY",
            "a /* #define X 1\n*/ # not a directive\n/**/ # /**/ define Z 1 /*\n*/ + 1\nZ",
            "#define F(x) x\nF(\n#define K 2\nK\n#undef K\n#ifdef K\nno\n#else\nyes\n#endif\n)",
            "#define F(x) x\nF(1,(2)) G F (3) F\n\n\n(4)",
            "#define L __LINE__\n\n#if L == 3 && __LINE__ == 3\nyes\n#endif\n#define I(x) x\nI(\nL) I(I(L)) I(\n__LINE__)",
            "__LINE__\n#define L __LINE__\n\nL L\\\n L __LINE__",
            "#define hash_hash # ## #\n#define mkstr(a) # a\n#define in_between(a) mkstr(a)\n"
                + "#define join(c, d) in_between(c hash_hash d)\njoin(x, y)",
            "#define P(x, y) x##y\nP(P, (1,2)) P(a, P(b, c)) P(x, 1) P(1, x) P(<, <) P(&, &) P(-, >) P(., 5)",
            "printf(\"a // b /* c */\"); 'a' /* ' */ \"x\\\"y\" // \" '\nz",
        ])
    func `expands as cpp does`(source: String) throws {
        let result = Preprocessed(source, path: "<stdin>")
        #expect(try result.spellings.joined(separator: " ") == Self.cpp(["-"], input: source).joined(separator: " "))
    }

    @Test(.enabled(if: isInstalled), arguments: SpinExamples.paths)
    func `reads the examples of Spin as cpp does`(path: String) throws {
        var sources = SourceMap()
        var diagnostics: [Diagnostic] = []
        let tokens = try Preprocessor.tokens(
            ofFileAt: path, options: PreprocessorOptions(), sources: &sources, diagnostics: &diagnostics)
        let spellings = tokens.dropLast().map { $0.kind == .string ? "\"\($0.text)\"" : $0.text }
        #expect(try spellings == Self.cpp([path], input: ""))
        #expect(diagnostics.isEmpty, "\(DiagnosticRenderer(sources: sources).render(diagnostics))")
    }

    /// Random macros: where both think that the text is in order, they must agree about it.
    @Test(.enabled(if: isInstalled)) func `expands random macros as cpp does`() throws {
        var random = SplitMix64(seed: 7)
        var compared = 0
        for _ in 0..<200 {
            let source = Self.randomMacros(using: &random)
            let result = Preprocessed(source, path: "<stdin>")
            guard result.diagnostics.isEmpty else { continue }
            compared += 1
            let expected = try Self.cpp(["-"], input: source).joined(separator: " ")
            #expect(result.spellings.joined(separator: " ") == expected, "\(source)")
        }
        #expect(compared > 50)
    }

    @Test(.enabled(if: isInstalled)) func `decides random conditions as cpp does`() throws {
        var random = SplitMix64(seed: 11)
        // What cpp makes of a division by zero, beyond the error, is nothing to go by.
        let conditions = (0..<800).map { _ in Self.randomCondition(depth: 4, using: &random) }
            .filter { Preprocessed("#if \($0)\n#endif").diagnostics.isEmpty }
        let source = conditions.enumerated().map { "#if \($1)\nyes\($0)\n#endif\n" }.joined()
        let spellings = Preprocessed(source).spellings
        let expected = try Self.cpp(["-"], input: source)
        for (index, condition) in conditions.enumerated() {
            #expect(spellings.contains("yes\(index)") == expected.contains("yes\(index)"), "\(condition)")
        }
        #expect(spellings.count > 100 && spellings.count < conditions.count - 100)
    }

    private static func randomCondition(depth: Int, using random: inout SplitMix64) -> String {
        let operators = [
            "+", "-", "*", "/", "%", "<<", ">>", "<", ">", "<=", ">=", "==", "!=", "&", "|", "^", "&&", "||",
        ]
        let atoms = [
            "0", "1", "2", "3u", "07", "0x10", "'a'", "X", "-1", "(-2)", "!5", "~0", "0xFFFFFFFFFFFFFFFF", "63",
            "9223372036854775807", "defined X", "1l", "!!3", "'\\n'",
        ]
        func part() -> String { randomCondition(depth: depth - 1, using: &random) }
        guard depth > 0 else { return atoms.randomElement(using: &random) ?? "0" }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return "(\(part()))"
        case 1: return "(\(part()) ? \(part()) : \(part()))"
        default: return "\(part()) \(operators.randomElement(using: &random) ?? "+") \(part())"
        }
    }

    private static func randomMacros(using random: inout SplitMix64) -> String {
        let words = ["A", "B", "F", "G", "F(", "G(", "(", ")", ",", "x", "1", "+", "F(A)", "G(B, x)", "F(G(1,A))"]
        func text(_ more: [String], _ count: Int) -> String {
            (0..<Int.random(in: 0...count, using: &random))
                .map { _ in (words + more).randomElement(using: &random) ?? "" }.joined(separator: " ")
        }
        return "#define A \(text([], 4))\n#define B \(text([], 4))\n"
            + "#define F(p) \(text(["p", "p", "# p", "p ## 1", "x ## p"], 5))\n"
            + "#define G(p,q) \(text(["p", "q", "p ## q", "# q", "q"], 5))\n"
            + "\(text([], 8))\n\(text([], 8)) ;)))"
    }
}
