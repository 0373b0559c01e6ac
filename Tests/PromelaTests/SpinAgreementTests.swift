import Promela
import Testing

/// Small models, one point of the language each: Heddle accepts exactly those that Spin does.
@Suite struct SpinAgreementTests {
    @Test(.enabled(if: Spin.isInstalled), arguments: models)
    func acceptsWhatSpinAccepts(_ model: String) throws {
        let result = ModelReader.read(text: model + "\n")
        let expected = try Spin.accepts(model + "\n")
        #expect((result.program != nil) == expected, "\(model): \(result.diagnostics.map(\.message))")
    }

    @Test(.enabled(if: Spin.isInstalled), arguments: Spin.examples)
    func acceptsTheExamplesThatSpinAccepts(_ path: String) throws {
        let result = try ModelReader.read(fileAt: path)
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let bytes = result.sources.files.first { $0.path == path }?.bytes ?? []
        let expected = try Spin.accepts(String(decoding: bytes, as: UTF8.self), headersIn: directory)
        let isEmbedded = result.diagnostics.contains { $0.code == .embeddedC }
        #expect((result.program != nil) == (expected && !isEmbedded), "\(result.diagnostics.map(\.message))")
    }

    /// Where Heddle differs on purpose: Spin accepts these, and checks something else than was meant, or fails later.
    @Test(arguments: [
        "int x; ltl p { [] x == 0 } init { x = 1 }",
        "chan c = [1] of {int, byte}; init { c?1,2,3; }",
        "int c; init { len(c) }",
        "init { skip } init { skip }",
    ])
    func rejectsWhatSpinMisreads(_ model: String) {
        #expect(ModelReader.read(text: model).program == nil)
    }

    /// Where Heddle differs on purpose: Spin's grammar happens to have no such thing.
    @Test(arguments: [
        "chan c = [1] of { int }; ltl p { [] empty(c) } init { c!1 }",
        "trace { do :: c!1 :: c?1 od } chan c = [1] of { int }; init { c!1; c?1 }",
        "unsigned x : 64 = 18446744073709551615; init { x == 4294967296 }",
    ])
    func acceptsMore(_ model: String) {
        #expect(ModelReader.read(text: model).program != nil)
    }

