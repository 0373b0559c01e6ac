/* UML time travel in socket mode: N UML clients, one device, and the calendar (time-travel=ext:).
 *
 * From: Linux 6.12, arch/um/kernel/time.c, kernel/irq.c, os-Linux/signal.c, drivers/virtio_uml.c;
 * usfstl, control/main.c (at c1b5396, its socket mode), src/schedctrl.c, sched.c, vhost.c, loop.c.
 *   Client    the main flow: time_travel_sleep(), time_travel_update_time(), time_travel_ext_wait(), and the work
 *             after an event: a timer of 1, 2 or none, a kick or none (vu_notify(): UPDATE, kick, reply).
 *   Sigio     its SIGIO: sig_handler(), sigio_run_timetravel_handlers(), vu_req_read_message(). The main flow is
 *             `provided` that no handler runs. unblock_signals_hard() "calls" it by setting in_handler.
 *   Device    a client on usfstl's library. On a kick or by itself it raises an interrupt to any UML.
 *   Calendar  one d_step per message. wait_for() with a nested wait_for() (update_sync() for a REQUEST while
 *             somebody runs) is the pair (waiting_for, requester). Ties between jobs are left open.
 * A d_step covers what nobody else can see: between block_signals_hard() and its end the handler can only count;
 * the calendar shares nothing, so reading later is the same as answering later. All else interleaves, and a
 * blocking read stands for os_poll() and read: a SIGIO in either is handled, and both go on waiting.
 * Left out: START and late joiners but for NEWCOMER (it begins after process_starting_clients(), all in WAIT, at
 * time 0), GET_TOD, BROADCAST, broken links (variants.pml), shared memory, suspend, ndelay; seq, as a client has one
 * request at a time and sockets keep the order (ACK's argument stands for it). Events beyond MAX_TIME become
 * FOREVER; when all ask for FOREVER, the end labels hold, and only if all are in their idle loops and the calendar
 * is out of wait_for(). It still serves a late interrupt there, so a deadlock is not hidden.
 * -DN -DMAX_TIME -DTIME_BITS (with -DTIME=int for more than 8) -DSIGIOS, -DALL_TIMES (times.pml), and
 *   IRQ_ACK (default)  the sender of an interrupt waits for the receiver's ACK before anything else.
 *   NO_IRQ_ACK         the rule broken: one device message (a line, read by the interrupt), up to SIGIOS SIGIOs.
 *   RUN_ONLY_IN_IDLE   NO_IRQ_ACK and RFC 04/11: a handler does not take a RUN, and its ACK says so.
 *   CALENDAR_SEQ       a calendar that, unlike usfstl's, tells ACKs apart and loses nothing in a nested wait_for().
 *   CALENDAR_RESENDS   and that sends RUN again if it was not taken. -DCHECKS=: the sum of the properties, below;
 *                      0: deadlock only. Default: all 31; with the rule broken, only RUN_SWALLOWED.
 *   REAL_KERNEL        real kernels with Heddle's calendar, for `heddle conform`: kernels.pml, heddle-calendar.pml.
 *   NEWCOMER, BROADCASTS, DIES, and others: variants.pml. What must happen one day: liveness.pml, with its results.
 * Counterexamples: Corpus/um-timetravel; heddle check --property end-states looks for deadlocks only.
 * States: the same in Heddle and in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE -DNOCLAIM). Violations: BFS steps.
 *   default                   N=1 holds 6057 states; N=2 holds 229,556 (MAX_TIME=3 1,011,272); N=3 holds 6,251,088
 *   IRQ_ACK RUN_ONLY_IN_IDLE  N=2 holds 229,556, as the default: nobody ever reads a RUN outside the idle loop
 *   the rule broken, N=1 / N=2:       deadlock  RUN_SWALLOWED  CLOCK_SKEW  TWO_RUNNING  TIME_BACK  IRQ_SKEW
 *   NO_IRQ_ACK                        52 / 55   38 / 41        34 / 37     holds / -    58 / 61    35 / 38
 *   NO_IRQ_ACK CALENDAR_SEQ           55 / 58   38 / 41        34 / 37     holds / -    58 / 61    35 / 38
 *   RUN_ONLY_IN_IDLE                  52 / 55   38 / 41        34 / 37     holds / -    58 / 61    35 / 38
 *   RUN_ONLY_IN_IDLE CALENDAR_SEQ     55 / 58   38 / 41        34 / 37     holds / -    58 / 61    35 / 38
 *   RUN_ONLY_IN_IDLE CALENDAR_RESENDS holds / - holds / -      34 / 37     holds / -    58 / 61    35 / 38
 *     (N=1: 174,181 states; N=2 MAX_TIME=1: 263,943; N=2 MAX_TIME=2: open, none in 164 steps, 76.7 million states)
 *   TWO_RUNNING, TIME_BACK: with pan -E, or a deadlock comes first. -: the search was not finished, or not run.
 *
 * NO_IRQ_ACK deadlocks as in the RFC: the handler's GET waits for its ACK, reads RUN, sets the time and ACKs it;
 * the idle loop waits for RUN, the calendar for WAIT. usfstl's calendar has a shorter deadlock of its own: a REQUEST
 * of the handler, while the device runs, sends it FREE_UNTIL; the nested wait_for() reads the device's WAIT and
 * forgets it. CALENDAR_SEQ leaves only the first. The device cannot lose a RUN: its library waits for a flag.
 * RUN_ONLY_IN_IDLE: with a calendar that does not act on the ACK nothing is won, the same deadlock at the same step.
 * With one that resends there is no deadlock and no lost RUN; but the clocks still part. The sender runs on past
 * the time of an interrupt that it has raised; interrupts are taken late, or never (sleepers_are_woken); and a
 * client that ran ahead under FREE_UNTIL takes a late SIGIO, whose GET is answered with the older time: panic "time
 * goes backwards". So the patch, with a change of the calendar that it does not contain, cures the symptom. The
 * rule cures the cause, and with the rule the patch changes nothing. */
