import Explanations
import Testing

@Suite struct CatalogueTests {
    static let all = Catalogue.sections.flatMap(\.explanations)

    @Test(arguments: all)
    func isWellFormed(_ explanation: Explanation) {
        #expect(explanation.summary.count <= 100 && !explanation.summary.hasSuffix(".") && !explanation.summary.contains("\n"))
        #expect(explanation.text.hasSuffix("."))
        #expect(explanation.name.allSatisfy { $0.isLowercase || "-_".contains($0) })
    }

    @Test func nothingIsExplainedTwice() {
        let keys = Self.all.map { "\($0.name) \($0.code == nil)" }
        #expect(Set(keys).count == keys.count)
    }

    @Test(arguments: [
        ("chanel-arity", "channel-arity"), ("holdz", "holds"), ("deadlock", "end-states"), ("trace", "trace"), ("chanel", "channel-arity"),
        ("missing", "missing-format"), ("INCONCLUSIVE", "inconclusive"), ("", nil), ("xyzzy", nil),
    ])
    func findsTheNearestName(_ name: String, _ nearest: String?) {
        #expect(Catalogue.names(like: name).first == nearest)
    }

    @Test func oneWordMayMeanTwoThings() {
        #expect(Catalogue.explanations(of: "division-by-zero").count == 2)
        #expect(Catalogue.explanations(of: "End-States").count == 1)
        #expect(Catalogue.explanations(of: "nothing").isEmpty)
    }
}
