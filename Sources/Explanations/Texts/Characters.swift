extension Explanation {
    static let ofCharacters: [Explanation] = [
        Explanation(
            .unterminatedComment, "a comment never ends",
            """
            A `/*` has no `*/` behind it, so that the rest of the file is comment. Comments do not nest: the first `*/` ends \
            one.
            """,
            example: """
                int x;
                init { x = 1 } /* the end
                """,
            mended: """
                int x;
                init { x = 1 } /* the end */
                """),
        Explanation(
            .unterminatedString, "a string never ends",
            "A string must be closed on the line where it starts. A line end inside it is written `\\n`.",
            example: #"""
                init {
                  printf("one
                  );
                  printf("two")
                }
                """#,
            mended: #"""
                init {
                  printf("one"
                  );
                  printf("two")
                }
                """#),
        Explanation(
            .unterminatedCharacter, "a character literal never ends",
            "A single quotation mark starts the code of one character, and must be closed behind it.",
            example: """
                byte x = 'a;
                init { skip }
                """,
            mended: """
                byte x = 'a';
                init { skip }
                """),
        Explanation(
            .malformedCharacter, "a character literal holds none, or several",
            "Single quotation marks stand for the code of exactly one character. Text of any length is written in double ones.",
            example: """
                byte x = 'ab';
                init { skip }
                """,
            mended: """
                byte x = 'a';
                init { skip }
                """),
        Explanation(
            .characterEscape, "an escape means something else here than in C",
            """
            Of the escapes of C only `\\n`, `\\r`, `\\t` and `\\f` are known; before any other character the backslash is \
            dropped, as in Spin. So '\\0' is the code of the digit 0, which is 48. Write the number that you mean.
            """,
            example: #"""
                byte x = '\0';
                init { skip }
                """#,
            mended: """
                byte x = 0;
                init { skip }
                """),
        Explanation(
            .malformedNumber, "a word starts like a number, but is none",
            "Names must not start with a digit, and numbers hold digits only; `0x` starts a hexadecimal one.",
            example: """
                int x;
                init { x = 1st }
                """,
            mended: """
                int first, x;
                init { x = first }
                """),
        Explanation(
            .numberTooLarge, "a number does not fit 64 bits",
            "The largest number that a model can hold is 18446744073709551615, in an `unsigned x : 64`.",
            example: """
                unsigned x : 64 = 18446744073709551616;
                init { skip }
                """,
            mended: """
                unsigned x : 64 = 18446744073709551615;
                init { skip }
                """),
        Explanation(
            .unknownCharacter, "a character means nothing in Promela",
            """
            Often it comes from a word processor: curly quotation marks, long dashes, spaces that are none. In comments and \
            strings everything is allowed.
            """,
            example: """
                int x;
                init { x = 2§ }
                """,
            mended: """
                int x;
                init { x = 2 }
                """),
        Explanation(
            .tooManyFaults, "so much is wrong that the rest is not listed",
            """
            After a thousand faults in its characters and directives a file is read no further. Most often it is no model at \
            all.
            """,
            example: Example(
                String(repeating: "é ", count: 1100) + "init { skip }",
                abridged: "é é é é ... (1100 times) init { skip }"),
            mended: "init { skip }"),
    ]
}
