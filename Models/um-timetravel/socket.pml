#ifndef N
#define N 2                     /* UML clients, 1 to 3 */
#endif
#ifndef MAX_TIME
#define MAX_TIME 2              /* nobody asks for a time beyond this one */
#endif
#ifndef TIME_BITS
#define TIME_BITS 4             /* must hold NONE */
#endif
#if TIME_BITS <= 8
#define TIME_FIELD byte         /* a time within a message: channel fields take no width */
#else
#define TIME_FIELD int
#endif
#ifndef LATENCY
#define LATENCY 1               /* from a kick to the interrupt it causes: usfstl's interrupt_latency */
#endif
#ifndef SIGIOS
#define SIGIOS 2                /* NO_IRQ_ACK: at most this many SIGIOs for one device message */
#endif

#if defined(RUN_ONLY_IN_IDLE) && !defined(IRQ_ACK)
#define NO_IRQ_ACK
#endif
#ifdef CALENDAR_RESENDS
#define CALENDAR_SEQ
#endif

/* The properties that are not deadlocks; -DCHECKS= takes the sum of those wanted. */
#define RUN_SWALLOWED 1         /* who has ACKed a RUN has left its idle loop */
#define CLOCK_SKEW    2         /* who runs has the calendar's time, or one before anybody else's job */
#define TWO_RUNNING   4         /* at most one runs */
#define TIME_BACK     8         /* no clock goes backwards */
#define IRQ_SKEW      16        /* who takes a device message reads the clock that its sender had */
#ifndef CHECKS
#define CHECKS 31
#endif
#define CHECK(property, holds) assert((CHECKS & property) == 0 || (holds))

#define FOREVER (MAX_TIME + 1)  /* S64_MAX in time_travel_sleep(), and what update_sync() says if there is no job */
#define NONE    (MAX_TIME + 2)  /* not set, not valid, not scheduled */
#define DEV     (N + 1)         /* the device's id; clients are 1 .. N, and ids are pids */

mtype = { REQUEST, WAIT, GET, UPDATE, RUN, FREE_UNTIL, ACK, VRING_KICK, VRING_CALL };

/* What an ACK to the calendar says. It stands for seq, by which the real one can be told apart;
   that RUN was not taken is the addition of RFC 04/11. usfstl looks at neither. */
#define PLAIN     0
#define TAKEN     1
#define NOT_TAKEN 2

typedef Participant {
  unsigned now          : TIME_BITS; /* time_travel_time; scheduler.current_time */
  unsigned free_until   : TIME_BITS; /* time_travel_ext_free_until; next_external_sync */
  unsigned prev_request : TIME_BITS; /* time_travel_ext_prev_request; prev_external_sync */
  unsigned timer        : TIME_BITS; /* time_travel_timer_event */
  unsigned irq          : TIME_BITS; /* irq_reg.event; the device's job: irq_job */
  unsigned sent_at      : TIME_BITS; /* ghost: when the device message to it was sent */
  bool propagated;                   /* last_propagated == now */
  bool waiting;                      /* time_travel_ext_waiting; ctrl->waiting */
  bool running;                      /* ghost: between RUN taken in the idle loop and WAIT */
  bool took_run;                     /* ghost: RUN taken in the idle loop, its ACK not read yet */
  bool sigio;                        /* SIGIO was sent to it by the host, not delivered yet */
  bool in_handler;                   /* its main flow is interrupted */
  bool signals_blocked;
  byte signals_blocked_pending;
#ifdef NO_IRQ_ACK
  bool readable;                     /* the device's line has data, read by the interrupt only */
  byte sigios_left;
#endif
}
Participant client[N + 2];

typedef Job {
  unsigned start : TIME_BITS;        /* usfstl_schedule_client.job.start */
  unsigned sync  : TIME_BITS;        /* usfstl_schedule_client.sync */
}
Job job[N + 2];
unsigned current_time : TIME_BITS;   /* the calendar's scheduler.current_time */

