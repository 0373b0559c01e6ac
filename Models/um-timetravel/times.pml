/* UML time travel, a part of socket.pml and shm.pml: any times instead of a few, for Heddle's symbolic engine.
 *
 *   ALL_TIMES   times have 64 bits, and FOREVER is S64_MAX, as in time_travel_sleep(). A timer and the device's next
 *               interrupt may be set to any time after now, not just the next one or two; socket.pml begins at any
 *               time. (A channel whose fields have a width, and an array of `unsigned`, are Heddle's: Spin does not
 *               read this.)
 *   ANY_TIMES   the same choices with times up to MAX_TIME, for the other engines and for Spin.
 * What is searched then has no bound but FOREVER: no number of steps, no largest difference. Results, with
 * heddle check --engine symbolic, which ends when every new set of states is part of those it has:
 *   socket.pml N=1   holds: 9057 states       NO_IRQ_ACK CALENDAR_SEQ CHECKS=0, end-states: the deadlock of Corpus
 *   socket.pml N=2   holds: 1,001,538 states
 *   shm.pml N=1      holds: 7174 states       CHECKS=1: BELOW_UNTIL 96
 *   shm.pml N=2      holds: 100,813 states    MIXED_CLIENTS holds: 588,289
 * No addition or subtraction of times wraps around (wrap-around). */
#ifdef ALL_TIMES
#define ANY_TIMES
#define TIME_BITS 64
#define TIME      unsigned : 64
#define MAX_TIME  9223372036854775806
#define TIMES(name, count) unsigned name : 64 [count]
#define CLOCK(name) unsigned name : 64
#else
#define TIMES(name, count) byte name[count]
#define CLOCK(name) byte name
#ifndef TIME
#define TIME byte    /* the type of a time in a message: the fields of a channel take no width */
#endif
#endif
#ifdef ANY_TIMES
#define SOON false ->            /* the choices of the next times, which are among these: */
/* an option that sets a timer to any time after now, of which base is the calendar's form */
#define ANY_TIMER(base) \
  :: atomic { client[me].timer == NONE && base < MAX_TIME -> select (at : base + 1 .. MAX_TIME); \
       client[me].timer = at - (base - client[me].now); at = FIRST_EVENT(me) } \
     update_request(me, at)
/* and one that sets the device's interrupt; PAST_FOREVER (shm-edges.pml): as far as usfstl_time_cmp() goes */
#ifdef PAST_FOREVER
#define LAST_IRQ (current_time + 9223372036854775807)
#else
#define LAST_IRQ MAX_TIME
#endif
#define ANY_IRQ(base) \
  :: atomic { base < LAST_IRQ -> select (t : base + 1 .. LAST_IRQ); client[DEV].irq = t; t = 0 }
/* the time at which all begin, and those of the first timers and interrupt; `first` is a scratch variable of init */
#define ANY_START \
  unsigned first : TIME_BITS; select (current_time : 0 .. MAX_TIME - 1); select (first : current_time + 1 .. MAX_TIME);
#ifdef NEWCOMER                  /* the newcomer has no time yet */
#define START_NOW(c) client[c].now = (c == N -> 0 : current_time);
#else
#define START_NOW(c) client[c].now = current_time;
#endif
#define FIRST_IRQ client[DEV].irq = first; job[DEV].start = first; first = 0;
#define ANY_FIRST_TIMER(c) \
  :: IF_STARTED(c) select (first : current_time + 1 .. MAX_TIME); client[c].timer = first; job[c].start = first; \
     first = 0
/* the timers of handoff.pml */
#define ANY_NEXT_TIMER \
  :: atomic { client[me].timer == NONE && client[me].now < MAX_TIME -> select (at : client[me].now + 1 .. MAX_TIME); \
       client[me].timer = at; at = 0 }
#define FIRST_TIMER CLOCK(first);
#define ANY_TIMER_AT_START(c) :: select (first : 1 .. MAX_TIME); client[c].timer = first; first = 0
/* after a kick, in shm-device.pml; and with the request for it at once, in variants.pml */
#define KICK_IRQ ; if SHM_IRQ :: else fi
#define ASKED \
  LATER_IRQ; client[DEV].prev_request = client[DEV].irq; to_calendar[DEV]!REQUEST(client[DEV].irq); await_ack(REQUEST)
/* IRQ_LATENCY: any latency; `at` is a scratch variable of Sigio */
#ifdef IRQ_LATENCY
#define LATENCY(c) \
  ; if :: atomic { c == 2 && client[c].irq == NONE -> select (at : client[c].now .. MAX_TIME) } :: else fi
#else
#define LATENCY(c)
#endif
#define SOME_LATENCY(time) at
#else
#define SOON
#define ANY_TIMER(base)
#define ANY_IRQ(base)
#define ANY_START
#define START_NOW(c)
#define FIRST_IRQ
#define ANY_FIRST_TIMER(c)
#define ANY_NEXT_TIMER
#define FIRST_TIMER
#define ANY_TIMER_AT_START(c)
#define KICK_IRQ
#define ASKED
#define LATENCY(c)
#define SOME_LATENCY(time) MIN(time, MAX_TIME)
#endif
#define LATER_IRQ ANY_IRQ(client[DEV].now)
#define SHM_IRQ   ANY_IRQ(current_time)
