extension Explanation {
    static let ofBlocks: [Explanation] = [
        Explanation(
            .emptySequence, "a block or an option without a statement",
            "Every block and option has at least one statement. Write `skip` for one that does nothing.",
            example: "init { }",
            mended: "init { skip }"),
        Explanation(
            .unclosedBlock, "a block that nothing closes",
            "`{` needs `}`, `if` needs `fi`, `do` needs `od`.",
            example: """
                active proctype Client() { skip }
                active proctype Server() { skip
                """,
            mended: """
                active proctype Client() { skip }
                active proctype Server() { skip }
                """),
        Explanation(
            .mismatchedEnd, "the wrong end, or one too many",
            "`fi` closes `if`, `od` closes `do`, `}` closes `{`, in the reverse of the order in which they were opened.",
            example: "init { do :: break fi }",
            mended: "init { do :: break od }"),
        Explanation(
            .recursiveInline, "an inline calls itself",
            """
            The text of an inline is put in place of its calls, so it cannot contain a call of itself, not even through \
            others. Write a loop, or a process.
            """,
            example: """
                inline again() {
                  again()
                }
                init { again() }
                """,
            mended: """
                inline again() {
                  do :: skip :: break od
                }
                init { again() }
                """),
        Explanation(
            .inlineArgumentCount, "a call of an inline with too few or too many arguments",
            "There must be one argument for each parameter.",
            example: """
                int x;
                inline set(a) { a = 1 }
                init { set(x, 2) }
                """,
            mended: """
                int x;
                inline set(a, value) { a = value }
                init { set(x, 2) }
                """),
        Explanation(
            .misplacedReturn, "`return` where nothing is returned to",
            """
            `return value` ends an inline whose call stands on the right of an assignment: `x = f(y)`. A process ends at its \
            closing brace.
            """,
            example: "init { return 1 }",
            mended: """
                inline one() { return 1 }
                int x;
                init { x = one() }
                """),
        Explanation(
            .labeledDeclaration, "a label in front of a declaration",
            "A label names a statement. Put it behind the declaration.",
            example: "init { start: int x; x = 1 }",
            mended: "init { int x; start: x = 1 }"),
        Explanation(
            .misplacedLabel, "a label where no state of its own is",
            """
            The first statement of a block, or of an option, is part of the choice or block around it, so a label in front \
            of it would not name a state. Put the label in front of the block, the `if` or the `do`. In front of an option \
            it is a warning only, as Spin takes it.
            """,
            example: "init { atomic { here: skip } }",
            mended: "init { here: atomic { skip } }"),
    ]
}
