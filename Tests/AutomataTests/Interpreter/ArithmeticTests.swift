import Automata
import Testing

/// What expressions are worth: 32 bits with a sign, as in Spin, or 64 without where something that wide takes part.
struct ArithmeticTests {
    /// The variables that the expressions below are made of.
    private static let declarations = """
        unsigned big : 64 = 18446744073709551615;
        unsigned half : 64 = 9223372036854775808;
        unsigned five : 64 = 5;
        unsigned word : 32 = 4294967295;
        int minus = -1;
        int seven = 7;
        int top = 2147483647;
        byte octet = 255;
        short low = -32768;
        """

    @Test(
        "64-bit arithmetic has no sign and wraps around",
        arguments: [
            ("five + 2", 7), ("big + 1", 0), ("big + five", 4), ("five - 6", UInt64.max), ("five - seven", UInt64.max - 1),
            ("half * 2", 0), ("half * five", 1 << 63), ("big * big", 1), ("big / 2", UInt64.max / 2),
            ("half / five", (1 << 63) / 5), ("big % 10", 5), ("half % seven", 1), ("five / seven", 0),
            ("five << 2", 20), ("five << 62", 1 << 62), ("half >> 63", 1), ("big >> 60", 15), ("big & five", 5),
            ("half | five", (1 << 63) + 5), ("big ^ half", UInt64.max / 2), ("~five", UInt64.max - 5), ("-five", UInt64.max - 4),
            ("word + 1", 1 << 32), ("word * word", 0xFFFF_FFFE_0000_0001), ("word + five", 4_294_967_300),
            ("(five > 3 -> big : five)", UInt64.max), ("(five > 8 -> big : five)", 5),
        ] as [(String, UInt64)])
    func wide(expression: String, expected: UInt64) throws {
        #expect(try value(of: expression, in: "unsigned result : 64") == .unsigned(expected))
    }

    @Test(
        "comparisons beyond 2^63 know no sign",
        arguments: [
            ("big > half", true), ("half > five", true), ("half < five", false), ("big >= big", true),
            ("half <= big", true), ("big == big", true), ("big != half", true), ("five < half && half < big", true),
            ("!big", false), ("word > five", true), ("word > 2147483647", true),
        ])
    func comparison(expression: String, expected: Bool) throws {
        #expect(try value(of: expression, in: "bool result") == .boolean(expected))
    }

    @Test(
        "int wraps around at 32 bits",
        arguments: [
            ("top + 1", -2_147_483_648), ("top * 2", -2), ("top + top", -2), ("-top - 2", 2_147_483_647),
            ("minus - 1", -2), ("seven / -2", -3), ("-seven / 2", -3), ("-seven % 3", -1), ("seven % -3", 1),
            ("minus >> 1", -1), ("1 << 31", -2_147_483_648), ("~seven", -8), ("-seven", -7), ("minus & octet", 255),
            ("seven ^ minus", -8), ("low * low", 1_073_741_824), ("octet * octet", 65025), ("octet + minus", 254),
            ("(seven > 3 -> minus : top)", -1), ("!seven", 0), ("!(!seven)", 1), ("seven && minus", 1), ("0 || seven", 1),
            ("minus < octet", 1), ("minus >= octet", 0),
        ] as [(String, Int64)])
    func narrow(expression: String, expected: Int64) throws {
        #expect(try value(of: expression, in: "int result") == .integer(expected))
    }

    /// Where `&&` and `||` know the answer from the left, the right is not looked at: here it would be a fault.
    @Test("the right side of && and || is only looked at if it matters", arguments: ["0 && 1 / zero", "1 || 1 / zero"])
    func shortcut(expression: String) throws {
        let walk = try Walk("int zero, result = 7; active proctype P() { result = \(expression) }")
        #expect(walk.faults.isEmpty)
        try walk.step()
        #expect(walk["result"] == .integer(expression.hasPrefix("1") ? 1 : 0))
    }

    // MARK: Values that do not fit

    struct Cut: Sendable {
        var type: String
        var written: String
        var value: Int64
        var stored: Int64
    }

    @Test(
        "a value that does not fit is cut, and reported",
        arguments: [
            Cut(type: "byte result", written: "octet + seven", value: 262, stored: 6),
            Cut(type: "byte result", written: "minus", value: -1, stored: 255),
            Cut(type: "short result", written: "top", value: 2_147_483_647, stored: -1),
            Cut(type: "short result", written: "low - 1", value: -32_769, stored: 32_767),
            Cut(type: "bit result", written: "seven + 1", value: 8, stored: 0),
            Cut(type: "unsigned result : 3", written: "seven + 2", value: 9, stored: 1),
            Cut(type: "unsigned result : 12", written: "low", value: -32_768, stored: 0),
            Cut(type: "unsigned result : 32", written: "half + 3", value: .min + 3, stored: 3),
            Cut(type: "int result", written: "five + word", value: 4_294_967_300, stored: 4),
        ])
    func truncation(cut: Cut) throws {
        let walk = try Walk("\(Self.declarations)\n\(cut.type); active proctype P() { result = \(cut.written) }")
        try walk.step()
        let expected: Walk.Value = cut.type.hasPrefix("bit") ? .boolean(cut.stored != 0) : .integer(cut.stored)
        #expect(walk["result"] == expected || walk["result"] == .integer(cut.stored))
        let truncation = try #require(walk.generator.truncations.first)
        #expect(truncation.name == "result")
        #expect(truncation.value == cut.value)
        #expect(truncation.stored == cut.stored)
        #expect(truncation.count == 1)
        #expect(walk.system.program.sources.text(of: truncation.span) == "result")
    }

    @Test("an argument that its parameter cannot hold is reported under the parameter's name")
    func argumentTruncation() throws {
        let walk = try Walk("byte x; proctype Callee(byte narrow; int wide) { skip } init { x = 255; run Callee(x + 45, x + 45) }")
        try walk.step()
        try walk.step()
        #expect(walk.generator.truncations.map(\.name) == ["narrow"])
        #expect(walk.generator.truncations.map(\.value) == [300])
        #expect(walk.generator.truncations.map(\.stored) == [44])
    }

    @Test("each place is reported once, with how often it happened there, and what fits is not reported")
    func truncationCount() throws {
        let walk = try Walk("byte a = 250, b; active proctype P() { do :: b < 20 -> b++; a = a + 1 :: else -> break od }")
        walk.run()
        #expect(walk["a"] == .integer(14))
        #expect(walk.generator.truncations.map(\.name) == ["a"])
        #expect(walk.generator.truncations.map(\.count) == [1])
        #expect(walk.generator.truncations.map(\.value) == [256])
    }

    /// The value of an expression, kept in a variable that can hold it.
    private func value(of expression: String, in result: String) throws -> Walk.Value? {
        let walk = try Walk("\(Self.declarations)\n\(result); active proctype P() { result = \(expression) }")
        try walk.step()
        #expect(walk.generator.truncations.isEmpty)
        return walk["result"]
    }
}