#include "times.pml"
#ifndef N
#define N 2          /* UML clients, 1 to 16; their ids are 1 .. N, and ids are pids */
#endif
#ifndef MAX_TIME
#define MAX_TIME 2   /* nobody asks for a time beyond this one */
#endif
#ifndef TIME_BITS
#define TIME_BITS 4  /* must hold NONE */
#endif
#ifndef TIME
#define TIME byte    /* the type of a time in a message: the fields of a channel take no width */
#endif
#ifndef SIGIOS
#define SIGIOS 2     /* NO_IRQ_ACK: at most this many SIGIOs for one device message */
#endif
#if defined(RUN_ONLY_IN_IDLE) && !defined(IRQ_ACK) && !defined(NO_IRQ_ACK)
#define NO_IRQ_ACK
#endif
#ifdef CALENDAR_RESENDS
#define RESENDS true
#define CALENDAR_SEQ
#else
#define RESENDS false
#endif
#ifdef CALENDAR_SEQ
#define SEQ true
#else
#define SEQ false
#endif

#define FOREVER (MAX_TIME + 1)  /* S64_MAX of time_travel_sleep(); what update_sync() says without a job */
#define NONE    (MAX_TIME + 2)  /* not set, not valid, not scheduled */
#define DEV     (N + 1)         /* the device's id */

#define RUN_SWALLOWED 1         /* who has ACKed a RUN has left its idle loop */
#define CLOCK_SKEW    2         /* who runs has the calendar's time, or one before anybody else's job */
#define TWO_RUNNING   4         /* at most one runs */
#define TIME_BACK     8         /* no clock goes backwards */
#define IRQ_SKEW      16        /* who takes a device message has the time at which it was sent */
#ifndef CHECKS
#ifdef NO_IRQ_ACK
#define CHECKS RUN_SWALLOWED
#else
#define CHECKS ALL_CHECKS
#endif
#endif
#define CHECK(property, holds) assert((CHECKS & property) == 0 || (holds))

#if N >= 2
#define IF2(part) part
#define JOB3 job[3].start
#else
#define IF2(part)
#define JOB3 FOREVER
#endif
#if N >= 3
#define IF3(part) part
#define JOB4 job[4].start
#else
#define IF3(part)
#define JOB4 FOREVER
#endif
#include "clients.pml"
mtype = { REQUEST, WAIT, GET, UPDATE, RUN, FREE_UNTIL, ACK, VRING_KICK, VRING_CALL, START };

