/* QEMU_CLOCK_VIRTUAL under icount, without record/replay: is a run determined by its input? Two runs are compared.
 *
 * From: seed 004 (qemu-devel 2018-10-17, "[PATCH v2 0/4] Introduce attributes for timers subsystem and remove
 * QEMU_CLOCK_VIRTUAL_EXT clock type"); its author's tree of that month, github.com/ArtemPisarenko/qemu: cpus.c at
 * 16f1c68a, util/qemu-timer.c at ecc524bb; QEMU 7.2 (Debian 1:7.2+dfsg-7+deb12u18): softmmu/icount.c,
 * accel/tcg/tcg-accel-ops-rr.c, accel/tcg/tcg-accel-ops-icount.c, util/main-loop.c. VIRTUAL_EXT (2018-09) is from the
 * seed's words: its code was not found. Configuration: -icount shift=0,sleep=off, -netdev user,restrict=on, one vCPU.
 *   vCPU       qemu_tcg_rr_cpu_thread_fn(): handle_icount_deadline(), prepare_icount_for_run(), tcg_cpu_exec(),
 *              process_icount_data(), qemu_tcg_rr_wait_io_event(). The guest asks slirp for an address, arms a device's
 *              timer, and computes; with HALTS it waits with HLT, first for the reply and then for the device.
 *   MainLoop   main_loop_wait(): qemu_start_warp_timer(), qemu_clock_run_all_timers(); and, `kicks`, whatever else of
 *              the host's has async_run_on_cpu() stop or wake the vCPU.
 * When the first run is over everything starts anew, and the second must do what the first one did: the callbacks, and
 * the interrupts the guest takes, in the same order and each at the same time of QEMU_CLOCK_VIRTUAL (`seen`).
 * One step: an access to the list (its lock covers it), one callback (the BQL is held, and the guest does not run), one
 * instruction, one access to timers_state. A round of the main loop in which nothing would happen is left out.
 * Left out: the lists of other AioContexts, use_icount == 2, the kick timer, sleep=on (it is not determined, and is
 * not meant to be). A kick does not split an instruction, and TBs are one instruction long.
 *
 * -DTIMES -DDELAY -DPERIOD -DKICKS, and
 *   (default)     slirp's timer is one of QEMU_CLOCK_VIRTUAL, as before 2018-09 and since the attribute EXTERNAL
 *   VIRTUAL_EXT   it is one of QEMU_CLOCK_VIRTUAL_EXT, which shows the same time, but which the main loop runs
 *   HALTS         the guest is idle now and then: the warp of qemu_start_warp_timer() moves the clock
 *   FIX           the main loop does not warp before the vCPU thread has accounted for its slice
 *   WARP_SKIPS_EXTERNAL   as in 7.2: the warp's deadline is that of the timers without EXTERNAL
 * Properties: assertions (the second run is like the first); end-states (no hang); in_time (every callback runs at the
 * time for which its timer was armed: under icount there is no reason to be late).
 *
 * Results: BFS steps, or holds; states of the whole search, the same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE
 * -DNOCLAIM).                                 assertions  end-states  in_time  states
 *   default                                   holds       holds       holds    472       KICKS=3 TIMES=3: 1,400
 *   VIRTUAL_EXT                               82          holds       32       20,817
 *   HALTS                                     128         holds       44       18,175
 *   HALTS FIX                                 holds       holds       holds    996       KICKS=3 TIMES=3: 3,394
 *   HALTS FIX DELAY=16                        holds       holds       holds    1,282
 *   HALTS VIRTUAL_EXT FIX                     124         holds       36       2,506
 *   HALTS VIRTUAL_EXT FIX DELAY=16            holds       86          holds    418
 *   HALTS FIX WARP_SKIPS_EXTERNAL             128         holds       44       1,722
 *   HALTS FIX WARP_SKIPS_EXTERNAL DELAY=16    holds       86          holds    418
 *
 * VIRTUAL_EXT: the seed's complaint, confirmed. The reply's callback runs when the host lets the main loop run.
 * News (read in the source and shown here; HALTS seen on QEMU, too):
 * HALTS VIRTUAL_EXT DELAY=16: and an idle guest may wait for ever. The warp looks at QEMU_CLOCK_VIRTUAL only; without
 * a timer there the clock stands still, and the timer that would wake the guest never expires.
 * HALTS: with sleep=off the warp itself is a race, in 2018 and in 7.2. HLT sets cpu->halted without the BQL, before
 * process_icount_data(). The main loop sees all_cpu_threads_idle() and computes the deadline from a qemu_icount that
 * lacks the slice's instructions (current_cpu is thread-local); when they are accounted for, the clock has gone too
 * far by as many. With record/replay the replay mutex keeps the two apart; without it, it is a no-op. FIX: wait until
 * tcg_current_rr_cpu is NULL. Seen on QEMU 7.2.22: halt-race.S.
 * WARP_SKIPS_EXTERNAL: 7.2 has the seed's fault again for an idle guest. The warp goes past the external timer, and its
 * callback is late or in time as the host happens to wake the vCPU or not. Without other timers the guest hangs. */
