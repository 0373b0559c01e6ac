/* UML time travel in socket mode: a device on usfstl's library that starts with a clock that is not at 0.
 *
 * From: usfstl, src/schedctrl.c, usfstl_sched_ctrl_start(), ..._sock_read(), ..._request(); src/sched.c; src/vhost.c,
 * usfstl_vhost_user_virtq_kick(); control/main.c at c1b5396, a client without TIME_SHARE.
 *   Device    usfstl_sched_ctrl_start(): "The remote side assumes we start at 0, so if we don't have 0 right now keep
 *             the difference in our own offset". So offset = -now, near 2^64 where now is not 0. While START's ACK is
 *             awaited, the loop serves other sockets, and a kick may add a job: it is requested after START. Then
 *             usfstl_sched_next(), which does not ask again for what it has asked for.
 *   Uml       kicks once, at any time.
 *   Calendar  answers START, then GET and REQUEST until WAIT, and RUN; its time begins anywhere, and goes to jobs only.
 * Left out: FREE_UNTIL (nobody else has a job), UPDATE, nsec_per_tick (it is 1), broken links.
 * Arithmetic is that of uint64_t, and comparisons are usfstl_time_cmp(): signed differences, "wrap-around safe".
 *
 *   (default)   small times, for Spin too: the device's clock begins at 0 .. 2, a job is 0 .. 2 away.
 *   ALL_TIMES   the device's clock and the calendar's begin at any 64-bit time, a job is up to 2^62 away (the range of
 *               usfstl_time_cmp() is 2^63): for --engine symbolic.
 *   FROM_ZERO   the device's clock begins at 0.
 *   FIX_START   the request after START has the offset too, as all others have.
 * Assertions: none of usfstl's fails, and a job runs when the device's clock, and the calendar's, say so.
 *
 * Results: states, or BFS steps of the violation; for small times Spin 6.5.2 has the same states and verdicts.
 *                small times      ALL_TIMES
 *   (default)    32               21
 *   FROM_ZERO    holds 595        holds 191
 *   FIX_START    holds 1783       holds 467
 *
 * usfstl_sched_ctrl_start() requests job->start * nsec_per_tick, where usfstl_sched_ctrl_request() adds ctrl->offset.
 * As it asserts that there is no job before START, only a kick between START and its ACK gets there; a UML that probes
 * the device while the calendar starts one client after the other does that. The request is too late by the clock's
 * first value, is not repeated, as prev_external_sync is that time, and the RUN that answers it moves the device's
 * clock past its job: USFSTL_ASSERT in usfstl_sched_set_time() (32). If job->start is beyond half of the range, the
 * calendar takes it for the past: USFSTL_ASSERT_TIME_CMP in usfstl_sched_add_job() (21). All else holds for all
 * times: an offset of 2^64 - now is as good as any, as every sum and difference is taken modulo 2^64. In
 * shared-memory mode (read, not modelled) the same line lacks the offset current_time - now, too. */
#ifdef ALL_TIMES
#define CLOCK(name)      unsigned name : 64
#define TIME             unsigned : 64
#define LAST             18446744073709551615
#define FAR              4611686018427387904
#define BEGIN            18446744073709551615
#define NOT_BEFORE(a, b) ((a) - (b) <= 9223372036854775808)   /* usfstl_time_cmp(a, >=, b) */
#define NOT_AFTER(a, b)  ((b) - (a) <= 9223372036854775807)   /* usfstl_time_cmp(a, <=, b) */
#define AFTER(a, b)      ((b) - (a) > 9223372036854775807)    /* usfstl_time_cmp(a, >, b) */
#else
#define CLOCK(name)      int name
#define TIME             int
#define FAR              2
#define BEGIN            2
#define NOT_BEFORE(a, b) ((a) >= (b))
#define NOT_AFTER(a, b)  ((a) <= (b))
#define AFTER(a, b)      ((a) > (b))
#endif
#ifdef FIX_START
#define OFFSET_AT_START offset
#else
#define OFFSET_AT_START 0
#endif

