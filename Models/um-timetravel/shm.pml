/* UML time travel with shared memory: N UML clients, one device, and the calendar (time-travel=ext:).
 *
 * From: Linux 6.12, arch/um/kernel/time.c and what socket.pml names; usfstl at c1b5396, control/main.c, schedctrl.c.
 * What each word of shared memory is for: include/uapi/linux/um_timetravel.h. Function by function as socket.pml, with
 * its processes (Client, its Sigio, Device, Calendar); the device, which has TIME_SHARE too, is in shm-device.pml.
 * Each store to shared memory is a step of its own, in the source's order, and so is each load that decides something
 * later (running_id, then its capa; compare free_until, then store it). What only its owner sees is merged with it.
 * START is modelled, ids are given in order. The calendar is as the UAPI and the later SHM_CHECK have it: a client
 * that has TIME_SHARE at its first message gets its RUN in the calendar's time. Left out: GET_TOD, BROADCAST, ndelay,
 * suspend, version and length checks, more than one SIGIO for a device message; and the memory is
 * sequentially consistent, as the source says nothing of order. Times beyond MAX_TIME become FOREVER.
 * -DN -DMAX_TIME -DTIME_BITS, -DALL_TIMES (times.pml), -DCHECKS=: the sum of the properties, below, and
 *   NO_IRQ_ACK        the sender of an interrupt does not wait for the receiver's ACK, as it does by default
 *   TWO_AT_ONCE       the device interrupts two UMLs, then waits for both ACKs (N=2)
 *   IRQ_LATENCY       UML 2 asks for the time of its interrupt plus 2, as time_travel_add_irq_event() might one day
 *   MIXED_CLIENTS     the device has no TIME_SHARE (shm-mixed.pml): who has must send REQUEST while it runs
 *   LATE_JOINER       UML N joins late; UML 1 may then set timers for ever at MAX_TIME, as in newcomer.pml
 *   FIX_OFFSET        time.c subtracts its offset from RUN's time (FIX_RUN_OFFSET) and adds it to the time of its
 *                     fallback REQUEST (FIX_REQUEST_OFFSET)
 *   CLIENT_TIMES      no fix in the kernel, but the calendar at c1b5396: messages have the client's times for all
 *   FIX_STARVATION    free_until is never more than a slice away;  LOWER_AT_START  or: it is lowered when START comes
 *   DISCONNECT        UML N may die at any moment, see shm-disconnect.pml, with its results
 *   REAL_KERNEL       real kernels with Heddle's calendar, for `heddle conform`: kernels.pml, shm-calendar.pml
 *   UPDATE_AT_WAIT, LATE_CALENDAR, PAST_FOREVER   shm-edges.pml. The results of all others are in shm-liveness.pml. */
#include "times.pml"
#ifndef N
#define N 2          /* UML clients, 1 or 2; their ids are 1 .. N, and ids are pids */
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

#define CALENDAR 0              /* the calendar's id */
#define DEV     (N + 1)         /* the device's id; the last */
#define FOREVER (MAX_TIME + 1)  /* S64_MAX of time_travel_sleep(); the sync time without a job */
#define NONE    (MAX_TIME + 2)  /* not set, not valid, not scheduled */

#define BELOW_UNTIL   1         /* current_time < free_until, as the UAPI says, whenever a client stores current_time */
#define UP_TO_UNTIL   2         /* current_time <= free_until then, as usfstl asserts */
#define ONE_RUNNING   4         /* at most one runs */
#define WRITERS       8         /* who writes a shared field may, as the UAPI says */
#define REQUEST_LOST  16        /* no clock goes beyond a time that somebody else has asked for */
#define RUN_TIME      32        /* RUN comes at the requested time */
#define TIME_BACK     64        /* no clock goes backwards, in no domain */
#define PANIC         128       /* no panic() and no BUG_ON() of time.c but that for time going backwards */
#define CONTROLLER    256       /* no assertion of the calendar */
#define IRQ_SKEW      512       /* who takes a device message has the time at which it was sent */
#define RUN_SWALLOWED 1024      /* a RUN is read in the idle loop */
#define SLEEPER       2048      /* when the calendar has nobody to run, nobody has an event */
#define OWN_SLOT      8192      /* only its client writes a slot, as the UAPI says */
#ifndef CHECKS
#define CHECKS 4094             /* all but BELOW_UNTIL and OWN_SLOT */
#endif
#define CHECK(property, holds) assert((CHECKS & property) == 0 || (holds))

