/* x86 user interrupts: one receiver that runs or sleeps in uintr_wait(), SENDUIPI, two CPUs, and a lost wake-up.
 *
 * From: lkml 2021-09, RFC PATCH 11/13 "x86/uintr: Introduce uintr_wait() syscall" and its review by T. Gleixner and
 * A. Lutomirski; intel/uintr-linux-kernel, arch/x86/kernel/uintr_core.c (at 2100ffbe); the SDM on user interrupts.
 *   Receiver    the user's code and handler, uintr_receiver_wait(), schedule(), switch_uintr_return(). It moves only
 *               while it is on a CPU that handles no interrupt (`provided`).
 *   Sender      SENDUIPI: the locked update of PIR and ON is one step, the IPI to the NV and NDST it read another.
 *   Interrupts  a CPU's microcode (NV-1 equals UINV: clear ON; then fetch and clear PIR into UIRR; at any CPL, user
 *               code sees it later) and the kernel's handlers (uintr_wake_up_process(); the way back to user mode).
 *   Scheduler   runs other tasks, with UINTR or without, preempts, migrates, sends a signal, unplugs a CPU.
 * Each access to the UPID or to what CPUs share is a step, in the order of the source. One step are: __switch_to()
 * (interrupts are off, and nobody else looks between), the walk's test of `listed && ON` (under the lock), and what
 * the run queue's lock covers. Plain stores are seen at once: a locked instruction follows each before it matters.
 * An IPI may be long under way (a sender in a guest may be stopped before its ICR write), and NV-1 and NV-2 are taken
 * in any order. Left out: 63 vectors, other UPIDs on the list (their notifications come as NV-2 or NV-1 for nobody),
 * UIF (the receiver may call uintr_wait() with UIRR set, as after CLUI), timeouts, exit. The fault is made from the
 * proposal: a reserved bit, BLKD; its #GP handler posts the vector, wakes, then notifies as SENDUIPI would.
 *
 * -DSENDERS -DSENDS -DSIGNALS, and
 *   (default)    NV-2 as posted (v1): NV := NV-2, waiting, list_add(), INTERRUPTIBLE, schedule(), in this order
 *   RECHECK      after list_add(), with PIR or ON set: it does not sleep
 *   PREPARE      RECHECK as prepare_to_wait() has it: INTERRUPTIBLE first, then the rest; finish_wait() afterwards
 *   UIRR_TOO     RECHECK looks at UIRR too, after PIR and ON     ONE_VECTOR  NV-1 only; its handler walks the list
 *   FAULT        a reserved bit for NV-2: set by the switch, or, with PREPARE, before the check
 *   FIX          PREPARE; the CPU's UINV is cleared first, so that its microcode leaves PIR alone; NDST is set with
 *                list_add(); SN and ON are cleared before PIR and UIRR are looked at; switch_uintr_return() clears ON
 *                before SN; a CPU that goes hands its UPIDs, and an NV-2 for what came already, to another CPU
 *   PREEMPT      the kernel is preemptible     HOTPLUG   a CPU without the receiver goes away
 *   POLLED       the receiver does not wait, somebody polls for its vectors: it runs, and the kernel has to tell;
 *                POLLED_NV2: NV-2 all the time. POLLED FAULT FIX: the bit is set all the time
 * Properties: no_lost_wakeup (never asleep with PIR or UIRR set, and nothing under way) and sleeper_is_woken;
 * no_lost_notification (the same, of user code and PIR: its handler runs only after the next entry to the kernel);
 * bystander_left_alone (no NV-2 in another task's time), not_for_ever (with SENDS=0; not again and again for ever);
 * assertions: nothing is listed twice. --fairness weak: without it, only the other tasks need ever move.
 * (Spin's -f finds no cycle in which a `provided` clause holds a process back, so Spin cannot be asked that.)
 *
 * Results: BFS steps, or holds, in Heddle; with SENDS=1, the same states in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY
 * -DNOREDUCE -DNOCLAIM). SENDS=2; W: sleeper_is_woken, steps before the cycle; not_for_ever: SENDS=0.
 *                            no_lost_wakeup  W      no_lost_notification  left_alone  not_for_ever  assertions  states
 *   ONE_VECTOR FIX           15              16     holds                 holds       holds         holds       562,708
 *   default                  12              13     35                    9           violated      17
 *   RECHECK                  14              15     36                    10          violated      18
 *   RECHECK UIRR_TOO         21              22     36                    10          violated      18
 *   PREPARE                  14              15     21 (SENDS=3)          10          violated      holds     2,057,100
 *   PREPARE UIRR_TOO         37              37     21 (SENDS=3)          10          violated      holds     1,908,086
 *   FIX                      holds           holds  holds (SENDS=3 too)   13          violated      holds     2,208,934
 *   FAULT                    10              12     34                    holds       holds         holds       346,660
 *   FAULT PREPARE            13              15     35                    holds       holds         holds       550,612
 *   FAULT PREPARE UIRR_TOO   holds           holds  35                    holds       holds         holds       511,486
 *   FAULT FIX                holds           holds  holds (SENDS=3 too)   holds       holds         holds       611,612
 *   PREPARE UIRR_TOO, SENDS=1: no_lost_wakeup PREEMPT 10, HOTPLUG 10; with FAULT too both hold (348,996; 123,056)
 *   FIX PREEMPT HOTPLUG: holds, SENDS=1 1,026,842, SENDS=2 13,024,566; FAULT too: holds, SENDS=2 3,846,202
 *   FIX SENDERS=2 SENDS=1: holds, 3,972,900. FIX SENDS=3 SIGNALS=0: holds, 2,541,590. SENDS=3 is with SIGNALS=0, as
 *   is SENDS=0 for FIX and FAULT. no_lost_wakeup and no_lost_notification where only "holds" is said.
 *   POLLED 7, POLLED_NV2 22 (FIX: 14); POLLED FAULT FIX: holds, 200,130 (no_poller_forgotten)
 *
 * As the list says (Corpus/uintr has a trace of each, and of the news):
 * ONE_VECTOR: NV-1 comes while another task with UINTR is on the CPU; the microcode takes it for that task's.
 * default: SENDUIPI has read NV-1, or the microcode has the vector, before NV := NV-2: nobody is told. A signal wakes
 * the receiver and leaves it listed: the next wait adds it twice, so that the list is a ring and its walk never ends.
 * RECHECK UIRR_TOO: NV-2 wakes a task that is not INTERRUPTIBLE yet; it then sleeps, with SN set.
 * HOTPLUG: NDST names the CPU on which it slept; that CPU goes, and NV-2 with it.
 * NV-2 interrupts whoever runs on the receiver's last CPU, with each wake-up, for ever if the sender goes on; POLLED:
 * while it runs, NV-1 goes to user code, and the kernel learns nothing; with NV-2 all the time and a migration, the
 * self-IPI on the new CPU clears ON before the walk on the old CPU looks for it.
 * News:
 * PREPARE: a check of PIR and ON is not enough. NV-1 may come within uintr_wait(): the microcode still serves this
 * task, and moves PIR to UIRR, clearing ON. The check finds nothing, and the task sleeps with a vector in UIRR.
 * PREPARE UIRR_TOO: nor is UIRR. An old NV-1, whose vector a self-IPI has delivered long ago, comes after the check,
 * together with a new sender's NV-2: the microcode takes the new vector and clears ON, so the walk wakes nobody.
 * PREEMPT: a task preempted in uintr_wait() before `waiting` gets SN from switch_uintr_prepare(), and nothing clears
 * it before it sleeps: SENDUIPI sends nothing at all.
 * no_lost_notification, 35: an entry left listed lets NV-2's walk on another CPU set SN under running user code.
 * SENDS=3: the switch can leave ON set with PIR empty: a vector comes between the microcode's two steps, its IPI
 * after the switch. switch_uintr_return() looks at PIR only; ON stays, and no later SENDUIPI notifies. This needs no
 * uintr_wait(): it is in the context switch of the series. FIX clears ON there.
 * FAULT: as good as NV-2 for the sleeper, and immune to HOTPLUG and PREEMPT, with nobody disturbed (but by an NV-1
 * under way, as always). But not if the switch sets the bit: a vector before it is lost. It needs the same order and
 * the same look at PIR, ON and UIRR.
 * And POLLED, "will never work right", does work with the fault. */
