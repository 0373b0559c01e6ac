extension Explanation {
    static let ofProcesses: [Explanation] = [
        Explanation(
            .channelArity, "a message with another number of fields than its channel has",
            """
            More fields than the channel has are an error. With fewer (a warning) a send fills up with zeros and a receive \
            drops the rest; the run then fails, for the property execution asks for the right number.
            """,
            example: """
                chan c = [1] of { int };
                init { c!1,2 }
                """,
            mended: """
                chan c = [1] of { int, int };
                init { c!1,2 }
                """),
        Explanation(
            .runArgumentCount, "another number of arguments than the `proctype` has parameters",
            """
            There must be one for each parameter; a structure counts with each of its fields. The parameters of an `active` \
            process start as zero, which is worth a warning.
            """,
            example: """
                proctype Client(int id) { skip }
                init { run Client() }
                """,
            mended: """
                proctype Client(int id) { skip }
                init { run Client(1) }
                """),
        Explanation(
            .misplacedRun, "`run` where no process can be started",
            """
            `run` is a statement, or the only thing on the right of an assignment; it stands in no message, no `d_step`, no \
            condition with other parts, and no `provided`.
            """,
            example: """
                proctype Client() { skip }
                init { d_step { skip; run Client() } }
                """,
            mended: """
                proctype Client() { skip }
                init { atomic { skip; run Client() } }
                """),
        Explanation(
            .noProcesses, "no process ever runs",
            "Write `active` in front of a `proctype`, or start it from `init`.",
            example: "proctype Client() { skip }",
            mended: "active proctype Client() { skip }"),
    ]
}
