/* UML time travel with shared memory, a part of shm.pml: what must happen one day, and all results.
 *
 * The formulas are those of liveness.pml, with the times that clients ask for (`wanted`) for the calendar's jobs. Where
 * time does not go backwards, only LATE_JOINER has runs without end; only newcomer_is_started then needs a fairness,
 * and only with LOWER_AT_START.
 * States: the same in Heddle and in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE -DNOCLAIM). Violations: BFS steps.
 *   default                       N=1 holds 3937 states; N=2 holds 44,731 (MAX_TIME=3 129,354); all formulas hold (N=2)
 *   default, BELOW_UNTIL          N=1 93: the UAPI's `<` does not hold; usfstl's `<=` does (UP_TO_UNTIL)
 *   OWN_SLOT                      holds (N=2), but NO_IRQ_ACK N=1 107 and MIXED_CLIENTS N=1 50, LATE_JOINER too 55
 *   TWO_AT_ONCE                   N=2 holds 89,782
 *   IRQ_LATENCY MAX_TIME=3        N=2 holds 301,313; TWO_AT_ONCE too: REQUEST_LOST 156, CONTROLLER 175, TIME_BACK 204
 *   MIXED_CLIENTS                 N=1 holds 7969; N=2 holds 95,449; all formulas hold (N=2)
 *   NO_IRQ_ACK, N=1               WRITERS 97, IRQ_SKEW 101, REQUEST_LOST 106, UP_TO_UNTIL 108, RUN_SWALLOWED 113,
 *                                 RUN_TIME 119, CONTROLLER 123, TIME_BACK 125, PANIC 159; ONE_RUNNING holds;
 *                                 deadlock 131; requests_are_run, sleepers_are_woken, time_advances 109;
 *                                 sigios_are_served where time goes back again and again (CHECKS=0)
 *   LATE_JOINER (N=2)             RUN_TIME 147, PANIC 150, UP_TO_UNTIL 162, TIME_BACK 210, CONTROLLER 249; the others
 *                                 hold; newcomer_is_started 125 and a cycle of 11 (weak fairness: 126)
 *     CLIENT_TIMES                holds 81,183, and FIX_RUN_OFFSET, FIX_OFFSET; MAX_TIME=4: shm-edges.pml
 *     FIX_OFFSET FIX_STARVATION   holds 80,530, all formulas hold
 *     FIX_OFFSET LOWER_AT_START   UP_TO_UNTIL 108, MAX_TIME=4: REQUEST_LOST 163; newcomer_is_started holds, weakly fair
 *   LATE_JOINER MIXED_CLIENTS     RUN_TIME 169, PANIC 172, UP_TO_UNTIL 184, CONTROLLER 204, TIME_BACK 248
 *     FIX_RUN_OFFSET              CONTROLLER 204, the others hold
 *     FIX_OFFSET, CLIENT_TIMES    hold 182,694;  FIX_OFFSET FIX_STARVATION holds 185,335
 *
 * LATE_JOINER: RUN has the calendar's time, and time_travel_handle_message() takes it for the newcomer's own, which is
 * ahead of the event by the offset: BUG_ON(time_travel_time != e->time), as seen on a real kernel. The REQUEST that
 * update_request() sends when who runs has no TIME_SHARE has the newcomer's own time, which is in the calendar's past:
 * usfstl_sched_add_job() asserts. The calendar at c1b5396 hides both, against the UAPI, as it takes each for an offset
 * of its own. Starved: UML 1 runs free, sets timers and never WAITs, so START is read but not answered. To lower
 * free_until when START comes makes it WAIT, but it may have run past that time, which usfstl's clients assert.
 * BELOW_UNTIL: the calendar publishes the next job as free_until, and two clients may want the same time; the first
 * that runs then stores a current_time that equals free_until.
 * OWN_SLOT: "set only by client", says the UAPI of a slot, but usfstl's calendar writes a REQUEST into its client's.
 * NO_IRQ_ACK: the sender of an interrupt runs on past the time that the handler is about to ask for, as it has compared
 * with a free_until not yet lowered (REQUEST_LOST); or it WAITs, and the handler, which has read running_id before,
 * writes its request while the controller runs (WRITERS). update_request() sets REQ_RUN before req_time: the calendar
 * sees the flag with the old time, and nobody looks again (109; usfstl's own client stores them the other way round).
 * If nobody runs, the handler sends REQUEST, reads RUN while it waits for the ACK, and the idle loop has none (131).
 * TWO_AT_ONCE: two UMLs compare free_until, both store, and the later time wins; who runs runs past the earlier one. It
 * does no harm as long as both ask for the same time, which holds only because interrupts have no latency. */
#define WANTS(c)      (client[c].wanted < FOREVER)
#define SETTLED(c)    (client[c].wanted >= FOREVER)
#define QUIET(c)      (!client[c].sigio && client[c].signals_blocked_pending == 0 && !client[c].in_handler)
#define DUE(c)        (client[c].timer < FOREVER || client[c].irq < FOREVER)
#define SLEEPS(c)     (client[c].waiting && DUE(c))
#define AWAKE(c)      (!client[c].waiting)
#define ANY_DUE       (DUE(1) || DUE(2) IF2(|| DUE(3)))
#define AT(time)      (current_time == time && time < MAX_TIME && ANY_DUE)
#define PAST(time)    (current_time > time || !ANY_DUE)

ltl requests_are_run {
  [] (WANTS(1) -> <> SETTLED(1)) && [] (WANTS(2) -> <> SETTLED(2)) IF2(&& [] (WANTS(3) -> <> SETTLED(3)))
}
ltl sigios_are_served {
  [] (client[1].sigio -> <> QUIET(1)) IF2(&& [] (client[2].sigio -> <> QUIET(2)))
}
ltl sleepers_are_woken {
  [] (SLEEPS(1) -> <> AWAKE(1)) && [] (SLEEPS(2) -> <> AWAKE(2)) IF2(&& [] (SLEEPS(3) -> <> AWAKE(3)))
}
ltl time_advances {
  [] (AT(0) -> <> PAST(0)) && [] (AT(1) -> <> PAST(1)) && [] (AT(2) -> <> PAST(2)) && [] (AT(3) -> <> PAST(3))
}
#ifdef LATE_JOINER
ltl newcomer_is_started { [] (start_requested -> <> started) }
#endif
#if N > 2
#error N is 1 or 2
#endif
