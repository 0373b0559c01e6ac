import Automata
import Explanations
import Exploration
import Promela
import Testing

/// The examples of properties show what they say.
@Suite struct PropertyExampleTests {
    /// What each property is called in the program.
    static let properties: [(name: String, property: Property)] =
        Property.ofStates.map { ($0.name, $0) } + [
            ("wrap-around", .wrapAround), ("trace", .trace), ("notrace", .trace), ("ltl", .claim(.formula(0))), ("never", .claim(.neverClaim(0))),
            ("acceptance", .claim(.acceptance)), ("progress", .claim(.progress)),
        ]

    @Test(arguments: properties)
    func theExampleViolatesThePropertyAndNoOther(_ name: String, _ property: Property) throws {
        let explanation = try #require(Explanation.properties(named: name).first)
        let (example, mended) = (try #require(explanation.example), try #require(explanation.mended))
        let found = try #require(try Findings(example).search(for: property))
        #expect(!found.violations.isEmpty && found.violations.allSatisfy { $0.property == property })
        let result = try #require(try Findings(mended).search(for: property))
        #expect(result.verdict == .holds, "\(result.violations.map(\.message))")
    }

    @Test(arguments: properties)
    func everyPropertyOfTheExampleIsExplained(_ name: String, _ property: Property) throws {
        let explanation = try #require(Explanation.properties(named: name).first)
        let example = try #require(explanation.example)
        let program = try #require(try Findings(example).system).program
        for property in Property.all(of: program) {
            // Formulas and claims have names of their own behind the word.
            let word = try #require(property.name(in: program).split(separator: " ").first)
            #expect(Explanation.properties(named: String(word)).count == 1, "\(word)")
        }
        #expect(property.name(in: program).split(separator: " ").first == Substring(name))
    }

    @Test func fairnessMakesTheDifference() throws {
        let explanation = try #require(Explanation.properties(named: "fairness").first)
        let example = try #require(explanation.example)
        let property = Property.claim(.formula(0))
        #expect(try Findings(example).search(for: property)?.verdict == .violated)
        for fairness in [Fairness.weak, .strong] {
            #expect(try Findings(example).search(for: property, fairness: fairness)?.verdict == .holds)
        }
    }

    @Test(arguments: Catalogue.sections.flatMap(\.explanations).filter { $0.code == nil })
    func theModelsAreInOrder(_ explanation: Explanation) throws {
        for example in [explanation.example, explanation.mended].compactMap({ $0 }) {
            let found = try Findings(example)
            #expect(found.system != nil && found.codes.isEmpty, "\(found.messages)")
        }
    }
}

extension Property {
    /// The name of a property that is the same in every model.
    fileprivate var name: String {
        let result = ModelReader.read(text: "init { skip }")
        return result.program.map { self.name(in: $0) } ?? ""
    }
}

extension Explanation {
    static func properties(named name: String) -> [Explanation] {
        Catalogue.explanations(of: name).filter { $0.code == nil }
    }
}