/* What an ACK to the calendar says. It stands for seq, by which the real ones can be told apart;
   NOT_TAKEN is the addition of RFC 04/11. usfstl's controller looks at neither. */
#define PLAIN     0
#define TAKEN     1
#define NOT_TAKEN 2

typedef Participant {                /* what a UML, and as far as it has it the device, knows */
  unsigned now          : TIME_BITS; /* time_travel_time; usfstl: current_time */
  unsigned free_until   : TIME_BITS; /* time_travel_ext_free_until; usfstl: next_external_sync */
  unsigned prev_request : TIME_BITS; /* time_travel_ext_prev_request; usfstl: prev_external_sync */
  unsigned timer        : TIME_BITS; /* time_travel_timer_event */
  unsigned irq          : TIME_BITS; /* irq_reg.event; usfstl: irq_job */
  unsigned sent_at      : TIME_BITS; /* ghost: when the device message to it was sent */
  IF_REAL(unsigned stack_event : TIME_BITS; bool is_dead; bool is_buried; bool irq_is_late;)
  bool propagated, waiting;          /* last_propagated == now; time_travel_ext_waiting, ctrl->waiting */
  bool running;                      /* ghost: from RUN, taken in the idle loop, to WAIT */
  bool took_run;                     /* ghost: the calendar has not read the ACK of that RUN yet */
  bool sigio, in_handler;            /* the host has a SIGIO for it; its main flow is interrupted */
  bool signals_blocked; byte signals_blocked_pending;
  bool readable; byte sigios_left;   /* NO_IRQ_ACK: there is data for the interrupt; SIGIOs to come */
}
Participant client[N + 2];

typedef Job {                        /* of struct usfstl_schedule_client */
  unsigned start : TIME_BITS;
  unsigned sync  : TIME_BITS;
}
Job job[N + 2];
unsigned current_time : TIME_BITS;   /* the calendar's */

chan to_calendar[N + 2]   = [3] of { mtype, TIME };
chan from_calendar[N + 2] = [ROOM] of { mtype, TIME };
chan to_device[N + 1]     = [1] of { mtype };  /* vhost-user socket */
chan kick_reply[N + 1]    = [1] of { mtype };
chan from_device[N + 1]   = [CALLS] of { mtype };  /* req_fd */
chan call_reply[N + 1]    = [1] of { mtype };
#define MIN(a, b)      ((a) <= (b) -> (a) : (b))
#define FIRST_EVENT(c) MIN(MIN(client[c].timer, client[c].irq), STACK_EVENT(c))
#define NEXT_JOB       FIRST_JOB(MIN(MIN(MIN(job[1].start, job[2].start), MIN(JOB3, JOB4)), FOREVER))
#define RUNNING        (client[1].running + client[2].running IF2(+ client[3].running) IF3(+ client[4].running) MORE_JOBS(ADD_RUNNING))
#include "variants.pml"

/* ---- UML: arch/um/kernel/time.c. t, at: scratch variables of the process. ---- */

inline set_time(c, to) {             /* time_travel_set_time(), with its panic */
  CHECK(TIME_BACK, to >= client[c].now); IF_REAL(client[c].is_dead = client[c].is_dead || to < client[c].now || to >= FOREVER;)
  client[c].propagated = client[c].propagated && to == client[c].now; client[c].now = to
}
inline take_run(c) {
  CHECK(TWO_RUNNING, RUNNING == 0);
  client[c].running = true; client[c].took_run = true; set_time(c, t);
  CHECK(CLOCK_SKEW, client[c].now == current_time)
}
inline handle_message_read(c) {      /* time_travel_handle_message(), TTMH_READ; not for the ACK */
  if
  :: d_step { from_calendar[c]?FREE_UNTIL(t) -> client[c].free_until = t; t = 0; to_calendar[c]!ACK(PLAIN) }
#ifdef RUN_ONLY_IN_IDLE
  :: d_step { from_calendar[c]?RUN(t) -> t = 0; to_calendar[c]!ACK(NOT_TAKEN) }
#else
  :: d_step { from_calendar[c]?RUN(t) -> set_time(c, t); t = 0; ACK_RUN(c) }
#endif
  READ_ALSO(c) fi
}
inline time_travel_ext_req(c, op, time) {
  d_step { client[c].signals_blocked = true; to_calendar[c]!op(time) }
  do
  :: handle_message_read(c)
  :: d_step { from_calendar[c]?ACK(t) ->
       if :: op == GET -> set_time(c, t) :: else fi;
       t = 0; client[c].signals_blocked = false;        /* unblock_signals_hard(): Sigio drains the counter */
       client[c].in_handler = client[c].in_handler || client[c].signals_blocked_pending > 0 }
     break
  od
}
inline update_request(c, time) {     /* time_travel_ext_update_request() */
  if
  :: client[c].prev_request == time
  :: client[c].prev_request != time && !client[c].waiting &&
     client[c].free_until != NONE && time < client[c].free_until
  :: else -> client[c].prev_request = time; time_travel_ext_req(c, REQUEST, time)
  fi
}