#ifndef SENDERS
#define SENDERS 1    /* tasks that execute SENDUIPI for the same vector */
#endif
#ifndef SENDS
#define SENDS 2      /* by each of them; 0: for ever */
#endif
#ifndef SIGNALS
#define SIGNALS 1    /* other wake-ups of the receiver: signals, in all */
#endif
#if defined(FIX) && !defined(PREPARE)
#define PREPARE
#endif
#if (defined(PREPARE) || defined(UIRR_TOO)) && !defined(RECHECK)
#define RECHECK
#endif

#ifdef POLLED
#define POLL        true
#define OWE_POLLER  owed = owed || !PIR;
#define TELL_POLLER owed = false;
#else
#define POLL        false
#define OWE_POLLER
#define TELL_POLLER
#endif
#ifdef FAULT
#define FAULTS      true
#else
#define FAULTS      false
#endif
#ifdef POLLED_NV2
#define NV_FIRST    NV_2
#else
#define NV_FIRST    NV_1
#endif
#ifdef FIX
#define IF_FIX(text) text
#else
#define IF_FIX(text)
#endif

#define NV_1 1
#define NV_2 2
#define CPUS 2

mtype:task = { RUNNING, INTERRUPTIBLE };

bool PIR, ON, SN;                    /* the UPID; PIR for one vector of the 64 */
bool BLKD = (POLL && FAULTS);        /* FAULT: a reserved bit of it */
byte NV = NV_FIRST, NDST;

