extension Explanation {
    static let ofTypes: [Explanation] = [
        Explanation(
            .constantTruncated, "a constant that its variable cannot hold",
            """
            The value is cut to the bits of the type, as in Spin: 300 becomes 44 in a byte. Take a larger type, or the value \
            that you mean.
            """,
            example: """
                byte x = 300;
                init { skip }
                """,
            mended: """
                short x = 300;
                init { skip }
                """),
        Explanation(
            .valueRange, "a value did not fit its variable while the model ran",
            """
            `heddle check` warns when a step assigns a value that the variable cannot hold: it is cut to the bits of the \
            type, as in Spin, which says nothing. If the wrap-around is meant, write it down (`x = (x + 1) % 256`); if not, \
            take a larger type, or let a counter stop.
            """,
            example: """
                byte x = 255;
                init { x++ }
                """,
            mended: """
                byte x = 255;
                init { x = (x + 1) % 256 }
                """),
        Explanation(
            .indexOutOfBounds, "a constant index outside its array",
            """
            Elements are counted from 0, so that the last one has the array's length less one. It is a warning because the \
            statement may never be reached; if it is, the property array-bounds is violated.
            """,
            example: """
                int a[2];
                init { a[2] = 1 }
                """,
            mended: """
                int a[2];
                init { a[1] = 1 }
                """),
        Explanation(
            .notAssignable, "something that cannot be assigned",
            "`_pid`, `_nr_pr` and `_last` are kept by the system, and the names of an `mtype` are constants.",
            example: "init { _pid = 1 }",
            mended: """
                pid me;
                init { me = _pid }
                """),
        Explanation(
            .valueOfDiscard, "`_` has no value",
            "It takes what a receive drops, and nothing can be read from it.",
            example: """
                int x;
                init { x = _ }
                """,
            mended: """
                chan c = [1] of { int };
                init { c!1; c?_ }
                """),
        Explanation(
            .notAChannel, "something other than a channel where a channel is needed",
            "Messages go through variables of type `chan`.",
            example: """
                int c;
                init { c!1 }
                """,
            mended: """
                chan c = [1] of { int };
                init { c!1 }
                """),
        Explanation(
            .channelAsNumber, "a channel where a number is needed, or the reverse",
            "Channels can be assigned, sent and compared with each other, but they are no numbers.",
            example: """
                chan c = [1] of { int };
                int x;
                init { x = c + 1 }
                """,
            mended: """
                chan c = [1] of { int };
                int x;
                init { x = len(c) + 1 }
                """),
        Explanation(
            .messageTypeMismatch, "a symbolic name of another set",
            "A variable of `mtype:color` takes the names that `mtype:color = { ... }` declares.",
            example: """
                mtype = { request };
                mtype:color = { red };
                mtype:color x = request;
                init { skip }
                """,
            mended: """
                mtype = { request };
                mtype:color = { red };
                mtype:color x = red;
                init { skip }
                """),
        Explanation(
            .constantRequired, "an expression where only a constant will do",
            """
            Sizes of arrays, capacities of channels, widths, priorities and numbers of processes are known before anything \
            runs. Name them with `#define`.
            """,
            example: """
                int n = 2;
                chan c = [n] of { int };
                init { skip }
                """,
            mended: """
                #define N 2
                chan c = [N] of { int };
                init { skip }
                """),
        Explanation(
            .constantOutOfRange, "a constant outside the range that its use allows",
            "Arrays have at least one element, channels 0 to 32767 messages, widths are 1 to 64 bits, priorities 1 to 255.",
            example: """
                int a[0];
                init { skip }
                """,
            mended: """
                int a[1];
                init { skip }
                """),
        Explanation(
            .invalidWidth, "a width on the wrong type, or none where one is needed",
            "Only `unsigned` has a width, and it always has one: `unsigned x : 3` takes 0 to 7.",
            example: """
                int x : 3;
                init { skip }
                """,
            mended: """
                unsigned x : 3;
                init { skip }
                """),
        Explanation(
            .invalidInitializer, "an initial value that is not possible, or not here",
            """
            Channels and arrays are initialized in front of the first statement of a process, parameters by `run`, \
            structures field by field in their `typedef`, and only a `chan` by a channel.
            """,
            example: """
                init { skip; chan c = [1] of { int }; c!1 }
                """,
            mended: """
                init { chan c = [1] of { int }; c!1 }
                """),
        Explanation(
            .invalidDeclaration, "a declaration that is possible elsewhere, or in another form",
            """
            A parameter cannot be an array: use a structure or a global. What takes a bit only, or is local, cannot be \
            `hidden`.
            """,
            example: """
                proctype A(int a[2]) { skip }
                init { skip }
                """,
            mended: """
                proctype A(int a) { skip }
                init { skip }
                """),
        Explanation(
            .divisionByZero, "division by a constant zero",
            "It is a warning because the statement may never be reached; if it is, the property division-by-zero is violated.",
            example: """
                int x;
                init { x = 1 / 0 }
                """,
            mended: """
                int x;
                init { x = 1 / 2 }
                """),
    ]
}
