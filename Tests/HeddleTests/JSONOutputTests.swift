import Foundation
import Testing
import Traces

/// `heddle check --format json`
@Suite struct JSONOutputTests {
    private static func object(_ model: ModelFile) throws -> [String: Any] {
        let outcome = try HeddleCommand.run(
            ["check", "--format", "json"] + model.options + [model.name], in: Repository.models)
        #expect(outcome.exitCode == model.exitCode)
        #expect(outcome.errors.isEmpty)
        return try #require(
            try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any], "no object")
    }

    static let models = ModelFile.all.filter { model in
        ["counter-holds", "assertion-violated", "deadlock-violated", "index-violated", "division-violated",
            "message-length-violated", "two-assertions-violated", "too-deep-inconclusive", "memory-inconclusive",
            "deadlock-not-asked-holds"]
            .contains { model.name == $0 + ".pml" }
    }

    @Test(arguments: models)
    func hasTheDocumentedMembers(model: ModelFile) throws {
        let object = try Self.object(model)
        #expect(Set(object.keys) == ["model", "verdict", "properties", "statistics"])
        #expect(object["model"] as? String == model.name)
        #expect(object["verdict"] as? String == model.verdict)

        let statistics = try #require(object["statistics"] as? [String: Any])
        #expect(
            Set(statistics.keys).subtracting(["statesWithSleepingMoves"])
                == ["statesStored", "statesMatched", "transitions", "depthReached", "productStates", "seconds", "bytes"])
        for (name, value) in statistics {
            let number = try #require(value as? NSNumber, "\(name)")
            #expect(number.doubleValue >= 0)
        }
        #expect((statistics["statesStored"] as? Int ?? 0) > 0)
    }

    @Test(arguments: models)
    func givesEachPropertyItsVerdictAndWhatExplainsIt(model: ModelFile) throws {
        let object = try Self.object(model)
        let properties = try #require(object["properties"] as? [[String: Any]])
        let expected =
            model.options.contains("--property")
            ? ["assertions", "array-bounds", "division-by-zero", "execution"]
            : ["assertions", "end-states", "array-bounds", "division-by-zero", "execution"]
        #expect(properties.compactMap { $0["name"] as? String } == expected)
        for property in properties {
            let name = try #require(property["name"] as? String)
            let members = Set(property.keys).subtracting(["furtherTraces"])
            switch property["verdict"] as? String {
            case "holds": #expect(members == ["name", "verdict"])
            case "inconclusive": #expect(members == ["name", "verdict", "reason"])
            case "violated":
                #expect(name == model.property)
                #expect(members == ["name", "verdict", "trace", "message"])
            case let other: Issue.record("\(name) has the verdict \(other ?? "none")")
            }
        }
        let violated = properties.filter { $0["verdict"] as? String == "violated" }
        #expect(violated.count == (model.property == nil ? 0 : 1))
    }

    @Test func holdsTheTraceAsITF() throws {
        let model = try #require(Self.models.first { $0.name == "two-assertions-violated.pml" })
        let properties = try #require(try Self.object(model)["properties"] as? [[String: Any]])
        let property = try #require(properties.first { $0["name"] as? String == "assertions" })
        let first = try #require(property["trace"])
        let further = try #require(property["furtherTraces"] as? [Any])
        #expect(further.count == 1)
        let place = try Workplace([model.name: try Repository.model(model.name)])
        for (index, trace) in ([first] + further).enumerated() {
            let object = try #require(trace as? [String: Any])
            let variables = try #require(object["vars"] as? [String])
            let states = try #require(object["states"] as? [[String: Any]])
            // ADR-015: each state gives each variable a value.
            for state in states { #expect(Set(state.keys).subtracting(["#meta"]) == Set(variables)) }
            let text = String(decoding: try JSONSerialization.data(withJSONObject: trace), as: UTF8.self)
            #expect(try TraceFile.decode(text).violation.property == "assertions")
            try place.write(text, to: "\(index).itf.json")
        }
        let replay = try place.heddle("replay", "0.itf.json", "1.itf.json")
        #expect(replay.output == "0.itf.json: reproduced\n1.itf.json: reproduced\n")
        #expect(replay.exitCode == 0)
    }
}
