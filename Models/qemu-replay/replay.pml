/* QEMU record/replay and the timers of QEMU_CLOCK_VIRTUAL: record a run, then replay its log under another scheduling.
 *
 * From: seed 004 (qemu-devel 2018-10-17, "[PATCH v2 0/4] Introduce attributes for timers subsystem and remove
 * QEMU_CLOCK_VIRTUAL_EXT clock type"); its author's tree, github.com/ArtemPisarenko/qemu: util/qemu-timer.c at
 * ecc524bb, cpus.c at 16f1c68a; replay_checkpoint() of 2018 from a copy of that time; "[PATCH v2] replay: synchronize
 * on every virtual timer callback" (2020-05-22); QEMU 7.2 (Debian 1:7.2+dfsg-7+deb12u18): util/qemu-timer.c, replay/,
 * softmmu/icount.c, accel/tcg/tcg-accel-ops-rr.c. Without QEMU's history at hand: BEFORE and VIRTUAL_EXT are from the
 * seed's words, and UP_FRONT is what it says of v1 of the series ("wrong reimplementation ... caused race conditions").
 *   vCPU        qemu_tcg_rr_cpu_thread_fn(). The guest arms a device's timer (DEVICE), and waits for it with HLT.
 *   MainLoop    main_loop_wait(): qemu_start_warp_timer(), QEMU_CLOCK_VIRTUAL_RT's timers (icount_warp_timer).
 *   OtherThread (some variants) arms a timer of the machine (WORKER) with active_timers_lock only.
 * HOST is slirp's timer, external; its interval is random (g_rand), and not the same when replaying. Its callback sends
 * the guest a packet: queued and logged when recording, dropped by filter-replay when replaying, injected from the log.
 * The replay phase begins when the recorded guest has come to its end. Every callback of DEVICE and WORKER, packet
 * and interrupt must then be what was recorded, in order, icount and clock (`seen`).
 * One step: what is done under the list's lock, one checkpoint or other use of the log, one callback, one instruction;
 * the replay mutex keeps the main loop out of the vCPU's two sections, and the vCPU out of the main loop's rounds; what
 * is outside of it (the wait in qemu_tcg_rr_wait_io_event(), under the BQL; the limit of the slice) is a step of its
 * own. The mutex is not fair, as 7.2's is: there, fewer schedules exist. In replay the threads go round
 * and round; rounds that change nothing are left out, so that a replay that is stuck is a deadlock. ALL_ROUNDS has
 * them too: then replay_ends, under --fairness strong, gives the same verdicts.
 * Left out: checkpoints CLOCK_HOST, RESET, INIT; other timers of QEMU_CLOCK_VIRTUAL_RT; block and char events; the
 * recursion of checkpoints; partial warps; EVENT_SHUTDOWN; 7.2's second walk at icount_budget 0; sleep=off.
 *
 * -DEXT_FIRES -DKEYS -DROUNDS, and the walk of timerlist_run_timers():
 *   (default)    BEFORE: every timer is as any other; the checkpoint comes before the walk
 *   VIRTUAL_EXT  HOST is on the list of QEMU_CLOCK_VIRTUAL_EXT, without checkpoints, which the main loop runs
 *   UP_FRONT     EXTERNAL; a look at the list tells whether there will be a checkpoint before the walk
 *   EXTERNAL     at the first expired timer without EXTERNAL, once: lock dropped, checkpoint, walk begun again
 *   EVERY        2020: a checkpoint under the lock before each callback of a timer without EXTERNAL
 * and what surrounds it, as in 2018, or
 *   IDLE_FIRST   qemu_start_warp_timer() looks for an idle vCPU before the checkpoint when recording, and not at all
 *                when replaying; in 2018 after the checkpoint, in both
 *   WARP_SKIPS_EXTERNAL   the warp goes to the first timer without EXTERNAL (2019)
 *   WAKE         replaying, with a checkpoint next that is not the warp's: qemu_clock_notify() wakes the vCPU
 *   NO_REARM     timer_mod() does not call qemu_start_warp_timer()
 *   ASYNC_EVENTS only the vCPU thread handles queued events, before CHECKPOINT_CLOCK_WARP_ACCOUNT
 *   TODAY        all five, as in 7.2
 * and SAME_EXT (HOST's interval is not random); DHCP (the guest asks slirp for an address, and waits for the packet);
 * KEYS (host input arms HOST in the main loop, as ui/input.c does; replaying, keys come from the log); OTHER (the
 * thread arms WORKER, for a time the guest chose, instead of DEVICE); OTHER_AFTER (DEVICE's callback has the thread arm
 * WORKER); OTHER_ANY (it arms it some time, due at once).
 * Properties: assertions (replay follows record), end-states (it comes to its end); in the log there is for an external
 * timer's sake no CLOCK_VIRTUAL (no_virtual_mark), no CLOCK_WARP_START (no_start_mark), no CLOCK_WARP_ACCOUNT (no_...).
 *
 * Results: BFS steps, or holds; states of the whole search, the same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE
 * -DNOCLAIM). I: IDLE_FIRST, S: WARP_SKIPS_EXTERNAL, W: WAKE.
 *                                 assertions  end-states  _virtual_  _start_  _account_  states
 *   BEFORE                        holds       87          23         holds    17         28,308
 *   BEFORE SAME_EXT               holds       175         23         holds    17         6,656
 *   BEFORE I                      holds       87          23         holds    17         8,103
 *   BEFORE SAME_EXT I             holds       holds       23         holds    17         2,112
 *   BEFORE TODAY                  holds       88          23         holds    17         2,756
 *   VIRTUAL_EXT                   holds       108         holds      holds    holds      7,109
 *   VIRTUAL_EXT I KEYS=1          holds       holds       holds      holds    holds      2,763
 *   EXTERNAL                      holds       102         holds      holds    17         34,913
 *   EXTERNAL DHCP                 holds       92          holds      holds    17         7,967
 *   EXTERNAL S W                  holds       107         holds      holds    17         18,877
 *   EXTERNAL I W                  holds       110         holds      holds    17         13,497
 *   EXTERNAL I S                  holds       holds       holds      holds    17         4,764
 *   EXTERNAL I S KEYS=1           holds       115         holds      25       17         18,102
 *   EXTERNAL I S W KEYS=1         holds       holds       holds      25       17         21,178
 *   EXTERNAL I S W DHCP           holds       holds       holds      holds    17         1,984
 *   UP_FRONT I S W KEYS=1         holds       holds       holds      27       17         21,325
 *   UP_FRONT TODAY OTHER          holds       101         holds      holds    17         9,885
 *   EXTERNAL TODAY OTHER          holds       holds       holds      holds    17         9,700
 *   EXTERNAL TODAY OTHER_AFTER    99          116         holds      holds    17         36,852
 *   EVERY TODAY OTHER_AFTER       holds       holds       holds      holds    17         33,155
 *   EVERY TODAY OTHER             holds       holds       holds      holds    17         9,585
 *   EVERY TODAY OTHER DUE=5       holds       83          holds      holds    17         28,657
 *   EVERY TODAY OTHER_ANY         83          74          holds      holds    17         144,586
 *   EVERY TODAY KEYS=1            holds       holds       holds      holds    17         15,907
 *   EVERY TODAY KEYS=1 DHCP       holds       holds       holds      holds    17         3,056
 *   EVERY TODAY KEYS=2 EXT_FIRES=2 ROUNDS=3: all but _account_ (17) hold, 9,480
 *
 * BEFORE: confirmed. HOST fires, CLOCK_VIRTUAL is logged; replaying, its interval is another, and no timer has expired
 * where the log has the checkpoint. VIRTUAL_EXT and EXTERNAL mend that. UP_FRONT: the look finds HOST only; WORKER is
 * armed before the walk, and runs without a checkpoint: the list can change, but only by a thread without the mutex.
 * News (read and shown here; not run on QEMU):
 * The seed's P.S. (replay is stuck at "Configuring network interfaces...", with and without the series): DHCP itself
 * need not be to blame. In the code of 2018 there are three ways in which replay of an idle guest waits for ever:
 * - S W: qemu_start_warp_timer() passes CLOCK_WARP_START and then asks all_cpu_threads_idle(). The vCPU thread takes
 *   the work that qemu_clock_notify() queued without the replay mutex. Recording, it was quicker than the main loop's
 *   next round, which then found the vCPU idle and logged a CLOCK; replaying, it is slower, and nobody ever reads it.
 *   This way is there in VIRTUAL_EXT (108) and SAME_EXT (175), too. 7.2 has I.
 * - I W: the deadline to which it warps is that of all timers. HOST's is not the same when replaying. 7.2 has S.
 * - I S: arming HOST from the main loop wakes the idle vCPU, so that CLOCK_WARP_ACCOUNT is logged. Replaying, no key is
 *   pressed, and nobody wakes it. 7.2 has W; its comment says as much.
 *   With I, S and W, no matter what the walk does with HOST, replay ends; each of the three is needed.
 * EXTERNAL leaves its marks: _start_ (timer_mod() of 2018), _account_ (its deadline ends a slice, in 7.2 too).
 * OTHER_AFTER: one checkpoint for a walk is not enough, with the walk begun again or not. WORKER is armed while
 * DEVICE's callback runs, and needs none; recording, it was armed after the walk, and had one. This is what the
 * patch of 2020 mends: a checkpoint for every callback holds it where it was, however early the timer was armed.
 * But (OTHER DUE=5, OTHER_ANY) it holds callbacks only: the warp is computed without a timer that is not armed yet, and
 * timers that are armed when already due run in the order of arming. */
