import Automata
import Promela
import Testing

/// What is too large for a state is refused at once, rather than laid out, cut short or counted for hours.
@Suite struct LayoutLimitTests {
    static let tooLarge: [(code: String, model: String)] = [
        ("state-too-large", "int a[16777216], b; init { a[1] = 2 }"),
        ("state-too-large", "typedef A { int a[1000] } typedef B { A b[1000] } typedef C { B c[1000] } C c; init { skip }"),
        (
            "state-too-large",
            "typedef A { int a[65535] } typedef B { A b[65535] } typedef C { B c[65535] } typedef D { C d[65535] }"
                + "init { D d; skip }"
        ),
        ("state-too-large", "chan c[100] = [32767] of { int, int, int, int, int, int, int, int }; init { skip }"),
        ("too-many-channels", "chan c[300] = [0] of { byte }; init { skip }"),
        ("too-many-channels", "typedef T { chan c[20] = [0] of { byte } } T t[13]; init { skip }"),
        ("too-many-channels", "init { chan c[16777216] = [0] of { byte }; skip }"),
        ("process-too-long", "init { \(String(repeating: "skip; ", count: 66_000)) }"),
        ("too-many-proctypes", (0..<256).map { "proctype P\($0)() { skip }\n" }.joined() + "init { run P255() }"),
        ("message-too-long", "typedef T { int a[256] } T t; chan c = [1] of { T }; init { c!t }"),
        ("message-too-long", "typedef T { int a[256] } typedef C { chan c = [1] of { T } } T t; C c; init { c.c!t }"),
        (
            "statement-too-long",
            "byte b; init { printf(\"%d\"\(String(repeating: ", b", count: 70_000))) }"
        ),
    ]

    @Test(arguments: tooLarge.indices)
    func `refuses what is too large`(index: Int) throws {
        let (code, model) = Self.tooLarge[index]
        let program = try #require(ModelReader.read(text: model).program)
        let error = try #require(throws: SystemError.self) { try System(program) }
        #expect(error.diagnostic.code.rawValue == code)
        #expect(!program.sources.text(of: error.diagnostic.span).isEmpty)
    }

    @Test(arguments: [
        "byte a[1000000]; init { a[1] = 2 }",
        "chan c[255] = [0] of { byte }; init { skip }",
        "init { \(String(repeating: "skip; ", count: 30_000)) }",
        (0..<255).map { "proctype P\($0)() { skip }\n" }.joined() + "init { run P254() }",
        "typedef T { int a[255] } T t; chan c = [1] of { T }; init { c!t; c?t }",
    ])
    func `takes what just fits`(model: String) throws {
        let program = try #require(ModelReader.read(text: model).program)
        let generator = SuccessorGenerator(try System(program))
        var faults = 0
        var successors = 0
        generator.onFault = { _, _ in faults += 1 }
        generator.onSuccessor = { _ in successors += 1 }
        let (state, fault) = generator.initialState()
        _ = state.withUnsafeBytes { generator.expand($0) }
        #expect(fault == nil && faults == 0 && successors == 1)
    }
}