#if N >= 2
#define IF2(part) part
#define JOB3 job[3]
#else
#define IF2(part)
#define JOB3 FOREVER
#endif
#ifdef LATE_JOINER
#if N < 2
#error LATE_JOINER is for N = 2: somebody has to be there already
#endif
#define IF_LATE(part) part
#define IF_STARTED(c) (c != N || started) ->
#else
#define IF_LATE(part)
#define IF_STARTED(c)
#endif
#ifdef MIXED_CLIENTS
#ifdef NO_IRQ_ACK
#error MIXED_CLIENTS keeps the rule
#endif
#define IF_MIXED(part) part
#else
#define IF_MIXED(part)
#endif
#ifdef FIX_STARVATION
#define SYNC MIN(NEXT_JOB, MAX_TIME)  /* from MAX_TIME on, which stands for all later times, to the next event */
#else
#define SYNC NEXT_JOB
#endif
#ifdef FIX_OFFSET
#define FIX_RUN_OFFSET
#define FIX_REQUEST_OFFSET
#endif
#ifdef FIX_RUN_OFFSET
#define OF_MESSAGE(c, t) LOCAL(c, t)
#else
#define OF_MESSAGE(c, t) (t)
#endif
#ifdef FIX_REQUEST_OFFSET
#define IN_MESSAGE(c, t) SHARED(c, t)
#else
#define IN_MESSAGE(c, t) (t)
#endif
#ifdef IRQ_LATENCY
#define IRQ_TIME(c) (c == 2 -> SOME_LATENCY(client[c].now + 2) : client[c].now)
#else
#define IRQ_TIME(c) client[c].now
#endif
#ifdef CLIENT_TIMES
#define OFFSET(c) client[c].start_time
#else
#define OFFSET(c) 0
#endif

mtype = { START, REQUEST, WAIT, GET, UPDATE, RUN, FREE_UNTIL, ACK, VRING_KICK, VRING_CALL };

/* ---- struct um_timetravel_schedshm. Its times are the calendar's. ---- */

typedef Slot {                       /* union um_timetravel_schedshm_client */
  bool time_share;                   /* capa */
  bool req_run;                      /* flags */
  unsigned req_time : TIME_BITS
}
Slot slot[N + 2];
unsigned free_until : TIME_BITS;
unsigned current_time : TIME_BITS;
byte running_id;

/* ---- What each keeps for itself. A UML's times are its own: the calendar's less its offset. ---- */

typedef Participant {
  unsigned now          : TIME_BITS; /* time_travel_time; usfstl has the shared one only */
  unsigned offset       : TIME_BITS; /* time_travel_shm_offset */
  unsigned prev_request : TIME_BITS; /* time_travel_ext_prev_request; usfstl: prev_external_sync */
  unsigned timer        : TIME_BITS; /* time_travel_timer_event */
  unsigned irq          : TIME_BITS; /* irq_reg.event; usfstl: irq_job, in the calendar's time */
  unsigned sent_at      : TIME_BITS; /* ghost: when the device message to it was sent */
  unsigned wanted       : TIME_BITS; /* ghost: the time that it has asked for, the calendar's; or NONE */
  unsigned start_time   : TIME_BITS; /* CLIENT_TIMES: the calendar's usfstl_schedule_client.offset */
  IF_REAL(unsigned stack_event : TIME_BITS; bool is_dead; bool is_buried; bool irq_is_late;)
  bool waiting;                      /* time_travel_ext_waiting, ctrl->waiting */
  bool running;                      /* ghost: from RUN, or START's ACK, to WAIT */
  bool sigio, in_handler;            /* the host has a SIGIO for it; its main flow is interrupted */
  bool signals_blocked; byte signals_blocked_pending
}
Participant client[N + 2];
TIMES(job, N + 2);                    /* usfstl_schedule_client.job.start; FOREVER: not scheduled */
bool start_requested, started;       /* the late joiner's USCS_START_REQUESTED, USCS_STARTED */

