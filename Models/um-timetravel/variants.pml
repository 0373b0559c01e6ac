/* UML time travel in socket mode, a part of socket.pml: the variants that add to the protocol, or change a message.
 * From: as socket.pml; usfstl, src/schedctrl.c and loop.c, at c1b5396 and, where it is said, before 7659888.
 *   newcomer.pml         NEWCOMER, SLICE: a late joiner. Results: liveness.pml.
 *   links.pml            BROADCASTS, BROADCAST_ANY_TIME, DIES: messages to all, and links that close.
 *   nested-calendar.pml  the calendar for these, with the stack of its wait_for(), and the results.
 *   this file            GET_TOD, WAIT_ACK_RACE, WAIT_ACK_READ, WAIT_REQUESTED, WAIT_FIRST_EVENT.
 *
 * GET_TOD: a UML may ask for the time of day after any event (time_travel_set_start() of kernel/time.c asks once). The
 * answer changes nothing. It is one more request whose ACK is awaited by reading messages, but of the main flow only.
 *
 * WAIT_ACK_RACE: usfstl's src/schedctrl.c before 7659888. usfstl_sched_ctrl_send_msg() awaits the ACK of WAIT, too, in
 * usfstl_loop_wait_and_handle(), whose select() may serve another socket first: the order of its list decides. So a
 * kick is handled, and virtq_kick() sends GET, and a REQUEST, and awaits their ACKs. ctrl->expected_ack_seq is theirs
 * then, and usfstl_sched_ctrl_sock_read() drops the ACK of WAIT; ACKs come in order, so it is the first one.
 * WAIT_ACK_READ: after it. The next message of the calendar is read at once, without any other socket, and has to be
 * the ACK: USFSTL_ASSERT(ctrl->acked), here WAIT_ACKED. (The default takes other messages before it.)
 *
 * WAIT_REQUESTED: WAIT carries the time that its sender waits for, which the calendar compares with its job. The patch
 * is not public; this reading takes the argument of __time_travel_update_time(), that is e->time. WAIT_FIRST_EVENT:
 * another reading, the first event of the list when WAIT is sent and SIGIO held back. The device says no time (NONE),
 * and is not checked. woken_or_noticed (liveness.pml): a UML that sleeps for ever is at least noticed so.
 *
 * Results as in socket.pml; steps as Heddle counts them (it counts the failing step of an assertion, too).
 *   GET_TOD                     all hold, liveness too: N=1 6226 states, N=2 237,364
 *   GET_TOD NO_IRQ_ACK          N=1: deadlock 52, RUN_SWALLOWED 38, CLOCK_SKEW 34, TIME_BACK 59, IRQ_SKEW 35;
 *                               TWO_RUNNING holds: as without it, but for one step of TIME_BACK (58)
 *   WAIT_ACK_RACE               deadlock: N=1 76, N=2 79; the assertions hold: N=1 6530 states, N=2 265,140
 *   WAIT_ACK_READ               all hold: the states of the default, N=1 6057, N=2 229,556
 *   WAIT_ACK_READ NO_IRQ_ACK    N=1: WAIT_ACKED 39
 *   WAIT_ACK_READ DIES=1        N=1: WAIT_ACKED 28, also with FIX_REMOVAL
 *   WAIT_REQUESTED and WAIT_FIRST_EVENT: all hold, WAIT_REQUEST too, the states of the default
 *     without the rule, N=1:                            WAIT_REQUEST   woken_or_noticed
 *     WAIT_REQUESTED NO_IRQ_ACK CALENDAR_SEQ            73             55
 *     WAIT_REQUESTED RUN_ONLY_IN_IDLE CALENDAR_RESENDS  73             78
 *     WAIT_FIRST_EVENT NO_IRQ_ACK CALENDAR_SEQ          67             55
 *     WAIT_FIRST_EVENT RUN_ONLY_IN_IDLE CALENDAR_RESENDS  67           holds: 205,396 states
 *
 * WAIT_ACK_RACE: the deadlock is what the comment in usfstl warns of. The device has dropped the ACK of WAIT, and
 * waits for it for ever; it still takes RUN and kicks, and never runs. With 7659888 it cannot. But its assertion needs
 * the rule: without it, a REQUEST of a UML's handler makes the calendar send FREE_UNTIL to a device that is about to
 * send WAIT, and the device aborts (39). With the rule, the removal of another client does the same (28): see
 * nested-calendar.pml.
 * WAIT_REQUESTED: with the rule it never fires. Without, it fires where nothing is wrong (73: an
 * interrupt between the look at the first event and WAIT has asked for an earlier time), and not where an interrupt is
 * lost (78, as in liveness.pml: the job is what e says, and both miss the interrupt). WAIT_FIRST_EVENT notices each of
 * those, at once (67); but only as the time is looked up with SIGIO held back: as an argument that is computed before
 * block_signals_hard() it would be WAIT_REQUESTED again. Neither can notice a RUN that a handler swallows (55): there
 * the times agree. */
