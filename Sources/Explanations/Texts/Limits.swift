extension Explanation {
    static let ofLimits: [Explanation] = [
        Explanation(
            .tooManyProcesses, "more than 255 processes from the start",
            "At most 255 processes run at a time, as in Spin.",
            example: """
                active [256] proctype Client() { skip }
                init { skip }
                """,
            mended: """
                active [254] proctype Client() { skip }
                init { skip }
                """),
        Explanation(
            .tooManyMessageTypes, "more than 255 symbolic names in one set",
            "A value of an `mtype` is a byte. Further names go into a set of their own: `mtype:NAME = { ... }`.",
            example: """
                #define A(n) n##0, n##1, n##2, n##3, n##4, n##5, n##6, n##7
                #define B(n) A(n##0), A(n##1), A(n##2), A(n##3), A(n##4), A(n##5), A(n##6), A(n##7)
                mtype = { B(a), B(b), B(c), B(d) };
                init { skip }
                """,
            mended: """
                #define A(n) n##0, n##1, n##2, n##3, n##4, n##5, n##6, n##7
                #define B(n) A(n##0), A(n##1), A(n##2), A(n##3), A(n##4), A(n##5), A(n##6), A(n##7)
                mtype = { B(a), B(b) };
                mtype:others = { B(c), B(d) };
                init { skip }
                """),
        Explanation(
            .nestingTooDeep, "blocks, parentheses or inlines in each other too deeply, or an expression too long",
            """
            200 blocks, parentheses and inlines may be open at a time, and an expression may have 400 levels: a sum of more \
            than 400 numbers has more. Split it.
            """,
            example: """
                #define O ((((((((((((((((((((((((((((((((((((((((((((((((((
                #define C ))))))))))))))))))))))))))))))))))))))))))))))))))
                int x;
                init { x = O O O O O 1 C C C C C }
                """,
            mended: """
                #define O ((((((((((((((((((((((((((((((((((((((((((((((((((
                #define C ))))))))))))))))))))))))))))))))))))))))))))))))))
                int x;
                init { x = O 1 C }
                """),
        Explanation(
            .inlineTooLong, "inlines expand to more text than any model has",
            """
            The text of an inline is put in place of each call, so inlines that call others several times, or repeat what \
            they are given, multiply: beyond eight million tokens no model is read. Start a process, or write a loop.
            """,
            example: """
                int x;
                inline f1(a) { f2(a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a) }
                inline f2(a) { f3(a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a) }
                inline f3(a) { f4(a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a) }
                inline f4(a) { f5(a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a) }
                inline f5(a) { x = a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a; x = a+a+a+a+a+a+a+a+a+a+a+a+a+a+a+a }
                init { f1(x+x+x+x) }
                """,
            mended: """
                int x;
                inline f1(a) { f2(16*a) }
                inline f2(a) { x = 16*a; x = 16*a }
                init { f1(x+x+x+x) }
                """),
        Explanation(
            .stateTooLarge, "a state would be too large",
            """
            Globals, and each process, may take 64 MiB, and a state that could have 255 processes 1 GiB. A search keeps very \
            many states, so models should keep them small: make arrays and channels as short as the protocol lets you.
            """,
            example: """
                int a[16777216];
                int b;
                init { a[1] = 2 }
                """,
            mended: """
                int a[16];
                int b;
                init { a[1] = 2 }
                """),
        Explanation(
            .tooManyChannels, "more than 255 channels",
            "As in Spin, at most 255 channels exist at a time, whether globals or processes declare them.",
            example: """
                chan c[300] = [0] of { byte };
                init { skip }
                """,
            mended: """
                chan c[30] = [0] of { byte };
                init { skip }
                """),
        Explanation(
            .processTooLong, "a process has more than 65,536 places to stand at",
            """
            Inlines and macros that are used very often make processes long. Share the text in a process that is asked \
            through a channel, or in a loop.
            """,
            example: """
                #define A skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip;
                #define B A A A A A A A A A A A A A A A A
                #define C B B B B B B B B B B B B B B B B
                #define D C C C C
                init { D D D D D }
                """,
            mended: """
                #define A skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip; skip;
                #define B A A A A A A A A A A A A A A A A
                init { B B B B B }
                """),
        Explanation(
            .messageTooLong, "a message has more than 255 fields",
            """
            A structure counts with all its fields and elements. Keep the rest in a variable that both sides see, and send \
            what tells where.
            """,
            example: """
                typedef Block { byte data[256] }
                Block b;
                chan c = [1] of { Block };
                init { c!b }
                """,
            mended: """
                typedef Block { byte data[255] }
                Block b;
                chan c = [1] of { Block };
                init { c!b }
                """),
        Explanation(
            .statementTooLong, "a statement works with more than 65,536 values at once",
            "Split it.",
            example: """
                #define A _, _, _, _, _, _, _, _, _, _, _, _, _, _, _, _,
                #define B A A A A A A A A A A A A A A A A
                #define C B B B B B B B B B B B B B B B B
                #define D C C C C
                chan c;
                init { c?D D D D D _ }
                """,
            mended: """
                chan c = [1] of { byte };
                init { c!1; c?_ }
                """),
        Explanation(
            .tooManyProctypes, "more than 256 types of processes",
            "Give one type parameters instead: processes may have the same text and different arguments.",
            example: """
                #define A(n) proctype P##n() { skip }
                #define B(n) A(n##0) A(n##1) A(n##2) A(n##3) A(n##4) A(n##5) A(n##6) A(n##7)
                #define C(n) B(n##0) B(n##1) B(n##2) B(n##3) B(n##4) B(n##5) B(n##6) B(n##7)
                C(a) C(b) C(c) C(d)
                init { run Pa00() }
                """,
            mended: """
                proctype P(byte n) { skip }
                init { run P(1) }
                """),
        Explanation(
            .notSupported, "part of the model that this engine cannot work with",
            """
            The bounded and the Horn engine, which ask Z3, know the exact meaning of most of Promela, but not of all: not of \
            priorities and trace assertions, for example. The symbolic engine knows all of it, but checks of formulas only \
            `[] p`, and gives up where one of more than 65,536 values would have to be known, as for a shift by a number that \
            nothing bounds. Each says what it does not know, and never guesses; the explicit engine knows everything.
            """,
            example: """
                active proctype P() priority 2 { skip }
                active proctype Q() { skip }
                """,
            mended: """
                active proctype P() { skip }
                active proctype Q() provided (_nr_pr == 1) { skip }
                """),
    ]
}
