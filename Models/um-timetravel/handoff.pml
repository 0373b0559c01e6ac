/* UML time travel: RUN handed from client to client, without the calendar. A proposal, and no code of it is public.
 *
 * From: J. Berg on RFC 04/11, 2023-11-10: "one of them is to use signals for wait/run so we can hand off running
 * between processes without going through the calendar [...] Not having the ACK would actually defeat this
 * optimisation [...] With the ACK you know that as soon as you have the ACK, the shared table must be updated, and you
 * can make the hand-off decision locally instead of going to the calendar." The table is struct um_timetravel_schedshm
 * of Linux 6.12 (include/uapi/linux/um_timetravel.h), its use arch/um/kernel/time.c; what is new is hand_off().
 *   Client     the main flow of a UML: its timers, interrupts to others (a device is such a client too), and hand_off()
 *              in place of time_travel_ext_wait() with its WAIT to the calendar; then it waits for the signal.
 *   Sigio      its SIGIO: vu_req_read_message(), time_travel_add_irq_event(), time_travel_ext_update_request(), reply.
 *   Calendar   gets WAIT when the table is empty, and REQUEST while running_id names itself (it has no TIME_SHARE);
 *              then it looks at the table once more, and hands off in the same way.
 * The plain reading: who has run until free_until writes its request, reads the slots one after the other (flags, then
 * req_time), takes the least req_time, sets free_until to the second least, current_time, running_id ("set before a
 * client is notified"), and signals the client, or goes on itself. The signal is kept if it comes before the wait (a
 * blocked signal and sigwait()); else a RUN could be lost without any other fault. hand_off() holds SIGIO back.
 * One step is one access to the shared memory. The three stores of a request are three steps, and the last is a
 * compare, then a store. Local variables are set along with the access before. Ties are broken by the least id.
 * Left out: clients that do not take part (the calendar would act for them), START, late joiners, kicks (they are
 * interrupts in the other direction); a request for S64_MAX (none is written). An interrupt is raised by timers only,
 * else two clients could interrupt each other for ever at one time.
 *
 * -DN -DMAX_TIME -DALL_TIMES (times.pml), and
 *   (default)   the ACK rule: the sender waits for the receiver's reply before anything else.
 *   NO_IRQ_ACK  it goes on at once.
 *   ACK_FIRST   it waits, but vhost_user_reply() comes before time_travel_add_irq_event().
 * -DCHECKS=: the sum of the properties, below. sleepers_are_woken: who waits and has an event goes on one day. As time
 * is bounded every run ends; no fairness is needed. heddle check --property end-states looks for deadlocks only.
 *
 * Results: states, or BFS steps of the violation; the same verdicts in Heddle and Spin 6.5.2, and the same states.
 *   (default)                all hold: N=2 7941 states (MAX_TIME=3 20,649), N=3 174,052, N=3 MAX_TIME=3 922,240
 *                            deadlock  TWO_RUNNING  LATE  TIME_BACK  IRQ_SKEW  NOT_RUNNING  sleepers_are_woken
 *   NO_IRQ_ACK               -         -            53    83         55        -            109
 *   NO_IRQ_ACK MAX_TIME=1    holds     holds        holds holds      holds     holds        109  (103,994 states)
 *   ACK_FIRST                holds     holds        55    92         57        holds        111  (306,538 states)
 *   -: none in 45.9 million states; the search was not finished.
 * With the rule the hand-off is safe: when the sender has the reply, the request is in the table, nobody else writes,
 * and the least of the table is the next. Nor does it matter then that the three stores of a request are not one.
 * Without the rule (53): a client interrupts another, looks at the table before the other's SIGIO has come, and goes
 * on to a time after the interrupt, or hands off to another one (time goes backwards, 83, if the request is found
 * later). 109: the handler reads running_id, still the sender's, and so writes its request into the table: flags, then
 * req_time. The sender finds the slot empty and gives up: running_id becomes the calendar's. It looks once more,
 * between the two stores, reads the old req_time of S64_MAX, and finds nothing to run. No message follows, and the
 * interrupt is never taken. ACK_FIRST is as bad as no reply: what counts is that the reply comes after the stores.
 * vu_req_read_message() has that order now, and a hand-off would depend on it. */