chan to_calendar[N + 2]   = [3] of { mtype, TIME_FIELD };
chan from_calendar[N + 2] = [3] of { mtype, TIME_FIELD };
chan to_device[N + 1]     = [1] of { mtype };  /* vhost-user socket: kicks */
chan kick_reply[N + 1]    = [1] of { mtype };
chan from_device[N + 1]   = [1] of { mtype };  /* req_fd: interrupts, and the way back for the reply */
chan call_reply[N + 1]    = [1] of { mtype };

#define MIN(a, b) ((a) <= (b) -> (a) : (b))
#define FIRST_EVENT(c) MIN(MIN(client[c].timer, client[c].irq), FOREVER)
#if N == 1
#define NEXT_JOB MIN(MIN(job[1].start, job[2].start), FOREVER)
#define RUNNING (client[1].running + client[2].running)
#elif N == 2
#define NEXT_JOB MIN(MIN(job[1].start, job[2].start), MIN(job[3].start, FOREVER))
#define RUNNING (client[1].running + client[2].running + client[3].running)
#else
#define NEXT_JOB MIN(MIN(MIN(job[1].start, job[2].start), MIN(job[3].start, job[4].start)), FOREVER)
#define RUNNING (client[1].running + client[2].running + client[3].running + client[4].running)
#endif

/* ---- UML, arch/um/kernel/time.c. The caller provides t, a scratch variable. ---- */

inline set_time(c, to)               /* time_travel_set_time(), with its panic */
{
  CHECK(TIME_BACK, to >= client[c].now);
  client[c].propagated = client[c].propagated && to == client[c].now;
  client[c].now = to
}

inline take_run(c)
{
  CHECK(TWO_RUNNING, RUNNING == 0);
  client[c].running = true;
  client[c].took_run = true;
  set_time(c, t);
  CHECK(CLOCK_SKEW, client[c].now == current_time)
}

/* time_travel_handle_message() in mode TTMH_READ, for what is not the ACK */
inline handle_message_read(c)
{
  if
  :: d_step { from_calendar[c]?FREE_UNTIL(t) ->
       client[c].free_until = t; t = 0;
       to_calendar[c]!ACK(PLAIN) }
#ifdef RUN_ONLY_IN_IDLE
  :: d_step { from_calendar[c]?RUN(t) -> t = 0; to_calendar[c]!ACK(NOT_TAKEN) }
#else
  :: d_step { from_calendar[c]?RUN(t) -> set_time(c, t); t = 0; to_calendar[c]!ACK(TAKEN) }
#endif
  fi
}

/* From block_signals_hard() to unblock_signals_hard(). If signals were counted meanwhile, the
   latter runs the handlers: the main flow gives way to Sigio, which drains the counter. */
inline time_travel_ext_req(c, op, time)
{
  d_step { client[c].signals_blocked = true; to_calendar[c]!op(time) }
  do
  :: handle_message_read(c)
  :: d_step { from_calendar[c]?ACK(t) ->
       if
       :: op == GET -> set_time(c, t)
       :: else
       fi;
       t = 0;
       client[c].signals_blocked = false;
       client[c].in_handler = client[c].in_handler || client[c].signals_blocked_pending > 0 }
     break
  od
}

inline update_request(c, time)       /* time_travel_ext_update_request() */
{
  if
  :: client[c].prev_request == time
  :: client[c].prev_request != time && !client[c].waiting &&
     client[c].free_until != NONE && time < client[c].free_until
  :: else ->
     client[c].prev_request = time;
     time_travel_ext_req(c, REQUEST, time)
  fi
}

/* ---- UML, the SIGIO handler: signal.c, irq.c, and vu_req_read_message() of virtio_uml.c ---- */

inline time_travel_add_irq_event(c)
{
  time_travel_ext_req(c, GET, 0);
  if
  :: d_step { client[c].irq == NONE ->
       CHECK(IRQ_SKEW, client[c].now == client[c].sent_at);
       client[c].sent_at = 0;
       client[c].irq = client[c].now;
       at = FIRST_EVENT(c) }
     update_request(c, at);
     at = 0
  :: else
  fi
}