#ifndef TIMES
#define TIMES 2      /* the device's timer fires so often */
#endif
#ifndef DELAY
#define DELAY 3      /* of the DHCP reply, in instructions (shift=0) */
#endif
#ifndef PERIOD
#define PERIOD 4     /* of the device's timer */
#endif
#ifndef KICKS
#define KICKS 1      /* other things of the host's that stop the vCPU, in each run */
#endif
#define LAST 8       /* instructions of the guest */
#define BUDGET 16    /* tcg_get_icount_limit() without a deadline */

#define DEVICE 0     /* the timers: of a device in the guest's machine; of slirp, external */
#define SLIRP  1
#define NEVER  255
#define VIRTUAL 0    /* the lists */
#define EXT     1
#ifdef VIRTUAL_EXT
#define SLIRP_LIST EXT
#else
#define SLIRP_LIST VIRTUAL
#endif

#define DEVICE_CB 1  /* what the two runs have to agree on, in `seen` */
#define SLIRP_CB  2
#define INTERRUPT 3
#define ENTRY(what, at) (what * 64 + at)

byte qemu_icount, qemu_icount_bias;  /* timers_state */
byte executed;                       /* of the current slice: icount_budget - icount_decr, not in qemu_icount yet */
byte icount_budget;
bool halted, interrupt_request, queued_work, exit_request, running;
byte ip;                             /* instructions done: the guest's own program counter */

byte expire_time[2] = NEVER;         /* -1 in the source */
byte active_timers[4] = NEVER;       /* two lists of two timers each, sorted */
byte fired;
bool replied;                        /* slirp's packet is in the guest */

bool BQL;                            /* qemu_global_mutex */
bool in_main_loop;
bool late;                           /* a callback ran later than its time */

byte run_no, kicks, entries;              /* the two runs, and what the first one did */
byte seen[16];

#define VCPU_CLOCK (qemu_icount + executed + qemu_icount_bias)  /* cpu_get_icount() in the vCPU thread, */
#define IO_CLOCK   (qemu_icount + qemu_icount_bias)             /* and elsewhere: current_cpu is thread-local */
#define HEAD(list)    active_timers[2 * (list)]
#define SECOND(list)  active_timers[2 * (list) + 1]
#define EXPIRED(list, clock)  (HEAD(list) != NEVER && expire_time[HEAD(list)] <= clock)
#define IDLE       (halted && !interrupt_request && !queued_work)   /* all_cpu_threads_idle() */
#ifdef FIX
#define MAY_WARP   (IDLE && !running)
#else
#define MAY_WARP   IDLE
#endif

inline lock_iothread() { d_step { !BQL -> BQL = true } }

inline note(what, at) {
  if
  :: run_no == 0 -> seen[entries] = ENTRY(what, at)
  :: else -> assert(seen[entries] == ENTRY(what, at))
  fi;
  entries++
}

/* ---- util/qemu-timer.c ---- */

inline timer_mod(timer, list, when) {      /* neither of the two is on its list when it comes here */
  expire_time[timer] = when;
  if
  :: HEAD(list) != NEVER && expire_time[HEAD(list)] <= when -> SECOND(list) = timer
  :: else -> SECOND(list) = HEAD(list); HEAD(list) = timer
  fi
}
inline qemu_clock_notify() {               /* qemu_timer_notify_cb(), from the main loop: async_run_on_cpu() */
  queued_work = true
}
inline timerlist_run_timers(list, CLOCK) {
  current_time = CLOCK;
  do
  :: d_step { EXPIRED(list, current_time) ->
       ts = HEAD(list); HEAD(list) = SECOND(list); SECOND(list) = NEVER;
       late = late || expire_time[ts] < CLOCK; expire_time[ts] = NEVER }
     d_step {                              /* the callback */
       if
       :: ts == DEVICE -> note(DEVICE_CB, CLOCK); fired++;
          if :: fired < TIMES -> timer_mod(DEVICE, VIRTUAL, CLOCK + PERIOD) :: else fi
       :: else -> note(SLIRP_CB, CLOCK); replied = true    /* the packet goes to the guest's network card */
       fi;
       interrupt_request = true; ts = 0
     }
  :: d_step { !EXPIRED(list, current_time) -> current_time = 0 }; break
  od
}

/* ---- The vCPU thread: qemu_tcg_rr_cpu_thread_fn() ---- */

