/* UML time travel with shared memory, a part of shm.pml (-DREAL_KERNEL, see kernels.pml): Heddle's calendar.
 *
 * From: Sources/TimeTravel/Calendar of Heddle. As heddle-calendar.pml, but that it stores free_until, current_time and
 * running_id before RUN, which nobody ACKs, and takes requests from the slots: a REQUEST counts until the slot has changed.
 * All clients share memory, so all START at time 0. Left out: what a client is refused for but a
 * REQUEST of the past. */

/* observe
 *   received START, GET_TOD, WAIT: to_calendar[slot]?operation(_)
 *   received: to_calendar[slot]?operation(time)
 *   sent BROADCAST: from_calendar[slot]!operation(_)
 *   sent: from_calendar[slot]!operation(time)
 *   interrupted: from_device[slot]!VRING_CALL
 *   disconnected: gone[slot]!_
 *   connected: nothing
 *   refused: gone[slot]!_
 *   field memory.free_until: free_until
 *   field memory.current_time: current_time
 *   field memory.running_id: running_id
 *   field memory.clients[id].capa: slot[id].time_share
 *   field memory.clients[id].flags: slot[id].req_run
 *   field memory.clients[id].req_time: slot[id].req_time
 */
#if N >= 3
#define IF3(part) part
#define REQUEST3 REQUESTED(3)
#else
#define IF3(part)
#define REQUEST3 FOREVER
#endif
#if N >= 2
#define REQUEST2 REQUESTED(2)
#else
#define REQUEST2 FOREVER
#endif
#define SCRATCH byte who;
/* What it does when it has ACKed a BROADCAST shows in the memory before that is read. */
#define GOES_ON(c) (empty(to_calendar[c]) || to_calendar[c]?[ACK, 0])
#define FORGET_ALL ; who = 0
/* That it has asked for the same time already makes a difference to messages only: to store it again does nothing. */
#define FORGET \
  d_step { at = 0; client[me].wanted = NONE; \
    client[me].prev_request = (slot[running_id].time_share -> NONE : client[me].prev_request) }
#define BEGIN \
  start(me); \
  if                                 /* time_travel_set_start(); not with time-travel-start= */ \
  :: to_calendar[me]!GET_TOD(0); do :: from_calendar[me]?ACK(_) -> break READ_ALSO(me) od; at = LOCAL(me, current_time); set_time(me, at); at = 0 \
  :: skip \
  fi;
#define PROPAGATE d_step { running_id == me; current_time = SHARED(me, client[me].now) }   /* or panic() */
inline update_time() {               /* __time_travel_update_time(), as in Client */
  if
  :: d_step { e < LOCAL(me, free_until) -> set_time(me, e) }
  :: else -> update_request(me, e);
     client[me].prev_request = NONE; d_step { client[me].wanted = NONE; client[me].waiting = true; to_calendar[me]!WAIT(0) }
end_poll:
     do :: d_step { from_calendar[me]?RUN(t) -> set_time(me, t); t = 0 } break READ_ALSO(me) od;
     slot[me].req_run = false;
     d_step { client[me].waiting = false; client[me].prev_request = NONE }
  fi
}
inline handle_message_read(c) { if :: false READ_ALSO(c) fi }
#include "kernels.pml"

#ifndef TURN
#define TURN 1000000000              /* nanoseconds */
#endif
CLOCK(time_of_day);                  /* at time 0 */
typedef Request { bool is_stale, req_run; unsigned req_time : TIME_BITS }
Request stale[N + 2];                /* what a client's slot said when its last REQUEST came */

#define IN_SLOT(c) \
  (slot[c].req_run && !(stale[c].is_stale && stale[c].req_run == slot[c].req_run && stale[c].req_time == slot[c].req_time))
#define REQUESTED(c) (IN_SLOT(c) -> slot[c].req_time : job[c])
#define EARLIEST MIN(REQUESTED(1), MIN(REQUEST2, REQUEST3))