/* ---- UML, SIGIO: os-Linux/signal.c, kernel/irq.c, vu_req_read_message() of drivers/virtio_uml.c ---- */

inline time_travel_add_irq_event(c) {
  time_travel_ext_req(c, GET, 0);
  if
  :: d_step { client[c].irq == NONE -> CHECK(IRQ_SKEW, client[c].now == client[c].sent_at);
       client[c].sent_at = 0; client[c].irq = client[c].now; at = FIRST_EVENT(c) }
     update_request(c, at); at = 0
  IF_REAL(:: client[c].irq == NONE && client[c].irq_is_late) :: else
  fi
}
inline sigio_run_timetravel_handlers(c) {
#ifdef NO_IRQ_ACK
  if :: client[c].readable -> time_travel_add_irq_event(c) :: else fi
#else
  do
  :: from_device[c]?VRING_CALL -> time_travel_add_irq_event(c); REPLY(c)
  :: empty(from_device[c]) -> break
  od
#endif
}

proctype Sigio(byte me) IF_REAL(provided (MAY_HANDLE(_pid - N))) { LIFE
  unsigned t : TIME_BITS; unsigned at : TIME_BITS;
end_no_signal:
  do
  :: d_step { client[me].sigio && client[me].signals_blocked ->     /* sig_handler(): counts it */
       client[me].sigio = false; client[me].signals_blocked_pending++ }
  :: d_step { client[me].sigio && !client[me].signals_blocked && !client[me].in_handler ->
       client[me].sigio = false; client[me].in_handler = true }
     sigio_run_timetravel_handlers(me); client[me].in_handler = false
  :: client[me].in_handler ->                                       /* unblock_signals_hard() */
     do :: client[me].signals_blocked_pending > 0 ->
           sigio_run_timetravel_handlers(me); client[me].signals_blocked_pending--
        :: else -> break od;
     client[me].in_handler = false
  :: d_step { client[me].readable && !client[me].sigio && client[me].sigios_left > 0 ->
       client[me].sigio = true; client[me].sigios_left-- }          /* NO_IRQ_ACK: one more */
  od
DEATH(me) }

/* ---- UML, the main flow ---- */

inline program_timer() {             /* itimer_next_event(), time_travel_add_event() */
  if
  :: SOON d_step { client[me].timer == NONE && client[me].now + 1 <= MAX_TIME ->
       client[me].timer = client[me].now + 1; at = FIRST_EVENT(me) }
     update_request(me, at)
  :: SOON d_step { client[me].timer == NONE && client[me].now + 2 <= MAX_TIME ->
       client[me].timer = client[me].now + 2; at = FIRST_EVENT(me) }
     update_request(me, at)
  IF_NEWCOMER(:: later_timer()) ANY_TIMER(client[me].now)
  :: skip
  fi;
  at = 0
}
inline vu_notify() {                 /* or not; __time_travel_propagate_time(), ..._wait_readable() */
  if
  :: IF_ALIVE(DEV) true ->
     if :: !client[me].propagated -> time_travel_ext_req(me, UPDATE, client[me].now);
           client[me].propagated = true
        :: else fi;
     d_step { client[DEV].sent_at = client[me].now; to_device[me]!VRING_KICK }
     do :: handle_message_read(me) :: kick_reply[me]?ACK -> break NO_REPLY(DEV) od
  :: skip
  fi
}