chan to_calendar[N + 2]   = [3] of { mtype, TIME };
chan from_calendar[N + 2] = [ROOM] of { mtype, TIME };
chan to_device[N + 1]     = [1] of { mtype };  /* vhost-user socket */
chan kick_reply[N + 1]    = [1] of { mtype };
chan from_device[N + 1]   = [CALLS] of { mtype };  /* req_fd */
chan call_reply[N + 1]    = [1] of { mtype };

#define MIN(a, b)      ((a) <= (b) -> (a) : (b))
#define SHARED(c, t)   ((t) >= FOREVER -> (t) : MIN((t) + client[c].offset, FOREVER))
#define LOCAL(c, t)    ((t) >= FOREVER || (t) < client[c].offset -> (t) : (t) - client[c].offset)
#define FIRST_EVENT(c) MIN(MIN(client[c].timer, client[c].irq), STACK_EVENT(c))
#define NEXT_JOB       MIN(MIN(job[1], job[2]), MIN(JOB3, FREE_JOB))
#define RUNNING        (client[1].running + client[2].running IF2(+ client[3].running))
#define ALL_WANT(t)    (client[1].wanted >= (t) && client[2].wanted >= (t) IF2(&& client[3].wanted >= (t)))
#define MAY_SHARE(c)   (running_id == c || slot[running_id].time_share)
#include "shm-disconnect.pml"
#include "shm-edges.pml"
/* ---- UML: arch/um/kernel/time.c. t, at, who: scratch variables of the process. ---- */

inline set_time(c, to) {             /* time_travel_set_time(), with its panic */
  CHECK(TIME_BACK, to >= client[c].now); IF_REAL(client[c].is_dead = client[c].is_dead || to < client[c].now || to >= FOREVER;)
  client[c].now = to
}
inline take_run(c) {
  CHECK(ONE_RUNNING, RUNNING == 0);
  CHECK(WRITERS, running_id == c);
  client[c].running = true
}
inline time_travel_ext_req(c, time) { /* a REQUEST; START and WAIT are sent where they belong */
  d_step { client[c].signals_blocked = true; to_calendar[c]!REQUEST(time); time = 0 }
  do
  :: d_step { from_calendar[c]?RUN(t) -> CHECK(RUN_SWALLOWED, false); t = OF_MESSAGE(c, t); set_time(c, t);
       t = 0 }
     slot[c].req_run = false
  IF_REAL(READ_ALSO(c)) :: d_step { from_calendar[c]?ACK(t) -> t = 0;
       client[c].signals_blocked = false;        /* unblock_signals_hard(): Sigio drains the counter */
       client[c].in_handler = client[c].in_handler || client[c].signals_blocked_pending > 0 }
     break
  od
}
inline update_request(c, time) {     /* time_travel_ext_update_request() */
  if
  :: client[c].prev_request == time
  :: client[c].prev_request != time && !client[c].waiting && time < LOCAL(c, free_until)
  :: else ->
     d_step { client[c].prev_request = time; who = running_id }
     if
     :: slot[who].time_share ->
        d_step { who = 0; CHECK(WRITERS, MAY_SHARE(c)); slot[c].req_run = true }
        d_step { CHECK(WRITERS, MAY_SHARE(c)); slot[c].req_time = SHARED(c, time) }
        if
        :: IS_LOWER(SHARED(c, time), free_until) ->
           d_step { CHECK(WRITERS, MAY_SHARE(c)); free_until = SHARED(c, time);
             client[c].wanted = SHARED(c, time) }
        :: NOT_LOWER(c, time) d_step { SHARED(c, time) >= free_until -> client[c].wanted = SHARED(c, time) }
        fi
     :: else -> d_step { who = 0; client[c].wanted = SHARED(c, time); t = IN_MESSAGE(c, time) }
        time_travel_ext_req(c, t)
     fi
  fi
}

/* ---- UML, SIGIO: os-Linux/signal.c, kernel/irq.c, vu_req_read_message() of drivers/virtio_uml.c ---- */

