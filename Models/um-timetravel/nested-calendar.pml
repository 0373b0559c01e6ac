/* UML time travel in socket mode, a part of socket.pml: usfstl's calendar with the stack of its wait_for().
 *
 * @DOC2 */
#define DEPTH    5
#define RUN_SYNC 1   /* run_client(), update_sync(client): FREE_UNTIL is sent */
#define RUN_ACK  2   /* run_client(): RUN is sent */
#define RUN_WAIT 3   /* run_client(): it runs */
#define SYNCING  4   /* update_sync(NULL), for a REQUEST of `by`, or (0) for a client that was removed */
#define SENDING  5   /* the case of UM_TIMETRAVEL_BROADCAST, for `by` */

typedef Frame {      /* of wait_for() */
  byte why, on, by;
  byte to;           /* SENDING: how far it has come: 0, the one that runs; then all ids, but for that one */
  byte first;        /* SENDING: the one that ran */
  bool recursed      /* somebody below waits for the same client: wait_registered is not handle_message() */
}

#define TOP            stack[top]
#define NEXT_TIME      (NEXT_JOB < FOREVER || job[DEV].start == FOREVER || job[1].start == FOREVER \
                        IF2(|| job[2].start == FOREVER) IF3(|| job[3].start == FOREVER) -> NEXT_JOB : STALE)
#define READABLE(c)    (!IS_REMOVED(c) && (nempty(to_calendar[c]) || IS_DEAD(c)))
#ifdef FIX_REMOVAL
#define LEAVES (TOP.on == 0 || IS_REMOVED(TOP.on) || (TOP.why == RUN_WAIT && has_waited) || \
                last_message[TOP.on] == (TOP.why == RUN_WAIT -> WAIT : ACK))
#define STALE  FOREVER
#else
#define LEAVES (TOP.recursed || IS_REMOVED(TOP.on) || last_message[TOP.on] == (TOP.why == RUN_WAIT -> WAIT : ACK))
#define STALE  current_time
#endif
#define SILENT(c)      (IS_REMOVED(c) || (empty(to_calendar[c]) && !IS_DEAD(c)))
#define NOT_AHEAD(c)   (!waited[c] || SILENT(c))
#define NOBODY_AHEAD   (NOT_AHEAD(1) && NOT_AHEAD(2) IF2(&& NOT_AHEAD(3)) IF3(&& NOT_AHEAD(4)))

inline call(reason, whom, whose) {
  top++; TOP.why = reason; TOP.on = whom; TOP.by = whose; wait_for_begins()
}
inline wait_for_begins() {           /* the handler of `on` becomes handle_message_wait() */
  TOP.recursed = waited[TOP.on]; waited[TOP.on] = true; last_message[TOP.on] = 0; pushed = true
}
inline return_from() {
  TOP.why = 0; TOP.on = 0; TOP.by = 0; TOP.to = 0; TOP.first = 0; TOP.recursed = false; top--
}

inline remove_client(c) {
#ifdef DIES
  removed[c] = true; job[c].start = NONE;
  if :: running == c -> running = 0 :: else fi;
  resync = (running != 0)            /* the job that frees it later: usfstl_sched_add_job(), next_time_changed() */
#else
  skip
#endif
}
inline write_message(c, message, time) {
  if
  :: IS_REMOVED(c)
  :: IS_DEAD(c) && !IS_REMOVED(c) -> remove_client(c)
  :: else -> from_calendar[c]!message(time)
  fi
}

inline start_client(c) {             /* usfstl_sched_next(), run_client(), update_sync(client) */
  current_time = (job[c].start > current_time -> job[c].start : current_time); job[c].start = NONE;
  running = c;
  if
  :: job[c].sync != SYNC ->
     job[c].sync = SYNC; write_message(c, FREE_UNTIL, job[c].sync);
     if :: !IS_REMOVED(c) -> update_sync_running = true; call(RUN_SYNC, c, 0) :: else fi
  :: else -> write_message(c, RUN, current_time);
     if :: !IS_REMOVED(c) -> call(RUN_ACK, c, 0) :: else fi
  fi;
  pushed = false; resync = false
}
inline update_sync(whose) {          /* update_sync(NULL), until sync */
  if
  :: running != 0 && job[running].sync != sync && !update_sync_running ->
     job[running].sync = sync; x = running; write_message(x, FREE_UNTIL, sync);
     if :: !IS_REMOVED(x) -> update_sync_running = true; call(SYNCING, x, whose) :: else fi;
     x = 0
  :: else
  fi;
  sync = 0
}

inline read_message(c) {             /* _handle_message(); pushed: it goes on later, in unwind() */
  if
  :: nempty(to_calendar[c]) -> to_calendar[c]?op(t);
     if
     :: op == ACK -> CHECK(CALENDAR_FAILS, waited[c])    /* handle_message() asserts that it gets none */
     :: op == GET ALSO_ANSWERED -> write_message(c, ACK, current_time)
     :: op == UPDATE -> CHECK(TWO_RUNNING, c == running);
        CHECK(TIME_BACK, t >= current_time);
        current_time = t; write_message(c, ACK, 0)
     :: op == WAIT -> CHECK(TWO_RUNNING, c == running || running == 0); CHECK_WAIT(c)
        running = 0; write_message(c, ACK, 0);
#ifdef FIX_REMOVAL
        has_waited = true
#endif
     :: op == REQUEST -> CHECK(CLOCK_SKEW, t >= current_time);
        job[c].start = t; sync = SYNC; update_sync(c);
        if :: !pushed -> write_message(c, ACK, 0) :: else fi
#ifdef BROADCASTS
     :: op == BROADCAST -> top++; TOP.why = SENDING; TOP.by = c; TOP.recursed = true
#endif
     fi
  :: else -> remove_client(c); op = 0                    /* read() says 0 */
  fi;
  if :: waited[c] && !pushed -> last_message[c] = op :: else fi
}
inline return_to(c, message) {       /* the handler of c's message is done: its ACK, and handle_message_wait() */
  return_from(); write_message(c, ACK, 0);
  if :: waited[c] -> last_message[c] = message :: else fi
}

