import Automata
import Explanations
import Exploration
import Testing

/// The examples of properties show what they say.
@Suite struct PropertyExampleTests {
    @Test(arguments: Property.allCases)
    func everyPropertyIsExplained(_ property: Property) {
        #expect(Explanation.properties(named: property.rawValue).count == 1)
    }

    @Test(arguments: Property.allCases)
    func theExampleViolatesThePropertyAndNoOther(_ property: Property) throws {
        let explanation = try #require(Explanation.properties(named: property.rawValue).first)
        guard Self.isSafety(explanation) else { return }
        let example = try #require(explanation.example)
        let found = try #require(try Findings(example).search())
        #expect(!found.violations.isEmpty && found.violations.allSatisfy { $0.property == property })
        let mended = try #require(explanation.mended)
        let result = try #require(try Findings(mended).search())
        #expect(result.verdict == .holds, "\(result.violations.map(\.message))")
    }

    @Test func traceAssertions() throws {
        let explanation = try #require(Explanation.properties(named: "trace").first)
        let (example, mended) = (try #require(explanation.example), try #require(explanation.mended))
        let found = try #require(try Findings(example).search())
        #expect(found.violations.compactMap { $0.fault?.kind } == [.traceMismatch])
        #expect(try Findings(mended).search()?.verdict == .holds)
    }

    @Test(arguments: ["ltl", "never", "acceptance", "progress", "trace", "fairness"])
    func theExampleIsAModel(_ name: String) throws {
        let explanation = try #require(Explanation.properties(named: name).first)
        for example in [explanation.example, explanation.mended].compactMap({ $0 }) {
            let found = try Findings(example)
            #expect(found.system != nil && found.codes.isEmpty, "\(found.messages)")
        }
    }

    /// What a search of reachable states decides; the others are checked as claims.
    private static func isSafety(_ explanation: Explanation) -> Bool {
        ["assertions", "end-states", "array-bounds", "division-by-zero", "execution"].contains(explanation.name)
    }
}

extension Explanation {
    static func properties(named name: String) -> [Explanation] {
        Catalogue.explanations(of: name).filter { $0.code == nil }
    }
}