inline sigio_run_timetravel_handlers(c)
{
#ifdef NO_IRQ_ACK
  if
  :: client[c].readable -> time_travel_add_irq_event(c)
  :: else
  fi
#else
  do
  :: from_device[c]?VRING_CALL ->
     time_travel_add_irq_event(c);
     call_reply[c]!ACK               /* vhost_user_reply() */
  :: empty(from_device[c]) -> break
  od
#endif
}

proctype Sigio(byte me)
{
  unsigned t  : TIME_BITS;
  unsigned at : TIME_BITS;

end_no_signal:
  do
  :: d_step { client[me].sigio && client[me].signals_blocked ->     /* sig_handler(): count it */
       client[me].sigio = false;
       client[me].signals_blocked_pending++ }
  :: d_step { client[me].sigio && !client[me].signals_blocked && !client[me].in_handler ->
       client[me].sigio = false;
       client[me].in_handler = true }
     sigio_run_timetravel_handlers(me);
     client[me].in_handler = false
  :: client[me].in_handler ->                                       /* unblock_signals_hard() */
     do
     :: client[me].signals_blocked_pending > 0 ->
        sigio_run_timetravel_handlers(me);
        client[me].signals_blocked_pending--
     :: else -> break
     od;
     client[me].in_handler = false
#ifdef NO_IRQ_ACK
  :: d_step { client[me].readable && !client[me].sigio && client[me].sigios_left > 0 ->
       client[me].sigios_left--;                                    /* the host: one more SIGIO */
       client[me].sigio = true }
#endif
  od
}

/* ---- UML, the main flow ---- */

inline program_timer()               /* itimer_next_event(), by way of time_travel_add_event() */
{
  if
  :: d_step { client[me].timer == NONE && client[me].now + 1 <= MAX_TIME ->
       client[me].timer = client[me].now + 1; at = FIRST_EVENT(me) }
     update_request(me, at)
  :: d_step { client[me].timer == NONE && client[me].now + 2 <= MAX_TIME ->
       client[me].timer = client[me].now + 2; at = FIRST_EVENT(me) }
     update_request(me, at)
  :: skip
  fi
}

inline vu_notify()                   /* time_travel_propagate_time(), kick, wait for the reply */
{
  if
  :: true ->
     if
     :: !client[me].propagated ->
        time_travel_ext_req(me, UPDATE, client[me].now);
        client[me].propagated = true
     :: else
     fi;
     d_step { client[DEV].sent_at = client[me].now; to_device[me]!VRING_KICK }
     do
     :: handle_message_read(me)      /* time_travel_wait_readable() */
     :: kick_reply[me]?ACK -> break
     od
  :: skip
  fi
}

proctype Client(byte me) provided (!client[_pid].in_handler)
{
  unsigned t  : TIME_BITS;
  unsigned at : TIME_BITS;
  unsigned e  : TIME_BITS = FIRST_EVENT(me); /* the event that time_travel_update_time() is after: its time */
  bool e_is_irq;                     /*   and which of the two it is */

  goto poll;

time_travel_sleep:
  do
  :: at = FIRST_EVENT(me);           /* __time_travel_add_event(&ne, S64_MAX) */
     update_request(me, at);
     at = 0;
     d_step { e = FIRST_EVENT(me); e_is_irq = client[me].irq < client[me].timer }
     if                              /* time_travel_ext_request(e) */
     :: d_step { client[me].free_until != NONE && e < client[me].free_until ->
          set_time(me, e);
          CHECK(CLOCK_SKEW, client[me].now < NEXT_JOB) }
     :: else ->
        update_request(me, e);
        client[me].prev_request = NONE;            /* time_travel_ext_wait() */
        client[me].free_until = NONE;
        d_step { client[me].waiting = true; client[me].running = false }
        time_travel_ext_req(me, WAIT, 0);
poll:
end_poll:
        do                           /* time_travel_handle_message(), mode TTMH_IDLE */
        :: d_step { from_calendar[me]?FREE_UNTIL(t) -> client[me].free_until = t; t = 0 }
           to_calendar[me]!ACK(PLAIN)
        :: from_calendar[me]?RUN(t) ->
           d_step { take_run(me); t = 0 }
           to_calendar[me]!ACK(TAKEN);
           break
        od;
        client[me].waiting = false;
        client[me].prev_request = NONE
     fi;
     if
     :: d_step { e == FIRST_EVENT(me) && e_is_irq == (client[me].irq < client[me].timer) ->
          CHECK(CLOCK_SKEW, client[me].now == e);  /* BUG_ON(time_travel_time != e->time) */
          if                                       /* time_travel_deliver_event() */
          :: e_is_irq ->
             client[me].irq = NONE;
#ifdef NO_IRQ_ACK
             client[me].readable = false;
#endif
             e_is_irq = false
          :: else -> client[me].timer = NONE
          fi;
          e = 0; at = FIRST_EVENT(me) }
        update_request(me, at);
        program_timer();
        at = 0;
        vu_notify()
     :: else ->                      /* an interrupt was put before it: to the idle loop and back */
        at = FIRST_EVENT(me);
        update_request(me, at);
        e = 0; e_is_irq = false
     fi
  od
}

