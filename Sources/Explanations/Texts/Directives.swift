extension Explanation {
    static let ofDirectives: [Explanation] = [
        Explanation(
            .unknownDirective, "`#` in front of a word that is no directive",
            """
            Known are define, undef, include, if, ifdef, ifndef, elif, else, endif, error, warning, line and pragma, with \
            the meaning that they have in C.
            """,
            example: """
                #import "types.h"
                init { skip }
                """,
            mended: """
                #define READY 1
                init { skip }
                """),
        Explanation(
            .malformedDirective, "a directive lacks what it needs",
            """
            `#ifdef`, `#ifndef` and `#undef` are followed by the name of a macro, `#include` by a file name in quotes or \
            angle brackets.
            """,
            example: """
                #undef 3
                init { skip }
                """,
            mended: """
                #undef THREE
                init { skip }
                """),
        Explanation(
            .extraTokens, "text behind a directive that is complete",
            """
            What follows on the line has no meaning. Behind `#endif` it is often the condition that ends: make a comment of \
            it.
            """,
            example: """
                #ifdef FAST
                #endif FAST
                init { skip }
                """,
            mended: """
                #ifdef FAST
                #endif /* FAST */
                init { skip }
                """),
        Explanation(
            .errorDirective, "the model itself reports an error",
            """
            `#error` stands where its author did not want a reader to get to: the text behind it says why. Most often a \
            macro has to be defined, with -D on the command line.
            """,
            example: """
                #ifndef N
                #error how many clients? define N
                #endif
                init { skip }
                """,
            mended: """
                #define N 2
                #ifndef N
                #error how many clients? define N
                #endif
                init { skip }
                """),
        Explanation(
            .warningDirective, "the model itself gives a warning",
            "`#warning` tells something to whoever runs the model; it is read all the same.",
            example: """
                #warning this takes an hour
                init { skip }
                """,
            mended: "init { skip }"),
        Explanation(
            .unterminatedConditional, "an `#if` without its `#endif`",
            "Every `#if`, `#ifdef` and `#ifndef` is closed by an `#endif` of its own, in the same file.",
            example: """
                #ifdef FAST
                init { skip }
                """,
            mended: """
                #ifdef FAST
                #endif
                init { skip }
                """),
        Explanation(
            .unbalancedConditional, "`#elif`, `#else` or `#endif` without an `#if`",
            "No `#if` is open here, or its `#else` has been seen already: there is one `#else`, and no `#elif` behind it.",
            example: """
                init { skip }
                #endif
                """,
            mended: """
                #if 1
                init { skip }
                #endif
                """),
        Explanation(
            .malformedCondition, "the condition of `#if` is no constant",
            """
            It is made of numbers, macros, `defined(NAME)` and the operators of C. Variables of the model are not known yet \
            when it is decided, and text that is no expression means nothing.
            """,
            example: """
                #if 2 +
                #endif
                init { skip }
                """,
            mended: """
                #if 2 + 2 == 4
                #endif
                init { skip }
                """),
        Explanation(
            .conditionDivisionByZero, "a condition of `#if` divides by zero",
            "A macro is probably not defined: in conditions such a name counts as 0.",
            example: """
                #if 8 / N > 2
                #endif
                init { skip }
                """,
            mended: """
                #define N 2
                #if 8 / N > 2
                #endif
                init { skip }
                """),
        Explanation(
            .missingInclude, "an included file is not there",
            """
            Files in quotes are looked for beside the file that includes them, then in the folders that -I names; files in \
            angle brackets in those folders only. Devices and pipes are not read.
            """,
            example: """
                #include "types.h"
                init { skip }
                """,
            mended: Example(
                """
                #include "types.h"
                init { skip }
                """, files: ["types.h": "mtype = { request, reply };\n"])),
        Explanation(
            .includeDepth, "files include each other without end",
            "A file includes itself, perhaps through others. Put `#pragma once` at its top, or an `#ifndef` around all of it.",
            example: Example(
                """
                #include "a.h"
                init { skip }
                """, files: ["a.h": "#include \"b.h\"\n", "b.h": "#include \"a.h\"\n"]),
            mended: Example(
                """
                #include "a.h"
                init { skip }
                """, files: ["a.h": "#pragma once\n#include \"b.h\"\n", "b.h": "#include \"a.h\"\n"])),
        Explanation(
            .tooManyIncludes, "more than 10,000 files are included",
            "Files that include others several times multiply. Put `#pragma once` at their tops.",
            example: Example(
                """
                #include "a.h"
                init { skip }
                """,
                files: [
                    "a.h": String(repeating: "#include \"b.h\"\n", count: 25),
                    "b.h": String(repeating: "#include \"c.h\"\n", count: 25),
                    "c.h": String(repeating: "#include \"d.h\"\n", count: 25), "d.h": "\n",
                ],
                abridged: """
                    #include "a.h"     /* which includes b.h 25 times, which includes c.h 25 times, */
                    init { skip }      /* which includes d.h 25 times */
                    """),
            mended: Example(
                """
                #include "d.h"
                init { skip }
                """, files: ["d.h": "\n"])),
    ]
}