inline time_travel_add_irq_event(c) {
  d_step { at = LOCAL(c, current_time); set_time(c, at); at = 0 } LATENCY(c)   /* time_travel_ext_get_time() */
  if
  :: d_step { client[c].irq == NONE -> CHECK(IRQ_SKEW, SHARED(c, client[c].now) == client[c].sent_at);
       client[c].irq = IRQ_TIME(c); at = FIRST_EVENT(c) }
     update_request(c, at); at = 0
  IF_REAL(:: client[c].irq == NONE && client[c].irq_is_late) :: else
  fi;
  client[c].sent_at = 0
}
inline sigio_run_timetravel_handlers(c) {
  do
  :: from_device[c]?VRING_CALL -> time_travel_add_irq_event(c);
#ifndef NO_IRQ_ACK
     REPLY(c)
#endif
  :: empty(from_device[c]) -> break
  od
}

proctype Sigio(byte me) IF_REAL(provided (MAY_HANDLE(_pid - N))) {
  unsigned t : TIME_BITS; unsigned at : TIME_BITS; byte who;
  MORTAL
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
  od
  UNLESS_DEAD(me, skip)
}

/* ---- UML, the main flow ---- */

inline program_timer() {             /* itimer_next_event(), time_travel_add_event() */
  if
  :: SOON d_step { client[me].timer == NONE && client[me].now + client[me].offset + 1 <= MAX_TIME ->
       client[me].timer = client[me].now + 1; at = FIRST_EVENT(me) }
     update_request(me, at)
  :: SOON d_step { client[me].timer == NONE && client[me].now + client[me].offset + 2 <= MAX_TIME ->
       client[me].timer = client[me].now + 2; at = FIRST_EVENT(me) }
     update_request(me, at) ANY_TIMER(client[me].now + client[me].offset)
#ifdef LATE_JOINER
  :: d_step { me == 1 && client[me].timer == NONE && client[me].now == MAX_TIME ->   /* and so on, for ever */
       client[me].timer = MAX_TIME; at = FIRST_EVENT(me) }
     update_request(me, at)
#endif
  :: skip
  fi;
  at = 0
}
inline vu_notify() {                 /* or not; __time_travel_propagate_time(), ..._wait_readable() */
  if
  :: true ->
     CHECK(PANIC, running_id == me); /* "setting time while not running" */
     t = SHARED(me, client[me].now); store_time(me, t);
     d_step { client[DEV].sent_at = SHARED(me, client[me].now); to_device[me]!VRING_KICK }
     kick_reply[me]?ACK
  :: skip
  fi
}
inline store_time(c, to) {
  d_step {
    CHECK(WRITERS, running_id == c); CHECK(TIME_BACK, to >= current_time);
    CHECK(BELOW_UNTIL, to < free_until); CHECK(UP_TO_UNTIL, to <= free_until);
    current_time = to; to = 0
  }
}
inline start(c) {                    /* time_travel_connect_external(), time_travel_setup_shm() */
  to_calendar[c]!START(0);
  from_calendar[c]?ACK(_);
  client[c].offset = current_time;
  d_step { CHECK(ONE_RUNNING, RUNNING == 0); slot[c].time_share = true; client[c].running = true }
}

