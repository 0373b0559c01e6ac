/* UML time travel with shared memory, a part of shm.pml: a client that disconnects (-DDISCONNECT).
 *
 * From: usfstl at c1b5396, control/main.c: remove_client(), _handle_message(), wait_for(), main(); sched.c;
 * src/vhost.c, usfstl_vhost_user_send_msg(). Once all have started, UML N may die between any two of its steps:
 * asleep, running, with REQ_RUN set, between the three stores of update_request(), owing an ACK or waiting for one.
 * What it has sent can still be read; then the calendar reads the end of the socket, in wait_for() as any message.
 * remove_client() clears the slot, then running_id, then adds a job that frees the client: at the start of the next
 * job, or now if there is none; and usfstl_sched_add_job() publishes free_until anew. A UML that waits has a job, if
 * only at S64_MAX. A write to a dead client succeeds here; in usfstl it fails and calls remove_client(), as a death
 * just after the write does. The peers of UML N go on when their device socket ends, as the kernel's virtio_uml does
 * (usfstl's own device does not, see PEER). With the rule only; a client that connects again is not modelled. Nor is
 * a death before all have started: main() then waits for another client; and in process_starting_client() a failed
 * ACK removes the client, whose closed descriptor wait_for() registers again (read, not modelled).
 *
 * PEER               whoever waits for a dead client's reply, or writes to it, survives (not in the default CHECKS)
 *   FIX_REMOVE       remove_client() frees the client without a job, and leaves free_until alone
 *   FIX_STALE        the calendar takes a request for the past as one for now
 *   REPLY_FIRST      no fix: UML N does not die between a kick and its reply
 * States, and formulas, as in Spin 6.5.2 for N=1; states also for N=2 MAX_TIME=1 (498,053). Violations: BFS steps.
 *                                     N=1                            N=2
 *   DISCONNECT, CHECKS=0              no deadlock, 308,090 states    no deadlock, 6,320,763
 *     UP_TO_UNTIL                     107                            175
 *     REQUEST_LOST, RUN_TIME, TIME_BACK     hold                     153, 186, 198
 *     CONTROLLER                      106                            163
 *     WRITERS, IRQ_SKEW, SLEEPER      136, 159, 147                  170, 182, 177
 *     ONE_RUNNING, PANIC, RUN_SWALLOWED     hold                     hold
 *     PEER                            85                             117
 *     requests_are_run, sleepers_are_woken, time_advances: violated; sigios_are_served holds (N=1)
 *   FIX_REMOVE                        CONTROLLER 129                 CONTROLLER 163; the others as with FIX_STALE
 *   FIX_REMOVE FIX_STALE              WRITERS 136, IRQ_SKEW 148, SLEEPER 137   170, 178, 173; the others hold
 *   REPLY_FIRST                       UP_TO_UNTIL 107, CONTROLLER 106; the others hold, with all formulas (CHECKS=0)
 *   REPLY_FIRST FIX_REMOVE FIX_STALE  all and all formulas hold: 170,677; N=2 2,893,164
 *
 * All of it is news, as nobody has written about a death in this mode. The calendar goes on: it waits for nobody who
 * is dead, and a slot, running_id or free_until that names a dead client does not last. But not unharmed:
 * UP_TO_UNTIL, REQUEST_LOST: remove_client() makes the calendar publish free_until while a client runs that has
 * TIME_SHARE; only the calendar's own jobs count for it, not what others have asked for in shared memory. It raises
 * free_until over a request of a third client, which is then run late (RUN_TIME, TIME_BACK), or, where no job is
 * left, lowers it to a time that who runs is about to leave. Its comment on FREE_UNTIL is about socket mode.
 * CONTROLLER: the time of that job is read, and may be past when the job is added; and a handler that dies before it
 * lowers free_until leaves a request that is past when it is collected: usfstl_sched_add_job() asserts.
 * WRITERS, IRQ_SKEW, SLEEPER: the rule is kept by who sends an interrupt, so it dies with him; his last kick is taken
 * at another time, or while nobody runs. usfstl's device reads the end of the vhost socket next and drops that work.
 * PEER: usfstl's device asserts when it interrupts a dead UML, or one that dies before its ACK: it dies too. */
