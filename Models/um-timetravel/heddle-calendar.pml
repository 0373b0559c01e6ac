/* UML time travel in socket mode, a part of socket.pml (-DREAL_KERNEL, see kernels.pml): Heddle's calendar.
 *
 * From: Sources/TimeTravel/Calendar of Heddle. A d_step is a message, with all that it sends at once. It awaits the ACK of
 * FREE_UNTIL before each RUN, lowers a running client's before it ACKs a REQUEST, and forgets nothing in between; it runs
 * nobody for longer than TURN; who comes late has the calendar's times less an offset. What it sends waits in the outbox, as it
 * may be interfered with. Left out: a client's BROADCAST, and what a client is refused for but a
 * REQUEST of the past, which is late news of an interrupt. */

/* observe
 *   received START, GET_TOD, GET, WAIT, ACK: to_calendar[slot]?operation(_)
 *   received: to_calendar[slot]?operation(time)
 *   sent BROADCAST: from_calendar[slot]!operation(_)
 *   sent: from_calendar[slot]!operation(time)
 *   interrupted: from_device[slot]!VRING_CALL
 *   disconnected: gone[slot]!_
 *   connected: nothing
 *   refused: gone[slot]!_
 */
#define SCRATCH
#define GOES_ON(c) empty(to_calendar[c])
#define FORGET_ALL
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
     client[me].prev_request = NONE; d_step { client[me].free_until = NONE; client[me].waiting = true }
     time_travel_ext_req(me, WAIT, 0);
end_poll:
     do
     :: d_step { from_calendar[me]?FREE_UNTIL(t) -> client[me].free_until = t; t = 0; to_calendar[me]!ACK(0) }
     :: d_step { from_calendar[me]?RUN(t) -> set_time(me, t); t = 0; ACK_RUN(me) } break
     READ_ALSO(me) od;
     d_step { client[me].waiting = false; client[me].prev_request = NONE }
  fi
}
#include "kernels.pml"
CLOCK(time_of_day);                  /* at time 0 */

#ifdef ANY_CALENDAR
#include "any-calendar.pml"
#else
#ifndef EXPECTED
#define EXPECTED N
#endif
#ifndef TURN
#define TURN 1000000000              /* nanoseconds */
#endif
mtype = { LOWERED };

TIMES(offset, N + 2);                /* the calendar's time at which each client started */
chan owed[N + 2] = [ROOM] of { mtype, byte };  /* messages whose ACKs are awaited, and for whom */

#define WANTS_TO_START(c) (c == started + 1 && wants[c])
#define NEWCOMER_WAITS (joined >= EXPECTED && (WANTS_TO_START(1) IF2(|| WANTS_TO_START(2)) IF3(|| WANTS_TO_START(3))))
#define EARLIEST MIN(MIN(job[1].start, job[2].start), MIN(JOB3, FOREVER))
#define OTHER(c, i, t) (c == i -> FOREVER : t)
#define OTHERS(c) MIN(OTHER(c, 1, job[1].start), MIN(OTHER(c, 2, job[2].start), OTHER(c, 3, JOB3)))
#define IN_CALENDAR(c, t) ((t) >= FOREVER || (t) > FOREVER - offset[c] -> FOREVER : (t) + offset[c])
#define IN_CLIENT(c, t) ((t) >= FOREVER -> (t) : (t) - offset[c])

