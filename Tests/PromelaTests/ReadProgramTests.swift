import Promela
import Testing

/// What a model becomes: numbers of symbolic names, order of processes, spelled-out loops, scopes.
@Suite struct ReadProgramTests {
    func read(_ text: String, expandsSelect: Bool = false) throws -> Program {
        let result = ModelReader.read(text: text, options: ReadOptions(expandsSelect: expandsSelect))
        return try #require(result.program, "\(result.diagnostics.map(\.message))")
    }

    /// The statements of a process, one line each, blocks in braces.
    func outline(_ program: Program, _ name: String = ":init:") throws -> String {
        let proctype = try #require((program.proctypes + program.neverClaims).first { $0.name == name })
        func text(_ block: Block) -> String { block.statements.map(text).joined(separator: "; ") }
        func text(_ statement: Statement) -> String {
            let labels = statement.labels.map { proctype.labels[$0].name + ": " }.joined()
            let own = program.description(of: statement, in: proctype)
            switch statement.kind {
            case .selection(let options), .repetition(let options):
                return labels + own + options.map { " :: " + text($0) }.joined()
            case .atomic(let block), .deterministicStep(let block): return labels + "\(own) { \(text(block)) }"
            case .sequence(let block): return labels + "{ \(text(block)) }"
            case .unless(let block, let escape): return labels + "<\(text(block)) unless \(text(escape))>"
            default: return labels + own
            }
        }
        return text(proctype.body)
    }

    @Test func numbersSymbolicNamesFromTheEnd() throws {
        let program = try read("mtype = { A, B, C }; mtype = { D, E }; mtype:f = { G, H }; init { skip }")
        #expect(program.messageTypeSets[0].members.map { "\($0.name)\($0.value)" } == ["A3", "B2", "C1", "D5", "E4"])
        #expect(program.messageTypeSets[1].members.map { "\($0.name)\($0.value)" } == ["G2", "H1"])
    }

    @Test func startsProcessesInTextualOrder() throws {
        let program = try read("active [2] proctype A() { skip } init { skip } active proctype B() { skip }")
        #expect(program.initialProcesses.map { program.proctypes[$0].name } == ["A", "A", ":init:", "B"])
    }

    @Test(arguments: [
        ("int i; init { L: for (i : 1 .. 3) { skip } }",
         "i = 1; L: do :: (i <= 3); skip; i = i + 1 :: else; break"),
        ("int i; int a[4]; init { for (i in a) { a[i] = 1 } }",
         "i = 0; do :: (i <= 3); a[i] = 1; i = i + 1 :: else; break"),
        ("typedef M { int a; bit b } chan q = [2] of { M }; init { M m; for (m in q) { skip } }",
         "_f0r_t3mp = 0; do :: (_f0r_t3mp < len(q)); q?m.a, m.b; q!m.a, m.b; skip; _f0r_t3mp = _f0r_t3mp + 1 :: else; break"),
        ("int i; init { select (i : 1 .. 3) }", "if :: i = 1 :: i = 2 :: i = 3"),
        ("int i; init { L: select (i : 1 .. 40) }", "L: i = 1; do :: (i < 40); i = i + 1 :: break"),
        ("int i; init { L: select (i : i .. 4) }", "i = i; L: do :: break :: (i < 4); i = i + 1"),
        ("int x; init { int a = 1; x = 1; int b; int c = a; int d[2]; }",
         "x = 1; b = 0; c = a; d[0] = 0"),
        ("typedef S { int a } init { skip; S s; s.a = 1 }", "skip; skip; s.a = 1"),
        ("int x; inline f(p, q) { p = q * 2; { int t; t = p } } init { f(x, x + 1) }", "{ x = x + 1 * 2; { t = 0; t = x } }"),
        ("int x; inline f(p) { return p + 1 } init { x = f(3) }", "{ x = 3 + 1 }"),
        ("int x; init { L: { x = 1 } unless { x = 2 }; L2: atomic { x = 3 } unless x == 4; x = 5 unless x == 6 }",
         "L: { <x = 1 unless x = 2> }; L2: atomic { <x = 3 unless (x == 4)> }; <x = 5 unless (x == 6)>"),
        ("mtype = { A }; chan c = [1] of { mtype, int }; int x; init { c!A(1); c?A(x); c?eval(x),_; c??<A,x>; c!!A,2 }",
         "c!A(1); c?A(x); c?eval(x), _; c??<A, x>; c!!A(2)"),
        ("int x, y; init { x = y\n - 1\n y = 3 }", "x = y; (-1); y = 3"),
        ("int x; init { x = 1 - (2 - 3) * 4 << 1; (x > 1 -> x : 2) > 1; !(x && 1) || ~x }",
         "x = 1 - (2 - 3) * 4 << 1; ((x > 1 -> x : 2) > 1); (!(x && 1) || ~x)"),
        ("int x; init { x++; x--; if :: x == 1 -> goto E :: else fi; E: }",
         "x = x + 1; x = x - 1; if :: (x == 1); goto E :: else; E: skip"),
    ])
    func spellsOut(_ text: String, _ expected: String) throws {
        #expect(try outline(try read(text, expandsSelect: true)) == expected)
    }