proctype Client(byte me) provided (!client[_pid].in_handler) {
  unsigned t : TIME_BITS; unsigned at : TIME_BITS; byte who;
  unsigned e : TIME_BITS;                        /* the event that it waits for: its time, */
  bool e_is_irq;                                 /*   and which of the two it is */
  MORTAL
  start(me); program_timer();
  do
  :: at = FIRST_EVENT(me);                       /* time_travel_sleep(), time_travel_update_time() */
     update_request(me, at); at = 0;
     d_step { e = FIRST_EVENT(me); e_is_irq = client[me].irq < client[me].timer }
     if                                          /* time_travel_ext_request() */
     :: d_step { e < LOCAL(me, free_until) -> set_time(me, e);
          CHECK(REQUEST_LOST, ALL_WANT(SHARED(me, e))) }
     :: else -> update_request(me, e);
        client[me].prev_request = NONE; TELL_TIME /* time_travel_ext_wait() */
        d_step { client[me].waiting = true; client[me].running = false; to_calendar[me]!WAIT(0) }
end_poll:
        d_step { from_calendar[me]?RUN(t) -> take_run(me); /* time_travel_handle_message(), TTMH_IDLE */
          t = OF_MESSAGE(me, t); set_time(me, t); t = 0;
          CHECK(RUN_TIME, SHARED(me, client[me].now) == client[me].wanted); client[me].wanted = NONE }
        slot[me].req_run = false;
        d_step { client[me].waiting = false; client[me].prev_request = NONE }
     fi;
     if
     :: d_step { e == FIRST_EVENT(me) && e_is_irq == (client[me].irq < client[me].timer) ->
          CHECK(PANIC, client[me].now == e);     /* BUG_ON(time_travel_time != e->time) */
          if                                     /* time_travel_deliver_event() */
          :: e_is_irq -> client[me].irq = NONE
          :: else -> client[me].timer = NONE
          fi;
          e = 0; e_is_irq = false; at = FIRST_EVENT(me) }
        update_request(me, at); program_timer(); vu_notify()
     :: else ->                                  /* an interrupt came before it: once more */
        at = FIRST_EVENT(me); update_request(me, at); e = 0; e_is_irq = false
     fi
  od
  UNLESS_DEAD(me, e = 0; e_is_irq = false)
}

#ifdef MIXED_CLIENTS
#include "shm-mixed.pml"
#else
#include "shm-device.pml"
#endif

/* ---- The calendar: usfstl, control/main.c ---- */

#ifdef LATE_JOINER
#define HAS_TURN(c) (c != 1 || client[1].now < MAX_TIME || MIN(job[2], job[3]) > MAX_TIME)
#else
#define HAS_TURN(c) true
#endif
#define MAY_RUN(c)  (job[c] < FOREVER && job[c] == NEXT_JOB && HAS_TURN(c))
/* A START that is noted and answered later is the same as one that is read later, but for that of the late joiner. */
#ifdef LATE_JOINER
#define EARLY(c)    (c != N && to_calendar[c]?[START, 0])
#else
#define EARLY(c)    to_calendar[c]?[START, 0]
#endif
#define MAY_READ(c) (nempty(to_calendar[c]) && !EARLY(c) && (c == wait || empty(to_calendar[wait])))

