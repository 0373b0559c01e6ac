/* UML time travel in socket mode, a part of socket.pml (-DREAL_KERNEL, see kernels.pml): Heddle's calendar.
 *
 * From: Sources/TimeTravel/Calendar of Heddle. A d_step is a message, with all that it sends at once. It awaits the ACK of
 * FREE_UNTIL before each RUN, lowers a running client's before it ACKs a REQUEST, and forgets nothing in between; it runs
 * nobody for longer than TURN; who comes late has the calendar's times less an offset. Left out: BROADCAST, and why a client
 * is refused. */

/* observe
 *   received START, GET_TOD, GET, WAIT, ACK: to_calendar[slot]?operation(_)
 *   received: to_calendar[slot]?operation(time)
 *   sent: from_calendar[slot]!operation(time)
 *   disconnected: to_calendar[slot]?GONE(_)
 *   connected: nothing
 *   refused: nothing
 */
#define SCRATCH
#define FORGET at = 0
#define BEGIN \
  time_travel_ext_req(me, START, 0); \
  if                                 /* time_travel_set_start(); not with time-travel-start= */ \
  :: true -> time_travel_ext_req(me, GET_TOD, 0); time_travel_ext_req(me, GET, 0) \
  :: skip \
  fi;
#define PROPAGATE \
  d_step { !client[me].propagated -> client[me].propagated = true } time_travel_ext_req(me, UPDATE, client[me].now)
inline update_time() {               /* __time_travel_update_time(), as in Client */
  if
  :: d_step { client[me].free_until != NONE && e < client[me].free_until -> set_time(me, e) }
  :: else -> update_request(me, e);
     d_step { client[me].prev_request = NONE; client[me].free_until = NONE; client[me].waiting = true }
     time_travel_ext_req(me, WAIT, 0);
end_poll:
     do
     :: d_step { from_calendar[me]?FREE_UNTIL(t) -> client[me].free_until = t; t = 0; to_calendar[me]!ACK(0) }
     :: d_step { from_calendar[me]?RUN(t) -> set_time(me, t); t = 0; to_calendar[me]!ACK(0) } break
     od;
     d_step { client[me].waiting = false; client[me].prev_request = NONE }
  fi
}
#include "kernels.pml"

#ifndef EXPECTED
#define EXPECTED N
#endif
#ifndef TURN
#define TURN 1000000000              /* nanoseconds */
#endif
mtype = { LOWERED };

TIMES(offset, N + 2);                /* the calendar's time at which each client started */
chan owed[N + 2] = [3] of { mtype, byte };  /* messages whose ACKs are awaited, and for whom */
CLOCK(time_of_day);                  /* at time 0 */

#define WANTS_TO_START(c) (c == started + 1 && wants[c])
#define NEWCOMER_WAITS (joined >= EXPECTED && (WANTS_TO_START(1) IF2(|| WANTS_TO_START(2)) IF3(|| WANTS_TO_START(3))))
#define EARLIEST MIN(MIN(job[1].start, job[2].start), MIN(JOB3, FOREVER))
#define IN_CALENDAR(c, t) ((t) >= FOREVER || (t) > FOREVER - offset[c] -> FOREVER : (t) + offset[c])
#define IN_CLIENT(c, t) ((t) >= FOREVER -> (t) : (t) - offset[c])