#include "log.pml"

/* ---- The vCPU thread: qemu_tcg_rr_cpu_thread_fn() ---- */

#define ROUND_FOR_HOST \
  (EXPIRED(CLOCK) && expire_time[HOST] <= CLOCK && expire_time[DEVICE] > CLOCK && expire_time[WORKER] > CLOCK)
inline qemu_account_warp_timer() {
#ifdef ASYNC_EVENTS
  replay_save_instructions();        /* replay_async_events() */
  if
  :: replay_mode == RECORD -> replay_save_events(ASYNC + WARP_ACCOUNT)
  :: else -> replay_read_events(ASYNC + WARP_ACCOUNT)
  fi;
#endif
  replay_checkpoint(WARP_ACCOUNT, ok);
  account_mark = account_mark || replay_mode == RECORD && ROUND_FOR_HOST;
  if
  :: ok -> icount_warp_rt()          /* it was woken before the warp was over */
  :: else
  fi;
  ok = false; value = 0
}
#ifdef DHCP
#define WAITS  (ip == 2 && packets == 0)
#elif defined(OTHER)
#define WAITS  (ip == 2 && worker_fired == 0)
#elif defined(OTHER_AFTER) || defined(OTHER_ANY)
#define WAITS  (ip == 2 && (fired == 0 || worker_fired == 0))
#else
#define WAITS  (ip == 2 && fired == 0)
#endif
inline instruction() {
  qemu_icount++;
  if
  :: ip == 0 -> ip++;                /* a write to the device, which arms its timer */
#ifdef DHCP
     if :: replay_mode == RECORD -> events_list++ :: else fi;             /* and slirp answers at once */
#endif
#ifndef OTHER
     insert(DEVICE, CLOCK + 4);
     if
     :: replay_mode == RECORD -> timerlist_rearm(DEVICE, false)
     :: else                         /* no checkpoint is met: instruction_count is not 0 yet */
     fi
#endif
  :: WAITS -> halted = true          /* HLT */
  :: else -> ip++
  fi;
  if
  :: replay_mode == PLAY ->          /* replay_account_executed_instructions() */
     instruction_count--;
     if :: instruction_count == 0 -> replay_finish_event() :: else fi
  :: else
  fi;
  ok = false; value = 0;
  icount_budget--
}
inline cpu_handle_interrupt() {
  halted = false;
  if
  :: replay_mode == RECORD ->
     replay_save_instructions(); replay_put_event(INTERRUPT); interrupt_request = false; note(TAKEN)
  :: replay_mode == PLAY && data_kind == INTERRUPT -> replay_finish_event(); interrupt_request = false; note(TAKEN)
  :: else
  fi
}
inline start() {                     /* slirp_init(): the interval is random, and not of the guest */
#ifndef SAME_EXT
  if
  :: d_step { replay_mode == RECORD || replay_mode == PLAY -> arm_at_start(1) }
  :: d_step { replay_mode == RECORD || replay_mode == PLAY -> arm_at_start(4) }
  fi
#else
  d_step { arm_at_start(1) }
#endif
}
inline arm_at_start(when) {
  expire_time[HOST] = when;
#ifndef VIRTUAL_EXT
  active_timers[0] = HOST;
#endif
  replay_lock = false
}
/* In replay the threads go round and round. Rounds that change nothing are left out. */
#ifdef ALL_ROUNDS
#define ANY_ROUND  true
#else
#define ANY_ROUND  false
#endif
#define VCPU_HAS_WORK \
  (ANY_ROUND || replay_mode == RECORD || data_kind == WARP_ACCOUNT || data_kind == ASYNC + WARP_ACCOUNT || \
   data_kind == INSTRUCTION && !halted || interrupt_request && (halted || data_kind == INTERRUPT) || \
   EXPIRED(CLOCK) && (IS_EXTERNAL(HEAD) || data_kind == CLOCK_VIRTUAL))