#define WAIT_ACKED    32         /* the message after WAIT is its ACK */
#define WAIT_REQUEST  64         /* the time of WAIT is that of the job */
#define CALENDAR_FAILS 128       /* the calendar does not abort, or touch what it has removed (links.pml) */
#define DEVICE_FAILS  256        /* nor does the device, as it is told to run until a time that is over (links.pml) */
#define ALL_CHECKS    511

#include "newcomer.pml"

#ifdef GET_TOD
mtype = { TIME_OF_DAY };
#define ALSO(c)        if :: time_travel_ext_req(c, TIME_OF_DAY, 0) :: skip fi;
#define ALSO_ANSWERED  || op == TIME_OF_DAY
#endif

#include "links.pml"

#ifndef ALSO
#define ALSO(c)
#endif
#ifndef ALSO_ANSWERED
#define ALSO_ANSWERED
#endif

#if defined(WAIT_ACK_RACE)
bool wait_acked;                 /* the ACK of WAIT has been read, and was dropped */
bool is_mine;                    /* this ACK is the one that is awaited */
inline await_ack(op) {           /* of a request within the wait for the ACK of WAIT */
  do
  :: sched_ctrl_sock_read()
  :: d_step { from_calendar[DEV]?ACK(t) -> if :: !wait_acked -> wait_acked = true; t = 0 :: else -> is_mine = true fi }
     if :: is_mine -> break :: else fi
  od;
  is_mine = false;
  d_step { if :: op == GET -> set_time(DEV, t) :: else fi; t = 0 }
}
inline early_kick(c) {           /* virtq_kick() */
  if
  :: client[DEV].irq == NONE ->
     to_calendar[DEV]!GET(0); await_ack(GET);
     if
     :: SOON client[DEV].now + 1 <= MAX_TIME -> client[DEV].irq = client[DEV].now + 1;
        client[DEV].prev_request = client[DEV].irq; to_calendar[DEV]!REQUEST(client[DEV].irq); await_ack(REQUEST) ASKED
     :: else
     fi
  :: else
  fi;
  client[DEV].sent_at = 0; kick_reply[c]!ACK
}
#define EARLY_KICK(c) to_device[c]?VRING_KICK; early_kick(c)
inline sched_ctrl_send_wait() {
  to_calendar[DEV]!WAIT(0);
  do
  :: sched_ctrl_sock_read()
  :: EARLY_KICK(1)
  IF2(:: EARLY_KICK(2))
  IF3(:: EARLY_KICK(3))
  :: d_step { !wait_acked && from_calendar[DEV]?[ACK, t] -> from_calendar[DEV]?ACK(t); t = 0 } break
  od
}
#elif defined(WAIT_ACK_READ)
inline sched_ctrl_send_wait() {
  to_calendar[DEV]!WAIT(0);
  if
  :: d_step { from_calendar[DEV]?ACK(t) -> t = 0 }
  :: sched_ctrl_sock_read(); CHECK(WAIT_ACKED, false)
  fi
}
#else
#define sched_ctrl_send_wait() sched_ctrl_send_msg(WAIT, NO_TIME)
#endif

#ifdef WAIT_REQUESTED
#define WAIT_TIME e
#define NO_TIME   NONE
#define DIFFERS(c) (t != NONE && t != job[c].start)
#else                            /* no SIGIO is handled until the ACK: the calendar may look at it when it reads WAIT */
#define WAIT_TIME 0
#define NO_TIME   0
#define DIFFERS(c) (c != DEV && FIRST_EVENT(c) != job[c].start)
#endif
#if defined(WAIT_REQUESTED) || defined(WAIT_FIRST_EVENT)
bool wait_differs;               /* the calendar has noticed it */
#define CHECK_WAIT(c) wait_differs = wait_differs || DIFFERS(c); CHECK(WAIT_REQUEST, !wait_differs);
#else
#define CHECK_WAIT(c)
#endif

#if defined(BROADCASTS) || defined(DIES) || defined(STACK)
#if defined(NEWCOMER) || defined(CALENDAR_SEQ)
#error the calendar with its stack has no NEWCOMER, and no CALENDAR_SEQ
#endif
#include "nested-calendar.pml"
#else
#define CALENDAR Calendar
#endif
