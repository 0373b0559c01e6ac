import Spin
import Testing

/// What is read of the output of Spin's verifier.
@Suite struct PanOutputTests {
    private static func read(_ text: String, inPiecesOf size: Int = 1000) -> (SpinResult, PanOutputParser) {
        var parser = PanOutputParser()
        let bytes = Array(text.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { parser.receive($0) }
        }
        return (parser.finish(), parser)
    }

    private static let end = """
        State-vector 40 byte, depth reached 45, errors: 0
         1.2345678e+08 states, stored
        \t1.2e+08 nominal states (stored-atomic)
            11370 states, matched
            18187 transitions (= stored+matched)
               17 atomic steps
        """

    @Test func aNumberThatIsRoundedIsNotTakenForAnother() {
        let (result, _) = Self.read("  1684802 states, stored\n\t1.6848e+06 nominal states (stored-atomic)\n", inPiecesOf: 1000)
        #expect(result.nominalStates == 1_684_802)
    }

    @Test(arguments: [
        (1_684_802, "1.6848e+06", 0, 1_684_802), (1_011_330, "1.01127e+06", 58, 1_011_272), (58_092, "58078", 14, 58_078),
        (12_775_094, "283324", 12_491_770, 283_324),
    ])
    func norWithAtomicSteps(stored: Int, nominal: String, atomic: Int, expected: Int) {
        let text = "  \(stored) states, stored\n\t\(nominal) nominal states (stored-atomic)\n     \(atomic) atomic steps\n"
        #expect(Self.read(text, inPiecesOf: 1000).0.nominalStates == expected)
    }

    @Test(arguments: [1, 7, 1000]) func theNumbersAtTheEnd(size: Int) {
        let (result, parser) = Self.read(Self.end, inPiecesOf: size)
        #expect(parser.hasStatistics)
        #expect(result.statesStored == 123_456_780)
        #expect(result.nominalStates == 120_000_000)
        #expect(result.statesMatched == 11370)
        #expect(result.depthReached == 45)
        #expect(result.stateVectorBytes == 40)
        #expect(result.errors == 0)
        #expect(result.isComplete)
    }

    @Test func aStackThatIsTooSmall() {
        let (result, parser) = Self.read("error: max search depth too small\npan:1: depth limit reached (at depth 100)\n" + Self.end)
        #expect(parser.isDepthExceeded)
        #expect(!parser.isVectorTooSmall)
        #expect(!result.isComplete)
    }

    @Test func statesThatAreTooLong() {
        let (_, parser) = Self.read("pan: error, VECTORSZ too small, recompile pan.c with -DVECTORSZ=N with N>24\n")
        #expect(parser.isVectorTooSmall)
        #expect(!parser.hasStatistics)
    }
}
