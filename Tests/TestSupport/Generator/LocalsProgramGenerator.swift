/// Random programs of a process with locals of all kinds that it reads now and then, in all ways there are.
public struct LocalsProgramGenerator {
    private var random: SplitMix64

    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    public mutating func makeProgram() -> String {
        """
        typedef Record { byte v; bit w };
        byte g;
        chan c = [1] of { byte };
        active proctype P() {
            byte x, y; byte a[2]; Record r;
            \(statements(0...3))
            do
        \((0..<Int.random(in: 1...3, using: &random)).map { _ in "    :: \(statements(1...4)) true" }.joined(separator: "\n"))
            od
        }
        active proctype Q() { do :: g = 0 :: g < 2 -> g++ :: c!g :: c?_ od }
        """
    }

    private mutating func statements(_ count: ClosedRange<Int>) -> String {
        (0..<Int.random(in: count, using: &random)).map { _ in statement() + "; " }.joined()
    }

    private mutating func statement() -> String {
        let choices = [
            "x = g", "y = x", "g = y", "a[0] = x", "a[x & 1] = 1", "g = a[y & 1]", "r.v = y", "x = r.v", "r.w = 1 - r.w", "r.w == 1", "c?x", "c?a[0]",
            "c!x", "c?eval(y)", "c?[eval(x)]", "c??[eval(y)]", "c?<x>", "c?[_]", "select (x : 0 .. 2)", "x = (y + 1) % 3", "assert(x < 2 || g != 1)",
            "assert(a[1] != 1 || g != 2 || y != 2)", "d_step { x = g; y = x }", "d_step { g = y; y = 0 }", "d_step { a[1] = x; x = a[0] }",
            "d_step { if :: x == 1 -> y = 0 :: else -> y = x fi; g = 1 }", "d_step { do :: x > 0 -> x-- :: else -> break od }", "atomic { x = 1; g = x }",
            "if :: x == y -> g = 0 :: else -> g = 2 fi", "if :: x = 0 :: y = 2 :: skip fi", "{ g = 1; y = 1; g = 2 } unless { x == 2 && g == 0; g = 1 }",
            "printf(\"%d\", x)", "g = (x > y -> x : 0)", "x = len(c)", "assert(g < 3)",
        ]
        return choices[Int.random(in: 0..<choices.count, using: &random)]
    }
}