inline start_client(c) {
  started = c; wants[c] = false;
  t = MIN(EARLIEST, bound);
  current_time = (t > current_time -> t : current_time); t = 0;
  offset[c] = current_time; turn = c; turn_until = current_time; reached = current_time; awaited = WAIT;
  outbox!c,ACK,c
}
inline begin_turn(c) {
  current_time = job[c].start; job[c].start = FOREVER; turn = c; reached = current_time; awaited = FREE_UNTIL;
  turn_until = MIN(EARLIEST, (current_time > FOREVER - TURN -> FOREVER : current_time + TURN));
  bound = (turn_until > bound -> turn_until : bound);
  job[c].start = current_time;
  owed[c]!FREE_UNTIL(0); outbox!c,FREE_UNTIL,IN_CLIENT(c, turn_until)
}
inline note_question(c) {            /* after RUN was sent: it has not read it in its idle loop */
  run_is_lost = run_is_lost || (turn == c && awaited == RUN)
}
inline settle(c) {                   /* an ACK has come, or will not */
  owed[c]?op(who);
  if
  :: op == FREE_UNTIL && turn == c ->
     job[c].start = FOREVER; awaited = RUN; run_is_lost = false; owed[c]!RUN(0);
     outbox!c,RUN,IN_CLIENT(c, current_time)
  :: op == RUN && turn == c && !run_is_lost -> awaited = WAIT
  :: op == RUN && turn == c && run_is_lost -> job[c].start = MIN(job[c].start, current_time); turn = 0; awaited = 0
  :: op == LOWERED -> outbox!who,ACK,0
  :: else
  fi;
  who = 0
}
inline advance(c) {                  /* it has come to this time; nobody is to suffer if that is too far */
  reached = t; bound = (t > bound -> t : bound); t = MIN(t, OTHERS(c));
  current_time = (t > current_time -> t : current_time)
}
inline receive(c) {
  to_calendar[c]?op(t);
  if
  :: op == START -> wants[c] = true; joined++
  :: op == GET -> note_question(c);  /* at the time of who runs, but not past what it has asked for itself */
     t = (turn != 0 -> MIN(reached, job[c].start) : 0); outbox!c,ACK,IN_CLIENT(c, (t > current_time -> t : current_time))
  :: op == GET_TOD -> note_question(c); outbox!c,ACK,time_of_day + current_time
  :: op == REQUEST -> note_question(c); t = IN_CALENDAR(c, t); job[c].start = t;
     if
     :: t < current_time -> refused = c
     :: t >= current_time && turn != 0 && turn != c && t < turn_until ->
        turn_until = t; owed[turn]!LOWERED(c); outbox!turn,FREE_UNTIL,IN_CLIENT(turn, t)
     :: else -> outbox!c,ACK,0
     fi
  :: op == UPDATE && turn == c && awaited == WAIT -> t = IN_CALENDAR(c, t); advance(c); outbox!c,ACK,0
  :: op == WAIT && turn == c && awaited == WAIT -> outbox!c,ACK,0; turn = 0; awaited = 0
  :: op == ACK && nempty(owed[c]) -> settle(c)
  fi;
  op = 0; t = 0
}
inline remove(c) {
  bury(c); client[c].free_until = 0; client[c].propagated = false; job[c].start = FOREVER; wants[c] = false;
  if :: turn == c -> turn = 0; awaited = 0 :: else fi;
  do :: nempty(owed[c]) -> settle(c) :: else -> break od;
  op = 0
}
/* As in kernels.pml: an ACK is read at once, by whoever can. */
#define HAS_READ(c) (nempty(to_calendar[c]) || !(from_calendar[c]?[ACK, t]) || client[c].is_dead)
#define IS_IDLE (empty(outbox) && refused == 0 && ALL_ARE_BURIED && HAS_READ(1) IF2(&& HAS_READ(2)) IF3(&& HAS_READ(3)))
#define MAY_START(c) (turn == 0 && joined >= EXPECTED && WANTS_TO_START(c) && IS_IDLE)
#define MAY_BEGIN(c) (turn == 0 && !NEWCOMER_WAITS && job[c].start < FOREVER && job[c].start == EARLIEST && IS_IDLE)
#define WAITS_FOR_NEWS (refused == 0 && (turn != 0 || (!NEWCOMER_WAITS && EARLIEST == FOREVER)))
#define MAY_RECEIVE(c) (nempty(to_calendar[c]) && IS_IDLE && WAITS_FOR_NEWS)
#define STEPS(c) \
  :: d_step { MAY_START(c) -> start_client(c) } \
  :: d_step { MAY_BEGIN(c) -> begin_turn(c) } \
  :: d_step { MAY_RECEIVE(c) -> receive(c) } \
  :: d_step { HAS_ENDED(c) && WAITS_FOR_NEWS -> remove(c) } \
  :: d_step { refused == c -> remove(c); refused = 0 } \
  :: d_step { started >= c && nfull(owed[c]) -> from_calendar[c]!BROADCAST(0); owed[c]!BROADCAST(0) }

proctype HeddleCalendar() {
  unsigned t : TIME_BITS;
  byte turn; mtype awaited;          /* who runs or is about to, and what it shall send next: an ACK of these, or WAIT */
  unsigned turn_until : TIME_BITS; unsigned reached : TIME_BITS; unsigned bound : TIME_BITS;
  byte started, joined, who, refused;
  bool run_is_lost, wants[N + 2];
  mtype op;

end_calendar:
  do
  :: d_step { outbox?who,op,t -> from_calendar[who]!op(t); who = 0; op = 0; t = 0 }
  STEPS(1) IF2(STEPS(2)) IF3(STEPS(3))
  od
}
#define RUN_CALENDAR run HeddleCalendar()
#endif

inline begin(c) {
  begin_kernel(c); client[c].free_until = NONE; client[c].propagated = true; job[c].start = FOREVER
}
init {
  atomic {
    select (time_of_day : 0 .. MAX_TIME);
    d_step { begin(1); begin(2) IF2(; begin(3)) IF3(; begin(4)) }
    run_kernels(); RUN_CALENDAR
  }
}