#ifdef DISCONNECT
#if defined(NO_IRQ_ACK) || defined(MIXED_CLIENTS) || defined(LATE_JOINER) || defined(TWO_AT_ONCE)
#error DISCONNECT goes alone
#endif
#define IF_DISCONNECT(part) part
#define MORTAL         {
#define UNLESS_DEAD(c, clear) } unless { d_step { IS_DEAD(c) -> t = 0; at = 0; who = 0; clear } }
#define FREE_JOB       free_job
#define VICTIM         N             /* the UML that dies */
#define IS_DEAD(c)     (dead && (c) == VICTIM)
#define PEER           4096
#define SEES_THE_END   (dead && !removed && empty(to_calendar[VICTIM]) && (wait == VICTIM || empty(to_calendar[wait])))

bool started_scheduling;             /* usfstl's; from then on UML VICTIM may die */
bool dead, removed;                  /* the calendar has seen the end of its socket */
unsigned free_job : TIME_BITS = FOREVER;             /* the start of the job that frees its usfstl_schedule_client */

/* usfstl_sched_next_pending(): a UML that waits has a job, if only for FOREVER; who runs has none. */
#define JOBS_LEFT      NEXT_JOB
#if N == 1
#define NO_JOB_LEFT    (JOBS_LEFT == FOREVER)
#else
#define NO_JOB_LEFT    (JOBS_LEFT == FOREVER && wait == 1)
#endif

#ifdef REPLY_FIRST
#define MAY_DIE        (client[DEV].sent_at == 0)
#else
#define MAY_DIE        true
#endif

inline remove_client(c) {
  d_step { job[c] = FOREVER;         /* usfstl_sched_del_job() */
    slot[c].time_share = false; slot[c].req_run = false; slot[c].req_time = 0 }  /* memset() */
#ifndef FIX_REMOVE
  if
  :: NO_JOB_LEFT -> t = current_time
  :: else -> t = JOBS_LEFT
  fi;
#endif
  d_step { running_id = (running_id == c -> CALENDAR : running_id); wait = (wait == c -> 0 : wait) }
#ifndef FIX_REMOVE
  d_step { CHECK(CONTROLLER, t >= current_time); free_job = t; t = 0 }
  free_until = SYNC;                 /* usfstl_sched_add_job(), update_sync(NULL) */
#endif
  removed = true
}
inline free_client() {               /* usfstl_sched_next() of that job */
  d_step { CHECK(CONTROLLER, !slot[running_id].time_share); CHECK(WRITERS, running_id == CALENDAR);
    CHECK(REQUEST_LOST, ALL_WANT(free_job));
    current_time = (free_job > current_time -> free_job : current_time); free_job = FOREVER }
}

proctype Death() {
end_alive:
  d_step { started_scheduling && MAY_DIE -> dead = true;
    client[VICTIM].running = false; client[VICTIM].waiting = false; client[VICTIM].in_handler = false;
    client[VICTIM].sigio = false; client[VICTIM].signals_blocked = false; client[VICTIM].signals_blocked_pending = 0;
    client[VICTIM].wanted = NONE; client[VICTIM].timer = NONE; client[VICTIM].irq = NONE; client[VICTIM].sent_at = 0;
    client[VICTIM].prev_request = NONE; client[VICTIM].now = 0;
    do :: from_calendar[VICTIM]?_,_ :: else -> break od;        /* nobody reads that */
    do :: from_device[VICTIM]?_ :: kick_reply[VICTIM]?_ :: call_reply[VICTIM]?_ :: else -> break od }
}
#else
#define IF_DISCONNECT(part)
#define MORTAL
#define UNLESS_DEAD(c, clear)
#define FREE_JOB       FOREVER
#endif

#ifdef FIX_STALE
#define REQ_TIME(c)    (slot[c].req_time > current_time -> slot[c].req_time : current_time)
#else
#define REQ_TIME(c)    slot[c].req_time
#endif
