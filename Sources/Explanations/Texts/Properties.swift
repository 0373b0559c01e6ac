extension Explanation {
    static let properties: [Explanation] = [
        Explanation(
            "assertions", "no `assert` fails",
            """
            `assert(condition)` is always executable, and fails when the condition is false. The run goes on behind it, as \
            in Spin. The counterexample ends with the step that fails, and shows the values of the condition.
            """,
            example: """
                byte x;
                active [2] proctype Client() { byte t; t = x; x = t + 1 }
                active proctype Monitor() { assert(x < 2) }
                """,
            mended: """
                byte x;
                active [2] proctype Client() { byte t; t = x; x = t + 1 }
                active proctype Monitor() { assert(x <= 2) }
                """),
        Explanation(
            "end-states", "no deadlock: where nothing can move, every process may stay where it is",
            """
            A process may stay at its closing brace, and at a label that starts with `end`: put one where a server waits for \
            requests for ever. For each process that is stuck the counterexample says what it waits for.
            """,
            example: """
                chan c = [1] of { byte };
                active proctype Server() { do :: c?_ od }
                active proctype Client() { c!1 }
                """,
            mended: """
                chan c = [1] of { byte };
                active proctype Server() { end: do :: c?_ od }
                active proctype Client() { c!1 }
                """),
        Explanation(
            "array-bounds", "no index is out of its array's bounds",
            "Always checked: what an access beyond an array would do, nobody can say. Elements are counted from 0.",
            example: """
                byte a[2];
                byte i;
                init { i = 2; a[i] = 1 }
                """,
            mended: """
                byte a[2];
                byte i;
                init { i = 2; a[i - 1] = 1 }
                """),
        Explanation(
            "wrap-around", "no value is cut to size",
            """
            Arithmetic has 32 bits and a sign, or 64 bits and none where something wider than 32 bits takes part; a variable \
            keeps as many bits as it has. What does not fit loses its upper bits, in Promela as in C. The symbolic engine \
            checks that this never happens; the explicit one does when it is asked to, with `--property wrap-around`.
            """,
            example: """
                byte x;
                init { x = 255; x = x + 1 }
                """,
            mended: """
                byte x;
                init { x = 254; x = x + 1 }
                """),
        Explanation(
            "division-by-zero", "nothing is divided by zero",
            "Always checked, for `/` and `%`: there is no value to go on with.",
            example: """
                byte n;
                byte x;
                init { x = 6 / n }
                """,
            mended: """
                byte n = 2;
                byte x;
                init { x = 6 / n }
                """),
        Explanation(
            "execution", "no other error of execution",
            """
            Always checked: channels are created before they are used, messages have the right number of fields, a `d_step` \
            does not block after its first statement, does not wait for a partner and comes to its end, there are at most \
            255 processes and 255 channels, priorities are 1 to 255, references to processes name one of the right type, and \
            a `select` has at most a million values.
            """,
            example: """
                chan c = [1] of { byte };
                chan d;
                init { d!1 }
                """,
            mended: """
                chan c = [1] of { byte };
                chan d;
                init { d = c; d!1 }
                """),
        Explanation(
            "ltl", "a formula of linear temporal logic holds of every infinite run",
            """
            `ltl name { [] (request -> <> reply) }` says of every run that each request is followed by a reply: `[]` is \
            always, `<>` eventually, `U` until, `X` next. A run that stops stays in its last state for ever. A violation is \
            shown as a lasso: a way in, and a cycle that goes on for ever.

            If a formula fails only because a process never gets its turn, ask with --fairness weak (see fairness). With --ltl a \
            formula can be asked about that the model does not have.
            """,
            example: """
                bool request, reply;
                ltl answered { [] (request -> <> reply) }
                active proctype Client() { request = true }
                active proctype Server() { request; if :: reply = true :: skip fi }
                """,
            mended: """
                bool request, reply;
                ltl answered { [] (request -> <> reply) }
                active proctype Client() { atomic { request = true; reply = true } }
                """),
        Explanation(
            "never", "no run does what a `never` claim describes",
            """
            A claim moves once before each step of the model, by a condition that holds in the state. The model is wrong if \
            the claim can come to its closing brace, or pass a label that starts with `accept` infinitely often. Claims see \
            the stored states only: none inside `atomic`.
            """,
            example: """
                byte x;
                active proctype Counter() { do :: x < 3 -> x++ :: else -> break od }
                never { do :: x == 2 -> break :: else od }
                """,
            mended: """
                byte x;
                active proctype Counter() { do :: x < 3 -> x++ :: else -> break od }
                never { do :: x == 4 -> break :: else od }
                """),
        Explanation(
            "acceptance", "no run passes a label that starts with `accept` infinitely often",
            """
            Such labels mark what must not go on for ever: a retry, a busy loop. In a `never` claim they mark what must not \
            happen infinitely often.
            """,
            example: """
                active proctype Client() {
                accept_retry:
                  do :: skip od
                }
                """,
            mended: """
                active proctype Client() {
                  do :: break od
                }
                """),
        Explanation(
            "progress", "every infinite run passes a label that starts with `progress` infinitely often",
            """
            Checked with --property progress. Put such labels where something useful is done: a cycle without any is one in which \
            the model keeps busy and gets nowhere.
            """,
            example: """
                active proctype Client() {
                  do :: skip od
                }
                """,
            mended: """
                active proctype Client() {
                progress:
                  do :: skip od
                }
                """),
        Explanation(
            "trace", "what is sent and received follows the `trace` assertion",
            """
            A `trace` says in which order messages may pass through the channels that it names: sends on those that it sends on, \
            receives on those that it receives from; all others are out of its scope. Each such event moves it on, and one that has \
            no place in it is a violation; so is one behind its end. Where nothing can move although processes wait at `end` \
            labels, it must be at its end or at an `end` label too.

            Constants and `eval(...)` are compared; `_` and variables fit any value. It is decided as Spin decides it: a send to a \
            rendezvous channel counts when it is offered, a sorted send is judged by the last message of its channel, a random \
            receive by the first, and a jump that is an option of its own uses up any event (see jump-in-trace).
            """,
            example: """
                chan c = [1] of { byte };
                trace { end: do :: c!0; c!1 od }
                active proctype Sender() { c!1 }
                active proctype Receiver() { byte m; end: do :: c?m od }
                """,
            mended: """
                chan c = [1] of { byte };
                trace { end: do :: c!0; c!1 od }
                active proctype Sender() { c!0; c!1 }
                active proctype Receiver() { byte m; end: do :: c?m od }
                """),
        Explanation(
            "notrace", "what the `notrace` assertion describes never happens",
            """
            It is violated when its last event has happened. The events are those that a `trace` would have (see trace), and the \
            first of them counts: when one does not fit, the assertion is out of the game for the rest of the run. As in Spin, it \
            must not be half-way through where nothing can move although processes wait at `end` labels, unless at an `end` label \
            of its own.
            """,
            example: """
                chan c = [1] of { byte };
                notrace { c!0; c!0 }
                active proctype Sender() { c!0; c!0 }
                active proctype Receiver() { byte m; c?m; c?m }
                """,
            mended: """
                chan c = [1] of { byte };
                notrace { c!0; c!0 }
                active proctype Sender() { c!0; c!1 }
                active proctype Receiver() { byte m; c?m; c?m }
                """),
        Explanation(
            "fairness", "which runs count for ltl, never, acceptance and progress",
            """
            With --fairness none, every run counts, and a violation may be one in which a process loops and another, which could go \
            on, never does. With weak, only those runs count in which no process that can move from some point on is kept waiting \
            for ever; with strong, no process that can move again and again. What holds under none holds under weak, and what \
            holds under weak holds under strong.

            This formula is violated under none, because Idle may be the only one that ever moves; it holds under weak.
            """,
            example: """
                bool done;
                ltl ends { <> done }
                active proctype Idle() { do :: skip od }
                active proctype Worker() { done = true }
                """),
    ]
}