bool UIRR;                           /* the receiver's, in the register or in its XSAVE area */
byte uinv[CPUS] = NV_1;              /* each CPU's UINV; 0: none */
bool irr_1[CPUS], irr_2[CPUS];       /* each local APIC's pending NV-1 and NV-2 */
bool online[CPUS] = true;
bool in_irq[CPUS];                   /* the CPU's microcode or an interrupt handler is at work */

mtype:task state = RUNNING;          /* the receiver's task_struct */
bool on_cpu = true, asleep;
byte cpu;
bool user = true;                    /* it runs user code */
bool irqs_off;
bool signal_pending;
byte signals_left = SIGNALS;

bool waiting = POLL, listed = POLL;  /* uintr_upid_ctx, uintr_wait_list */
bool wait_lock;                      /* uintr_wait_lock */
byte under_way;                      /* senders between the locked update and the IPI, or in #GP's handler */
bool disturbed;                      /* a CPU handles an NV-2 in the time of another task */
bool owed;                           /* POLLED: a vector came, and the poller has not been told */

#define ON_CPU(c)  (on_cpu && cpu == c)

/* ---- Notifications ---- */

inline try_to_wake_up() {
  d_step { if :: state == INTERRUPTIBLE -> state = RUNNING; asleep = false :: else fi }
}
inline uintr_wake_up_process(c) {    /* the walk of uintr_wait_list, as far as it regards this UPID */
  d_step { !wait_lock -> wait_lock = true };
  if
  :: listed && ON ->
#ifdef POLLED
     owed = false                    /* it stays on the list for as long as somebody polls */
#else
     SN = true;                      /* set_bit() */
     NV = NV_1;
     waiting = false;
     try_to_wake_up();
     listed = false
#endif
  :: else
  fi;
  wait_lock = false
}
inline switch_uintr_return(c) {      /* with interrupts off on this CPU */
  d_step { uinv[c] = NV_1; NDST = c };
  IF_FIX(ON = false;)
  SN = false;
  if
  :: PIR -> irr_1[c] = true          /* send_IPI_self() */
  :: else
  fi
}
inline irq_exit(c) {                 /* and arch_exit_to_user_mode_prepare() */
  if
  :: ON_CPU(c) && user -> switch_uintr_return(c)
  :: else
  fi
}

