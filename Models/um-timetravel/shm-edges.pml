/* UML time travel with shared memory, a part of shm.pml: the edges of 64-bit times, and who has run ahead.
 *
 * From: Linux 6.12, arch/um/kernel/time.c, time_travel_ext_update_request(), time_travel_set_time(),
 * time_travel_sleep(); usfstl, src/sched.c, usfstl_sched_get_sync_time(), and usfstl_time_cmp() of sched.h.
 *   LATE_CALENDAR   (-DALL_TIMES) the calendar's time begins anywhere in 64 bits: um_timetravel.h says that its times
 *                   are the controller's own, and that clients keep the difference. usfstl's begins at 0, and gets
 *                   there after 292 years. time.c subtracts its offset from what it loads, and usfstl compares signed
 *                   differences: so the model goes on to count from 0, and adds `base` only where the numbers
 *                   themselves are compared, in update_request(): `time < time_travel_shm->free_until`, after the
 *                   offset was added. RUN has the offset taken off, as with FIX_OFFSET; without, time.c panics at the
 *                   first RUN. free_until is 1 << 62 from now if no job is nearer, and a device waits until its
 *                   first RUN, as in usfstl.
 *   FIX_LOWER       that comparison, too, is one of the client's own times.
 *   PAST_FOREVER    (-DALL_TIMES) the device may ask for any time that usfstl_time_cmp() can tell from the past, beyond
 *                   S64_MAX too. SLEEPER then says that the calendar does not come to S64_MAX while the device has
 *                   work.
 *   UPDATE_AT_WAIT  (with LATE_JOINER) a repair: who WAITs stores its time first, __time_travel_propagate_time().
 * Results: states, or BFS steps of the violation.
 *   LATE_CALENDAR                N=1 REQUEST_LOST 106       FIX_LOWER: all hold, N=1 16,313; N=2 192,287
 *   PAST_FOREVER                 N=1 SLEEPER 106; N=2 140
 *   LATE_JOINER FIX_OFFSET       MAX_TIME=3 holds 268,945; MAX_TIME=4 TIME_BACK 246, with CLIENT_TIMES too
 *     UPDATE_AT_WAIT             MAX_TIME=4 holds 602,523
 *     FIX_STARVATION             MAX_TIME=4 holds 584,773 (the slice ends at MAX_TIME, and hides it)
 *
 * LATE_CALENDAR: S64_MAX plus an offset of more than 2^63 wraps around, and is less than free_until. A UML that runs
 * and has no timer for a moment so stores "for ever" over a request of somebody else; its next timer is before that,
 * and it runs on past the request. Where free_until itself has wrapped around, a handler's request does not lower it.
 * The two loads of free_until are right there, as they subtract the offset first.
 * PAST_FOREVER: a request for S64_MAX is a job like any other. When it is the next, RUN(S64_MAX) panics ("The system
 * was going to sleep forever"), whatever others have left to do. A UML cannot live beyond that time, so there is no
 * repair but to say that a simulation ends 2^63 - 1 ns after its first UML has started.
 * LATE_JOINER: nobody tells the calendar how far it has run when it WAITs. A UML stores current_time only when it
 * notifies somebody, so a START that is answered next is answered with an old time; the newcomer begins in the past of
 * that UML, and an interrupt from there makes it panic, "time goes backwards". Two units of time are too few for it. */
#ifdef UPDATE_AT_WAIT
#define TELL_TIME t = SHARED(me, client[me].now); store_time(me, t);
#else
#define TELL_TIME
#endif
#ifdef PAST_FOREVER
#undef NONE
#define NONE 18446744073709551615
#define IDLE && client[DEV].irq == NONE
#else
#define IDLE
#endif
#ifdef LATE_CALENDAR
#undef SYNC
#define SYNC MIN(NEXT_JOB, MIN(current_time + 4611686018427387904, FOREVER))   /* 1ULL << 62 */
#define ANY_BASE select (base : 0 .. 18446744073709551615); client[DEV].waiting = true;
unsigned base : TIME_BITS;           /* the calendar's time at which the simulation begins: what is called 0 here */
#ifdef FIX_LOWER
#define IS_LOWER(t, until) ((t) < (until))
#else
#define IS_LOWER(t, until) ((t) + base < (until) + base)
#endif
#define NOT_LOWER(c, time) !IS_LOWER(SHARED(c, time), free_until) -> client[c].wanted = SHARED(c, time) :: false ->
#else
#define ANY_BASE
#define IS_LOWER(t, until) ((t) < (until))
#define NOT_LOWER(c, time)
#endif