/* ---- A device on usfstl's client library: src/schedctrl.c, src/sched.c, src/vhost.c ---- */

inline sched_ctrl_sock_read()
{
  if
  :: d_step { from_calendar[DEV]?FREE_UNTIL(t) ->
       client[DEV].free_until = t; t = 0;
       to_calendar[DEV]!ACK(PLAIN) }
  :: d_step { from_calendar[DEV]?RUN(t) ->
       client[DEV].waiting = false;
       take_run(DEV); t = 0;
       to_calendar[DEV]!ACK(TAKEN) }
  fi
}

inline sched_ctrl_send_msg(op, time)
{
  to_calendar[DEV]!op(time);
  do
  :: sched_ctrl_sock_read()
  :: d_step { from_calendar[DEV]?ACK(t) ->
       if
       :: op == GET -> set_time(DEV, t)
       :: else
       fi;
       t = 0 }
     break
  od
}

inline sched_ctrl_request()          /* usfstl_sched_external_request(), where it must ask */
{
  if
  :: client[DEV].prev_request != client[DEV].irq && client[DEV].irq != NONE ->
     client[DEV].prev_request = client[DEV].irq;
     sched_ctrl_send_msg(REQUEST, client[DEV].irq)
  :: else
  fi
}

inline virtq_kick(c)                 /* usfstl_vhost_user_virtq_kick(), then the reply */
{
  if
  :: client[DEV].irq == NONE ->
     sched_ctrl_send_msg(GET, 0);
     CHECK(IRQ_SKEW, client[DEV].now == client[DEV].sent_at);
     if
     :: client[DEV].now + LATENCY <= MAX_TIME -> client[DEV].irq = client[DEV].now + LATENCY
     :: else
     fi;
     sched_ctrl_request()
  :: else
  fi;
  client[DEV].sent_at = 0;
  kick_reply[c]!ACK
}

inline raise_interrupt(c)            /* usfstl_vhost_user_send_virtq_buf() */
{
#ifdef NO_IRQ_ACK
  d_step {
    if
    :: !client[c].readable ->
       client[c].readable = true;
       client[c].sigios_left = SIGIOS - 1;
       client[c].sigio = true;
       if
       :: client[c].irq == NONE -> client[c].sent_at = client[DEV].now
       :: else
       fi
    :: else
    fi }
#else
  d_step {
    from_device[c]!VRING_CALL;
    client[c].sent_at = client[DEV].now;
    client[c].sigio = true }
  do
  :: sched_ctrl_sock_read()
  :: call_reply[c]?ACK -> break
  od
#endif
}

inline irq_job()                     /* usfstl_vhost_user_job_callback() */
{
  client[DEV].irq = NONE;
  if                                 /* an interrupt to somebody, or work that nobody sees */
  :: true ->
     sched_ctrl_send_msg(UPDATE, client[DEV].now);         /* usfstl_sched_ctrl_sync_to() */
     if
     :: raise_interrupt(1)
#if N >= 2
     :: raise_interrupt(2)
#endif
#if N >= 3
     :: raise_interrupt(3)
#endif
     fi
  :: skip
  fi;
  if                                 /* a periodic device, or one that only answers kicks */
  :: client[DEV].now < MAX_TIME -> client[DEV].irq = client[DEV].now + 1
  :: skip
  fi
}