inline instruction() {                     /* one instruction, or an interrupt before it */
  if
  :: interrupt_request -> interrupt_request = false; halted = false; note(INTERRUPT, VCPU_CLOCK)
  :: else ->
     executed++;
     if
     :: ip == 0 -> ip++; timer_mod(SLIRP, SLIRP_LIST, VCPU_CLOCK + DELAY)   /* DHCPDISCOVER: slirp will answer */
     :: ip == 1 -> ip++; timer_mod(DEVICE, VIRTUAL, VCPU_CLOCK + PERIOD); exit_request = true
#ifdef HALTS
     :: ip == 3 && !replied || ip == 5 && fired < TIMES -> halted = true    /* HLT, until what it waits for is there */
     :: ip > 1 && !(ip == 3 && !replied || ip == 5 && fired < TIMES) -> ip++
#else
     :: ip > 1 -> ip++
#endif
     fi
  fi
}
#define CPU_CAN_GO (interrupt_request || !halted && executed < icount_budget && ip < LAST)

active proctype vCPU() {
  byte ts, current_time;
  do
  :: ip < LAST ->
     lock_iothread();
     if
     :: EXPIRED(VIRTUAL, VCPU_CLOCK) -> timerlist_run_timers(VIRTUAL, VCPU_CLOCK)  /* handle_icount_deadline() */
     :: else
     fi;
     running = true;                       /* tcg_current_rr_cpu */
     BQL = false;
     d_step {                              /* prepare_icount_for_run(): the deadline of QEMU_CLOCK_VIRTUAL */
       if
       :: HEAD(VIRTUAL) == NEVER -> icount_budget = BUDGET
       :: EXPIRED(VIRTUAL, VCPU_CLOCK) -> icount_budget = 0
       :: else -> icount_budget = expire_time[HEAD(VIRTUAL)] - VCPU_CLOCK
       fi
     };
     do                                    /* tcg_cpu_exec(), without the BQL */
     :: d_step { CPU_CAN_GO && !exit_request && !queued_work -> instruction() }
     :: d_step { !CPU_CAN_GO || exit_request || queued_work -> exit_request = false }; break
     od;
     atomic { qemu_icount = qemu_icount + executed; executed = 0; icount_budget = 0 };   /* process_icount_data() */
     running = false;
     d_step { !IDLE && !BQL -> queued_work = false }     /* qemu_tcg_rr_wait_io_event(), under the BQL */
  :: d_step { ip == LAST && run_no == 0 && !BQL && !in_main_loop ->    /* the second run, from the same start */
       seen[entries] = ENTRY(0, 0); run_no = 1; entries = 0; ip = 0; fired = 0; replied = false; kicks = 0;
       qemu_icount = 0; qemu_icount_bias = 0; halted = false; interrupt_request = false; queued_work = false;
       HEAD(VIRTUAL) = NEVER; SECOND(VIRTUAL) = NEVER; HEAD(EXT) = NEVER; expire_time[0] = NEVER;
       expire_time[1] = NEVER }
  :: d_step { ip == LAST && run_no == 1 && !BQL && !in_main_loop }; assert(seen[entries] == ENTRY(0, 0)); break
  od
}

/* ---- The main loop: main_loop_wait() ---- */

#ifdef WARP_SKIPS_EXTERNAL
#define WARP_TIME      expire_time[DEVICE]             /* ~QEMU_TIMER_ATTR_EXTERNAL */
#else
#define WARP_TIME      (HEAD(VIRTUAL) == NEVER -> NEVER : expire_time[HEAD(VIRTUAL)])
#endif
#define WORTH_A_ROUND  (MAY_WARP && WARP_TIME != NEVER || EXPIRED(EXT, IO_CLOCK))

active proctype MainLoop() {
  byte ts, current_time, deadline;
end:
  do
  :: d_step { WORTH_A_ROUND && ip < LAST && !BQL -> BQL = true; in_main_loop = true };
     if                                    /* qemu_start_warp_timer(), sleep=off */
     :: MAY_WARP ->
        d_step {                           /* qemu_clock_deadline_ns_all(QEMU_CLOCK_VIRTUAL) */
          deadline = WARP_TIME;
          if
          :: deadline == NEVER
          :: deadline <= IO_CLOCK -> deadline = 0
          :: else -> deadline = deadline - IO_CLOCK
          fi };
        if
        :: deadline != NEVER -> qemu_icount_bias = qemu_icount_bias + deadline; qemu_clock_notify()
        :: else
        fi;
        deadline = 0
     :: else
     fi;
     timerlist_run_timers(EXT, IO_CLOCK);  /* qemu_clock_run_all_timers() skips QEMU_CLOCK_VIRTUAL */
     in_main_loop = false;
     BQL = false
  :: d_step { kicks < KICKS && ip > 0 && ip < LAST && !BQL -> kicks++; queued_work = true }
  od
}

ltl in_time { [] !late }
