extension Explanation {
    static let ofMacros: [Explanation] = [
        Explanation(
            .malformedMacro, "a `#define` defines nothing",
            """
            `#define` is followed by a name, and, with no space between, perhaps by parameters in parentheses, all \
            different. `#` stands in front of a parameter only, `##` between two tokens.
            """,
            example: """
                #define MAX(a, a) a
                init { skip }
                """,
            mended: """
                #define MAX(a, b) (a > b -> a : b)
                init { skip }
                """),
        Explanation(
            .macroRedefined, "a macro is defined twice, differently",
            """
            The second definition counts from here on. If that is meant, write `#undef` in front of it; if a value from the \
            command line is to win, write `#ifndef`.
            """,
            example: """
                #define N 2
                #define N 3
                init { skip }
                """,
            mended: """
                #define N 2
                #ifndef N
                #define N 3
                #endif
                init { skip }
                """),
        Explanation(
            .macroArguments, "a macro has too few or too many arguments",
            "The arguments are what commas separate that stand in no further parentheses.",
            example: """
                #define timeout(time, limit) (time >= limit)
                byte now = 3;
                init { timeout(now) }
                """,
            mended: """
                #define timeout(time, limit) (time >= limit)
                byte now = 3;
                init { timeout(now, 2) }
                """),
        Explanation(
            .unterminatedMacroCall, "the arguments of a macro never end",
            "The `(` behind the name of the macro has no `)`.",
            example: """
                #define TWICE(a) (2 * a)
                int x = TWICE(3;
                init { skip }
                """,
            mended: """
                #define TWICE(a) (2 * a)
                int x = TWICE(3);
                init { skip }
                """),
        Explanation(
            .invalidPaste, "`##` does not make one token",
            "Both sides of `##`, written without a space, must be one name, number or operator.",
            example: """
                #define NEGATIVE(a) - ## a
                int x = NEGATIVE(3);
                init { skip }
                """,
            mended: """
                #define NEGATIVE(a) -a
                int x = NEGATIVE(3);
                init { skip }
                """),
        Explanation(
            .macroRecursion, "macros expand into macros, too deeply",
            """
            More than 256 expansions lie in each other here. A macro is not expanded again inside its own expansion, so this \
            takes that many different ones.
            """,
            example: Example(
                "#define M0 1\n" + (1...300).map { "#define M\($0) M\($0 - 1)\n" }.joined() + "int x = M300;\ninit { skip }",
                abridged: """
                    #define M0 1
                    #define M1 M0
                    ...
                    #define M300 M299
                    int x = M300;
                    init { skip }
                    """),
            mended: """
                #define M300 1
                int x = M300;
                init { skip }
                """),
        Explanation(
            .expansionTooLarge, "macros expand to more text than any model has",
            "Macros that use others several times multiply their text.",
            example: """
                #define A skip; skip; skip; skip; skip; skip; skip; skip;
                #define B A A A A A A A A
                #define C B B B B B B B B
                #define D C C C C C C C C
                #define E D D D D D D D D
                #define F E E E E E E E E
                init { F skip }
                """,
            mended: """
                #define A skip; skip; skip; skip; skip; skip; skip; skip;
                #define B A A A A A A A A
                init { B skip }
                """),
    ]
}