    static let models: [String] = [
        #"init { int x; if :: x == 1 -> x = 2; :: else -> skip; fi; ; x = 3;; }"#,
        #"init { int x; if :: ; x == 1 :: else fi }"#,
        """
        init { int x, y; x = y
         - 1
         y = 3 }
        """,
        """
        init { int x; x = 1
         + 2 }
        """,
        """
        init { int x; (x
         == 1
         || x == 2) }
        """,
        """
        chan c = [1] of { int }; init { int y; c ! 1
         (y == 0) }
        """,
        #"init { skip; chan c = [1] of {int}; c!1 }"#,
        #"chan c = [1] of {int}; init { !full(c); c!1 }"#,
        #"chan c = [1] of {int}; init { full(c) && nempty(c) || c?[1]; c!1 }"#,
        #"chan c = [1] of {int}; init { int x; x = full(c); c!1 }"#,
        #"chan c = [1] of {int}; init { int x; x = full(c) + 1; c!1 }"#,
        #"chan c = [1] of {int}; init { (full(c) -> 1 : 2); c!1 }"#,
        #"init { goto L; d_step { skip; L: skip; skip } }"#,
        #"init { d_step { skip; goto L; skip }; L: skip }"#,
        #"init { do :: d_step { skip; break; skip } od;  skip }"#,
        #"init { d_step { do :: skip :: break od } }"#,
        #"init { d_step { skip; L: skip; goto L } }"#,
        #"init { int x; else; x = 1 }"#,
        #"init { int x; do :: x == 1; else -> x = 3 od }"#,
        #"inline f(a) { int t; t = a * 2; return t + 1 } init { int x; x = f(3); x = x + 1 }"#,
        #"inline f(a) { return 2 } init { f(3) }"#,
        #"inline f(a) { goto L; a = 1; L: a = 2 } init { int x; f(x); f(x); }"#,
        #"inline f(a) { a = 1 } init { int x; f(x) f(x) x = 2 }"#,
        #"inline f(a) { a = 1 } init { int x; f() }"#,
        #"inline f() { skip } init { f() }"#,
        #"inline f(a, b) { a = b } init { int x; f(x, x + 1) }"#,
        #"inline f(a) { f(a) } init { int x; f(x) }"#,
        #"inline g(a) { a++ } inline f(a) { g(a) } init { int x; f(x) }"#,
        #"init { f(1) } inline f(a) { skip }"#,
        #"init { int x = 3; { int x = 5; skip } ; skip }"#,
        #"int x = 1; init { int x = 3; skip }"#,
        #"init { { int x; x = 1 }; { int x; x = 2 } }"#,
        #"init { if :: int x = 3; skip :: int x = 4; skip fi }"#,
        #"init { if :: { int x = 3; skip } :: { int x = 4; skip } fi }"#,
        #"init { x = 1; int x; }"#,
        #"int x; byte x; init { skip }"#,
        #"init { int x } int x;"#,
        #"proctype A(int x) { int x = 4; skip } init { run A(3) }"#,
        #"typedef S { int a; int b }; proctype A(S s) { skip } init { S q; run A(q) }"#,
        #"proctype A(int s[2]) { skip } init { int q[2]; run A(q) }"#,
        #"init { int x; atomic { L: x = 1 }; x=2 }"#,
        #"init { int x; { L: x = 1 }; x=2 }"#,
        #"init { int x; if :: L: x = 1 :: else fi }"#,
        #"init { int x; L: M: x = 1; goto L; goto M }"#,
        #"init { int x; L: int y; x = 1 }"#,
        #"init { int x; L: x = 1; L: x = 2 }"#,
        #"init { int x; { skip; L: x = 1 }; { skip; L: x = 2 }; goto L }"#,
        #"init { int x; L: x = 1; { skip; L: x = 2 } }"#,
        #"init { skip; L: }"#,
        #"init { int x; do :: x == 1 -> L: od }"#,
        #"init { goto L; skip }"#,
        #"proctype A() { skip } init { int x; (run A() + 1 > 2) }"#,
        #"proctype A() { skip } init { int x; x = run A() + run A() }"#,
        #"proctype A() { skip } init { int x = run A(); }"#,
        #"proctype A() { skip } init { d_step { skip; run A() } }"#,
        #"proctype A() { skip } init { atomic { run A(); run A() } }"#,
        #"init { run B() } proctype B() { skip }"#,
        #"init { run C() }"#,
        #"proctype A(int x) { skip } init { run A() }"#,
        #"proctype A(int x) { skip } init { run A(1, 2) }"#,
        #"proctype A() { skip } init { A() }"#,
        #"chan c = [1] of {int, byte}; init { c!1; }"#,
        #"chan c = [1] of {int, byte}; init { c!1,2,3; }"#,
        #"chan c = [1] of {int, byte}; init { c?_; }"#,
        #"int a[3]; init { a = 1 }"#,
        #"int b; init { b[2] = 3 }"#,
        #"int a[3]; init { a[5] = 1 }"#,
        #"int a[3]; int b; init { b = a + 1 }"#,
        #"init { break }"#,
        #"int c; init { c!1 }"#,
        #"chan c = [1] of {int}; init { c = 1; skip }"#,
        #"chan c = [1] of {int}; init { int x; x = c; skip }"#,
        #"chan c = [1] of {int}; init { int x; x = c + 1; skip }"#,
        #"chan c = [1] of {int}; chan d; init { d = c; d!1; d == c }"#,
        #"int c; proctype A() { skip }"#,
        #"init { int x; x = _ }"#,
        #"init { _ = 3 }"#,
        #"init { _pid = 2 }"#,
        #"init { _nr_pr == 1 && _pid == 0 && _last == 0 }"#,
        #"mtype = {A, B, A}; init { skip }"#,
        #"mtype = {A}; mtype = {A}; init { skip }"#,
        #"mtype = {A}; mtype:f = {B}; mtype x = B; init { skip }"#,
        #"mtype = {A}; mtype:f = {B}; mtype:f y = A; init { skip }"#,
        #"mtype:f = {B, C}; mtype:f y = B; init { y = C; printm(y); printm(B) }"#,
        #"mtype = {A}; init { A = 3 }"#,
        #"mtype = {A B C}; init { byte x; x = A }"#,
        #"mtype {A, B}; init { skip }"#,
        #"init { mtype = {A}; skip }"#,
        #"typedef S { int a; byte b[3] }; S s; init { s.a = 1; s.b[2] = 3; s.b[s.a] = 2 }"#,
        #"typedef S { int a; byte b[3] }; S s; init { s = 1 }"#,
        #"typedef S { int a; byte b[3] }; S s; init { s.zz = 1 }"#,
        #"typedef S { int a; byte b[3] }; S s; chan q = [2] of { S }; init { q!s; q?s; q?s.a; q!1,2,3,4 }"#,
        #"typedef T { int x }; typedef S { T t[2]; T u }; S s; init { s.t[1].x = 2; s.u.x = 1 }"#,
        #"typedef T { int x }; typedef S { T t[2]; T u }; S s; chan q = [1] of { S }; init { q!s }"#,
        #"typedef T { int x; int x }; init { skip }"#,
        #"typedef T { chan c = [2] of { int } }; T t; init { t.c!1 }"#,
        #"typedef T { int x = 3 }; T t; init { t.x == 3 }"#,
        #"typedef T { }; init { skip }"#,
        #"init { typedef T { int x }; skip }"#,
        #"int a[3] = {1, 2, 3}; int b[4] = 7; init { int c[2] = {1, 2}; c[0] = a[1] + b[2] }"#,
        #"int a = {1, 2}; init { skip }"#,
        #"init { skip; int c[2] = {1, 2}; c[0] = 1 }"#,
        #"unsigned x : 5; unsigned y : 3 = 2; init { x = y }"#,
        #"unsigned x; init { skip }"#,
        #"int x : 3; init { skip }"#,
        #"hidden byte x; show int y; local byte z; init { x = y + z }"#,
        #"hidden bit x; init { skip }"#,
        #"init { hidden byte x; skip }"#,
        #"active [3] proctype A() { skip }"#,
        #"active [0] proctype A() { skip } init { skip }"#,
        #"int n = 3; active [n] proctype A() { skip }"#,
        #"int n = 3; int a[n]; init { a[0] = 1 }"#,
        #"int n; int a[n]; init { a[0] = 1 }"#,
        #"active proctype A() priority 5 provided (_pid == 0) { skip }"#,
        #"int x; active proctype A() provided (x) priority 5 { skip }"#,
        #"active proctype A(int k) { k = 1 }"#,
        #"active proctype A() { int q; skip } active proctype B() provided (A:q) { skip }"#,
        #"active proctype A() { int q; skip } never { do :: A:q == 1 -> break :: else od }"#,
        #"active proctype A() { int q; L: skip } ltl { [] (A@L -> A:q == 0) }"#,
        #"active proctype A() { int q; L: skip } ltl p { <> A[0]@L U (A[0]:q == 0) W true }"#,
        #"active proctype A() { int q; L: skip } ltl p { always eventually (A@L implies true) }"#,
        #"ltl p { [] (x == 0) } int x; init { x = 1 }"#,
        #"ltl p { [] (y == 0) } int x; init { x = 1 }"#,
        #"chan c = [1] of { int }; ltl p { [] (len(c) < 2) } init { c!1 }"#,
        #"chan c = [1] of { mtype }; mtype = { A }; init { c!A }"#,
        #"chan c = [1] of { int }; trace { do :: c!1; c?1 od } init { c!1; c?1 }"#,
        #"chan c = [1] of { int }; trace { skip } init { c!1; c?1 }"#,
        #"chan c = [1] of { int }; notrace { if :: c!1; c?_ fi } init { c!1; c?1 }"#,
        #"init { int i; for (i : 1 .. 3) { skip } }"#,
        #"init { int i; for (i : 3 .. 1) { skip } }"#,
        #"init { int a[2]; for (a[0] : 1 .. 3) { skip } }"#,
        #"init { int i; int a[2]; for (i in a) { a[i] = 1 } }"#,
        #"init { int i; int a; for (i in a) { skip } }"#,
        #"init { int i; select (i : 1 .. 3); select (i : i .. i+3) }"#,
        #"init { int i; select (i : 3 .. 1) }"#,
        #"init { int i; for (int i : 1 .. 3) { skip } }"#,
        #"typedef M { int a }; chan q = [2] of { M }; init { M m; for (m in q) { m.a > 0 } }"#,
        #"chan q = [2] of { int }; init { int m; for (m in q) { m > 0 } }"#,
        #"init { { skip } unless { skip }; skip unless skip }"#,
        #"init { L: { skip } unless { skip }; goto L }"#,
        #"init { L: skip unless { skip }; goto L }"#,
        #"init { skip unless L: skip }"#,
        #"init { do :: skip od unless { skip } }"#,
        #"init { do :: { break } unless { skip } od }"#,
        #"init { int x; x = 1 unless skip unless skip }"#,
        #"init { printf(hello) }"#,
        #"init { assert(1); assert 2 > 1 }"#,
        #"init { int x; x++; x--; x = x << 2 >> 1 & 3 | 4 ^ 5; x = ~x; x = -x; x = !x }"#,
        #"init { int x; ++x }"#,
        #"init { int x; x += 1 }"#,
        #"init { int x; if (x == 1) { skip } else { skip } }"#,
        #"init { int x; while (x) { skip } }"#,
        #"init { int x; if :: (x = 1) -> skip fi }"#,
        #"init { int x; if :: x = 1 -> skip fi }"#,
        #"init { int x; do :: x == 1 -> skip fi }"#,
        #"init { int x; if :: x == 1 -> skip }"#,
        #"init { int x x = 1 }"#,
        #"init { int x; x = 1 x = 2 }"#,
        """
        init { int x; x = 1
         x = 2 }
        """,
        #"init { int x; do :: x < 3 -> x++ :: else -> break od x = 2 }"#,
        """
        init { int x; do :: x < 3 -> x++ :: else -> break od
         x = 2 }
        """,
        #"init { int x; { x = 1 } x = 2 }"#,
        #"init { int x; if :: else x = 2 fi }"#,
        #"init { int x; if :: else fi }"#,
        #"init { int x; if :: else :: else fi }"#,
        #"init { { } }"#,
        #"init { int x; }"#,
        #"init { }"#,
        #"init { if fi }"#,
        #"init { int; skip }"#,
        """
        init { skip
        active proctype B() { skip }
        """,
        #"init { skip } }"#,
        #"init { timeout; timeout && 1 }"#,
        #"init { enabled(0); pc_value(0); get_priority(0); set_priority(0, 1) }"#,
        #"init { int x; xr x; skip }"#,
        #"chan c = [1] of { int }; init { xr c; xs c; c!1; c?1 }"#,
        #"chan c[2] = [1] of { int }; init { c[0]!1; c[1]?1 }"#,
        #"chan c = [1] of { int, int }; init { int x; c!1(2); c?1(x); c??1,x; c!!1,2; c?<1,x>; c??<x,_>; c?[1,x] && c??[x,2]; c?eval(x),-1 }"#,
        #"chan c = [1] of { unsigned }; init { skip }"#,
        #"chan c = [1] of { int x }; init { skip }"#,
        #"chan c = [0] of { chan }; chan d = [1] of { int }; init { c!d }"#,
        #"int x = 2147483648; init { skip }"#,
        #"init { byte x = 300; x = 1 / 0 }"#,
        #"init { bool b; b = true && false || skip }"#,
        #"int true; init { skip }"#,
        #"int if; init { skip }"#,
        #"init { int x; (x -> 1 : 2) }"#,
        #"init { int x; x = (x -> 1 : 2) + 3 }"#,
        #"init { int x; x = x -> 1 : 2 }"#,
        #"never { do :: skip od } init { skip }"#,
        #"never a { do :: skip od } never b { skip } init { skip }"#,
        #"never a { skip } never a { skip } init { skip }"#,
        #"proctype A() { skip } proctype A() { skip } init { skip }"#,
        #"D_proctype A() { skip } init { run A() }"#,
        #"init { int x; x = 1, y = 2 }"#,
        #"init { int a = 1, b = 2, c; a = b }"#,
        #"init { int x; goto x; x: skip }"#,
        """
        #define X 3
        init { int y; y = X
         y = 2 }
        """,
        #"init { pid p; p = _pid; bool q = true; short s = -1; bit b = 1 }"#,
        #"init { int x; x = 'a' }"#,
        #"inline f(x) { x: skip } init { f(A) }"#,
        #"mtype = { m1, m2 }; chan c = [2] of { mtype }; inline snd(m) { c!m } init { snd(m1); c?m1; c?m2 }"#,
        #"inline f(x) { if :: x > 1 -> x = 1 :: else fi } init { int y; f(y); do :: f(y); break od }"#,
        #"init { int x; if :: x > 1 -> goto done :: else fi; done: skip }"#,
        #"init { byte i; do :: i < 3 -> i++; if :: i == 2 -> break :: else fi :: else -> break od }"#,
        #"init { skip; ; skip }"#,
        #"init { atomic { skip }; d_step { skip } skip }"#,
        #"init { end: skip; progress: skip; accept: skip; goto end }"#,
        #"chan c = [2] of { byte }; init { c!1; c?2; c ? 3; if :: c?[1] -> skip :: c!2 fi }"#,
        #"init priority 3 { skip }"#,
        #"proctype A() { skip } init { run A() priority 3; int p; p = run A() }"#,
    ]
}
