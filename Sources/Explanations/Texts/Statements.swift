extension Explanation {
    static let ofStatements: [Explanation] = [
        Explanation(
            .unreachableOption, "an option that can never be taken",
            """
            Its guard is always false, or it is an `else` beside an option that can always be taken. An assignment, \
            `printf`, `skip` and `true` can always be executed.
            """,
            example: """
                int x;
                init { if :: x = 1 :: else -> x = 2 fi }
                """,
            mended: """
                int x;
                init { if :: x == 1 :: else -> x = 2 fi }
                """),
        Explanation(
            .duplicateElse, "a second `else`",
            "`else` is possible when no other option is, so there is one at most in an `if` or `do`. Merge the two.",
            example: """
                int x;
                init { if :: x == 1 :: else :: else -> x = 2 fi }
                """,
            mended: """
                int x;
                init { if :: x == 1 :: else -> x = 2 fi }
                """),
        Explanation(
            .misplacedElse, "`else` that does not start an option",
            """
            It looks at the other options of its `if` or `do`, so it stands directly behind `::`. Elsewhere it can always be \
            executed.
            """,
            example: """
                int x;
                init { if :: x == 1 -> x = 0; else -> x = 2 fi }
                """,
            mended: """
                int x;
                init { if :: x == 1 -> x = 0 :: else -> x = 2 fi }
                """),
        Explanation(
            .breakOutsideLoop, "`break` outside every loop",
            "It leaves the innermost `do` or `for`. To leave anything else, use `goto`.",
            example: "init { break }",
            mended: "init { do :: break od }"),
        Explanation(
            .jumpAcrossStep, "a jump into or out of a `d_step`",
            """
            A `d_step` is one step, from its start to its end. Use `atomic`, which can be left at any time, or let the \
            `d_step` end first.
            """,
            example: "init { d_step { skip; goto end }; end: skip }",
            mended: "init { atomic { skip; goto end }; end: skip }"),
        Explanation(
            .invalidInStep, "something that a `d_step` cannot contain",
            "`unless` needs places at which it can interrupt, and a `d_step` has none. Use `atomic`.",
            example: "init { d_step { skip; { skip } unless { skip } } }",
            mended: "init { atomic { skip; { skip } unless { skip } } }"),
        Explanation(
            .invalidLoop, "a `for` over something that it cannot walk",
            """
            `for (i : 1 .. 3)` counts with a plain variable, `for (i in a)` walks the indices of an array, `for (m in c)` \
            the messages of a channel.
            """,
            example: """
                int a[2];
                init { for (a[0] : 1 .. 2) { skip } }
                """,
            mended: """
                int a[2];
                init { int i; for (i in a) { skip } }
                """),
        Explanation(
            .emptyRange, "a range whose first value is above its last",
            "`for` and `select` count upwards.",
            example: """
                int i;
                init { for (i : 2 .. 1) { skip } }
                """,
            mended: """
                int i;
                init { for (i : 1 .. 2) { skip } }
                """),
        Explanation(
            .invalidStatement, "a statement or expression that is not possible here",
            """
            A `never` claim looks, and neither sends nor receives. A `trace` is made of `!` and `?` on global channels, with \
            `if`, `do`, `goto` and `break` around them: no `!!`, `??`, `else`, `atomic` or condition. `provided` looks at \
            globals only, and `np_` belongs to claims.
            """,
            example: """
                chan c = [1] of { int };
                trace { skip; c!1 }
                init { c!1 }
                """,
            mended: """
                chan c = [1] of { int };
                trace { c!1 }
                init { c!1 }
                """),
        Explanation(
            .anyValueInTrace, "a variable in a `trace`, which fits any value",
            """
            A `trace` or `notrace` compares constants and `eval(...)` only; as in Spin, a variable stands for any value. \
            Write `_` if that is meant, and `eval(x)` in a receive to compare.
            """,
            example: """
                chan c = [1] of { int };
                int x;
                trace { c?x }
                init { c!1; c?x }
                """,
            mended: """
                chan c = [1] of { int };
                int x;
                trace { c?_ }
                init { c!1; c?x }
                """),
        Explanation(
            .jumpInTrace, "an option of a `trace` that is nothing but a jump",
            """
            As in Spin, a `break` or `goto` that is an option of its own fits every event and uses it up: `do :: c!1 :: \
            break od; c!2` does not mean that `c!2` ends the loop. Write the event in front of the jump.
            """,
            example: """
                chan c = [1] of { int };
                trace { do :: c!1 :: break od; c!2 }
                init { c!1 }
                """,
            mended: """
                chan c = [1] of { int };
                trace { do :: c!1 :: c!2 -> break od }
                init { c!1 }
                """),
        Explanation(
            .formatArguments, "`printf` with too few or too many arguments",
            """
            There is one argument for each `%d`, `%c`, `%e`, `%o`, `%u` and `%x` of the format; `%%` stands for a percent \
            sign.
            """,
            example: #"""
                init { printf("%d and %d\n", 1) }
                """#,
            mended: #"""
                init { printf("%d and %d\n", 1, 2) }
                """#),
        Explanation(
            .endlessJump, "jumps that lead only to each other",
            """
            Between two states there must be a statement. A process that is to do nothing for ever waits at `false`, or \
            loops through `skip`.
            """,
            example: "init { again: goto again }",
            mended: "init { again: skip; goto again }"),
    ]
}
