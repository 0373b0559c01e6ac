import Promela
import Testing

/// Every fault has its own code, and is reported exactly where it is.
///
/// In the models `«` stands in front of the place where the first diagnostic is expected.
@Suite struct DiagnosticPlacesTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        var code: DiagnosticCode
        var model: String
        var severity: Diagnostic.Severity

        init(_ code: DiagnosticCode, _ model: String, _ severity: Diagnostic.Severity = .error) {
            self.code = code
            self.model = model
            self.severity = severity
        }

        var testDescription: String { "\(code.rawValue): \(model)" }
    }

    @Test(arguments: faults)
    func isReportedWhereItIs(_ fault: Fault) throws {
        let lines = fault.model.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains("«") })
        let column = lines[line].prefix { $0 != "«" }.utf8.count + 1
        let result = ModelReader.read(text: fault.model.replacing("«", with: ""))
        let found = result.diagnostics.map { "\($0.code.rawValue): \($0.message)" }
        let diagnostic = try #require(result.diagnostics.first { $0.code == fault.code }, "\(found)")
        let location = result.sources.location(of: diagnostic.span)
        #expect(location.line == line + 1 && location.column == column, "at \(location.line):\(location.column)")
        #expect(diagnostic.severity == fault.severity)
        #expect(result.program == nil || fault.severity == .warning, "\(found)")
        #expect(fault.severity == .error || result.program != nil, "\(found)")
    }

    @Test func reportsEveryFaultOfAModel() {
        let result = ModelReader.read(
            text: """
                int x;
                init {
                  x = 1 +;
                  y = 2;
                  if :: x = = 1 -> skip fi;
                  goto nowhere
                }
                proctype P( { skip }
                active proctype Q() { x = }
                """)
        let lines = result.diagnostics.map { result.sources.location(of: $0.span).line }
        #expect(lines.contains(3) && lines.contains(5) && lines.contains(8) && lines.contains(9), "\(lines)")
        #expect(result.program == nil)
    }

    @Test func readsOnBehindStatementsOfC() {
        let result = ModelReader.read(
            text: """
                int a, b;
                active proctype P() {
                  while (a < 3)
                  {
                    a += 1;
                  }
                  if (a == 3) { b = a; } else if (b) { return; }
                  while (a) a = 0;
                  switch (a) { case 1: if (b) { a = 1; } break; }
                  c = 1
                }
                """)
        let found = result.diagnostics.map { "\(result.sources.location(of: $0.span).line) \($0.code.rawValue)" }
        #expect(
            found == [
                "3 not-promela", "5 not-promela", "7 missing-option-mark", "8 not-promela", "9 not-promela",
                "10 undeclared-name",
            ])
    }

    @Test(arguments: [
        ("init { if :: x = 3 -> skip fi }", true), ("init { do :: here: x = y -> break od }", true),
        ("init { if :: x = 3; skip fi }", false), ("init { if :: x++ -> skip fi }", false),
        ("init { if :: x == 3 -> x = 4 -> skip :: x = 3 fi }", false), ("init { x = 3 -> skip }", false),
        ("#define SET x = 3\ninit { if :: SET -> skip fi }", false),
    ])
    func warnsOfAnAssignmentThatLooksLikeAGuard(_ text: String, _ isExpected: Bool) throws {
        let result = ModelReader.read(text: "int x, y; \n" + text)
        #expect(result.program != nil)
        let warnings = result.diagnostics.filter { $0.code == .assignmentAsGuard && $0.severity == .warning }
        #expect(warnings.count == (isExpected ? 1 : 0), "\(result.diagnostics)")
    }

    @Test func namesMissingBesideASyntaxErrorAreStillReported() {
        let result = ModelReader.read(text: "int x; init { x = ; yy = 1 }")
        #expect(result.diagnostics.map(\.code) == [.unexpectedToken, .undeclaredName])
    }

    @Test func suggestsTheNearestName() throws {
        let result = ModelReader.read(text: "int counter; init { conuter = 1 }")
        #expect(result.diagnostics.first?.hint == "did you mean `counter`?")
    }

    @Test func leadsThroughMacrosAndInlines() throws {
        let result = ModelReader.read(
            text: """
                #define BAD(a) a = missing
                inline twice(v) {
                  BAD(v)
                }
                int x;
                init {
                  twice(x)
                }
                """)
        let diagnostic = try #require(result.diagnostics.first)
        let places = result.sources.backtrace(of: diagnostic.span).map { result.sources.location(of: $0).line }
        #expect(diagnostic.code == .undeclaredName)
        #expect(places == [1, 3, 7])
    }

    static let faults: [Fault] = [
        Fault(.unexpectedToken, "init { int x; x = «) }"),
        Fault(.assignmentInCondition, "int x; init { if :: (x «= 1) -> skip fi }"),
        Fault(.missingOptionMark, "int x; init { if «(x > 1) { skip } else { skip } }"),
        Fault(.missingOptionMark, "int x; init { do «x > 1 -> skip od }"),
        Fault(.missingSeparator, "int x; init { x = 1 «x = 2 }"),
        Fault(.lineEndsStatement, "int x;\ninit {\n  x = 1\n    «+ 2\n}"),
        Fault(.emptySequence, "init «{ }"),
        Fault(.emptySequence, "init { do «:: od }"),
        Fault(.emptySequence, "init { if :: «; skip fi }"),
        Fault(.unclosedBlock, "init { «if :: skip }"),
        Fault(.unclosedBlock, "init «{ skip"),
        Fault(.mismatchedEnd, "init { do :: break «fi }"),
        Fault(.mismatchedEnd, "init { skip } «}"),
        Fault(.missingName, "init { int«; skip }"),
        Fault(.keywordAsName, "int «len; init { skip }"),
        Fault(.keywordAsName, "init { unsigned «int x; skip }"),
        Fault(.notPromela, "int x; init { x «+= 1 }"),
        Fault(.notPromela, "int x; init { «while (x > 1) { skip } }"),
        Fault(.notPromela, "init { «uint32_t x; skip }"),
        Fault(.notPromela, "int i; init { «for (i = 0; i < 3; i++) { skip } }"),
        Fault(.missingOptionMark, "int x; init { do «{ x++ } while (x < 3); }"),
        Fault(.unexpectedToken, "int x; init { x = x > 2 «? 1 : 2 }"),
        Fault(.embeddedC, "init { «c_code { x = 1; } }"),
        Fault(.embeddedC, "«c_state \"int x\" \"Global\"; init { skip }"),
        Fault(.misplacedChannelTest, "chan c = [1] of { int }; init { !«full(c) }"),
        Fault(.recursiveInline, "inline f() {\n  «f()\n}\ninit { f() }"),
        Fault(.inlineArgumentCount, "inline f(a) { a = 1 } int x; init { «f(x, x) }"),
        Fault(.misplacedReturn, "init { «return 1 }"),
        Fault(.labeledDeclaration, "init { «L: int x; x = 1 }"),
        Fault(.misplacedLabel, "init { atomic { «L: skip } }"),
        Fault(.misplacedLabel, "init { if :: «L: skip fi }", .warning),
        Fault(.misplacedTemporalOperator, "int x; ltl { «[] x == 0 } init { skip }"),
        Fault(.missingFormat, "init { printf(«hello) }"),
        Fault(.undeclaredName, "init { «x = 1 }"),
        Fault(.notPromela, "int x; init { x = «NULL }"),
        Fault(.undeclaredName, "init { «f(1) }"),
        Fault(.duplicateDeclaration, "int x; byte «x; init { skip }"),
        Fault(.duplicateDeclaration, "init { int x; { int «x; skip } }"),
        Fault(.duplicateDeclaration, "init { int x; «x: skip }"),
        Fault(.unknownType, "init { «Foo x; skip }"),
        Fault(.unknownProctype, "init { run «B() }"),
        Fault(.unknownField, "typedef S { int a } S s; init { s.«b = 1 }"),
        Fault(.unknownLabel, "init { goto «L; skip }"),
        Fault(.duplicateLabel, "init { L: skip; «L: skip }"),
        Fault(.channelArity, "chan c = [1] of { int }; init { «c!1,2 }"),
        Fault(.channelArity, "chan c = [1] of { int, int }; init { «c!1 }", .warning),
        Fault(.runArgumentCount, "proctype A(int x) { skip } init { «run A() }"),
        Fault(.misplacedRun, "proctype A() { skip } init { d_step { skip; «run A() } }"),
        Fault(.misplacedRun, "proctype A() { skip } init { 1 + «run A() }"),
        Fault(.unreachableOption, "init { if :: «false -> skip :: else fi }", .warning),
        Fault(.unreachableOption, "int x; init { if :: x = 1 :: «else -> skip fi }", .warning),
        Fault(.misplacedElse, "int x; init { if :: x > 1 -> { skip }; «else -> skip fi }", .warning),
        Fault(.duplicateElse, "init { if :: else :: «else fi }"),
        Fault(.misplacedElse, "init { if :: skip; «else fi }", .warning),
        Fault(.constantTruncated, "byte x = «300; init { skip }", .warning),
        Fault(.missingIndex, "int a[2]; init { «a = 1 }"),
        Fault(.unexpectedIndex, "int a; init { a[«1] = 1 }"),
        Fault(.indexOutOfBounds, "int a[2]; init { a[«2] = 1 }", .warning),
        Fault(.breakOutsideLoop, "init { «break }"),
        Fault(.jumpAcrossStep, "init { d_step { skip; goto «L }; L: skip }"),
        Fault(.jumpAcrossStep, "init { do :: d_step { skip; «break } od }"),
        Fault(.invalidInStep, "init { d_step { skip; «{ skip } unless { skip } } }"),
        Fault(.notAssignable, "init { «_pid = 1 }"),
        Fault(.notAssignable, "mtype = { A }; init { «A = 1 }"),
        Fault(.valueOfDiscard, "int x; init { x = «_ }"),
        Fault(.notAChannel, "int c; init { «c!1 }"),
        Fault(.channelAsNumber, "chan c = [1] of { int }; init { int x; x = «c + 1 }"),
        Fault(.wholeStructure, "typedef S { int a } S s; init { «s = 1 }"),
        Fault(.notAStructure, "int x; init { x.«a = 1 }"),
        Fault(.messageTypeMismatch, "mtype = { A }; mtype:f = { B }; mtype:f x = «A; init { skip }"),
        Fault(.unknownMessageTypeSet, "mtype:«f x; init { skip }"),
        Fault(.constantRequired, "int x; chan c = [«x] of { int }; init { skip }"),
        Fault(.constantOutOfRange, "int a[«0]; init { skip }"),
        Fault(.constantOutOfRange, "unsigned x : «65; init { skip }"),
        Fault(.invalidWidth, "int x : «3; init { skip }"),
        Fault(.invalidWidth, "unsigned «x; init { skip }"),
        Fault(.invalidInitializer, "init { skip; chan «c = [1] of { int }; c!1 }"),
        Fault(.invalidDeclaration, "«hidden bit x; init { skip }"),
        Fault(.noProcesses, "«proctype A() { skip }"),
        Fault(.tooManyProcesses, "active [«256] proctype A() { skip }"),
        Fault(.invalidLoop, "int a[2]; init { for («a[0] : 1 .. 2) { skip } }"),
        Fault(.emptyRange, "int i; init { for (i : «2 .. 1) { skip } }"),
        Fault(.invalidStatement, "chan c = [1] of { int }; trace { «skip } init { c!1 }"),
        Fault(.invalidStatement, "chan c = [1] of { int }; trace { «c!!1 } init { c!1 }"),
        Fault(.invalidStatement, "chan c = [1] of { int }; trace { «c??1 } init { c!1 }"),
        Fault(.invalidStatement, "chan c = [1] of { int }; notrace { «c?<1> } init { c!1 }"),
        Fault(.invalidStatement, "chan c = [1] of { int }; trace { int x; c?eval(«x) } init { c!1 }"),
        Fault(.invalidStatement, "int i; chan c = [1] of { int }; trace { «for (i : 1 .. 2) { c!1 } } init { c!1 }"),
        Fault(.duplicateDeclaration, "chan c = [1] of { int }; trace { c!1 } «notrace { c!1 } init { c!1 }"),
        Fault(.anyValueInTrace, "chan c = [1] of { int }; int x; trace { c!«x } init { c!1 }", .warning),
        Fault(.anyValueInTrace, "chan c = [1] of { int }; int x; trace { c?«x } init { c!1 }", .warning),
        Fault(.jumpInTrace, "chan c = [1] of { int }; trace { do :: c!1 :: «break od } init { c!1 }", .warning),
        Fault(.formatArguments, "init { «printf(\"%d\") }", .warning),
        Fault(.divisionByZero, "int x; init { x = 1 / «0 }", .warning),
    ]
}