#define c _pid                       /* one process a CPU */
active [CPUS] proctype Interrupts() {
end:
  do
  :: d_step { irr_1[c] && online[c] && !(ON_CPU(c) && irqs_off) -> irr_1[c] = false; in_irq[c] = true };
     if
     :: ON_CPU(c) && uinv[c] == NV_1 ->          /* user-interrupt notification processing, at any CPL */
        ON = false;
        d_step { UIRR = UIRR || PIR; PIR = false }
     :: !ON_CPU(c) && uinv[c] == NV_1            /* the same for another task's UPID: nothing is lost but time */
     :: uinv[c] != NV_1 ->                       /* sysvec_uintr_spurious_interrupt() */
#ifdef ONE_VECTOR
        uintr_wake_up_process(c);
#endif
        irq_exit(c)
     fi;
     in_irq[c] = false
  :: d_step { irr_2[c] && online[c] && !(ON_CPU(c) && irqs_off) ->
       irr_2[c] = false; in_irq[c] = true; disturbed = !ON_CPU(c) };
     uintr_wake_up_process(c);
     disturbed = false;
     irq_exit(c);
     in_irq[c] = false
  od
}
#undef c

/* ---- SENDUIPI ---- */

active [SENDERS] proctype Sender() {
  byte nv, ndst, sent;
  bool faults;
end:
  do
  :: d_step { nv == 0 && (SENDS == 0 || sent < SENDS) ->   /* the locked update of the UPID, as one */
       sent = (SENDS == 0 -> 0 : sent + 1);
       if
       :: BLKD -> faults = true; under_way++
       :: else ->
          OWE_POLLER PIR = true;
          if
          :: !SN && !ON -> ON = true; nv = NV; ndst = NDST; under_way++
          :: else
          fi
       fi
     }
#ifdef FAULT
     ;
     if
     :: faults ->                    /* #GP: its handler posts the vector, wakes the target, and then notifies it */
        d_step { OWE_POLLER PIR = true };
        TELL_POLLER
        try_to_wake_up();
        d_step {
          faults = false;
          if
          :: !SN && !ON -> ON = true; nv = NV; ndst = NDST
          :: else -> under_way--
          fi
        }
     :: !faults
     fi
#endif
  :: d_step { nv != 0 ->             /* the IPI: nobody gets one that goes to a CPU that is off */
       if
       :: online[ndst] && nv == NV_1 -> irr_1[ndst] = true
       :: online[ndst] && nv == NV_2 -> irr_2[ndst] = true
       :: else
       fi;
       nv = 0; ndst = 0; under_way--
     }
  od
}

/* ---- The receiver ---- */

inline switch_to() {                 /* switch_uintr_prepare(), XSAVES, and whoever comes next: it uses UINTR or not */
  if :: !waiting -> SN = true :: else fi;
#if defined(FAULT) && !defined(PREPARE)
  if :: asleep -> BLKD = true; waiting = true; SN = true :: else fi;
#endif
  on_cpu = false; user = false;
  if :: uinv[cpu] = 0 :: uinv[cpu] = NV_1 fi
}
inline uintr_remove_task_wait() {
  d_step { !wait_lock -> NV = NV_1; waiting = false; listed = false; BLKD = false }
}
inline switch_to_kernel_vector() {
#ifdef FIX
  uinv[cpu] = 0;                     /* from here on this CPU takes no vector out of PIR */
#endif
#ifdef FAULT
  BLKD = true
#else
#ifndef ONE_VECTOR
  NV = NV_2;
#endif
  waiting = true;
  d_step { !wait_lock -> assert(!listed); listed = true IF_FIX(; NDST = cpu) }
#endif
#ifdef FIX
  ; SN = false
  ; ON = false
#endif
}
#ifdef FIX
#define ANY_PENDING (PIR || UIRR)
#elif defined(UIRR_TOO)
#define ANY_PENDING (PIR || ON || UIRR)
#else
#define ANY_PENDING (PIR || ON)
#endif

