extension SpinExamples {
    /// Measured with Spin 6.5.2: `-o1 -o2 -o3`, `-DNOREDUCE -DNFAIR=4`, `-c0`, and `-DNP -l` for progress or `-a` for the
    /// rest. Of models that have over 1.3 million states without a claim only formulas were asked.
    ///
    /// The columns: name, what was asked, the verdict on all runs, the verdict on weakly fair runs (`-f`), and why these are
    /// not to be compared with.
    static let claimTable = """
        Book_1991/p101.pml | progress | holds | holds | -
        Book_1991/p102.pml | progress | holds | holds | -
        Book_1991/p104.1.pml | progress | holds | holds | -
        Book_1991/p104.2.pml | progress | violated | violated | -
        Book_1991/p105.1.pml | progress | holds | holds | -
        Book_1991/p105.2.pml | progress | holds | holds | -
        Book_1991/p107.pml | progress | holds | holds | -
        Book_1991/p116.pml | progress | holds | holds | -
        Book_1991/p117.pml | progress | holds | holds | -
        Book_1991/p123.pml | never | violated | violated | -
        Book_1991/p123.pml | acceptance | holds | holds | -
        Book_1991/p123.pml | progress | violated | violated | -
        Book_1991/p248.pml | progress | holds | holds | -
        Book_1991/p312.pml | progress | violated | violated | -
        Book_1991/p319.pml | progress | violated | violated | -
        Book_1991/p320.pml | progress | holds | holds | -
        Book_1991/p329.pml | progress | violated | violated | -
        Book_1991/p330.pml | progress | violated | violated | -
        Book_1991/p337.pftp.ses.pml | progress | holds | holds | -
        Book_1991/p347.pftp.ses5.pml | progress | holds | holds | -
        Book_1991/p94.pml | progress | holds | holds | -
        Book_1991/p95.1.pml | progress | holds | holds | -
        Book_1991/p95.2.pml | progress | holds | holds | -
        Book_1991/p96.1.pml | progress | holds | holds | -
        Book_1991/p96.2.pml | progress | holds | holds | -
        Book_1991/p97.1.pml | progress | holds | holds | -
        Book_1991/p97.2.pml | progress | holds | holds | -
        Book_1991/p99.pml | progress | holds | holds | -
        Exercises/ex_1a.pml | progress | violated | violated | -
        Exercises/ex_1f.pml | progress | holds | holds | -
        Exercises/ex_2.pml | progress | violated | violated | -
        Exercises/ex_3a.pml | ltl invariant | violated | violated | -
        Exercises/ex_3a.pml | progress | violated | violated | -
        Exercises/ex_3b.pml | progress | holds | holds | -
        Exercises/ex_3c.pml | progress | violated | violated | -
        Exercises/ex_4.pml | progress | violated | violated | -
        Exercises/ex_5.pml | progress | violated | violated | -
        Exercises/ex_6.pml | ltl p1 | tooLarge | tooLarge | holds with Spin's reduction, in 3 million states
        LTL/bakery.pml | ltl invariant | violated | violated | -
        LTL/bakery.pml | progress | violated | violated | -
        LTL/diskhead.pml | ltl p | holds | holds | -
        LTL/diskhead.pml | progress | holds | holds | -
        LTL/leader.pml | ltl p0 | tooLarge | tooLarge | holds with Spin's reduction, in 12,057 states
        LTL/leader.pml | ltl p1 | tooLarge | tooLarge | holds with Spin's reduction, in 26,178 states
        LTL/leader.pml | ltl p2 | tooLarge | tooLarge | holds with Spin's reduction, in 26,178 states
        LTL/leader.pml | ltl p3 | tooLarge | tooLarge | holds with Spin's reduction, in 12,057 states
        LTL/leader_pre.pml | ltl p0 | tooLarge | tooLarge | the same model as leader.pml
        LTL/leader_pre.pml | ltl p1 | tooLarge | tooLarge | the same model as leader.pml
        LTL/leader_pre.pml | ltl p2 | tooLarge | tooLarge | the same model as leader.pml
        LTL/leader_pre.pml | ltl p3 | tooLarge | tooLarge | the same model as leader.pml
        LTL/ltl_always_eventually.pml | ltl name | violated | violated | -
        LTL/ltl_always_eventually.pml | progress | holds | holds | -
        LTL/ltl_example.pml | ltl c6 | holds | holds | the claim asks for the length of a channel that was never created
        LTL/ltl_example.pml | progress | holds | holds | -
        LTL/mobile1.pml | ltl ltl_0 | holds | holds | -
        LTL/mobile1.pml | progress | violated | violated | -
        LTL/mobile2.pml | ltl ltl_0 | holds | holds | -
        LTL/mobile2.pml | progress | violated | violated | -
        LTL/petersonN.pml | ltl bounded_bypass | violated | tooLarge | found at once; too many states for the rest
        LTL/pftp.pml | ltl p1 | violated | violated | -
        LTL/pftp.pml | ltl p2 | violated | violated | -
        LTL/pftp.pml | ltl p3 | violated | violated | -
        LTL/pftp.pml | progress | violated | violated | -
        LTL/salesman1.pml | ltl p | violated | violated | -
        LTL/salesman1.pml | progress | holds | holds | -
        LTL/salesman2.pml | ltl p | violated | violated | -
        LTL/salesman2.pml | progress | holds | holds | -
        LTL/train.pml | ltl c1 | holds | holds | -
        LTL/train.pml | ltl c2 | violated | violated | -
        LTL/train.pml | ltl c3 | violated | violated | -
        LTL/train.pml | ltl c4 | violated | violated | -
        LTL/train.pml | ltl c5 | holds | holds | -
        LTL/train.pml | ltl c6 | violated | violated | -
        LTL/train.pml | ltl c7 | holds | holds | -
        LTL/train.pml | ltl c8 | holds | holds | -
        LTL/train.pml | progress | violated | violated | -
        LTL/zune.pml | ltl p1 | violated | violated | -
        LTL/zune.pml | progress | violated | violated | -
        abp.pml | progress | violated | violated | -
        calculator.pml | progress | holds | holds | -
        cambridge.pml | progress | violated | violated | -
        dtp.pml | progress | holds | holds | -
        eratosthenes.pml | progress | holds | holds | -
        for_example.pml | progress | holds | holds | -
        for_select_example.pml | progress | holds | holds | -
        hajek.pml | progress | violated | violated | -
        hello.pml | progress | holds | holds | -
        leader0.pml | progress | holds | holds | -
        leader_trace.pml | progress | holds | holds | -
        loops.pml | acceptance | violated | violated | -
        loops.pml | progress | holds | holds | -
        manna_pnueli.pml | progress | violated | violated | -
        pathfinder.pml | progress | violated | violated | -
        peterson.pml | progress | violated | violated | -
        rtos1.pml | progress | holds | holds | -
        sat.pml | progress | holds | holds | -
        snoopy.pml | progress | violated | violated | -
        sort.pml | progress | holds | holds | -
        test_mtype.pml | progress | holds | holds | -
        welfare.pml | progress | holds | holds | -
        werkplaats.pml | never | holds | holds | -
        werkplaats.pml | progress | holds | holds | -
        """
}