mtype = { START, REQUEST, WAIT, GET, RUN, ACK };
chan to_calendar   = [2] of { mtype, TIME };
chan from_calendar = [2] of { mtype, TIME };
chan kick          = [1] of { bit };

CLOCK(current_time);             /* the calendar's */
CLOCK(started_at);               /* its usfstl_schedule_client.offset */
CLOCK(began);                    /* ghost: the device's clock when it called usfstl_sched_ctrl_start() */

/* ---- The device. t: a scratch variable. ---- */

inline set_time() {              /* usfstl_sched_set_time() */
  assert(!has_job || NOT_AFTER(t, job)); assert(NOT_BEFORE(t, now)); now = t; t = 0
}
inline sock_read() {             /* usfstl_sched_ctrl_sock_read(), RUN */
  from_calendar?RUN(t) -> d_step { t = t - offset; set_time(); waiting = false }
  to_calendar!ACK(0)
}
inline await_ack() {             /* of usfstl_sched_ctrl_send_msg() */
  do
  :: sock_read()
  :: from_calendar?ACK(t) -> break
  od
}
inline add_job() {               /* usfstl_vhost_user_virtq_kick(): now plus the latency */
  atomic { select (t : 0 .. FAR); job = now + t; has_job = true; t = 0 }
}

proctype Device() {
  CLOCK(now); CLOCK(offset); CLOCK(job); CLOCK(t); bool has_job, waiting;

  d_step { now = began; offset = 0 - now }
  to_calendar!START(0);
  do                             /* until the ACK; usfstl_sched_ctrl_request() sends nothing as it has not started */
  :: from_calendar?ACK(_) -> break
  :: kick?_; add_job()
  od;
  if
  :: has_job -> to_calendar!REQUEST(job + OFFSET_AT_START); await_ack(); t = 0
  :: else
  fi;
  do                             /* usfstl_sched_next() */
  :: has_job && !AFTER(job, now) ->
     d_step { assert(now == job && current_time - started_at == job - began);
       has_job = false; job = 0 }
  :: !has_job || AFTER(job, now) ->
     to_calendar!WAIT(0); from_calendar?ACK(_); waiting = true;
end_wait:
     do                          /* usfstl_sched_ctrl_wait() */
     :: waiting && nempty(from_calendar) -> sock_read()
     :: waiting && nempty(kick) -> kick?_; to_calendar!GET(0); await_ack(); t = t - offset; set_time();
        add_job(); to_calendar!REQUEST(job + offset); await_ack(); t = 0
     :: !waiting -> break
     od
  od
}

proctype Uml() { kick!1 }

/* ---- The calendar ---- */

proctype Calendar() {
  CLOCK(start); CLOCK(t); bool has_job, is_waited;

  to_calendar?START(_);
  d_step { started_at = current_time; from_calendar!ACK(0) }
  is_waited = true;
end_idle:
  do
  :: to_calendar?REQUEST(t) -> d_step { t = started_at + t; assert(NOT_BEFORE(t, current_time)); /* add_job() */
       start = t; has_job = true; t = 0; from_calendar!ACK(0) }
  :: d_step { to_calendar?GET(_) -> from_calendar!ACK(current_time - started_at) }
  :: d_step { to_calendar?WAIT(_) -> is_waited = false; from_calendar!ACK(0) }
  :: to_calendar?ACK(_)
  :: d_step { has_job && !is_waited -> current_time = start; has_job = false; start = 0; is_waited = true;
       from_calendar!RUN(current_time - started_at) }
  od
}

init {
  atomic {
#ifndef FROM_ZERO
    select (began : 0 .. BEGIN);
#endif
    select (current_time : 0 .. BEGIN);
    run Device(); run Uml(); run Calendar()
  }
}
