import Testing

/// Models whose control flow takes a turn worth looking at.
enum ControlFlowModels {
    struct Model: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var testDescription: String { name }
    }

    /// The body of a process that has a few things to work with.
    private static func process(_ name: String, _ body: String) -> Model {
        Model(
            name: name,
            text: """
                byte x;
                chan buffered = [1] of { byte };
                chan rendezvous = [0] of { byte };
                active proctype P() {
                    byte i;
                    \(body)
                }
                """)
    }

    static let all: [Model] = [
        process("one statement", "x = 1"),
        process("a sequence in a sequence", "x = 1; { x = 2; { x = 3 } }; x = 4"),
        process("a selection", "if :: x == 0 -> x = 1 :: x == 1 -> x = 2 :: else fi; x = 3"),
        process("else written first", "if :: else -> x = 1 :: x == 1 -> x = 2 fi"),
        process("a selection that starts with a selection", "if :: if :: x == 0 :: x == 1 fi; x = 2 :: x = 3 fi"),
        process("a loop", "do :: x < 3 -> x++ :: x == 3 -> break :: else -> skip od; x = 0"),
        process("a loop in a loop", "do :: do :: x < 3 -> x++ :: else -> break od; x = 0 :: break od"),
        process("two skips in a row", "do :: skip; skip; x = 1 :: x = 2; skip; skip; break od"),
        process("for", "for (i : 1 .. 3) { x = i }; x = 9"),
        process("for in for", "byte j; for (i : 1 .. 3) { for (j : 1 .. i) { x = j } }"),
        process("atomic", "atomic { x = 1; x = 2; x = 3 }; x = 4"),
        process("atomic with a jump out", "atomic { x = 1; if :: x == 1 -> goto out :: else -> x = 2 fi; x = 3 }; out: x = 4"),
        process("a jump from atomic into atomic", "atomic { x = 1; goto there }; x = 2; atomic { x = 3; there: x = 4; x = 5 }"),
        process("atomic that ends in a loop", "atomic { x = 1; do :: x < 3 -> x++ :: else -> break od }; x = 4"),
        process("atomic in atomic", "atomic { x = 1; atomic { x = 2; x = 3 }; x = 4 }"),
        process("an option that is atomic", "do :: atomic { x < 2 -> x++; rendezvous?i } :: x > 3 -> break od"),
        process("d_step", "d_step { x = 1; do :: x < 3 -> x++ :: else -> break od; x = 9 }; x = 4"),
        process("d_step in atomic", "atomic { x = 1; d_step { x = 2; x = 3 }; x = 4 }"),
        process("atomic in d_step", "d_step { x = 1; atomic { x = 2; x = 3 } }; x = 4"),
        process("d_step as an option", "do :: d_step { x < 3 -> x++ } :: else -> break od"),
        process("a jump back", "again: x++; if :: x < 3 -> goto again :: else fi"),
        process("a jump that bears a label", "x = 1; progress: goto out; x = 2; out: x = 3"),
        process("jumps to jumps", "goto one; two: goto three; one: goto two; three: x = 1"),
        process("labels with a meaning", "end: buffered!1; progress: x = 1; accept: do :: x = 2 :: break od; endless: skip"),
        process("labels on a selection", "endhere: if :: buffered?i :: rendezvous?i -> progress: x = 1 fi"),
        process("a label at the end", "if :: x == 0 -> goto out :: else fi; x = 1; out: skip"),
        process("unless", "{ x = 1; x = 2; x = 3 } unless { x == 2; x = 5 }; x = 6"),
        process("unless without braces", "x = 1 unless x == 2; x = 6"),
        process("nested unless", "{ { x = 1; x = 2 } unless { x == 3; x = 4 } } unless { buffered?i; x = 5 }"),
        process("unless in an escape", "{ x = 1; x = 2 } unless { { x == 3; x = 4 } unless { buffered?i } }; x = 7"),
        process("an escape with choices", "{ x = 1; x = 2 } unless { if :: x == 3 :: buffered?i -> x = 4 fi }"),
        process("unless around a loop", "{ do :: x < 3 -> x++ :: x == 3 -> break od } unless { x == 2; x = 5 }"),
        process("unless around atomic", "{ atomic { x = 1; x = 2; x = 3 } } unless { x == 2; x = 5 }"),
        process("unless in atomic", "atomic { { x = 1; x = 2 } unless { x == 2; x = 5 }; x = 6 }"),
        process("unless around d_step", "{ d_step { x = 1; x = 2 }; x = 3 } unless { x == 2; x = 5 }"),
        process("unless in a loop", "do :: { x = 1; rendezvous?i } unless { x == 2; break } :: x > 3 -> break od"),
        process("a labelled unless", "progress: { x = 1; x = 2 } unless { x == 2; x = 5 }; x = 6"),
        process("printing", "printf(\"one\\n\"); if :: printf(\"two\\n\") :: x = 1 fi; printm(x)"),
        process("an assertion", "assert(x == 0); x = 1"),
        process("conditions that are constant", "if :: 1 -> x = 1 :: 0 -> x = 2 :: true -> x = 3 fi"),
        process("timeout", "do :: x < 3 -> x++ :: timeout -> break od"),
        Model(name: "init and an instance", text: "byte x; proctype P(byte a) { x = a } init { run P(1); x = 3; run P(2) }"),
        Model(
            name: "an inline", text: """
                byte x;
                inline twice(a) { x = a; if :: x == a -> x = a + 1 :: else fi }
                active proctype P() { twice(1); twice(2); atomic { twice(3) } }
                """),
    ]
}
