/* UML time travel in socket mode, a part of socket.pml: a late joiner (-DNEWCOMER, from N=2).
 *
 * From: Linux 6.12, arch/um/kernel/time.c, time_travel_connect_external(); usfstl, control/main.c, the case of
 * UM_TIMETRAVEL_START, process_starting_client() and process_starting_clients(), update_sync().
 *   The newcomer  UML N. It connects at any time, sends START and boots when that is answered: it may set a timer, and
 *                 goes to its idle loop. Its offset is the calendar's time at START, so that in the calendar's times,
 *                 which are the model's, its clock begins there. It has no device before, and the device no interrupt.
 *   The calendar  notes a START and answers it between two jobs, then waits for WAIT.
 *   Free running  UML 1 may set timers without end. When its clock is at MAX_TIME, that stands for all later times too;
 *                 so others that ask for MAX_TIME go before it (HAS_TURN). As in the kernel, who runs free and has
 *                 nothing to say reads no message.
 *   UPDATE_AT_WAIT  a repair: who WAITs sends UPDATE before.
 *   SLICE         a repair: the calendar lets nobody run free without end; the 1 << 62 ns of update_sync() become a
 *                 time that passes. To lower free_until by a message at START, as for a REQUEST, is none: nobody
 *                 reads it.
 * The results are in liveness.pml, but for what needs more time than MAX_TIME=2:
 *   NEWCOMER, with or without CALENDAR_SEQ   MAX_TIME=3: TIME_BACK 95; SLICE 108 (with ALL_TIMES 100)
 *     CALENDAR_SEQ UPDATE_AT_WAIT            MAX_TIME=3 holds: 597,610 states
 * WAIT says no time. A client that has run ahead under FREE_UNTIL, and has told nobody, WAITs, and the calendar's time
 * is that of its RUN still. START is answered with it: the newcomer begins in the other's past, and its kick or
 * interrupt brings the other an older time than its own: usfstl asserts, a UML panics. */
#ifdef NEWCOMER
#if N < 2
#error NEWCOMER is for N >= 2: somebody has to be there already
#endif
#define IF_NEWCOMER(part)        part
#define ALREADY_STARTED(label)   if :: me == N -> boot() :: else -> goto label fi
#define IF_STARTED(c)            (c != N || started) ->
#define START_PENDING            (start_requested && !started)
#define HAS_TURN(c)              (c != 1 || client[1].now < MAX_TIME || MIN(job[2].start, MIN(JOB3, JOB4)) > MAX_TIME)
bool start_requested, started;   /* the newcomer's USCS_START_REQUESTED, USCS_STARTED */
#else
#define IF_NEWCOMER(part)
#define ALREADY_STARTED(label)   goto label
#define IF_STARTED(c)
#define START_PENDING            false
#define HAS_TURN(c)              true
#endif

#ifdef UPDATE_AT_WAIT
#define TELL_TIME \
  if :: !client[me].propagated -> time_travel_ext_req(me, UPDATE, client[me].now); client[me].propagated = true \
     :: else fi;
#define TELL_DEVICE_TIME sched_ctrl_send_msg(UPDATE, client[DEV].now);
#else
#define TELL_TIME
#define TELL_DEVICE_TIME
#endif

#ifdef SLICE
#define SYNC MIN(NEXT_JOB, MAX_TIME)  /* how far who runs may run free: from MAX_TIME on, to its next event */
#else
#define SYNC NEXT_JOB
#endif

inline boot() {                      /* it goes on to the idle loop */
  time_travel_ext_req(me, START, 0); program_timer()
}
inline later_timer() {
  d_step { me == 1 && client[me].timer == NONE && client[me].now == MAX_TIME ->
    client[me].timer = MAX_TIME; at = FIRST_EVENT(me) }
  update_request(me, at)
}
inline process_starting_client() {
  started = true; client[N].now = current_time; from_calendar[N]!ACK(0); wait = N; waiting_for = WAIT
}
