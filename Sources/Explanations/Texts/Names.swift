extension Explanation {
    static let ofNames: [Explanation] = [
        Explanation(
            .undeclaredName, "a name that nothing declares",
            """
            Variables are declared before they are used, macros and inlines too. The hint names one that is spelled nearly \
            so, if there is one.
            """,
            example: """
                int counter;
                init { conuter = 1 }
                """,
            mended: """
                int counter;
                init { counter = 1 }
                """),
        Explanation(
            .duplicateDeclaration, "a name is declared twice",
            """
            No declaration can hide another one that is seen from there: in Spin it would not be the one that one thinks. A \
            model has one `init`, and one `trace` or `notrace`.
            """,
            example: """
                int x;
                byte x;
                init { skip }
                """,
            mended: """
                int x;
                byte y;
                init { skip }
                """),
        Explanation(
            .unknownType, "a type that no `typedef` defines",
            """
            The types are bit, bool, byte, pid, short, int, unsigned, mtype and chan, and the structures that a `typedef` \
            before this place defines.
            """,
            example: """
                Point p;
                init { skip }
                """,
            mended: """
                typedef Point { int x; int y }
                Point p;
                init { skip }
                """),
        Explanation(
            .unknownProctype, "a process that no `proctype` defines",
            "`run`, and references to labels and variables of processes, name a `proctype`.",
            example: """
                proctype Client() { skip }
                init { run Cleint() }
                """,
            mended: """
                proctype Client() { skip }
                init { run Client() }
                """),
        Explanation(
            .unknownField, "a field that a structure does not have",
            "The hint names the fields that it has.",
            example: """
                typedef Point { int x; int y }
                Point p;
                init { p.z = 1 }
                """,
            mended: """
                typedef Point { int x; int y }
                Point p;
                init { p.y = 1 }
                """),
        Explanation(
            .unknownLabel, "a label that the process does not have",
            "`goto` reaches labels of its own process only.",
            example: "init { again: skip; goto agian }",
            mended: "init { int i; again: i++; if :: i < 3 -> goto again :: else fi }"),
        Explanation(
            .duplicateLabel, "a label stands twice in one process",
            """
            `goto` would not know where to go. Labels of different processes have nothing to do with each other, and those \
            in an inline are told apart by its calls.
            """,
            example: "init { here: skip; here: skip }",
            mended: "init { here: skip; there: skip }"),
        Explanation(
            .unknownMessageTypeSet, "a set of names that no `mtype:NAME` declares",
            "`mtype:color = { red, green }` declares the set `color`; variables of it are declared `mtype:color x`.",
            example: """
                mtype:color = { red, green };
                mtype:colour x;
                init { skip }
                """,
            mended: """
                mtype:color = { red, green };
                mtype:color x;
                init { skip }
                """),
        Explanation(
            .missingIndex, "an array without an index",
            "An array is no value; one of its elements is. They are counted from 0.",
            example: """
                int a[2];
                init { a = 1 }
                """,
            mended: """
                int a[2];
                init { a[0] = 1 }
                """),
        Explanation(
            .unexpectedIndex, "an index on something that is no array",
            "Take the index away, or declare an array: `int a[2]`.",
            example: """
                int a;
                init { a[1] = 1 }
                """,
            mended: """
                int a[2];
                init { a[1] = 1 }
                """),
        Explanation(
            .notAStructure, "a field of something that is no structure",
            "Only a variable whose type a `typedef` defines has fields.",
            example: """
                int p;
                init { p.x = 1 }
                """,
            mended: """
                typedef Point { int x; int y }
                Point p;
                init { p.x = 1 }
                """),
        Explanation(
            .wholeStructure, "a whole structure where one value is needed",
            """
            Structures cannot be assigned, compared or calculated with as a whole: name a field. They can be sent and \
            received whole.
            """,
            example: """
                typedef Point { int x; int y }
                Point p;
                init { p = 1 }
                """,
            mended: """
                typedef Point { int x; int y }
                Point p;
                init { p.x = 1 }
                """),
    ]
}