inline leave_wait_for() {
  if :: TOP.on != 0 -> last_message[TOP.on] = 0; waited[TOP.on] = TOP.recursed :: else fi;
  TOP.recursed = false;
  if
  :: TOP.why == RUN_SYNC -> update_sync_running = false;
     x = TOP.on; write_message(x, RUN, current_time);
     if :: !IS_REMOVED(x) -> TOP.why = RUN_ACK; wait_for_begins() :: else -> return_from() fi
  :: TOP.why == RUN_ACK ->
     if
     :: !IS_REMOVED(TOP.on) -> CHECK(RUN_SWALLOWED, client[TOP.on].took_run);
        client[TOP.on].took_run = false; TOP.why = RUN_WAIT; wait_for_begins();
#ifdef FIX_REMOVAL
        pushed = false               /* it may have come already */
#endif
     :: else ->                      /* send_message() has said true: wait_for() on what is removed */
#ifndef FIX_REMOVAL
        CHECK(CALENDAR_FAILS, false);
#endif
        return_from()
     fi
  :: TOP.why == RUN_WAIT -> return_from();
#ifdef FIX_REMOVAL
     has_waited = false
#endif
  :: TOP.why == SYNCING -> update_sync_running = false;
     x = TOP.by;
     if :: x != 0 -> return_to(x, REQUEST) :: else -> return_from() fi
#ifdef BROADCASTS
  :: TOP.why == SENDING -> next_target();
     if
     :: x != 0 -> TOP.on = x; write_message(x, BROADCAST, 0);
        if :: !IS_REMOVED(x) -> wait_for_begins() :: else -> TOP.on = 0; TOP.recursed = true fi
     :: else -> x = TOP.by; return_to(x, BROADCAST)
     fi
#endif
  fi;
  x = 0
}
inline next_target() {               /* usfstl_loop_for_each_entry_safe(): who is waited for comes first in the list */
  do
  :: TOP.to == 0 -> TOP.to = 1;
     if
     :: running != 0 && running != TOP.by && !IS_REMOVED(running) -> x = running; TOP.first = x; break
     :: else
     fi
  :: TOP.to > 0 && TOP.to <= DEV -> TOP.to++;
     if
     :: TOP.to - 1 != TOP.by && TOP.to - 1 != TOP.first && !IS_REMOVED(TOP.to - 1) -> x = TOP.to - 1; break
     :: else
     fi
  :: TOP.to > DEV -> x = 0; break
  od
}
inline unwind() {
  do
  :: pushed -> pushed = false; break
  :: !pushed && resync -> resync = false; sync = NEXT_TIME; update_sync(0)
  :: !pushed && !resync && top == 0 -> break
  :: else ->
     if
     :: LEAVES -> leave_wait_for()
     :: else -> last_message[TOP.on] = 0; break
     fi
  od;
  op = 0; t = 0
}
#define SERVES(c) (top > 0 && READABLE(c) && (c == TOP.on || (SILENT(TOP.on) && (waited[c] || NOBODY_AHEAD))))
#define STARTS(c) (top == 0 && NEXT_JOB < FOREVER && job[c].start == NEXT_JOB)

proctype NestedCalendar() {
  unsigned t : TIME_BITS; unsigned sync : TIME_BITS;
  byte running, top, x;
  Frame stack[DEPTH];
  mtype last_message[N + 2], op;
#ifdef FIX_REMOVAL
  bool has_waited;
#endif
  bool waited[N + 2], update_sync_running, pushed, resync;

  do
  :: d_step { STARTS(1) -> start_client(1) }
  :: d_step { STARTS(2) -> start_client(2) }
  IF2(:: d_step { STARTS(3) -> start_client(3) })
  IF3(:: d_step { STARTS(4) -> start_client(4) })
  :: d_step { SERVES(1) -> read_message(1); unwind() }
  :: d_step { SERVES(2) -> read_message(2); unwind() }
  IF2(:: d_step { SERVES(3) -> read_message(3); unwind() })
  IF3(:: d_step { SERVES(4) -> read_message(4); unwind() })
  :: top == 0 && NEXT_JOB == FOREVER -> end_time_bound:
     if                              /* an interrupt may still be under way */
     :: d_step { READABLE(1) -> read_message(1); unwind() }
     :: d_step { READABLE(2) -> read_message(2); unwind() }
     IF2(:: d_step { READABLE(3) -> read_message(3); unwind() })
     IF3(:: d_step { READABLE(4) -> read_message(4); unwind() })
     fi
  od
}
#ifdef DIES
proctype Death() { end_alive: d_step { dead[DIES] = true; client[DIES].running = false } }
#define CALENDAR Death(); run NestedCalendar
#else
#define CALENDAR NestedCalendar
#endif
