/* UML time travel in socket mode, a part of socket.pml: usfstl's calendar with the stack of its wait_for().
 *
 * From: usfstl, control/main.c (at c1b5396), _handle_message(), handle_message_wait(), wait_for(), send_message(),
 * update_sync(), remove_client(), run_client(); src/loop.c. Socket mode only. It is the calendar of socket.pml in more
 * detail, for BROADCASTS and DIES (links.pml), or with -DSTACK in its place: with the same states, to the number.
 * One d_step per message, as there: read_message() handles it; what it has to wait for is pushed, and unwind() leaves
 * the frames of wait_for() that are done. In wait_for():
 *   last_message  of each client; handle_message_wait() sets it when _handle_message() returns, that is after all that
 *                 was nested in it; each round of the loop and each end of a wait_for() resets it.
 *   recursed      a wait_for() for a client that is waited for already has one round: wait_registered is not
 *                 handle_message(), and it breaks.
 *   order         the last that is waited for is served first; then the others that are; then anybody.
 *   BROADCAST     goes to the one that runs first (as it is waited for, it is first in the list), then by id.
 * remove_client(): the job that frees the client later starts with the next job, or, if there is none, at
 * current_time; usfstl_sched_add_job() calls update_sync(NULL), and so FREE_UNTIL goes to who runs.
 * Left out: the list that moves under usfstl_loop_for_each_entry_safe() while a broadcast waits, so that somebody may
 * get it twice; and that the loop takes the listening socket's entry for a client's (there is no check as in
 * process_starting_clients()): it reads `state` beyond the end of a struct usfstl_uds_server; and a client that dies
 * after START: process_starting_client() waits for it as run_client() does (17, below). These are read, not run.
 *   FIX_REMOVAL   three repairs of the calendar: send_message() is false if the client went while its ACK was awaited;
 *                 a wait_for() that has recursed waits for its ACK, and remembers a WAIT; no FREE_UNTIL(current_time).
 *
 * Results as in socket.pml (steps as Heddle counts them). CF, DF: CALENDAR_FAILS, DEVICE_FAILS.
 *   BROADCASTS  all hold, liveness too: N=1 6563 states, N=2 251,313
 *   N=1, MAX_TIME=2:          deadlock  RUN_SWALLOWED  CLOCK_SKEW  TWO_RUNNING  TIME_BACK  IRQ_SKEW  CF     DF
 *   BROADCASTS NO_IRQ_ACK     53        39             35          holds        60         36        112
 *   BROADCAST_ANY_TIME        15        holds          155         holds        holds      holds     holds
 *   DIES=1                    33        holds          holds       holds        71         90        17     28
 *   DIES=1 FIX_REMOVAL        holds     holds          holds       holds        71         90        holds  holds
 *   DIES=DEV                  49        41             38          holds        61         35        14     holds
 *   DIES=DEV FIX_REMOVAL      54        41             38          holds        61         35        holds  holds
 *     states: 204,614; 26,835; 370,391; 378,722; 188,420; 177,218
 *   N=2, MAX_TIME=1, deadlock: DIES=1 42, with FIX_REMOVAL holds (4,580,115 states; DEVICE_GOES_ON 5,403,903)
 *                              DIES=DEV FIX_REMOVAL 61;   N=2, MAX_TIME=2: BROADCAST_ANY_TIME 20
 *
 * BROADCAST from who runs, or from who answers who runs, is safe with the rule: there are never two at once (a stack
 * of two frames is enough, up to N=2), nobody but the receiver has anything to say, and the wait_for() that recurses
 * ends with the ACK. From a device that waits it is not (15): the calendar has sent it FREE_UNTIL, and awaits the ACK;
 * BROADCAST comes first, and while another client's ACK is awaited, the ACK of FREE_UNTIL is read; then
 * handle_message_wait() returns from BROADCAST and overwrites last_message. RUN is never sent, and FIX_REMOVAL is no
 * help. With MAX_TIME=3 an ACK of BROADCAST passes for that of FREE_UNTIL: a UML runs past a request (TIME_BACK 200).
 * Without the rule an ACK comes when nobody awaits it: handle_message() asserts that none does (CF 112).
 * DIES, 17: a UML dies after RUN was sent, and before its ACK: send_message() says true, and run_client() waits
 * for WAIT of a removed client: it registers the closed fd, select() says EBADF and leaves the sets as they are,
 * read() fails, and the client is removed twice: usfstl_list_item_remove() of a null entry. 28, 33: a UML dies while
 * the device runs. With no job left, FREE_UNTIL says current_time, which the device has passed: its library asserts.
 * Or the ACK of RUN ends the nested wait_for(); the outer one drops the device's WAIT, and takes the ACK of FREE_UNTIL
 * for that of RUN: it waits for WAIT for ever. So the wait_for() that forgets, which does no harm as long as the rule
 * holds and all live, does when one dies. FIX_REMOVAL cures all three.
 * It cannot cure the rest: a sender that dies while its message is under way waits for no ACK, and the rule is broken.
 * 54: the device has sent VRING_CALL and dies; the UML's handler reads RUN: the deadlock of the RFC. 71, 90: a UML
 * kicks the device and dies; the device runs for itself, and handles the kick later. */
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
