import Foundation
import Promela
import TestSupport
import Testing

@testable import Traces

@Suite struct ITFTests {
    @Test(arguments: Models.all) func roundTripOfModels(_ model: String) throws {
        let trace = try Fixture(model).trace
        let text = ITFEncoder.text(trace)
        #expect(try TraceFile.decode(text) == trace)
        #expect(ITFEncoder.text(try TraceFile.decode(text)) == text)
        #expect(text.hasSuffix("}\n"))
    }

    @Test func roundTripOfGeneratedTraces() throws {
        for seed in 0..<300 {
            var generator = TraceGenerator(seed: UInt64(seed))
            let trace = generator.trace()
            let text = ITFEncoder.text(trace)
            #expect(try TraceFile.decode(text) == trace, "seed \(seed)")
            _ = try JSONSerialization.jsonObject(with: Data(text.utf8))
        }
    }

    /// What ADR-015 asks for, seen through a JSON reader that is not ours.
    @Test(arguments: Models.all) func isInTheFormat(_ model: String) throws {
        let text = ITFEncoder.text(try Fixture(model).trace)
        let root = try #require(JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let variables = try #require(root["vars"] as? [String])
        #expect(Set(variables).count == variables.count)
        let states = try #require(root["states"] as? [[String: Any]])
        for (index, state) in states.enumerated() {
            #expect((state["#meta"] as? [String: Any])?["index"] as? Int == index)
            #expect(Set(state.keys) == Set(variables + ["#meta"]))
            for name in variables { expectValue(try #require(state[name])) }
        }
        #expect(states[0]["mbt::actionTaken"] as? String == "init")
    }

    private func expectValue(_ value: Any) {
        if let list = value as? [Any] { return list.forEach(expectValue) }
        if let object = value as? [String: Any] {
            if let number = object["#bigint"] {
                #expect((number as? String)?.contains(/^-?[0-9]+$/) == true)
            } else if object["#unserializable"] == nil {
                object.values.forEach(expectValue)
            }
            return
        }
        #expect(value is String || String(describing: type(of: value)).contains("Bool"), "\(value)")
    }

    @Test func largeNumbers() throws {
        for value in [Trace.Value.integer(.min), .integer(.max), .unsigned(.max), .integer(0), .unsigned(1)] {
            var trace = try Fixture(Models.deadlock).trace
            trace.states[0].globals.append(.init("x", value))
            for index in 1..<trace.states.count { trace.states[index].globals.append(.init("x", value)) }
            #expect(try TraceFile.decode(ITFEncoder.text(trace)) == trace)
        }
    }

    @Test func loop() throws {
        var trace = try Fixture(Models.deadlock).trace
        trace.loopStart = 1
        #expect(ITFEncoder.text(trace).contains("\"loop\": 1"))
        #expect(try TraceFile.decode(ITFEncoder.text(trace)).loopStart == 1)
    }

    @Test(arguments: [
        ("", "the file ends where a value should be"),
        ("{", "the file ends where the name of a member should be"),
        ("[1,]", "`]` stands where a value should be"),
        ("{\"a\":1,\"a\":2}", "there are two members `a`"),
        ("{\"a\" 1}", "`1` stands where `:` should be"),
        ("\"abc", "this string does not end"),
        ("\"\\x\"", "there is no such escape"),
        ("\"\\ud800\"", "half of a character"),
        ("\"\\ud800\\u0041\"", "half of a character"),
        ("\"\u{1}\"", "a control character"),
        ("01", "this is no number"),
        ("-", "this is no number"),
        ("1.", "this is no number"),
        ("1e", "this is no number"),
        ("tru", "`t` stands where a value should be"),
        ("{} x", "something follows"),
        ("{}", "there is no member `#meta`"),
        ("[]", "a list stands where an object should be"),
        ("null", "null stands where an object should be"),
        ("{\"#meta\": {\"format\": \"TLA\"}}", "no trace in the ITF format"),
        ("{\"#meta\": {\"format\": \"ITF\"}, \"vars\": [], \"states\": []}", "another tool wrote this trace"),
        ("{\"#meta\": {\"heddle\": {\"version\": 2}}}", "version 2"),
        ("{\"#meta\": {\"heddle\": {\"version\": \"1\"}}}", "a string stands where a number should be"),
        ("{\"#meta\": {\"heddle\": {\"version\": 1e99}}}", "1e99 is not"),
        ("{\"#meta\": {\"heddle\": {\"version\": 1}}, \"vars\": [1]}", "vars[0]: a number stands where a string should be"),
        ("{\"#meta\": {\"heddle\": {\"version\": 1}}, \"vars\": [], \"states\": []}", "at least one state"),
    ]) func malformed(_ text: String, _ message: String) {
        #expect { try TraceFile.decode(text) } throws: { error in
            String(describing: error).contains(message) ? true : { Issue.record("\(error)"); return false }()
        }
    }

    @Test func deepNesting() {
        for (opening, closing) in [("[", "]"), ("{\"a\":", "}")] {
            let text = String(repeating: opening, count: 200_000) + "1" + String(repeating: closing, count: 200_000)
            #expect(throws: TraceFileError.self) { try TraceFile.decode(text) }
            #expect(throws: TraceFileError.self) { try TraceFile.decode(String(repeating: opening, count: 500_000)) }
        }
    }

    @Test func invalidUTF8() {
        #expect(throws: TraceFileError.self) { try TraceFile.decode([0x22, 0xff, 0x22]) }
        #expect(throws: TraceFileError.self) { try TraceFile.decode([0x22, 0xed, 0xa0, 0x80, 0x22]) }
    }

    /// Whatever is done to a file, reading it gives a trace or an error; and what gives a trace can be shown and replayed.
    @Test func mutations() throws {
        let fixture = try Fixture(Models.everything)
        let original = Array(ITFEncoder.text(fixture.trace).utf8)
        var random = SplitMix64(seed: 42)
        let pieces = ["{", "}", "[", "]", "\"", "-1", "null", "99999999999999999999", ",", "true", "\\u0000", "{\"#tup\":[]}"]
        var survivors = 0
        for _ in 0..<1200 {
            var bytes = original
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &random)))
                case 2: bytes.insert(contentsOf: Array(pieces.randomElement(using: &random)!.utf8), at: place)
                case 3:
                    // One digit for another keeps the syntax, so this gets past the parser.
                    if let digit = bytes[place...].firstIndex(where: { (48...57).contains($0) }) {
                        bytes[digit] = UInt8.random(in: 48...57, using: &random)
                    }
                default: bytes.removeLast(bytes.count - place - 1)
                }
                if bytes.isEmpty { break }
            }
            guard let trace = try? TraceFile.decode(bytes) else { continue }
            survivors += 1
            for format in TraceFormat.allCases { _ = format.render(trace, options: TextOptions(columns: 60)) }
            _ = TraceReplayer(fixture.system).replay(trace)
        }
        #expect(survivors > 50)
    }
}