inline publish(until, id) { free_until = until; current_time = now; running_id = id }
inline start_client(c) {
  d_step { last_started = c; wants[c] = false; turn = c; turn_until = now }
  publish(now, c); outbox!c,ACK,c
}
inline least_of_others(c, until) {   /* until, or what others have asked for */
  if :: c != 1 -> until = MIN(until, REQUESTED(1)) :: else fi;
  if :: c != 2 -> until = MIN(until, REQUEST2) :: else fi;
  if :: c != 3 -> until = MIN(until, REQUEST3) :: else fi
}
inline begin_turn(c) {
  d_step { now = REQUESTED(c); turn = c; job[c] = FOREVER; turn_until = (now > FOREVER - TURN -> FOREVER : now + TURN);
    least_of_others(c, turn_until);
    stale[c].is_stale = false; stale[c].req_run = false; stale[c].req_time = 0 }
  publish(turn_until, c); outbox!c,RUN,now
}
inline advance() {                   /* who runs has come so far; nobody is to suffer if that is too far */
  t = current_time; least_of_others(turn, t); now = (t > now -> t : now)
}
inline receive(c) {
  to_calendar[c]?op(t);
  if
  :: op == START -> wants[c] = true; joined++;
     if :: turn != 0 -> free_until = MIN(free_until, current_time) :: else fi
  :: op == GET_TOD ->
     if :: turn != 0 -> advance() :: else fi;
     outbox!c,ACK,time_of_day + now
  :: op == REQUEST -> job[c] = t;
     stale[c].is_stale = true; stale[c].req_run = slot[c].req_run; stale[c].req_time = slot[c].req_time;
     if
     :: t < now -> refused = c
     :: t >= now && turn != 0 && turn != c && t < turn_until ->
        turn_until = t; free_until = MIN(free_until, t); outbox!c,ACK,0
     :: else -> outbox!c,ACK,0
     fi
  :: op == WAIT && turn == c -> advance(); turn = 0; running_id = CALENDAR
  :: op == ACK && owed[c] > 0 -> owed[c]--
  fi;
  op = 0; t = 0
}
inline remove(c) {
  bury(c); client[c].wanted = 0; client[c].offset = 0; job[c] = FOREVER; wants[c] = false;
  if :: turn == c -> advance(); turn = 0; running_id = CALENDAR; t = 0 :: else fi;
  slot[c].time_share = false; slot[c].req_run = false; slot[c].req_time = 0
}
#define WANTS_TO_START(c) (c == last_started + 1 && wants[c])
#define NEWCOMER_WAITS (joined >= N && (WANTS_TO_START(1) IF2(|| WANTS_TO_START(2)) IF3(|| WANTS_TO_START(3))))
#define IS_IDLE (empty(outbox) && refused == 0 && ALL_ARE_BURIED)
#define MAY_START(c) (turn == 0 && joined >= N && WANTS_TO_START(c) && IS_IDLE)
#define MAY_BEGIN(c) (turn == 0 && !NEWCOMER_WAITS && REQUESTED(c) < FOREVER && REQUESTED(c) == EARLIEST && IS_IDLE)
#define WAITS_FOR_NEWS (IS_IDLE && (turn != 0 || (!NEWCOMER_WAITS && EARLIEST == FOREVER)))
#define STEPS(c) \
  :: MAY_START(c) -> start_client(c) \
  :: MAY_BEGIN(c) -> begin_turn(c) \
  :: d_step { nempty(to_calendar[c]) && WAITS_FOR_NEWS -> receive(c) } \
  :: d_step { HAS_ENDED(c) && WAITS_FOR_NEWS -> remove(c) } \
  :: d_step { refused == c -> remove(c); refused = 0 } \
  :: d_step { last_started >= c && nfull(from_calendar[c]) -> from_calendar[c]!BROADCAST(0); owed[c]++ }

proctype HeddleCalendar() {
  unsigned t : TIME_BITS;
  byte turn;                         /* who runs */
  unsigned now : TIME_BITS; unsigned turn_until : TIME_BITS;
  byte last_started, joined, who, refused;
  byte owed[N + 2];                  /* ACKs of BROADCASTs */
  bool wants[N + 2];
  mtype op;

end_calendar:
  do
  :: d_step { outbox?who,op,t -> from_calendar[who]!op(t); who = 0; op = 0; t = 0 }
  STEPS(1) IF2(STEPS(2)) IF3(STEPS(3))
  od
}
inline begin(c) {
  begin_kernel(c); client[c].wanted = NONE; job[c] = FOREVER
}
init {
  atomic {
    select (time_of_day : 0 .. MAX_TIME);
    d_step { begin(1); begin(2) IF2(; begin(3)) IF3(; begin(4)) }
    run_kernels(); run HeddleCalendar()
  }
}