    @Test func keepsSelectAsOneStep() throws {
        #expect(try outline(try read("int i; init { select (i : 1 .. 3) }")) == "select (i : 1 .. 3)")
    }

    @Test func namesVariablesOfDifferentBlocksApart() throws {
        let program = try read("init { { int x; x = 1 }; { int x; x = 2 } }")
        #expect(program.proctypes[0].locals.map(\.displayName) == ["x", "x_2"])
        #expect(try outline(program) == "{ x = 0; x = 1 }; { x_2 = 0; x_2 = 2 }")
    }

    @Test func resolvesLabelsByBlock() throws {
        let program = try read("inline f(a) { goto L; a = 1; L: a = 2 } int x; init { f(x); f(x) }")
        guard case .sequence(let second) = program.proctypes[0].body.statements[1].kind,
            case .goto(let target) = second.statements[0].kind
        else {
            Issue.record("the second call is no block that starts with a jump")
            return
        }
        #expect(target == 1)
    }

    @Test func computesInSixtyFourBitsWhereSomethingWideTakesPart() throws {
        let program = try read("unsigned w : 40; int x; init { x = w + 1; x = (w > x) + 1; x = 4294967295; x = 2 + x }")
        let wide = program.proctypes[0].body.statements.map { statement -> [Bool] in
            guard case .assign(_, let value) = statement.kind else { return [] }
            if case .binary(_, let left, _) = value.kind { return [value.isWide, left.isWide] }
            return [value.isWide]
        }
        #expect(wide == [[true, true], [false, true], [true], [false, false]])
    }

    @Test(arguments: [("unsigned : 31", false), ("unsigned : 32", true), ("int", false)])
    func computesUnsignedThirtyTwoBitsWide(_ type: String, _ isWide: Bool) throws {
        let parts = type.split(separator: ":")
        let program = try read("\(parts[0]) x\(parts.count > 1 ? " :" + parts[1] : ""); init { x > 5 }")
        guard case .condition(let expression) = program.proctypes[0].body.statements[0].kind else { return }
        #expect(expression.isWide == isWide)
    }

    @Test(arguments: [
        ("[] p -> <> q", "(([] p) -> (<> q))"), ("p U q && r", "((p U q) && r)"), ("p && q U r", "(p && (q U r))"),
        ("!p U q", "(p' U q)"), ("p -> q -> p", "((p -> q) -> p)"), ("[]<> p <-> X q", "(([] (<> p)) <-> (X q))"),
        ("p W q V r", "((p W q) V r)"), ("always (p implies eventually q)", "([] (p -> (<> q)))"),
        ("p U q U r", "((p U q) U r)"), ("![]p", "(! ([] p))"),
    ])
    func bindsTemporalOperators(_ formula: String, _ expected: String) throws {
        let program = try read("bit p, q, r; ltl { \(formula) } init { skip }")
        func text(_ node: Formula.Node) -> String {
            switch node {
            case .proposition(let expression):
                if case .unary(.not, let operand) = expression.kind { return program.description(of: operand, in: nil) + "'" }
                return program.description(of: expression, in: nil)
            case .not(let a): return "(! \(text(a)))"
            case .and(let a, let b): return "(\(text(a)) && \(text(b)))"
            case .or(let a, let b): return "(\(text(a)) || \(text(b)))"
            case .implies(let a, let b): return "(\(text(a)) -> \(text(b)))"
            case .equivalent(let a, let b): return "(\(text(a)) <-> \(text(b)))"
            case .always(let a): return "([] \(text(a)))"
            case .eventually(let a): return "(<> \(text(a)))"
            case .next(let a): return "(X \(text(a)))"
            case .until(let a, let b): return "(\(text(a)) U \(text(b)))"
            case .weakUntil(let a, let b): return "(\(text(a)) W \(text(b)))"
            case .release(let a, let b): return "(\(text(a)) V \(text(b)))"
            }
        }
        #expect(text(program.formulas[0].root) == expected)
    }

    @Test func readsFurtherFormulas() throws {
        let options = ReadOptions(formulas: ["[] p", "<> (x == 2)"])
        let result = ModelReader.read(text: "#define p (x < 2)\nint x; init { x = 1 }", options: options)
        #expect(result.program?.formulas.count == 2)
        let faulty = ModelReader.read(text: "init { skip }", options: ReadOptions(formulas: ["[] q"]))
        #expect(faulty.diagnostics.map(\.code) == [.undeclaredName])
    }

    @Test func givesJumpsThatAreLookedAtAStep() throws {
        #expect(try outline(try read("init { end: goto M; L: goto M; M: skip }")) == "end: goto M; L: goto M; M: skip")
        let looked = try read("active proctype P() { L: goto M; M: skip } ltl { <> P@L }")
        #expect(try outline(looked, "P") == "L: skip; goto M; M: skip")
    }
}
