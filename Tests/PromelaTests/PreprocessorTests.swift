import Foundation
import Promela
import Testing

@Suite struct PreprocessorTests {
    @Test(arguments: [
        ("#define N 3\nN n N1", "3 n N1"), ("#define N\n[N]", "[ ]"), ("#define A B\n#define B A\nA B", "A B"),
        ("#define F(x) (x)\nF(1) F ( 2 ) F", "( 1 ) ( 2 ) F"), ("#define F() x\nF() F( )", "x x"),
        ("#define F(x,y) [x|y]\nF((1,2),3) F(,) F(a,)", "[ ( 1 , 2 ) | 3 ] [ | ] [ a | ]"),
        ("#define F(x) x+\nF(1\n2\n)3", "1 2 + 3"), ("#define F (x)\nF", "( x )"),
        ("#define S(x) #x\nS( a  \"b\\n\" '\\'' )", #""a \"b\\n\" '\\''""#), ("#define S(x) #x\nS()", "\"\""),
        ("#define P(a,b) a##b\nP(x,1) P(,y) P(z,) P(,) P(-,>)", "x1 y z ->"),
        ("#define X 5\n#define P(a) a##X a\nP(X)", "XX 5"),
        ("#define S(x) #x\n#define T(x) S(x)\n#define N 3\nS(N) T(N)", "\"N\" \"3\""),
        ("#define L(f, ...) f(__VA_ARGS__)\nL(g) L(g,1) L(g,1,2)", "g ( ) g ( 1 ) g ( 1 , 2 )"),
        ("#define L(f, r...) f(0, ## r)\nL(g) L(g,1,2)", "g ( 0 ) g ( 0 , 1 , 2 )"),
        ("#define f(x) x f\nf(1)(2)(3)", "1 f ( 2 ) ( 3 )"),
        ("#define N 3\nselect (x : 0..N)", "select ( x : 0 .. 3 )"), ("#define N 1\n#undef N\n#undef M\nN", "N"),
        ("a \\\n#define N\nN", "a define N N"), ("#\n# 12 \"x\"\n#line 7\n#pragma whatever don't\na", "a"),
        ("  #  define N 1 // x\nN", "1"), ("/* x */ #define N /* \n */ 2\nN", "2"),
    ])
    func `expands macros`(source: String, expected: String) {
        let result = Preprocessed(source)
        #expect(result.text == expected)
        #expect(result.codes.allSatisfy { $0 == "unknown-character" })
    }

    @Test(arguments: [
        "1", "-1", "!0", "!!1", "defined A", "defined(A) && defined ( A )", "!defined B", "A == 3", "B == 0",
        "A > 2 && A < 4",
        "1 ? 1 : 1 / 0", "0 || 1", "1 || 1/0", "!(0 && 1 % 0)", "(1 + 2) * 3 == 9", "1 + 2 * 3 == 7", "7 - 2 - 1 == 4",
        "'a' == 97", "'\\0' == 0", "'\\x41' == 65", "'\\101' == 65", "010 == 8", "0x10 == 16", "0b11 == 3", "~0 == -1",
        "-1 < 0", "-1 > 0u", "1 << 4 == 16", "-8 >> 1 == -4", "1 << -1 == 0", "(5 ^ 1) == 4", "(6 & 3 | 8) == 10",
        "3 != 4", "3 <= 3 && 3 >= 3", "F(2) == 4", "IS_A", "2 ? 3 ? 4 : 5 : 6", "9223372036854775807 + 1 < 0",
        "-9223372036854775807 - 1 == (-9223372036854775807 - 1) / -1", "__LINE__ == 4", "defined __FILE__",
    ])
    func `keeps a branch whose condition holds`(condition: String) {
        let source = "#define A 3\n#define F(x) x*x\n#define IS_A defined(A)\n#if \(condition)\nyes\n#else\nno\n#endif"
        let result = Preprocessed(source)
        #expect(result.text == "yes")
        #expect(result.diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("#if", "1:2 malformed-condition"), ("#if 1 +", "1:7 malformed-condition"),
        ("#if (1", "1:5 malformed-condition"),
        ("#if 1 2", "1:7 malformed-condition"), ("#if \"x\"", "1:5 malformed-condition"),
        ("#if 1 ? 2", "1:2 malformed-condition"),
        ("#if defined", "1:5 malformed-condition"), ("#if defined(X", "1:5 malformed-condition"),
        ("#if 1/0", "1:6 condition-division-by-zero"), ("#if 5%(1-1)", "1:6 condition-division-by-zero"),
        ("#if 99999999999999999999", "1:5 number-too-large"), ("#if 1.5", "1:6 malformed-condition"),
        ("#if 09", "1:5 malformed-condition"), ("#if 'ab'", "1:5 malformed-condition"),
        ("#if a = 1", "1:7 malformed-condition"),
    ])
    func `says what is wrong with a condition, and takes it for false`(line: String, fault: String) {
        let result = Preprocessed("\(line)\nno\n#endif\nafter")
        #expect(result.faults == [fault])
        #expect(result.text == "after")
    }