proctype Client(byte me) provided (MAY_MOVE(_pid)) { LIFE
  unsigned t : TIME_BITS; unsigned at : TIME_BITS;
  unsigned e : TIME_BITS = FIRST_EVENT(me);      /* the event that it waits for: its time, */
  bool e_is_irq;                                 /*   and which of the two it is */
  ALREADY_STARTED(poll);
  do
  :: at = FIRST_EVENT(me);                       /* time_travel_sleep(), time_travel_update_time() */
     update_request(me, at); at = 0;
     d_step { e = FIRST_EVENT(me); e_is_irq = client[me].irq < client[me].timer }
     if                                          /* time_travel_ext_request() */
     :: d_step { client[me].free_until != NONE && e < client[me].free_until -> set_time(me, e);
          CHECK(CLOCK_SKEW, client[me].now < NEXT_JOB) }
     :: else -> update_request(me, e);
        client[me].prev_request = NONE; TELL_TIME /* time_travel_ext_wait() */
        client[me].free_until = NONE;
        d_step { client[me].waiting = true; client[me].running = false }
        time_travel_ext_req(me, WAIT, WAIT_TIME);
poll:
end_poll:
        do                                       /* time_travel_handle_message(), TTMH_IDLE */
        :: d_step { from_calendar[me]?FREE_UNTIL(t) -> client[me].free_until = t; t = 0 }
           to_calendar[me]!ACK(PLAIN) READ_ALSO(me)
        :: from_calendar[me]?RUN(t) -> d_step { take_run(me); t = 0 }
           to_calendar[me]!ACK(TAKEN); break
        od;
        client[me].waiting = false; client[me].prev_request = NONE
     fi;
     if
     :: d_step { e == FIRST_EVENT(me) && e_is_irq == (client[me].irq < client[me].timer) ->
          CHECK(CLOCK_SKEW, client[me].now == e);   /* BUG_ON(time_travel_time != e->time) */
          if                                        /* time_travel_deliver_event() */
          :: e_is_irq -> client[me].irq = NONE; client[me].readable = false
          :: else -> client[me].timer = NONE
          fi;
          e = 0; e_is_irq = false; at = FIRST_EVENT(me) }
        update_request(me, at); program_timer(); ALSO(me) vu_notify()
     :: else ->                                  /* an interrupt came before it: once more */
        at = FIRST_EVENT(me); update_request(me, at); e = 0; e_is_irq = false
     fi
  od
DEATH(me) }

/* ---- A device: usfstl, src/schedctrl.c, src/sched.c, src/vhost.c ---- */