active proctype vCPU() {
  byte ts = NEVER, current_time, icount_budget, value;
  bool ok, need_replay_checkpoint, written, internal, external;
  start();
  do
  :: ip < LAST && VCPU_HAS_WORK ->
     d_step { !replay_lock -> replay_lock = true };
     d_step { qemu_account_warp_timer() };
     if                              /* handle_icount_deadline() */
     :: EXPIRED(CLOCK) -> timerlist_run_timers()
     :: else
     fi;
     replay_lock = false;
     if                              /* while (cpu && !cpu->queued_work_first ...) */
     :: queued_work
     :: else ->
       d_step {                        /* tcg_get_icount_limit(); replay_get_instructions() has the mutex for itself */
         !replay_lock || replay_mode == RECORD ->
         if
         :: replay_mode == PLAY -> icount_budget = instruction_count
         :: replay_mode == RECORD && HEAD == NEVER -> icount_budget = LAST
         :: replay_mode == RECORD && EXPIRED(CLOCK) -> icount_budget = 0
         :: else -> icount_budget = expire_time[HEAD] - CLOCK
         fi };
       d_step { !replay_lock -> replay_lock = true };      /* prepare_icount_for_run() */
       if
       :: interrupt_request -> d_step { cpu_handle_interrupt() }
       :: else
       fi;
       do
       :: d_step { !halted && icount_budget > 0 && ip < LAST -> instruction() }
       :: d_step { halted || icount_budget == 0 || ip == LAST -> icount_budget = 0 }; break
       od;
       replay_lock = false;            /* process_icount_data() */
     fi;
     d_step { !IDLE && !BQL -> queued_work = false }     /* qemu_tcg_rr_wait_io_event() */
  :: d_step { ip == LAST && replay_mode == RECORD && !replay_lock ->
       replay_save_instructions(); replay_put_event(END);
       replay_mode = PLAY; log_size = 0; entries = 0; ip = 0; fired = 0; worker_fired = 0; ext_fired = 0;
       packets = 0; keys = 0; rounds = 0;
       armed = false; replay_lock = true;
       qemu_icount = 0; qemu_icount_bias = 0; current_icount = 0; halted = false; interrupt_request = false;
       queued_work = false; events_list = 0; warp_timer = false; warp_start = 0; warp_expire = 0; rt = 0;
       active_timers[0] = NEVER; active_timers[1] = NEVER; active_timers[2] = NEVER;
       expire_time[0] = NEVER; expire_time[1] = NEVER; expire_time[2] = NEVER;
       replay_fetch_data_kind()
     };
     start()
  :: ip == LAST && replay_mode == PLAY -> break
  od
}