proctype Device()
{
  unsigned t : TIME_BITS;

  goto wait;
sched_next:                          /* usfstl_sched_next() */
  do
  :: client[DEV].irq <= client[DEV].now -> irq_job()
  :: d_step { client[DEV].irq > client[DEV].now && client[DEV].irq < client[DEV].free_until &&
              client[DEV].free_until != NONE ->
       set_time(DEV, client[DEV].irq);
       CHECK(CLOCK_SKEW, client[DEV].now < NEXT_JOB) }
  :: else ->
     sched_ctrl_request();
     client[DEV].prev_request = NONE;
     d_step { client[DEV].waiting = true; client[DEV].running = false }
     sched_ctrl_send_msg(WAIT, 0);
wait:
end_wait:
     do                              /* usfstl_sched_ctrl_wait() */
     :: client[DEV].waiting && nempty(from_calendar[DEV]) -> sched_ctrl_sock_read()
     :: client[DEV].waiting && nempty(to_device[1]) -> to_device[1]?VRING_KICK; virtq_kick(1)
#if N >= 2
     :: client[DEV].waiting && nempty(to_device[2]) -> to_device[2]?VRING_KICK; virtq_kick(2)
#endif
#if N >= 3
     :: client[DEV].waiting && nempty(to_device[3]) -> to_device[3]?VRING_KICK; virtq_kick(3)
#endif
     :: !client[DEV].waiting -> break
     od
  od
}

/* ---- The calendar: usfstl, control/main.c. One d_step for a message, reply included. ---- */

inline send_run()
{
  waiting_for = RUN;
  from_calendar[wait]!RUN(current_time)
}

inline run_client(c)                 /* usfstl_sched_next(), run_client(), update_sync(client) */
{
  if
  :: job[c].start > current_time -> current_time = job[c].start
  :: else
  fi;
  job[c].start = NONE;
  running = c;
  wait = c;
  if
  :: job[c].sync != NEXT_JOB ->
     job[c].sync = NEXT_JOB;
     waiting_for = FREE_UNTIL;
     from_calendar[c]!FREE_UNTIL(job[c].sync)
  :: else -> send_run()
  fi
}

inline handle_message(c)             /* _handle_message(); a REQUEST may lead to update_sync(NULL) */
{
  to_calendar[c]?op(t);
  nested = (requester != 0);
  if
  :: op == ACK
  :: op == GET -> from_calendar[c]!ACK(current_time)
  :: op == UPDATE ->
     CHECK(TWO_RUNNING, c == running);
     CHECK(TIME_BACK, t >= current_time);
     current_time = t;
     from_calendar[c]!ACK(0)
  :: op == WAIT ->
     CHECK(TWO_RUNNING, c == running || running == 0);
     running = 0;
     from_calendar[c]!ACK(0)
  :: op == REQUEST ->
     CHECK(CLOCK_SKEW, t >= current_time);
     job[c].start = t;
     if
     :: running != 0 && job[running].sync != NEXT_JOB && waiting_for != FREE_UNTIL && !nested ->
        requester = c;
        job[running].sync = NEXT_JOB;
        from_calendar[running]!FREE_UNTIL(job[running].sync)
     :: else -> from_calendar[c]!ACK(0)
     fi
  fi
}

#ifdef CALENDAR_SEQ
#define NESTED_OVER   (op == ACK && t == PLAIN)  /* waits for just that ACK, and forgets nothing */
#define FORGOTTEN     false
#define IS_ACK_OF_RUN (t != PLAIN)
#else
#define NESTED_OVER   true                       /* wait_for() within wait_for(): any one message */
#define FORGOTTEN     nested
#define IS_ACK_OF_RUN true                       /* seq is not looked at */
#endif