inline process_starting_client(c) {
  d_step { CHECK(WRITERS, running_id == CALENDAR); wait = c; running_id = c; client[c].start_time = current_time }
  from_calendar[c]!ACK(c)
}
inline handle_message(c) {           /* _handle_message() */
  if
  :: d_step { to_calendar[c]?WAIT(_) -> CHECK(CONTROLLER, running_id == c || running_id == CALENDAR);
       running_id = CALENDAR; wait = (wait == c -> 0 : wait) IF_LATE(; started = started || c == N)
       IF_MIXED(; if :: !slot[c].time_share -> from_calendar[c]!ACK(0) :: else fi) }
#ifdef MIXED_CLIENTS
  :: d_step { to_calendar[c]?ACK(_) ->
       if :: requester != 0 -> from_calendar[requester]!ACK(0); requester = 0 :: else -> awaiting = false fi }
  :: d_step { to_calendar[c]?GET(_) -> from_calendar[c]!ACK(current_time) }
  :: d_step { to_calendar[c]?UPDATE(t) -> CHECK(CONTROLLER, running_id == c && !slot[running_id].time_share);
       CHECK(TIME_BACK, t >= current_time); CHECK(UP_TO_UNTIL, t <= free_until);
       current_time = t; t = 0; from_calendar[c]!ACK(0) }
#endif
#ifdef LATE_JOINER
  :: d_step { to_calendar[c]?START(_) -> start_requested = true }
#ifdef LOWER_AT_START
     free_until = current_time
#endif
#endif
  :: to_calendar[c]?REQUEST(t) -> t = (t >= FOREVER -> t : t + OFFSET(c));
     d_step { CHECK(OWN_SLOT, false); slot[c].req_run = true } slot[c].req_time = t;
     if
     :: slot[running_id].time_share ->
        if :: t < free_until -> free_until = t :: else fi
     :: else -> add_job(c)
     fi;
     t = 0;
#ifdef MIXED_CLIENTS
     if                              /* update_sync(NULL) */
     :: d_step { running_id == DEV && told_until != SYNC && !awaiting ->
          requester = c; told_until = SYNC; from_calendar[DEV]!FREE_UNTIL(told_until) }
     :: else -> from_calendar[c]!ACK(0)
     fi
#else
     from_calendar[c]!ACK(0)
#endif
  fi
}
inline add_job(c) {                  /* usfstl_sched_add_job(), update_sync(NULL) */
  d_step { CHECK(CONTROLLER, t >= current_time); job[c] = t }
  free_until = SYNC
}
inline client_req_time(c) {          /* _schedshm_client_req_time() */
  if
  :: slot[c].req_run ->
     if :: job[c] != slot[c].req_time -> t = REQ_TIME(c); add_job(c); t = 0 :: else fi
  :: else
  fi
}
inline run_client(c) {               /* usfstl_sched_next(), update_sync(client) */
  d_step { CHECK(CONTROLLER, !slot[running_id].time_share); CHECK(WRITERS, running_id == CALENDAR);
    CHECK(REQUEST_LOST, ALL_WANT(job[c]));
    current_time = (job[c] > current_time -> job[c] : current_time); job[c] = FOREVER; wait = c }
  running_id = c;
  free_until = SYNC;
#ifdef MIXED_CLIENTS
  if
  :: !slot[c].time_share && told_until != SYNC ->
     d_step { awaiting = true; told_until = SYNC; from_calendar[c]!FREE_UNTIL(told_until) }
     await_ack()
  :: else
  fi;
  if :: !slot[c].time_share -> slot[c].req_run = false; awaiting = true :: else fi;
#endif
  from_calendar[c]!RUN(current_time - OFFSET(c))
  IF_MIXED(; await_ack())
}
inline serve() {
  if
  :: MAY_READ(1) -> handle_message(1)
  :: MAY_READ(2) -> handle_message(2)
  IF2(:: MAY_READ(3) -> handle_message(3))
  IF_DISCONNECT(:: SEES_THE_END -> remove_client(VICTIM))
  fi
}
proctype Calendar() {
  unsigned t : TIME_BITS;
  byte wait;                         /* who shall send WAIT */
  IF_MIXED(bool awaiting; byte requester;)
  byte expected = 1;                 /* the next of the clients that it waits for at first */

  do
  :: wait != 0 -> serve()            /* wait_for(client, UM_TIMETRAVEL_WAIT) */
  :: wait == 0 && expected <= DEV ->
     if
#ifdef LATE_JOINER
     :: expected == N
#else
     :: expected != DEV -> to_calendar[expected]?START(_); process_starting_client(expected)
#endif
#ifdef LATE_JOINER
     :: expected == 1 -> to_calendar[1]?START(_); process_starting_client(1)
#endif
     :: expected == DEV -> to_calendar[DEV]?START(_); process_starting_client(DEV)
     fi;
     expected++
  :: else ->
     if
     IF_LATE(:: start_requested && !started -> process_starting_client(N))
     :: IF_LATE(!start_requested || started ->) IF_DISCONNECT(started_scheduling = true;)
        client_req_time(1); client_req_time(2); IF2(client_req_time(3);)
        if
        :: MAY_RUN(1) -> run_client(1)
        :: MAY_RUN(2) -> run_client(2)
        IF2(:: MAY_RUN(3) -> run_client(3))
        IF_DISCONNECT(:: free_job < FOREVER && free_job == NEXT_JOB -> free_client())
        :: NEXT_JOB == FOREVER ->
#ifndef NO_IRQ_ACK
           CHECK(SLEEPER, FIRST_EVENT(1) == FOREVER && FIRST_EVENT(2) >= FOREVER IF2(&& FIRST_EVENT(3) >= FOREVER) IDLE);
#endif
end_time_bound:
           if                        /* an interrupt may still be under way */
           :: nempty(to_calendar[1]) -> handle_message(1)
           :: nempty(to_calendar[2]) -> handle_message(2)
           IF2(:: nempty(to_calendar[3]) -> handle_message(3))
           fi
        fi
     fi
  od
}

#ifdef REAL_KERNEL
#include "shm-calendar.pml"
#else
#include "shm-start.pml"
#include "shm-liveness.pml"
#endif
