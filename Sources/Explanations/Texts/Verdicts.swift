extension Explanation {
    static let verdicts: [Explanation] = [
        Explanation(
            "holds", "every reachable state was searched, and nothing is wrong in any of them",
            """
            The answer is exact for the model as it was given: with these -D definitions, these numbers of processes and \
            these capacities. It says nothing about another N.

            Values that did not fit their variables are part of the model (see value-range), so read the warnings too. \
            The exit code is 0.
            """),
        Explanation(
            "violated", "something is wrong, and a way to it is shown",
            """
            The counterexample has been replayed by the interpreter before it was printed. With a search by breadth, which \
            is the default, no path is shorter, counted in stored states. Keep it with --trace, and see with `heddle replay` \
            whether it still fits the model after an edit.

            The search stops at the first violation, so that other properties are left undecided; --all-violations \
            makes it go on. The exit code is 1.
            """),
        Explanation(
            "inconclusive", "a limit was reached before everything was searched",
            """
            Nothing wrong was found in what was searched, and that is all. The limit is named:

            - the memory limit was reached: raise it with --memory, or make the model smaller (fewer processes, shorter \
            channels, smaller ranges, `atomic` or `d_step` around what no other process sees);

            - no violation up to a depth, and there are deeper states: --depth was given, and everything up to it was searched;

            - paths were cut: with --search depth a depth is no guarantee even for shorter paths; use --search breadth;

            - interrupted: Ctrl-C;

            - so many walks: `heddle fuzz` walks through a model by chance, and proves nothing, however long it goes on;

            - the search stopped at a violation of another property: mend that first, or use --all-violations;

            - some paths end in a violation of another property: after such a step there is no telling how the model would go on.

            - the automaton of a formula is too large: split the formula into several;

            - strong fairness needs --search breadth.

            The exit code is 3, unless something is violated.
            """),
        Explanation(
            "open", "nobody knows yet whether it holds",
            """
            In a suite, what is expected of a check that is not decided: its search is larger than the limits (`depth`, \
            `memory`) that it is given. It is searched as far as they go at every `heddle test`, and that says how far.

            It is no failure as long as nothing is found. If a violation is found, or the search comes to its end, that is \
            a difference: write `holds` or `violated` in the place of `open`. Give a `reason`, for those who read the suite.
            """),
    ]
}