#include "times.pml"
#ifndef N
#define N 2
#endif
#ifndef MAX_TIME
#define MAX_TIME 2
#endif
#define FOREVER (MAX_TIME + 1)
#define NONE    (MAX_TIME + 2)
#define CALENDAR 0               /* its running_id */
#define TWO_RUNNING 1            /* at most one runs */
#define LATE        2            /* who runs is at no time after another's event */
#define TIME_BACK   4            /* no clock goes backwards: time_travel_set_time() */
#define IRQ_SKEW    8            /* who takes a device message has the time at which it was sent */
#define NOT_RUNNING 16           /* who sets current_time is named by running_id, with its panic */
#ifndef CHECKS
#define CHECKS 31
#endif
#define CHECK(property, holds) assert((CHECKS & property) == 0 || (holds))

typedef Slot {                   /* union um_timetravel_schedshm_client */
  bool flags;                    /* REQ_RUN */
  CLOCK(req_time)
}
Slot clients[N + 1];             /* from 1 on */
CLOCK(free_until); CLOCK(current_time); byte running_id;

typedef Participant {            /* what a UML keeps to itself */
  CLOCK(now); CLOCK(timer); CLOCK(irq); CLOCK(prev_request);
  CLOCK(sent_at);                /* ghost: when the message to it was sent */
  bool waiting, running;         /* time_travel_ext_waiting; ghost */
  bool readable, sigio, in_handler, signals_blocked
}
Participant client[N + 1];

chan run_signal[N + 1]  = [1] of { bit };
chan irq_reply[N + 1]   = [1] of { bit };
chan to_calendar        = [N + 1] of { byte, TIME };  /* who, and a time; NONE: WAIT */

#define MIN(a, b)      ((a) <= (b) -> (a) : (b))
#define FIRST_EVENT(c) MIN(MIN(client[c].timer, client[c].irq), FOREVER)
#if N >= 3
#define IF3(part) part
#else
#define IF3(part)
#endif
#define RUNNING        (client[1].running + client[2].running IF3(+ client[3].running))
#define NOT_AFTER(t)   ((t) <= FIRST_EVENT(1) && (t) <= FIRST_EVENT(2) IF3(&& (t) <= FIRST_EVENT(3)))

inline set_time(c, to) {         /* time_travel_set_time() */
  CHECK(TIME_BACK, to >= client[c].now); client[c].now = to
}

/* ---- The hand-off: by the client that has run, or by the calendar. least, second: 0 and FOREVER before. ---- */

inline hand_off() {
  slot = 1; target = CALENDAR; least = FOREVER; second = FOREVER;
  do
  :: slot <= N ->
     if
     :: clients[slot].flags ->
        d_step { at = clients[slot].req_time;
          if
          :: at < least -> second = least; least = at; target = slot
          :: else -> second = MIN(second, at)
          fi;
          at = 0; slot++ }
     :: else -> slot++
     fi
  :: else -> break
  od;
  slot = 0;
  if
  :: target == CALENDAR -> running_id = CALENDAR
  :: else -> free_until = second;
     d_step { CHECK(NOT_RUNNING, running_id == me); CHECK(TIME_BACK, least >= current_time); current_time = least };
     running_id = target
  fi;
  least = 0; second = 0
}

/* ---- SIGIO ---- */

inline update_request(c) {       /* time_travel_ext_update_request() */
  at = FIRST_EVENT(c);
  if
  :: client[c].prev_request == at
  :: client[c].prev_request != at && !client[c].waiting && at < free_until
  :: else -> client[c].prev_request = at;
     if
     :: running_id != CALENDAR ->
        clients[c].flags = true; clients[c].req_time = at;
        if :: at < free_until -> free_until = at :: else fi
     :: else -> to_calendar!c,at  /* REQUEST; its ACK tells nothing */
     fi
  fi;
  at = 0
}
inline time_travel_add_irq_event(c) {
  d_step { set_time(c, current_time);
    CHECK(IRQ_SKEW, client[c].now == client[c].sent_at); client[c].sent_at = 0 }
  if
  :: d_step { client[c].irq == NONE -> client[c].irq = client[c].now }
     update_request(c)
  :: else
  fi
}

proctype Sigio(byte me) {
  CLOCK(at);
end_no_signal:
  do
  :: d_step { client[me].sigio && !client[me].signals_blocked -> client[me].sigio = false;
       client[me].in_handler = true }
     do                          /* vu_req_read_message() */
     :: client[me].readable -> client[me].readable = false;
#ifdef ACK_FIRST
        irq_reply[me]!1;
#endif
        time_travel_add_irq_event(me);
#if !defined(ACK_FIRST) && !defined(NO_IRQ_ACK)
        irq_reply[me]!1
#endif
     :: else -> break
     od;
     client[me].in_handler = false
  od
}

