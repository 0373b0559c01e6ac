import Exploration
import ModelFuzzing
import Testing

/// Walks come to places that pure chance hardly ever comes to.
struct GuidanceTests {
    /// A lock that opens to one word of so many letters, and closes again at a wrong one.
    private static func lock(letters: Int) -> String {
        var text = "byte key;\nactive proctype Lock() {\n"
        for letter in 0..<letters {
            text += "  L\(letter): if :: key = 0 -> goto L0 :: key = 1 -> goto L0 :: key = 2 -> goto L0 :: key = 3 -> skip fi;\n"
        }
        return text + "  assert(false)\n}\n"
    }

    @Test("a state that takes fifteen choices in a row, each one of four, is come to")
    func lock() throws {
        // Uniform choices would take a thousand million tries.
        let found = try Fuzzed.fuzz(try Fuzzed.system(Self.lock(letters: 15)), Fuzzed.options(steps: 400_000))
        #expect(found.result.violations.first?.property == .assertions)
        #expect(found.result.violations.first?.path.count == 31)
    }

    @Test("one that takes a process to be left behind for very long is come to")
    func starvation() throws {
        let text = """
            byte laps; bool slow;
            active proctype Fast() { do :: laps < 60 && !slow -> laps++ od }
            active proctype Slow() { slow = true; assert(laps < 60) }
            """
        let system = try Fuzzed.system(text)
        var options = Fuzzed.options(steps: 100_000)
        options.properties = [.assertions]
        #expect(try Fuzzed.fuzz(system, options).result.violations.count == 1)
    }

    @Test("states to begin at are kept in as much memory as is allowed")
    func memory() throws {
        let text = "byte x; active [4] proctype P() { byte a[200]; do :: x++ :: x-- :: x == 3 -> x = 0 :: x = 9 od }"
        let system = try Fuzzed.system(text)
        var options = Fuzzed.options(steps: 50_000)
        let much = try Fuzzed.fuzz(system, options).corpusCount
        options.corpusLimit = 2_000
        let little = try Fuzzed.fuzz(system, options).corpusCount
        #expect(much > 5)
        #expect(little < much)
    }
}