active proctype Receiver() provided (on_cpu && !in_irq[cpu]) {
  do
  :: d_step { user && UIRR -> UIRR = false }     /* the user's handler */
#ifndef POLLED
  :: d_step { user -> user = false };            /* uintr_wait(), perhaps after CLUI */
#ifdef PREPARE
        state = INTERRUPTIBLE;
#endif
#if !defined(FAULT) || defined(PREPARE)
        switch_to_kernel_vector();
#endif
#ifdef RECHECK
        if
        :: ANY_PENDING
#ifndef PREPARE
           -> uintr_remove_task_wait(); goto out
#else
           -> goto out
#endif
        :: else
        fi;
#endif
#ifndef PREPARE
        state = INTERRUPTIBLE;
#endif
        d_step {                     /* schedule() */
          if
          :: state == INTERRUPTIBLE && !signal_pending -> asleep = true; switch_to()
          :: else -> state = RUNNING
          fi
        };
out:
#ifdef PREPARE
        state = RUNNING;
        uintr_remove_task_wait()     /* finish_wait() */
#else
        skip
#endif
#endif
  :: d_step { !user -> irqs_off = true; signal_pending = false };
     switch_uintr_return(cpu);
     d_step { user = true; irqs_off = false }
  od
}

/* ---- The scheduler, other tasks, and the world ---- */

#ifdef PREEMPT
#define IF_PREEMPT
#else
#define IF_PREEMPT && user
#endif
inline unplug(c, other) {            /* what is pending in its APIC goes with it */
#ifdef FIX
  if :: NDST == c -> NDST = other; irr_2[other] = true :: else fi;
#endif
  online[c] = false; irr_1[c] = false; irr_2[c] = false; uinv[c] = 0
}
inline another_task(c) {             /* one that uses UINTR after one that does not, or the other way round */
  d_step { !ON_CPU(c) && !in_irq[c] && online[c] -> uinv[c] = NV_1 - uinv[c] }
}
inline switch_in(c) {
  d_step { !on_cpu && !asleep && !in_irq[c] && online[c] ->
    on_cpu = true; cpu = c; uinv[c] = 0;
#if defined(FAULT) && !defined(PREPARE)
    if :: waiting -> waiting = false; BLKD = false :: else fi  /* switch_uintr_finish() */
#endif
  }
}

active proctype Scheduler() {
end:
  do
  :: another_task(0)
  :: another_task(1)
  :: switch_in(0)
  :: switch_in(1)
  :: d_step { on_cpu && !irqs_off && !in_irq[cpu] IF_PREEMPT -> switch_to() }
  :: d_step { signals_left > 0 && !signal_pending -> signals_left--; signal_pending = true; 
       if :: state == INTERRUPTIBLE -> state = RUNNING; asleep = false :: else fi }
#ifdef HOTPLUG
  :: d_step { online[0] && online[1] && !ON_CPU(0) && !in_irq[0] && !wait_lock -> unplug(0, 1) }
  :: d_step { online[0] && online[1] && !ON_CPU(1) && !in_irq[1] && !wait_lock -> unplug(1, 0) }
#endif
  od
}

#define PENDING    (PIR || UIRR)
#define UNDER_WAY  (under_way > 0 || irr_1[0] || irr_1[1] || irr_2[0] || irr_2[1] || in_irq[0] || in_irq[1])

ltl no_lost_wakeup { [] !(asleep && PENDING && !UNDER_WAY) }
ltl sleeper_is_woken { [] ((asleep && PENDING) -> <> !asleep) }
ltl no_lost_notification { [] !(on_cpu && user && !irqs_off && PIR && !UNDER_WAY) }
ltl bystander_left_alone { [] !disturbed }
ltl not_for_ever { ! [] <> disturbed }
#ifdef POLLED
ltl no_poller_forgotten { [] !(owed && !UNDER_WAY) }
#endif