inline wait_for(c)                   /* what the message just handled means to those who wait */
{
  if
  :: nested && NESTED_OVER -> from_calendar[requester]!ACK(0); requester = 0
  :: else
  fi;
  if
  :: FORGOTTEN || c != wait
  :: !FORGOTTEN && c == wait && op == ACK && waiting_for == FREE_UNTIL -> send_run()
  :: !FORGOTTEN && c == wait && op == ACK && waiting_for == RUN && IS_ACK_OF_RUN ->
#ifdef CALENDAR_RESENDS
     if
     :: t == NOT_TAKEN -> send_run()
     :: else -> client[c].took_run = false; waiting_for = WAIT
     fi
#else
     CHECK(RUN_SWALLOWED, client[c].took_run);
     client[c].took_run = false;
     waiting_for = WAIT
#endif
  :: !FORGOTTEN && c == wait && op == WAIT && waiting_for == WAIT -> waiting_for = 0; wait = 0
  :: else
  fi;
  nested = false; op = 0; t = 0
}

#define SCHEDULING  (waiting_for == 0 && requester == 0)
#define MAY_RUN(c)  (SCHEDULING && NEXT_JOB < FOREVER && job[c].start == NEXT_JOB)
/* usfstl_loop_wait_and_handle(): who is waited for has priority */
#define MAY_READ(c) (nempty(to_calendar[c]) && (c == wait || empty(to_calendar[wait])))

proctype Calendar()
{
  unsigned t : TIME_BITS;
  byte running, wait, requester;     /* requester: its ACK waits for a nested FREE_UNTIL's */
  mtype waiting_for, op;
  bool nested;

  do
  :: d_step { MAY_RUN(1) -> run_client(1) }
  :: d_step { MAY_RUN(2) -> run_client(2) }
  :: d_step { !SCHEDULING && MAY_READ(1) -> handle_message(1); wait_for(1) }
  :: d_step { !SCHEDULING && MAY_READ(2) -> handle_message(2); wait_for(2) }
#if N >= 2
  :: d_step { MAY_RUN(3) -> run_client(3) }
  :: d_step { !SCHEDULING && MAY_READ(3) -> handle_message(3); wait_for(3) }
#endif
#if N >= 3
  :: d_step { MAY_RUN(4) -> run_client(4) }
  :: d_step { !SCHEDULING && MAY_READ(4) -> handle_message(4); wait_for(4) }
#endif
  :: SCHEDULING && NEXT_JOB == FOREVER ->
end_time_bound:
     if                              /* an interrupt may still be on its way: serve it */
     :: d_step { nempty(to_calendar[1]) -> handle_message(1); wait_for(1) }
     :: d_step { nempty(to_calendar[2]) -> handle_message(2); wait_for(2) }
#if N >= 2
     :: d_step { nempty(to_calendar[3]) -> handle_message(3); wait_for(3) }
#endif
#if N >= 3
     :: d_step { nempty(to_calendar[4]) -> handle_message(4); wait_for(4) }
#endif
     fi
  od
}

/* The state after process_starting_clients(): all have STARTed, made their first REQUEST, and
   WAIT in their idle loops; nothing is under way. */
inline begin(c)
{
  client[c].free_until = NONE;
  client[c].prev_request = NONE;
  client[c].timer = NONE;
  client[c].irq = NONE;
  client[c].propagated = true;
  client[c].waiting = true;
  job[c].sync = NONE
}

inline first_timer(c)
{
  if
  :: d_step { client[c].timer = 1; job[c].start = 1 }
  :: d_step { client[c].timer = 2; job[c].start = 2 }
  :: d_step { job[c].start = FOREVER }
  fi
}

init {
  atomic {
    d_step {
      begin(1); begin(2);
#if N >= 2
      begin(3);
#endif
#if N >= 3
      begin(4);
#endif
      client[DEV].irq = 1; job[DEV].start = 1
    }
    first_timer(1); run Client(1);
#if N >= 2
    first_timer(2); run Client(2);
#endif
#if N >= 3
    first_timer(3); run Client(3);
#endif
    run Device();
    run Calendar();
    run Sigio(1);
#if N >= 2
    run Sigio(2);
#endif
#if N >= 3
    run Sigio(3);
#endif
  }
}