inline start_client(c) {
  started = c; wants[c] = false;
  t = MIN(EARLIEST, bound);
  current_time = (t > current_time -> t : current_time); t = 0;
  offset[c] = current_time; turn = c; turn_until = current_time; awaited = WAIT;
  from_calendar[c]!ACK(c)
}
inline begin_turn(c) {
  current_time = job[c].start; job[c].start = FOREVER; turn = c; awaited = FREE_UNTIL;
  turn_until = MIN(EARLIEST, (current_time > FOREVER - TURN -> FOREVER : current_time + TURN));
  bound = (turn_until > bound -> turn_until : bound);
  job[c].start = current_time;
  owed[c]!FREE_UNTIL(0); from_calendar[c]!FREE_UNTIL(IN_CLIENT(c, turn_until))
}
inline note_question(c) {            /* after RUN was sent: it has not read it in its idle loop */
  run_is_lost = run_is_lost || (turn == c && awaited == RUN)
}
inline settle(c) {                   /* an ACK has come, or will not */
  owed[c]?op(who);
  if
  :: op == FREE_UNTIL && turn == c ->
     job[c].start = FOREVER; awaited = RUN; run_is_lost = false; owed[c]!RUN(0);
     from_calendar[c]!RUN(IN_CLIENT(c, current_time))
  :: op == RUN && turn == c && !run_is_lost -> awaited = WAIT
  :: op == RUN && turn == c && run_is_lost -> job[c].start = MIN(job[c].start, current_time); turn = 0; awaited = 0
  :: op == LOWERED -> from_calendar[who]!ACK(0)
  :: else
  fi;
  who = 0
}
inline receive(c) {
  to_calendar[c]?op(t);
  if
  :: op == START -> wants[c] = true; joined++
  :: op == GET -> note_question(c); from_calendar[c]!ACK(IN_CLIENT(c, current_time))
  :: op == GET_TOD -> note_question(c); from_calendar[c]!ACK(time_of_day + current_time)
  :: op == REQUEST -> note_question(c); t = IN_CALENDAR(c, t); job[c].start = t;
     if
     :: turn != 0 && turn != c && t < turn_until ->
        turn_until = t; owed[turn]!LOWERED(c); from_calendar[turn]!FREE_UNTIL(IN_CLIENT(turn, t))
     :: else -> from_calendar[c]!ACK(0)
     fi
  :: op == UPDATE && turn == c && awaited == WAIT -> current_time = IN_CALENDAR(c, t); from_calendar[c]!ACK(0)
  :: op == WAIT && turn == c && awaited == WAIT -> from_calendar[c]!ACK(0); turn = 0; awaited = 0
  :: op == ACK && nempty(owed[c]) -> settle(c)
  :: op == GONE -> job[c].start = FOREVER;
     if :: turn == c -> turn = 0; awaited = 0 :: else fi;
     do :: nempty(owed[c]) -> settle(c) :: else -> break od
  fi;
  op = 0; t = 0
}
/* As in kernels.pml: an ACK is read at once, by whoever can. */
#define HAS_READ(c) (nempty(to_calendar[c]) || !(from_calendar[c]?[ACK, t]))
#define ALL_HAVE_READ (HAS_READ(1) IF2(&& HAS_READ(2)) IF3(&& HAS_READ(3)))
#define MAY_START(c) (turn == 0 && joined >= EXPECTED && WANTS_TO_START(c) && ALL_HAVE_READ)
#define MAY_BEGIN(c) (turn == 0 && !NEWCOMER_WAITS && job[c].start < FOREVER && job[c].start == EARLIEST && ALL_HAVE_READ)
#define MAY_RECEIVE(c) (nempty(to_calendar[c]) && ALL_HAVE_READ && (turn != 0 || (!NEWCOMER_WAITS && EARLIEST == FOREVER)))

proctype HeddleCalendar() {
  unsigned t : TIME_BITS;
  byte turn; mtype awaited;          /* who runs or is about to, and what it shall send next: an ACK of these, or WAIT */
  unsigned turn_until : TIME_BITS; unsigned bound : TIME_BITS;
  byte started, joined, who;
  bool run_is_lost, wants[N + 2];
  mtype op;

end_calendar:
  do
  :: d_step { MAY_START(1) -> start_client(1) }
  IF2(:: d_step { MAY_START(2) -> start_client(2) })
  IF3(:: d_step { MAY_START(3) -> start_client(3) })
  :: d_step { MAY_BEGIN(1) -> begin_turn(1) }
  IF2(:: d_step { MAY_BEGIN(2) -> begin_turn(2) })
  IF3(:: d_step { MAY_BEGIN(3) -> begin_turn(3) })
  :: d_step { MAY_RECEIVE(1) -> receive(1) }
  IF2(:: d_step { MAY_RECEIVE(2) -> receive(2) })
  IF3(:: d_step { MAY_RECEIVE(3) -> receive(3) })
  od
}

inline begin(c) {
  begin_kernel(c); client[c].free_until = NONE; client[c].propagated = true; job[c].start = FOREVER
}
init {
  atomic {
    select (time_of_day : 0 .. MAX_TIME);
    d_step { begin(1); begin(2) IF2(; begin(3)) IF3(; begin(4)) }
    run Kernel(1); IF2(run Kernel(2);) IF3(run Kernel(3);)
    run HeddleCalendar() RUN_INTERRUPTS
  }
}