/* ---- The main flow ---- */

inline take_run() {
  d_step { clients[me].flags = false; client[me].waiting = false; client[me].prev_request = NONE;
    CHECK(TWO_RUNNING, RUNNING == 0); client[me].running = true;
    set_time(me, current_time); CHECK(LATE, NOT_AFTER(client[me].now)) }
}
inline send_interrupt(c) {
  d_step { CHECK(NOT_RUNNING, running_id == me); current_time = client[me].now };  /* time_travel_propagate_time() */
#ifdef NO_IRQ_ACK
  d_step {
    if
    :: !client[c].readable -> client[c].readable = true; client[c].sigio = true; client[c].sent_at = client[me].now
    :: else
    fi }
#else
  d_step { client[c].readable = true; client[c].sigio = true; client[c].sent_at = client[me].now }
  irq_reply[c]?_
#endif
}

proctype Client(byte me) provided (!client[_pid].in_handler) {
  byte slot, target; CLOCK(least); CLOCK(second); CLOCK(at);
  goto wait;
  do
  :: if                          /* time_travel_ext_request() */
     :: d_step { FIRST_EVENT(me) < free_until -> at = FIRST_EVENT(me); set_time(me, at); at = 0;
          CHECK(LATE, NOT_AFTER(client[me].now)) }
     :: else ->
        d_step { client[me].signals_blocked = true; client[me].waiting = true; client[me].running = false;
          client[me].prev_request = NONE; at = FIRST_EVENT(me) }
        if
        :: at < FOREVER -> clients[me].flags = true; clients[me].req_time = at
        :: else
        fi;
        at = 0; hand_off(); client[me].signals_blocked = false;
        if
        :: target == me
        :: else ->
           if
           :: target == CALENDAR -> to_calendar!me,NONE
           :: else -> run_signal[target]!1
           fi;
wait:
end_wait:
           run_signal[me]?_
        fi;
        target = 0; take_run()
     fi;
     if                          /* time_travel_deliver_event(), and the work after it */
     :: d_step { client[me].irq <= client[me].now -> client[me].irq = NONE }
     :: d_step { client[me].irq > client[me].now && client[me].timer <= client[me].now -> client[me].timer = NONE }
        if
        :: me != 1 -> send_interrupt(1)
        :: me != 2 -> send_interrupt(2)
        IF3(:: me != 3 -> send_interrupt(3))
        :: skip
        fi
     :: else
     fi;
     if
     :: SOON client[me].timer == NONE && client[me].now + 1 <= MAX_TIME -> client[me].timer = client[me].now + 1
     :: SOON client[me].timer == NONE && client[me].now + 2 <= MAX_TIME -> client[me].timer = client[me].now + 2
     ANY_NEXT_TIMER :: skip
     fi
  od
}

proctype Calendar() {
  byte slot, target, me, who; CLOCK(least); CLOCK(second); CLOCK(at); CLOCK(t);
  do
  :: if
     :: running_id == CALENDAR -> hand_off();
        if :: target != CALENDAR -> run_signal[target]!1; target = 0 :: else fi
     :: else
     fi;
end_idle:
     to_calendar?who,t;
     if
     :: t != NONE ->             /* REQUEST */
        clients[who].flags = true; clients[who].req_time = t;
        if :: t < free_until -> free_until = t :: else fi
     :: else                     /* WAIT */
     fi;
     who = 0; t = 0
  od
}

inline begin_client(c) {
  client[c].irq = NONE; client[c].prev_request = NONE; client[c].waiting = true;
  if
  :: SOON client[c].timer = 1
  :: SOON client[c].timer = MAX_TIME
  ANY_TIMER_AT_START(c) :: client[c].timer = NONE
  fi;
  clients[c].flags = client[c].timer != NONE; clients[c].req_time = client[c].timer
}

init {
  atomic { FIRST_TIMER
    begin_client(1); begin_client(2); IF3(begin_client(3);)
    run Client(1); run Client(2); IF3(run Client(3);)
    run Calendar(); run Sigio(1); run Sigio(2) IF3(; run Sigio(3))
  }
}

#define SLEEPS(c) (client[c].waiting && (client[c].timer < FOREVER || client[c].irq < FOREVER))
ltl sleepers_are_woken {
  [] (SLEEPS(1) -> <> !SLEEPS(1)) && [] (SLEEPS(2) -> <> !SLEEPS(2)) IF3(&& [] (SLEEPS(3) -> <> !SLEEPS(3)))
}
