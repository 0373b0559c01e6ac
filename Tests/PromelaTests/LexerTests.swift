import Promela
import Testing

@Suite struct LexerTests {
    @Test(arguments: [
        ("a->b", "a -> b"), ("a<-b", "a < - b"), ("c?<x>", "c ? < x >"), ("c??[x]", "c ?? [ x ]"),
        ("c!!x", "c !! x"), ("x!=y", "x != y"), ("[]<>p", "[ ] < > p"), ("p<->q", "p < -> q"),
        ("0..5", "0 .. 5"), ("a.b", "a . b"), ("::x:y", ":: x : y"), ("x++ --y", "x ++ -- y"),
        ("a<<b>>c", "a << b >> c"), ("a&&b||c", "a && b || c"), ("a<=b>=c==d", "a <= b >= c == d"),
        ("{(;,)}", "{ ( ; , ) }"), ("a%b^c~d|e&f", "a % b ^ c ~ d | e & f"), ("P@l", "P @ l"),
        ("_pid _ x_1", "_pid _ x_1"), ("a/b/ *c", "a / b / * c"), ("", ""),
    ])
    func `cuts punctuation as long as it can, and joins nothing that only ltl would`(source: String, expected: String) {
        let result = Preprocessed(source)
        #expect(result.text == expected)
        #expect(result.diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("0", 0), ("010", 10), ("4294967296", 4_294_967_296), ("18446744073709551615", UInt64.max), ("0x1F", 31),
        ("0Xff", 255), ("0xFFFFFFFFFFFFFFFF", UInt64.max), ("000000000000000000000000000001", 1), ("'a'", 97),
        (#"'\n'"#, 10), (#"'\r'"#, 13), (#"'\t'"#, 9), (#"'\f'"#, 12), (#"'\\'"#, 92), (#"'\''"#, 39), ("'\"'", 34),
    ])
    func `reads numbers and characters as Spin does, and hexadecimal`(source: String, value: UInt64) {
        let result = Preprocessed(source)
        #expect(result.tokens.first?.kind == .number)
        #expect(result.tokens.first?.value == value)
        #expect(result.diagnostics.isEmpty)
    }

    @Test func `reads an escaped digit as Spin does, and says that it is not what C means`() {
        let result = Preprocessed(#"'\0'"#)
        #expect(result.tokens.first?.value == 48)
        #expect(result.codes == ["character-escape"])
    }

    @Test(arguments: [
        ("x 18446744073709551616", "1:3 number-too-large"),
        ("0x10000000000000000", "1:1 number-too-large"),
        ("99999999999999999999999999999999999999999999999999", "1:1 number-too-large"),
        ("12abc", "1:1 malformed-number"), ("0x", "1:1 malformed-number"), ("0xg", "1:1 malformed-number"),
        ("''", "1:1 malformed-character"), ("'ab'", "1:1 malformed-character"), ("'é'", "1:1 malformed-character"),
        ("x = 'a;\ny", "1:5 unterminated-character"), ("\"abc\n", "1:1 unterminated-string"),
        ("x /* y\n\n", "1:3 unterminated-comment"), ("/*/", "1:1 unterminated-comment"),
        ("x $$` y", "1:3 unknown-character"), ("é", "1:1 unknown-character"), ("a # b", "1:3 unknown-character"),
    ])
    func `says where the text is wrong`(source: String, fault: String) {
        #expect(Preprocessed(source).faults == [fault])
    }

    @Test func `reports a run of unknown bytes once, and reads on`() {
        let result = Preprocessed(bytes: [0x61, 0xFF, 0xFE, 0x80, 0x62, 0xC0, 0x63])
        #expect(result.text == "a b c")
        #expect(result.faults == ["1:2 unknown-character", "1:6 unknown-character"])
    }

    @Test func `keeps the escapes of strings as they are written`() {
        let result = Preprocessed(#"printf("a\n\"%d\\", x)"#)
        #expect(result.tokens[2].kind == .string)
        #expect(result.tokens[2].text == #"a\n\"%d\\"#)
        #expect(Preprocessed("\"\u{301}x\"").tokens[0].text == "\u{301}x")
    }

    @Test(arguments: [
        ("a/* x */b", "a b"), ("a// x\nb", "a b"), ("a// x \\\n y\nb", "a b"), ("a/*//*/b", "a b"),
        ("a/**/b/***/c", "a b c"), ("\"/*\" b", "\"/*\" b"), ("/* don't */ a", "a"), ("// don't\na", "a"),
        ("a//", "a"), ("a/\\\n* x *\\\n/b", "a b"), ("/", "/"),
    ])
    func `takes comments for white space`(source: String, expected: String) {
        let result = Preprocessed(source)
        #expect(result.text == expected)
        #expect(result.diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("ab\\\ncd", "abcd"), ("1\\\n2", "12"), ("-\\\r\n>", "->"), ("\"a\\\nb\"", "\"ab\""), ("a \\ \t\nb", "a b"),
        ("\\\n\\\na", "a"), ("a\\\n", "a"),
    ])
    func `joins continued lines, even within a token`(source: String, expected: String) {
        let result = Preprocessed(source)
        #expect(result.text == expected)
        #expect(result.diagnostics.isEmpty)
    }

    @Test func `does not mind byte order marks, carriage returns, NULs, or a missing last line end`() {
        let result = Preprocessed(bytes: [0xEF, 0xBB, 0xBF] + Array("a\r\n#define X 1\r\nX\u{0}b\r\nc".utf8))
        #expect(result.text == "a 1 b c")
        #expect(result.diagnostics.isEmpty)
    }

    @Test func `says of each token where it stands`() {
        let result = Preprocessed("ab c\n  d\n")
        #expect(result.tokens.map { $0.span.start } == [0, 3, 7, 9])
        #expect(result.tokens.map { $0.span.end } == [2, 4, 8, 9])
    }

    @Test func `reads text that is already preprocessed`() {
        var sources = SourceMap()
        var diagnostics: [Diagnostic] = []
        let file = sources.add(SourceFile(path: "x", bytes: Array("a\nb /*".utf8)))
        let tokens = Lexer.tokens(of: file, in: sources, diagnostics: &diagnostics)
        #expect(tokens.map(\.text) == ["a", "b", ""])
        #expect(diagnostics.map(\.code) == [.unterminatedComment])
    }
}