    @Test func `chooses one branch`() {
        for choice in 0...3 {
            let source = "#if X == 1\none\n#elif X == 2\ntwo\n#elif X == 3\nthree\n#else\nnone\n#endif"
            #expect(Preprocessed(source, defines: ["X=\(choice)"]).text == ["none", "one", "two", "three"][choice])
        }
        #expect(Preprocessed("#ifdef X\na\n#else\nb\n#endif\n#ifndef X\nc\n#endif").text == "b c")
    }

    @Test func `does not care what skipped text says`() {
        let result = Preprocessed(
            """
            #if 0
            don't "care /* about
            #if 1/0
            #nonsense
            #else extra
            #endif FOO
            #include "nowhere"
            é $ 99999999999999999999999
            /* #endif */
            #else
            kept
            #endif
            """)
        #expect(result.text == "kept")
        #expect(result.diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("#nonsense\n", "1:2 unknown-directive"), ("#error don't do this", "1:2 error-directive"),
        ("#warning hm", "1:2 warning-directive"), ("#if 1\n#if 1\n#endif\n", "1:2 unterminated-conditional"),
        ("#endif", "1:2 unbalanced-conditional"), ("#else", "1:2 unbalanced-conditional"),
        ("#elif 1", "1:2 unbalanced-conditional"),
        ("#if 1\n#else\n#else\n#endif", "3:2 unbalanced-conditional"),
        ("#if 0\n#else\n#elif 1\n#endif", "3:2 unbalanced-conditional"),
        ("#ifdef\n#endif", "1:2 malformed-directive"), ("#undef 3", "1:8 malformed-directive"),
        ("#if 1\n#endif X", "2:8 extra-tokens"), ("#define", "1:2 malformed-macro"),
        ("#define 3 4", "1:9 malformed-macro"),
        ("#define defined", "1:9 malformed-macro"), ("#define F(x", "1:10 malformed-macro"),
        ("#define F(x,x) x", "1:13 malformed-macro"),
        ("#define F(x,) x", "1:13 malformed-macro"), ("#define F(x) #y", "1:14 malformed-macro"),
        ("#define F ## x", "1:11 malformed-macro"),
        ("#define F x ##", "1:13 malformed-macro"), ("#define A 1\n#define A 2", "2:9 macro-redefined"),
        ("#define F(x) x\nF(1,2)", "2:1 macro-arguments"), ("#define F(x,y) x\nF(1)", "2:1 macro-arguments"),
        ("#define F() x\nF(1)", "2:1 macro-arguments"), ("#define F(x) x\nF(1", "2:1 unterminated-macro-call"),
        ("#define F(x) x\nF(\n#include \"y\"\n)", "3:2 malformed-directive"),
        ("#define P(a,b) a##b\nP(+,x)", "2:3 invalid-paste"), ("#include", "1:2 malformed-directive"),
        ("#include x", "1:2 malformed-directive"), ("#include \"\"", "1:10 malformed-directive"),
        ("#include \"no/such\"", "1:10 missing-include"), ("#include <no-such>", "1:10 missing-include"),
        ("#include \"/\"", "1:10 missing-include"),
    ])
    func `says which directive is wrong`(source: String, fault: String) {
        #expect(Preprocessed(source).faults == [fault])
    }

    @Test func `accepts a definition that is repeated`() {
        #expect(Preprocessed("#define A(x) x + 1\n#define A(x)   x /**/ + 1 \n").diagnostics.isEmpty)
        let different = Preprocessed("#define A(x) x+1\n#define A(x) x + 1")
        #expect(different.codes == ["macro-redefined"])
        #expect(different.diagnostics[0].severity == .warning)
        #expect(different.sources.location(of: different.diagnostics[0].notes[0].span).line == 1)
    }

    @Test func `heeds -D and -U`() {
        let result = Preprocessed(
            "A B C(2) D E", defines: ["A", "B=x + 1", "C(x)=x*x", "D==", "E=1", "F=don't"], undefines: ["E"])
        #expect(result.text == "1 x + 1 2 * 2 = E")
        #expect(result.diagnostics.isEmpty)
    }

    @Test(arguments: ["", "=3", "3=4", "F(=1", "A=/*"])
    func `shows a bad -D in a file of its own`(define: String) {
        let result = Preprocessed("x", defines: [define])
        #expect(result.diagnostics.count == 1)
        #expect(result.sources.location(of: result.diagnostics[0].span).path == "<command line>")
        #expect(result.text == "x")
        #expect(Preprocessed("x", undefines: ["3"]).codes == ["malformed-macro"])
    }

    @Test func `knows file and line of the outermost call`() {
        let result = Preprocessed("#define W __FILE__ __LINE__\n#define V(x) x W\n\nV(\n0)", path: "a\"b.pml")
        #expect(result.text == #"0 "a\"b.pml" 4"#)
    }

    // MARK: Files

    @Test func `includes files next to the includer, then from the directories given`() throws {
        let folder = try TemporaryFolder([
            "main.pml": "#include \"sub/a.h\"\n#define H <b.h>\n#include H\n#include \"sub/a.h\"\nend",
            "sub/a.h": "#pragma once\n#include \"c.h\"\n#define A 1\na",
            "sub/c.h": "c",
            "inc/b.h": "b A",
        ])
        defer { folder.remove() }
        var sources = SourceMap()
        var diagnostics: [Diagnostic] = []
        let tokens = try Preprocessor.tokens(
            ofFileAt: folder.path + "/main.pml",
            options: PreprocessorOptions(includeDirectories: [folder.path + "/inc"]),
            sources: &sources, diagnostics: &diagnostics)
        #expect(tokens.map(\.text) == ["c", "a", "b", "1", "end", ""])
        #expect(diagnostics.isEmpty)
        #expect(sources[tokens[0].span.file].path.hasSuffix("/sub/c.h"))
        let includer = try #require(sources[tokens[0].span.file].includedAt)
        #expect(sources.text(of: includer) == "\"c.h\"")
    }

    @Test func `says where a missing file was looked for`() {
        let result = Preprocessed("#include \"x.h\"", path: "models/m.pml", includeDirectories: ["inc", "lib/"])
        #expect(result.diagnostics[0].message == "`x.h` is not found in `models`, `inc` or `lib`")
    }

    @Test func `names the current folder, and no folder for an absolute path`() {
        #expect(Preprocessed("#include \"x.h\"").diagnostics[0].message == "`x.h` is not found in the current folder")
        #expect(Preprocessed("#include \"/no/x.h\"").diagnostics[0].message == "there is no file `/no/x.h`")
    }

    @Test(arguments: ["/no/such/file", "/", "a\u{0}b"])
    func `throws when the model itself cannot be read`(path: String) {
        var sources = SourceMap()
        var diagnostics: [Diagnostic] = []
        #expect(throws: SourceReadError.self) {
            try Preprocessor.tokens(
                ofFileAt: path, options: PreprocessorOptions(), sources: &sources, diagnostics: &diagnostics)
        }
    }

    @Test func `reads no pipe that a model includes`() {
        #expect(Preprocessed("#include \"/dev/zero\"").codes == ["missing-include"])
    }
}

/// A folder with files in it, for the time of a test.
struct TemporaryFolder {
    let path: String

    init(_ files: [String: String]) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("heddle-\(UUID().uuidString)")
        for (name, text) in files {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        path = folder.path
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