inline sched_ctrl_sock_read() {      /* RUN ends the wait wherever it is read */
  if
  :: d_step { from_calendar[DEV]?FREE_UNTIL(t) -> client[DEV].free_until = t; SYNC_TIME t = 0; to_calendar[DEV]!ACK(0) }
  :: d_step { from_calendar[DEV]?RUN(t) ->
       client[DEV].waiting = false; take_run(DEV); t = 0; to_calendar[DEV]!ACK(TAKEN) }
  READ_ALSO(DEV) fi
}
inline sched_ctrl_send_msg(op, time) {
  to_calendar[DEV]!op(time);
  do
  :: sched_ctrl_sock_read()
  :: d_step { from_calendar[DEV]?ACK(t) ->
       if :: op == GET -> set_time(DEV, t) :: else fi; t = 0 }
     break
  od
}
inline sched_ctrl_request() {        /* of usfstl_sched_external_request() */
  if
  :: client[DEV].prev_request != client[DEV].irq && client[DEV].irq != NONE ->
     client[DEV].prev_request = client[DEV].irq; sched_ctrl_send_msg(REQUEST, client[DEV].irq)
  :: else
  fi
}
inline virtq_kick(c) {               /* usfstl_vhost_user_virtq_kick(), then the reply */
  if
  :: client[DEV].irq == NONE -> sched_ctrl_send_msg(GET, 0);
     CHECK(IRQ_SKEW, client[DEV].now == client[DEV].sent_at);
     if :: SOON client[DEV].now + 1 <= MAX_TIME -> client[DEV].irq = client[DEV].now + 1 LATER_IRQ :: else fi;
     sched_ctrl_request()
  :: else
  fi;
  client[DEV].sent_at = 0; ALSO_DEVICE kick_reply[c]!ACK
}
inline raise_interrupt(c) {          /* usfstl_vhost_user_send_virtq_buf(), ..._send_msg() */
#ifdef NO_IRQ_ACK
  d_step {
    if :: !client[c].readable ->
          client[c].readable = true; client[c].sigio = true; client[c].sigios_left = SIGIOS - 1;
          client[c].sent_at = (client[c].irq == NONE -> client[DEV].now : 0)
       :: else fi }
#else
  d_step { from_device[c]!VRING_CALL; client[c].sent_at = client[DEV].now; client[c].sigio = true }
  do :: sched_ctrl_sock_read() :: call_reply[c]?ACK -> break NO_REPLY_FROM(c) od
#endif
}
inline irq_job() {                   /* usfstl_vhost_user_job_callback() */
  client[DEV].irq = NONE;
  if                                 /* an interrupt to somebody, or work that nobody sees */
  :: true -> sched_ctrl_send_msg(UPDATE, client[DEV].now); ALSO_DEVICE
     if :: raise_interrupt(1) IF2(:: IF_STARTED(2) raise_interrupt(2)) IF3(:: IF_STARTED(3) raise_interrupt(3)) MORE_CLIENTS(ADD_RAISE) fi
  :: skip
  fi;
  if :: SOON client[DEV].now < MAX_TIME -> client[DEV].irq = client[DEV].now + 1 LATER_IRQ :: skip fi
}

#define KICKED(c) (client[DEV].waiting && nempty(to_device[c]))

proctype Device() { LIFE
  unsigned t : TIME_BITS;
  goto wait;
  do                                 /* usfstl_sched_next() */
  :: client[DEV].irq <= client[DEV].now -> irq_job()
  :: d_step { client[DEV].irq > client[DEV].now && client[DEV].irq < client[DEV].free_until &&
              client[DEV].free_until != NONE -> set_time(DEV, client[DEV].irq);
       CHECK(CLOCK_SKEW, client[DEV].now < NEXT_JOB) }
  :: else -> sched_ctrl_request(); TELL_DEVICE_TIME client[DEV].prev_request = NONE;
     d_step { client[DEV].waiting = true; client[DEV].running = false }
     sched_ctrl_send_wait();
wait:
end_wait:
     do                              /* usfstl_sched_ctrl_wait() */
     :: client[DEV].waiting && nempty(from_calendar[DEV]) -> sched_ctrl_sock_read()
     :: KICKED(1) -> to_device[1]?VRING_KICK; virtq_kick(1)
     IF2(:: KICKED(2) -> to_device[2]?VRING_KICK; virtq_kick(2))
     IF3(:: KICKED(3) -> to_device[3]?VRING_KICK; virtq_kick(3)) MORE_CLIENTS(ADD_KICKED)
     :: !client[DEV].waiting -> break ALSO_ANY_TIME
     od
  od
DEATH(DEV) }

/* ---- The calendar: usfstl, control/main.c ---- */

inline send_run() {
  waiting_for = RUN; from_calendar[wait]!RUN(current_time)
}
inline run_client(c) {               /* usfstl_sched_next(), run_client(), update_sync(client) */
  current_time = (job[c].start > current_time -> job[c].start : current_time); job[c].start = NONE;
  running = c; wait = c;
  if
  :: job[c].sync != SYNC ->
     job[c].sync = SYNC; waiting_for = FREE_UNTIL; from_calendar[c]!FREE_UNTIL(job[c].sync)
  :: else -> send_run()
  fi
}
inline handle_message(c) {           /* _handle_message(); for REQUEST also update_sync(NULL) */
  to_calendar[c]?op(t); nested = (requester != 0);
  if
  :: op == ACK IF_NEWCOMER(:: op == START -> start_requested = true)
  :: op == GET ALSO_ANSWERED -> from_calendar[c]!ACK(current_time)
  :: op == UPDATE -> CHECK(TWO_RUNNING, c == running);
     CHECK(TIME_BACK, t >= current_time);
     current_time = t; from_calendar[c]!ACK(0)
  :: op == WAIT -> CHECK(TWO_RUNNING, c == running || running == 0); CHECK_WAIT(c)
     running = 0; from_calendar[c]!ACK(0)
  :: op == REQUEST -> CHECK(CLOCK_SKEW, t >= current_time);
     job[c].start = t;
     if
     :: running != 0 && job[running].sync != SYNC && waiting_for != FREE_UNTIL && !nested ->
        requester = c; job[running].sync = SYNC;
        from_calendar[running]!FREE_UNTIL(job[running].sync)
     :: else -> from_calendar[c]!ACK(0)
     fi
  fi
}

