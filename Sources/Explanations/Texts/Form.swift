extension Explanation {
    static let ofForm: [Explanation] = [
        Explanation(
            .unexpectedToken, "something fits nowhere here",
            "The message says what was expected in its place. Often what is really wrong stands just before it.",
            example: """
                int x;
                init { x = ) }
                """,
            mended: """
                int x;
                init { x = 1 }
                """),
        Explanation(
            .assignmentInCondition, "`=` where a value is compared",
            "`=` assigns, and is a statement of its own; `==` compares.",
            example: """
                int x;
                init { if :: (x = 1) -> skip fi }
                """,
            mended: """
                int x;
                init { if :: (x == 1) -> skip :: else fi }
                """),
        Explanation(
            .assignmentAsGuard, "an option starts with an assignment and an arrow",
            """
            An assignment can always be executed, so the option is open at any time; the arrow makes it look like a \
            condition. To compare, write `==`. If the assignment is meant, put `;` behind it.
            """,
            example: """
                int x;
                init { if :: x = 1 -> skip :: x == 2 fi }
                """,
            mended: """
                int x;
                init { if :: x == 1 -> skip :: x == 2 :: else fi }
                """),
        Explanation(
            .missingOptionMark, "`if` or `do` without `::`",
            """
            Every option starts with `::`, the first one too; there are no braces around them, and `fi` or `od` closes them. \
            Where no guard holds, `if` waits: write `:: else` to go on.
            """,
            example: """
                int x;
                init { if (x > 1) { x = 0 } }
                """,
            mended: """
                int x;
                init { if :: x > 1 -> x = 0 :: else fi }
                """),
        Explanation(
            .missingSeparator, "two statements with nothing between them",
            "Statements are separated by `;` or `->`, which mean the same. None is needed behind the last one.",
            example: """
                int x;
                init { x = 1 x = 2 }
                """,
            mended: """
                int x;
                init { x = 1; x = 2 }
                """),
        Explanation(
            .lineEndsStatement, "an operator starts a line, where the statement has ended",
            """
            As in Spin, the end of a line may end a statement. Put the operator at the end of the line before, or the whole \
            expression in parentheses.
            """,
            example: """
                int x;
                init {
                  x = 1
                    + 2
                }
                """,
            mended: """
                int x;
                init {
                  x = 1 +
                    2
                }
                """),
        Explanation(
            .missingName, "a type with no variable behind it",
            "A declaration names at least one variable.",
            example: "init { int; skip }",
            mended: "init { int x; skip }"),
        Explanation(
            .keywordAsName, "a keyword as a name",
            "Words such as `len`, `empty`, `full`, `run`, `active` and `of` belong to the language. Choose another name.",
            example: """
                int len;
                init { skip }
                """,
            mended: """
                int length;
                init { skip }
                """),
        Explanation(
            .notPromela, "this is C, not Promela",
            """
            `while`, `switch`, `+=`, `uint32_t` and the like do not exist. Loops are `do :: condition -> ... :: else -> \
            break od` or `for (i : 1 .. 3) { ... }`, choices are `if`, and an assignment is spelled out. The hint names the \
            substitute.
            """,
            example: """
                int x;
                init { x += 1 }
                """,
            mended: """
                int x;
                init { x = x + 1 }
                """),
        Explanation(
            .embeddedC, "embedded C",
            """
            `c_code`, `c_expr`, `c_decl`, `c_state` and `c_track` are the one part of Promela that Heddle does not have: \
            what C does, no state shows. Say it in Promela.
            """,
            example: """
                int x;
                init { c_code { now.x = 1; } }
                """,
            mended: """
                int x;
                init { x = 1 }
                """),
        Explanation(
            .missingFormat, "`printf` without a format",
            "The first argument of `printf` is text in double quotes.",
            example: """
                int x;
                init { printf(x) }
                """,
            mended: #"""
                int x;
                init { printf("%d\n", x) }
                """#),
        Explanation(
            .misplacedTemporalOperator, "a temporal operator where there is no time",
            """
            `[]`, `<>`, `U`, `W`, `V` and `X` stand in `ltl` formulas only, outside every comparison and arithmetic. They \
            bind more tightly than `==`, so that the operand needs parentheses.
            """,
            example: """
                int x;
                ltl { [] x == 0 }
                init { skip }
                """,
            mended: """
                int x;
                ltl { [] (x == 0) }
                init { skip }
                """),
        Explanation(
            .misplacedChannelTest, "a channel test inside another operator",
            """
            `empty`, `nempty`, `full` and `nfull` stand alone or under `&&` and `||`. For their opposites write `nempty` for \
            `!empty`, and so on.
            """,
            example: """
                chan c = [1] of { int };
                init { !full(c) }
                """,
            mended: """
                chan c = [1] of { int };
                init { nfull(c) }
                """),
    ]
}
