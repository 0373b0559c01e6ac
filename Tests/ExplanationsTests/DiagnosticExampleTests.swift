import Explanations
import Promela
import Testing

/// The examples of diagnostics show what they say.
@Suite struct DiagnosticExampleTests {
    static let explanations = Catalogue.sections.flatMap(\.explanations).filter { $0.code != nil }

    @Test(arguments: DiagnosticCode.allCases)
    func everyCodeIsExplainedOnce(_ code: DiagnosticCode) {
        #expect(Self.explanations.filter { $0.code == code }.count == 1)
    }

    @Test(arguments: explanations)
    func theExampleYieldsTheCodeAndNoOther(_ explanation: Explanation) throws {
        let example = try #require(explanation.example)
        let found = try Findings(example)
        if explanation.code == .valueRange {
            #expect(found.codes.isEmpty)
            #expect(try found.search()?.truncations.isEmpty == false)
            return
        }
        // Only some engines have it; the others have nothing to say.
        if explanation.code == .notSupported {
            #expect(found.codes.isEmpty)
            return
        }
        // Where text is cut off, so many faults have been listed already.
        let expected: Set = explanation.code == .tooManyFaults ? [.unknownCharacter, .tooManyFaults] : [explanation.code]
        #expect(found.codes == Set(expected.compactMap { $0 }), "\(found.messages.prefix(5))")
    }

    @Test(arguments: explanations)
    func theMendedModelYieldsNothing(_ explanation: Explanation) throws {
        let mended = try #require(explanation.mended)
        let found = try Findings(mended)
        #expect(found.codes.isEmpty, "\(found.messages)")
        #expect(found.system != nil)
        if explanation.code == .valueRange { #expect(try found.search()?.truncations.isEmpty == true) }
    }
}

extension Explanation: CustomTestStringConvertible {
    public var testDescription: String { name }
}
