import Promela
import TestSupport
import Testing

/// Small models, one point of the language each: Heddle accepts exactly those that Spin does.
@Suite struct SpinAgreementTests {
    @Test(.enabled(if: SpinOracle.isAvailable), arguments: SmallModels.syntax + SmallModels.meaning + SmallModels.labels)
    func acceptsWhatSpinAccepts(_ model: String) throws {
        let result = ModelReader.read(text: model + "\n")
        let expected = try SpinOracle.accepts(model + "\n")
        #expect((result.program != nil) == expected, "\(model): \(result.diagnostics.map(\.message))")
    }

    @Test(.enabled(if: SpinOracle.isAvailable), arguments: SpinExamples.paths)
    func acceptsTheExamplesThatSpinAccepts(_ path: String) throws {
        let result = try ModelReader.read(fileAt: path)
        let directory = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        let bytes = result.sources.files.first { $0.path == path }?.bytes ?? []
        let expected = try SpinOracle.accepts(String(decoding: bytes, as: UTF8.self), headersIn: directory)
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
}