/* wait_for() within wait_for() ends with any message, and resets last_message: that message is lost to
   the outer one; and any ACK will do. A calendar that looks at seq waits for its ACK and forgets nothing. */
inline wait_for(c) {                 /* what the message just handled means to those who wait */
  if :: nested && (!SEQ || (op == ACK && t == PLAIN)) -> from_calendar[requester]!ACK(0); requester = 0
     :: else fi;
  if
  :: (nested && !SEQ) || c != wait
  :: else ->
     if
     :: op == ACK && waiting_for == FREE_UNTIL -> send_run()
     :: op == ACK && waiting_for == RUN && RESENDS && t == NOT_TAKEN -> send_run()
     :: op == ACK && waiting_for == RUN && !(RESENDS && t == NOT_TAKEN) && !(SEQ && t == PLAIN) ->
        CHECK(RUN_SWALLOWED, client[c].took_run);
        client[c].took_run = false; waiting_for = WAIT
     :: op == WAIT && waiting_for == WAIT -> waiting_for = 0; wait = 0
     :: else
     fi
  fi;
  nested = false; op = 0; t = 0
}
#define SCHEDULING  (waiting_for == 0 && requester == 0)
#define MAY_RUN(c)  (SCHEDULING && !START_PENDING && NEXT_JOB < FOREVER && job[c].start == NEXT_JOB && HAS_TURN(c))
#define MAY_READ(c) (!SCHEDULING && nempty(to_calendar[c]) && (c == wait || empty(to_calendar[wait])))

proctype Calendar() {
  unsigned t : TIME_BITS;
  byte running, wait, requester;     /* requester: its ACK waits until update_sync(NULL) is done */
  mtype waiting_for, op;
  bool nested;

  do
  :: d_step { MAY_RUN(1) -> run_client(1) }
  :: d_step { MAY_RUN(2) -> run_client(2) }
  IF2(:: d_step { MAY_RUN(3) -> run_client(3) })
  IF3(:: d_step { MAY_RUN(4) -> run_client(4) }) MORE_JOBS(ADD_RUN)
  :: d_step { MAY_READ(1) -> handle_message(1); wait_for(1) }
  :: d_step { MAY_READ(2) -> handle_message(2); wait_for(2) }
  IF2(:: d_step { MAY_READ(3) -> handle_message(3); wait_for(3) })
  IF3(:: d_step { MAY_READ(4) -> handle_message(4); wait_for(4) }) MORE_JOBS(ADD_READ)
  IF_NEWCOMER(:: d_step { SCHEDULING && START_PENDING -> process_starting_client() })
  :: SCHEDULING && !START_PENDING && NEXT_JOB == FOREVER -> end_time_bound:
     if                              /* an interrupt may still be under way */
     :: d_step { nempty(to_calendar[1]) -> handle_message(1); wait_for(1) }
     :: d_step { nempty(to_calendar[2]) -> handle_message(2); wait_for(2) }
     IF2(:: d_step { nempty(to_calendar[3]) -> handle_message(3); wait_for(3) })
     IF3(:: d_step { nempty(to_calendar[4]) -> handle_message(4); wait_for(4) }) MORE_JOBS(ADD_LATE)
     fi
  od
}

#ifdef REAL_KERNEL
#include "heddle-calendar.pml"
#else
#include "start.pml"
#include "liveness.pml"
#endif
