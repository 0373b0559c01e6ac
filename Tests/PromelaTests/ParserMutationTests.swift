import Foundation
import TestSupport
import Testing

@testable import Promela

/// Whatever tokens come, in whatever order: reading ends, and says either what the model is or what is wrong.
@Suite struct ParserMutationTests {
    static let sources = SpinExamples.paths + [""]

    @Test(arguments: sources)
    func survivesMutations(_ path: String) throws {
        var map = SourceMap()
        var ignored: [Diagnostic] = []
        let text = path.isEmpty ? Self.dense : nil
        let tokens =
            try text.map { Preprocessor.tokens(
                of: SourceFile(path: "dense", bytes: Array($0.utf8)), options: PreprocessorOptions(), sources: &map,
                diagnostics: &ignored) }
            ?? Preprocessor.tokens(ofFileAt: path, options: PreprocessorOptions(), sources: &map, diagnostics: &ignored)
        guard tokens.count < 3000 else { return }
        var generator = SplitMix64(seed: UInt64(tokens.count))
        for _ in 0..<(path.isEmpty ? 1500 : 25) {
            var mutated = tokens
            for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&mutated, tokens, &generator) }
            let result = ModelReader.read(mutated, map, [], ReadOptions())
            let hasError = result.diagnostics.contains { $0.severity == .error }
            #expect((result.program == nil) == hasError)
        }
    }

    private func mutate(_ tokens: inout [Token], _ original: [Token], _ generator: inout SplitMix64) {
        guard tokens.count > 2 else { return }
        let place = Int.random(in: 0..<(tokens.count - 1), using: &generator)
        let other = Int.random(in: 0..<(original.count - 1), using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: tokens.remove(at: place)
        case 1: tokens.insert(original[other], at: place)
        case 2: tokens[place] = original[other]
        case 3:
            let end = min(tokens.count - 1, place + Int.random(in: 1...12, using: &generator))
            tokens.removeSubrange(place..<end)
        default:
            let end = min(original.count - 1, other + Int.random(in: 1...12, using: &generator))
            tokens.insert(contentsOf: original[other..<end], at: place)
        }
    }

    @Test(arguments: ["(", "{", "!", "-", "if :: ", "a[", "{ skip; ", "x = (", "f(", "len(", "c?(", "((1+1)+", "[]", "s.", "L: "])
    func survivesDeepNesting(_ piece: String) {
        let deep = String(repeating: piece, count: 20_000)
        for text in ["init { \(deep)", "ltl { \(deep)", "int x = \(deep)", deep] {
            #expect(ModelReader.read(text: text).program == nil)
        }
    }

    @Test func boundsLongExpressions() {
        let result = ModelReader.read(text: "int x; init { x = 1" + String(repeating: " + 1", count: 100_000) + " }")
        #expect(result.diagnostics.map(\.code) == [.nestingTooDeep])
        for operation in ["+", "&&"] {
            let chain = String(repeating: " \(operation) (x == 1)", count: 380)
            #expect(ModelReader.read(text: "int x; init { (x == 2\(chain)) }").program != nil)
        }
    }

    @Test(arguments: [
        "int i; init { select (i : 9223372036854775808 .. 5) }", "int x = 9223372036854775808 / -1; init { skip }",
        "unsigned x : 64; init { x = -9223372036854775808 / -1 % -1 << 99 >> -1 }", "int a[18446744073709551615]; init { skip }",
        "active [18446744073709551615] proctype A() { skip }", "chan c = [9223372036854775807] of { int }; init { skip }",
        "typedef T { byte a[16777216] } typedef U { T a; T b } U u; chan c = [1] of { U }; init { c!u }",
        "init { int i; for (i : 18446744073709551615 .. 9223372036854775808) { skip } }", "unsigned x : 18446744073709551615; init { skip }",
        "byte b = 18446744073709551615; short s = 9223372036854775808; init priority 18446744073709551615 { skip }",
    ])
    func survivesExtremeNumbers(_ text: String) {
        for expandsSelect in [false, true] {
            let result = ModelReader.read(text: text, options: ReadOptions(expandsSelect: expandsSelect))
            #expect((result.program == nil) == result.diagnostics.contains { $0.severity == .error })
        }
    }

    @Test func readsManyLabelsQuickly() {
        var text = "inline f() { if :: true -> goto L :: else fi; L: skip }\ninit {\n"
        for _ in 0..<3000 { text += "f();\n" }
        let time = processorTime { #expect(ModelReader.read(text: text + "}").program != nil) }
        #expect(time < .seconds(20))
    }

    @Test func boundsExpansion() {
        var text = "inline f0() { skip }\n"
        for level in 1...12 { text += "inline f\(level)() { \(String(repeating: "f\(level - 1)(); ", count: 8)) }\n" }
        text += "init { f12() }"
        var map = SourceMap()
        var diagnostics: [Diagnostic] = []
        let tokens = Preprocessor.tokens(
            of: SourceFile(path: "model", bytes: Array(text.utf8)), options: PreprocessorOptions(), sources: &map,
            diagnostics: &diagnostics)
        let parser = Parser(tokens: tokens, sources: map)
        parser.expansionLimit = 100_000
        _ = parser.parseModel()
        #expect(parser.diagnostics.contains { $0.code == .inlineTooLong })
    }

    @Test func boundsNestingOfInlines() {
        var text = "inline f0() { skip }\n"
        for level in 1...300 { text += "inline f\(level)() { f\(level - 1)() }\n" }
        let result = ModelReader.read(text: text + "init { f300() }")
        #expect(result.diagnostics.contains { $0.code == .nestingTooDeep })
    }

    /// A little of everything.
    static let dense = """
        #define N 3
        mtype = { A, B }; mtype:f = { C, D };
        typedef T { byte a; int b[2] }; typedef M { T t; chan c = [1] of { int } };
        chan q = [3] of { mtype, T }; int arr[4]; M m; hidden byte h; unsigned w : 40 = 5;
        inline f(a, b) { int t; t = a * 2; if :: t > b -> L: return t + 1 :: else -> return a fi }
        inline g(v) { v++; do :: v > 3 -> break :: else -> v = v + 1 od }
        active [2] proctype P() priority 2 provided (h < 3) {
          int i = 1, k; T s;
          xr q; L: for (i : 1 .. N) { printf("x %d\\n", i); skip };
          for (i in arr) { arr[i] = i };
          select (i : 1 .. 3);
          i = f(3, k); g(i); q!A(s); q?A,s; q??<B,_,_,_>; q?[A,1,2,3] && len(q) > 2 || nempty(q);
          K: { i = N } unless { i == 3 }; atomic { i++; d_step { k = 2; do :: k > 1 -> break :: else -> k-- od } };
          if :: i = (k > 1 -> 2 : 3) :: timeout -> goto K :: else -> assert(_pid < 5 && m.t.b[1] == 2) fi;
          end: m.c!run R(i, q) ; byte late = 2; printm(A)
        }
        proctype R(int x; chan c) { c?B,x,_,_; set_priority(_pid, 2); enabled(x) -> skip }
        init { int p; p = run R(1, q); run R(2, q) }
        never { do :: !w || arr[1] == 2 -> break :: P[0]@L && P[1]:i == 2 od; accept: skip }
        ltl one { [] (P[0]@L -> <> (arr[0] > N)) && ([]<> timeout U <>(w == 2)) <-> true }
        ltl { X (h W w) V !(h == 1) }
        """
}
