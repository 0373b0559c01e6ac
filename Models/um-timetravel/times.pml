/* UML time travel, a part of socket.pml, shm.pml and handoff.pml: any times instead of a few, for the symbolic engine.
 *
 *   ALL_TIMES   times have 64 bits, and FOREVER is S64_MAX, as in time_travel_sleep(). A timer, the device's next
 *               interrupt, the answer to a kick and a latency may be any time from now on, not just the next one or
 *               two; socket.pml begins at any time. (A channel whose fields have a width, and an array of `unsigned`,
 *               are Heddle's: Spin does not read this.)
 *   ANY_TIMES   the same choices with times up to MAX_TIME, for the other engines and for Spin.
 * What is searched then has no bound but FOREVER: no number of steps, no largest difference. What lies beyond it:
 * shm-edges.pml. Results, with heddle check --engine symbolic, which ends when every new set of states is part of those
 * it has. No addition or subtraction of times wraps around (wrap-around). Formulas about what must happen one day are
 * not checked by it, and device-message.pml has no times.
 *
 * Each of the 133 checks of Models/suite.yaml of assertions and deadlocks with N=1 has for all times the verdict that
 * it has for few, but for one (*). They took 0.1 to 63 s each, 11 minutes together. Sets of states, or BFS steps:
 *   socket.pml  the rule kept, with all of CALENDAR_SEQ, RUN_ONLY_IN_IDLE, STACK, WAIT_ACK_READ, WAIT_REQUESTED and
 *               WAIT_FIRST_EVENT              holds 9057       GET_TOD holds 9335       BROADCASTS holds 9911
 *               the rule broken               deadlock 59, RUN_SWALLOWED 47, CLOCK_SKEW 42, TIME_BACK 68, IRQ_SKEW 43;
 *                                             TWO_RUNNING holds 963,991
 *                 CALENDAR_SEQ                deadlock 64, the others as above; TWO_RUNNING holds 893,115
 *                 CALENDAR_RESENDS            no deadlock, no RUN_SWALLOWED, TWO_RUNNING: 917,259; 42, 68, 43
 *               WAIT_ACK_RACE                 deadlock 86; assertions hold 10,342
 *               BROADCAST_ANY_TIME            deadlock 22, CLOCK_SKEW 169, TIME_BACK 214 (*); the others hold 44,749
 *               DIES=1                        deadlock 40, CALENDAR_FAILS 26, DEVICE_FAILS 36, TIME_BACK 82,
 *                                             IRQ_SKEW 75, the others hold 653,338
 *                 FIX_REMOVAL                 TIME_BACK 82, IRQ_SKEW 75, the others hold 649,854
 *               DIES=DEV                      deadlock 60, RUN_SWALLOWED 50, CLOCK_SKEW 47, TIME_BACK 73, IRQ_SKEW 44,
 *                                             CALENDAR_FAILS 20, the others hold 420,407
 *                 FIX_REMOVAL                 65, 50, 47, 73, 44, the others hold 421,510
 *   shm.pml     (default) holds 7545          CHECKS=1: BELOW_UNTIL 96           MIXED_CLIENTS holds 27,700
 *               NO_IRQ_ACK                    WRITERS 97, IRQ_SKEW 103, REQUEST_LOST 108, UP_TO_UNTIL 110,
 *                                             RUN_SWALLOWED 116, RUN_TIME 122, CONTROLLER 125, TIME_BACK 131,
 *                                             deadlock 135, PANIC 161; ONE_RUNNING holds 805,165
 *               DISCONNECT                    no deadlock 888,806; UP_TO_UNTIL 109, CONTROLLER 108, WRITERS 143,
 *                                             SLEEPER 154, IRQ_SKEW 164, PEER 85; REPLY_FIRST 109, 108
 *                 FIX_REMOVE FIX_STALE        WRITERS 143, IRQ_SKEW 153, SLEEPER 144; REPLY_FIRST holds 466,076
 * N=2, up to 90 s each of one busy processor, but for two of up to 153 s, with --symmetry where it finds any:
 *   socket.pml  the rule kept, with all of CALENDAR_SEQ, RUN_ONLY_IN_IDLE, WAIT_ACK_READ, WAIT_REQUESTED and
 *               WAIT_FIRST_EVENT              holds 515,596 (without symmetry 1,001,538)     GET_TOD holds 534,109
 *               STACK                         holds 1,001,538        BROADCASTS holds 1,115,919
 *               the rule broken               deadlock 62, RUN_SWALLOWED 50, CLOCK_SKEW 45, TIME_BACK 71, IRQ_SKEW 46;
 *                                             CALENDAR_SEQ deadlock 67, the others as above; CALENDAR_RESENDS 45, 71, 46
 *               NEWCOMER                      CLOCK_SKEW 52, with SLICE 52 (*); CALENDAR_SEQ TIME_BACK 100 (*), and with
 *                                             UPDATE_AT_WAIT holds 1,107,802
 *               WAIT_ACK_RACE                 deadlock 89, assertions hold 657,963; BROADCAST_ANY_TIME deadlock 27
 *               DIES=1                        deadlock 52
 *   shm.pml     default holds 106,905         TWO_AT_ONCE holds 204,503          MIXED_CLIENTS holds 653,029
 *               IRQ_LATENCY                   holds 1,821,620;  TWO_AT_ONCE REQUEST_LOST 161, CONTROLLER 180, TIME_BACK 209
 *               LATE_JOINER                   RUN_TIME 153, PANIC 156, UP_TO_UNTIL 168, TIME_BACK 217, CONTROLLER 258
 *                 the repairs                 TIME_BACK 248 (*), LOWER_AT_START UP_TO_UNTIL 110, REQUEST_LOST 170 (*);
 *                                             FIX_OFFSET UPDATE_AT_WAIT holds 643,504
 *                 MIXED_CLIENTS               TIME_BACK 168, RUN_TIME 175, PANIC 178, UP_TO_UNTIL 190, CONTROLLER 207
 *                   the repairs               TIME_BACK 168 (*), FIX_RUN_OFFSET CONTROLLER 207
 *               DISCONNECT                    PEER 117, REQUEST_LOST 155, CONTROLLER 165, WRITERS 177, UP_TO_UNTIL 181,
 *                                             SLEEPER 184, RUN_TIME 188, IRQ_SKEW 188, TIME_BACK 200
 *   handoff.pml default holds 13,083, N=3 2,440,591       NO_IRQ_ACK 58, 88, 60; ACK_FIRST 60, 97, 62: as LATE,
 *                                             TIME_BACK, IRQ_SKEW
 * (*) few times are too few: the verdict of the suite's bounded run is corrected. A newcomer begins in the past of who has
 * run ahead (newcomer.pml, shm-edges.pml); SLICE leaves the nested wait_for(); LOWER_AT_START lowers free_until when a
 * client is about to go past it; and a BROADCAST's ACK passes for that of FREE_UNTIL, so that a UML runs on past a request, and is
 * interrupted in its past (nested-calendar.pml). MAX_TIME=3 or 4 shows each.
 * N=3 was not searched to its end: 21 minutes on two busy processors.
 * Open, as the search did not end within four minutes (none had a violation by then): socket.pml NEWCOMER end-states and
 * CALENDAR_RESENDS end-states; shm.pml what holds with LATE_JOINER alone, and with the
 * repairs of DISCONNECT; handoff.pml ACK_FIRST, what holds; the deadlock of socket.pml DIES=DEV FIX_REMOVAL. */
#ifdef REAL_KERNEL                /* real times, and no assertions: see kernels.pml */
#define ALL_TIMES
#define CHECKS 0
#define IF_REAL(part) part
#define STACK_EVENT(c) client[c].stack_event
#define REPLY(c)                 /* the device does not wait for it */
#define ACK_RUN(c) if :: client[c].is_dead :: else -> to_calendar[c]!ACK(0) fi
#define READ_ALSO(c) :: d_step { from_calendar[c]?BROADCAST(t) -> t = 0; to_calendar[c]!ACK(0) }
#define ALSO_DEVICE
#define ROOM  8                  /* so many messages to a kernel, */
#define CALLS 8                  /*   and interrupts, can be unread */
#else
#define IF_REAL(part)
#define STACK_EVENT(c) FOREVER
#define REPLY(c) call_reply[c]!ACK /* vhost_user_reply() */
#define ACK_RUN(c) to_calendar[c]!ACK(TAKEN)
#define ROOM  3
#define CALLS 1
#endif
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
#ifdef REAL_KERNEL
mtype = { BROADCAST };
chan outbox = [4] of { byte, mtype, TIME };  /* what the calendar is about to send, and to whom */
#define MAY_HANDLE(c) (!client[c].is_dead && empty(outbox))
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