/* ---- The main loop: main_loop_wait() ---- */

#ifdef VIRTUAL_EXT
#define EXT_EXPIRED (expire_time[HOST] <= CLOCK)
#else
#define EXT_EXPIRED false
#endif
#ifdef WAKE
#define WAKES (IDLE && data_kind < INTERRUPT)
#else
#define WAKES false
#endif
#define MAIN_HAS_WORK \
  (replay_mode == RECORD && (rounds < ROUNDS || IDLE && WARP_TIME != NEVER || EXT_EXPIRED) || \
   replay_mode == PLAY && (ANY_ROUND || data_kind == WARP_START || EXT_EXPIRED || WAKES || \
                           warp_timer && (data_kind == CLOCK_RT || data_kind == ASYNC + CLOCK_RT || \
                                          data_kind >= EVENT_CLOCK && data_kind < INSTRUCTION)))

active proctype MainLoop() {
  byte ts = NEVER, value;
  bool ok, late;
end:
  do
  :: d_step { MAIN_HAS_WORK && ip < LAST && !replay_lock ->
       replay_lock = true; BQL = true;
       if :: rounds < ROUNDS && replay_mode == RECORD -> rounds++ :: else -> late = true fi };
#if KEYS > 0
     if                              /* a key: the input queue's timer delays it */
     :: d_step { replay_mode == RECORD && keys < KEYS && expire_time[HOST] == NEVER ->
          keys++; arm_host(CLOCK + 1, true); ok = false; value = 0 }
     :: skip
     fi;
#endif
     d_step { qemu_start_warp_timer(); ok = false; value = 0 };
     if                              /* while recording time passes, sooner or later */
     :: warp_timer && replay_mode == RECORD && rt < warp_expire -> rt = warp_expire
     :: !late || !warp_timer || replay_mode == PLAY || rt >= warp_expire
     fi;
     if                              /* timerlist_run_timers() of QEMU_CLOCK_VIRTUAL_RT */
     :: warp_timer ->
        d_step {
          replay_checkpoint(CLOCK_RT, ok);
          if
          :: ok -> qemu_clock_get_rt(value);
             if :: value >= warp_expire -> icount_warp_rt() :: else fi     /* icount_timer_cb() */
          :: else
          fi;
          ok = false; value = 0 }
     :: else
     fi;
     if
     :: EXT_EXPIRED -> d_step { ts = HOST; expire_time[HOST] = NEVER; callback(true); ok = false; value = 0 }
     :: else
     fi;
     d_step {                        /* timerlistgroup_deadline_ns(), for the next poll */
       if :: warp_timer -> qemu_clock_get_rt(value) :: else fi;
       BQL = false; replay_lock = false; late = false; value = 0 }
  od
}

/* ---- A thread that arms WORKER, with the list's lock and no other ---- */

#if defined(OTHER)
#define ASKED (ip > 0)               /* by the guest */
#ifndef DUE
#define DUE   3                      /* when the guest begins to wait */
#endif
#elif defined(OTHER_AFTER)
#define ASKED (fired > 0)            /* by DEVICE's callback */
#define DUE   5
#elif defined(OTHER_ANY)
#define ASKED (ip > 0)
#define DUE   CLOCK                  /* at once */
#endif
#ifdef ASKED
active proctype OtherThread() {
end:
  do
  :: d_step { ASKED && ip < LAST && !armed ->
       armed = true; insert(WORKER, DUE);
       if :: HEAD == WORKER -> queued_work = true :: else fi }            /* timerlist_notify() */
  od
}
#endif

#ifdef ALL_ROUNDS
ltl replay_ends { <> (replay_mode == PLAY && ip == LAST) }
#endif
ltl no_virtual_mark { [] !virtual_mark }
ltl no_start_mark { [] !start_mark }
ltl no_account_mark { [] !account_mark }
