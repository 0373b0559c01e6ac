/* UML time travel in socket mode, a part of socket.pml: what must happen one day.
 *
 *   requests_are_run     a REQUEST that the calendar has taken is followed by the RUN that ends the idle loop, or by
 *                        another REQUEST that takes it back.
 *   sigios_are_served    after a SIGIO no handler is left to run, be it called at once or by unblock_signals_hard().
 *   sleepers_are_woken   who waits in its idle loop although it has an event before it, asked for or not, leaves it.
 *   time_advances        the calendar's time does not stand still as long as anybody has an event before it.
 *   newcomer_is_started  a START that the calendar has read is answered (-DNEWCOMER, newcomer.pml).
 * heddle check socket.pml checks them all, --property NAME one of them. A request for a time beyond MAX_TIME is none,
 * but FOREVER, and time_advances asks nothing of time from MAX_TIME on: the end of the modelled time is no violation.
 * Fairness: none is needed. As time is bounded, every run comes to an end (--property progress holds; pan -l finds no
 * cycle), and its last state lasts for ever. Only in NEWCOMER there are runs without end, and results for both.
 *
 * Results: steps in Heddle (N=1), the same verdicts in Spin 6.5.2 (pan -a -N NAME -E -A, -DNOREDUCE; with -f too).
 *                                     requests_are_run  sigios_are_served  sleepers_are_woken  time_advances
 *   default, with or without
 *    RUN_ONLY_IN_IDLE, CALENDAR_SEQ   holds             holds              holds               holds  N=2; default N=3
 *   NO_IRQ_ACK                        52                holds              52                  52
 *   NO_IRQ_ACK CALENDAR_SEQ           55                holds              55                  55
 *   RUN_ONLY_IN_IDLE                  52                holds              52                  52
 *   RUN_ONLY_IN_IDLE CALENDAR_SEQ     55                holds              55                  55
 *   RUN_ONLY_IN_IDLE CALENDAR_RESENDS holds             holds              78                  78
 *     N=2: the same violations, in Spin, where the search was finished (the last line with MAX_TIME=1 only: there
 *     sleepers_are_woken is violated, the others hold)
 *   NEWCOMER, N=2, MAX_TIME=2: newcomer_is_started, and the others in this order; / with weak fairness
 *     NEWCOMER                        47 / 48           80, 124, 80, 80 / 80, holds, 80, 80; all and a cycle of 11
 *     NEWCOMER CALENDAR_SEQ           47 / 48           hold / hold
 *     NEWCOMER SLICE                  holds / holds     hold / hold
 *
 * 52 and 55 are the deadlocks, as lost wake-ups: a request that no RUN follows. 78 is none, for all processes are where
 * they may end, and only a formula shows it: time_travel_update_time() has looked for the first event, FOREVER; then,
 * before WAIT, an interrupt comes. Its time is before free_until, so its handler need not ask for it; but WAIT gives
 * free_until up, and nobody has asked. So RUN_ONLY_IN_IDLE, even with a calendar that resends, loses interrupts of a
 * UML that runs; no assertion need fail on the way. With the rule no interrupt comes to a UML that runs.
 * 47: UML 1 runs free up to FOREVER, sets timers and never waits; START is read, and not answered, however fair the
 * scheduler. 80: a START that is read in a nested wait_for() ends it, as any message does: the REQUEST is answered
 * before FREE_UNTIL was read, so that UML 1 runs on past the time that the device asks for, here for ever; with
 * CHECKS an assertion (CLOCK_SKEW, 44 steps; SLICE alone does not cure it: MAX_TIME=3). 124: unfair to Sigio. */
#define REQUESTED(c)  (0 < job[c].start && job[c].start < FOREVER)
#define SETTLED(c)    (client[c].took_run || job[c].start == FOREVER)
#define QUIET(c)      (!client[c].sigio && client[c].signals_blocked_pending == 0 && !client[c].in_handler)
#define DUE(c)        (client[c].timer < FOREVER || client[c].irq < FOREVER)
#define SLEEPS(c)     (client[c].waiting && DUE(c))
#define AWAKE(c)      (!client[c].waiting)
#define ANY_DUE       (DUE(1) || DUE(2) IF2(|| DUE(3)) IF3(|| DUE(4)) MORE_JOBS(ADD_DUE))
#define AT(time)      (current_time == time && time < MAX_TIME && ANY_DUE)
#define PAST(time)    (current_time > time || !ANY_DUE)

ltl requests_are_run {
  [] (REQUESTED(1) -> <> SETTLED(1)) && [] (REQUESTED(2) -> <> SETTLED(2))
  IF2(&& [] (REQUESTED(3) -> <> SETTLED(3))) IF3(&& [] (REQUESTED(4) -> <> SETTLED(4)))
}
ltl sigios_are_served {
  [] (client[1].sigio -> <> QUIET(1))
  IF2(&& [] (client[2].sigio -> <> QUIET(2))) IF3(&& [] (client[3].sigio -> <> QUIET(3)))
}
ltl sleepers_are_woken {
  [] (SLEEPS(1) -> <> AWAKE(1)) && [] (SLEEPS(2) -> <> AWAKE(2))
  IF2(&& [] (SLEEPS(3) -> <> AWAKE(3))) IF3(&& [] (SLEEPS(4) -> <> AWAKE(4)))
}
ltl time_advances {
  [] (AT(0) -> <> PAST(0)) && [] (AT(1) -> <> PAST(1)) && [] (AT(2) -> <> PAST(2)) && [] (AT(3) -> <> PAST(3))
}
#ifdef NEWCOMER
ltl newcomer_is_started { [] (start_requested -> <> started) }
#endif
#if defined(WAIT_REQUESTED) || defined(WAIT_FIRST_EVENT)
ltl woken_or_noticed { [] (SLEEPS(1) -> <> (AWAKE(1) || wait_differs)) }
#endif
