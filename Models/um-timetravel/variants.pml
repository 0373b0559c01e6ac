/* UML time travel in socket mode, a part of socket.pml: its variants that add to the protocol, or change a message.
 *
 *   newcomer.pml   NEWCOMER, SLICE: a late joiner.
 *   nested.pml     BROADCAST, BROADCAST_ANYTIME, and MORTAL=id: the links that close; the calendar with its stack.
 *   this file      GET_TOD, WAIT_ACK_RACE, WAIT_ACK_READ, WAIT_REQUESTED, WAIT_FIRST_EVENT.
 *
 * GET_TOD: a UML asks for the time of day after any event (time_travel_set_start() of kernel/time.c asks at the first
 * read of the clock). The answer changes nothing; it is one more request whose ACK is awaited by reading messages.
 *
 * WAIT_ACK_RACE: usfstl's src/schedctrl.c before 7659888. usfstl_sched_ctrl_send_msg() awaits the ACK of WAIT, too, in
 * usfstl_loop_wait_and_handle(). The select() there may serve another socket first (the order of the list decides), so
 * a kick is handled: virtq_kick() sends GET, and a REQUEST, and awaits their ACKs. ctrl->expected_ack_seq is then theirs:
 * usfstl_sched_ctrl_sock_read() drops the ACK of WAIT. The ACKs come in order, so the first one is that of WAIT.
 * WAIT_ACK_READ: after it. The ACK of WAIT is read at once, as the next message of the calendar, whatever it is:
 * USFSTL_ASSERT(ctrl->acked), below WAIT_ACKED. (The default takes other messages before it.)
 *
 * WAIT_REQUESTED: WAIT carries the time that its sender waits for, time_travel_ext_wait()'s argument, and the calendar
 * compares it with the job of the client. As the patch is not public, this is a reading. WAIT_FIRST_EVENT: another:
 * the first event of the client's list when WAIT is sent. The device does not say a time (NONE), and is not checked.
 *
 * @RESULTS */
#define WAIT_ACKED    32         /* the message after WAIT is its ACK */
#define WAIT_REQUEST  64         /* the time of WAIT is that of the job */
#define CALENDAR_FAILS 128       /* the calendar does not abort, or touch what it has removed (nested.pml) */
#define DEVICE_FAILS  256        /* nor does the device, as it is told to run until a time that is over (nested.pml) */
#define ALL_CHECKS    511

#include "newcomer.pml"

#ifdef GET_TOD
mtype = { TIME_OF_DAY };
#define ALSO(c)        if :: time_travel_ext_req(c, TIME_OF_DAY, 0) :: skip fi;
#define ALSO_ANSWERED  || op == TIME_OF_DAY
#endif

#include "nested.pml"

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
     :: client[DEV].now + 1 <= MAX_TIME -> client[DEV].irq = client[DEV].now + 1;
        client[DEV].prev_request = client[DEV].irq; to_calendar[DEV]!REQUEST(client[DEV].irq); await_ack(REQUEST)
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

#if defined(WAIT_REQUESTED)
#define WAIT_TIME e
#define NO_TIME   NONE
#elif defined(WAIT_FIRST_EVENT)
#define WAIT_TIME FIRST_EVENT(me)
#define NO_TIME   NONE
#else
#define WAIT_TIME 0
#define NO_TIME   0
#endif
#if defined(WAIT_REQUESTED) || defined(WAIT_FIRST_EVENT)
bool wait_differs;               /* the calendar has noticed it */
#define CHECK_WAIT(c) wait_differs = wait_differs || (t != NONE && t != job[c].start); CHECK(WAIT_REQUEST, !wait_differs);
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
