/* HEADER */
#ifndef VCPUS
#define VCPUS 1          /* the guest's; with QEMU the BQL lets one at a time into an instruction, so one is enough */
#endif
#ifndef REQUESTS
#define REQUESTS         0      /* the guest's, in all; 0: for ever */
#endif
#ifdef V4
#define V4_PATCH1
#define V4_PATCH2
#define V4_PATCH3
#define V4_PATCH4
#endif
#ifdef FIX
#define FIX_FREE
#define FIX_QEMU
#endif
#if (defined(V6_MUTEX) || defined(FIX_FREE)) && !defined(V6)
#define V6
#endif
#ifdef V6
#define V4_PATCH1
#define V4_PATCH3
#endif

#ifdef V4_PATCH1
#define INIT_CHECKED true
#else
#define INIT_CHECKED false
#endif
#ifdef WORK_BUSY
#define WORK_RUNS    in_work
#else
#define WORK_RUNS    false
#endif
#ifdef FIX
#define IRB_PENDING  (irb_new && !(irb & INTERM) || region_full && !(region & INTERM) || alert_new)
#define HW_CC1       EINPROGRESS
#else
#define IRB_PENDING  false
#define HW_CC1       EBUSY
#endif

/* The control word of an SCSW, as far as it matters. */
#define START    1       /* fctl */
#define HALT     2
#define CLEAR    4
#define FC       (START | HALT | CLEAR)
#define STPEND   8       /* stctl: status pending */
#define ALERT    16      /* with nothing else: unsolicited */
#define INTERM   32      /* intermediate status only */
#define ACTIVE   64      /* actl: SCHACT | DEVACT */
#ifdef ANY_USERSPACE
#define OWN      0
#else
#define OWN      128     /* ghost: the status of the last function that the subchannel accepted */
#endif

#define solicited(word)  (!((word) & ALERT))
#define final(word)      (!((word) & ACTIVE))

mtype:fsm = { IDLE, CP_PROCESSING, CP_PENDING };
mtype:errno = { OK, EBUSY, EAGAIN, EIO, EINPROGRESS };

/* ---- The host's subchannel ---- */
byte scsw;
bool running;            /* it executes a channel program */
bool chain_gone;         /* ... whose memory is freed */

/* ---- vfio_ccw_private ---- */
mtype:fsm state = IDLE;
bool sch_lock, io_mutex;
bool initialized;        /* cp->initialized */
bool cp_started;         /* ghost: SSCH was done with this cp */
byte irb;                /* private->irb, the control word, */
bool irb_rest;           /* and the rest of it: OWN only */
byte region;             /* io_region->irb_area */
bool region_rest;
bool work_pending, in_work;
bool cpa;                /* io_todo's cpu register in cp_update_scsw() */
bool eventfd;            /* io_trigger */
#ifdef FIX_FREE
bool cp_active;          /* from SSCH's cc 0 to the final interrupt, both under sch->lock */
bool cp_done;            /* from there to io_todo */
#endif
#ifdef FIX
bool irb_new;            /* from the interrupt to io_todo */
bool alert_new;          /* the same of unsolicited status, in a buffer of its own */
bool region_full;        /* from there to the emulator's read */
#endif

/* ---- The emulator, and the guest ---- */
bool bql;
byte schib;              /* sch->curr_status.scsw */
bool schib_rest;

byte busy;               /* ghost: the functions in progress, for the guest */
#if REQUESTS > 0
byte asked;
#endif
bool attention;          /* ghost: unsolicited status that the guest has not seen */
bool leaked;             /* ghost: a channel program that nobody frees any more */
bool misled;             /* ghost: the guest was given status of another request */
bool wrong_cc;           /* ghost: the guest was given a cc against the architecture */

inline disown() {        /* no status that is under way is that of the last function */
  irb = irb & ~OWN; irb_rest = false;
  region = region & ~OWN; region_rest = false;
  schib = schib & ~OWN; schib_rest = false; cpa = false
}

inline accepted(function, functions) {
#ifndef ANY_USERSPACE
  wrong_cc = wrong_cc || function == START && busy;
  attention = attention && function != CLEAR;
  busy = functions;
  disown()
#else
  skip
#endif
}

active proctype Subchannel() {
end:
  do
  :: d_step { running && !(scsw & (HALT | CLEAR)) && (!(scsw & STPEND) || (scsw & INTERM)) ->
       running = false; chain_gone = false; cp_started = false; scsw = START | STPEND }
  :: d_step { (scsw & (HALT | CLEAR)) && !(scsw & STPEND) ->
       running = false; chain_gone = false; cp_started = false; scsw = (scsw & FC) | STPEND }
#ifdef PCI
  :: d_step { running && scsw == START -> scsw = START | STPEND | INTERM | ACTIVE }
#endif
#ifdef UNSOLICITED
  :: d_step { scsw == 0 -> scsw = STPEND | ALERT }
#endif
  od
}

/* ---- vfio_ccw_cp.c ---- */

inline cp_free() {
  d_step {
    if
    :: initialized -> initialized = false; chain_gone = (running && cp_started)
    :: else
    fi
  }
}

/* ---- The interrupt ---- */

active proctype Interrupt() {
  byte cio_irb;
end:
  do
  :: d_step { !sch_lock && (scsw & STPEND) ->    /* do_cio_interrupt(): the lock, tsch() */
       sch_lock = true;
       cio_irb = scsw | (solicited(scsw) -> OWN : 0);
#ifndef ANY_USERSPACE
       attention = attention || !solicited(scsw);
#endif
       scsw = ((scsw & INTERM) -> scsw & FC : 0)
     };
#ifdef FIX
     if
     :: !solicited(cio_irb) -> alert_new = true
     :: else -> irb_new = true; irb = cio_irb; irb_rest = ((cio_irb & OWN) != 0)
     fi;
#else
     irb = cio_irb;                              /* fsm_irq(): memcpy() */
     irb_rest = ((cio_irb & OWN) != 0);
#endif
#ifdef FIX_FREE
     if
     :: cp_active && solicited(cio_irb) && final(cio_irb) -> cp_active = false; cp_done = true
     :: else
     fi;
#endif
     d_step { work_pending = true; cio_irb = 0; sch_lock = false }   /* queue_work() */
  od
}

/* ---- The workqueue: vfio_ccw_sch_io_todo() ---- */

inline reset_state() {
  if :: cp_is_finished -> state = IDLE :: else fi
}

active proctype Worker() {
  bool is_final, cp_is_finished;
#ifdef FIX_FREE
  bool have;
#endif
end:
  do
  :: d_step { work_pending -> work_pending = false; in_work = true };
#ifndef FIX_FREE
     is_final = final(irb);
#ifdef V6_MUTEX
     d_step { !io_mutex -> io_mutex = true };
#endif
     if
     :: solicited(irb) ->
        if
        :: initialized -> cpa = irb_rest; irb_rest = cpa           /* cp_update_scsw() writes to private->irb */
        :: else
        fi;
        if
        :: is_final && state == CP_PENDING ->
           cp_free();
#ifdef V4_PATCH4
           state = IDLE;
#endif
           cp_is_finished = true
        :: else
        fi
     :: else
     fi;
#ifndef V6_MUTEX
     d_step { !io_mutex -> io_mutex = true };
#endif
     region = irb;
     region_rest = irb_rest;
#ifdef V6_MUTEX
     reset_state();
#endif
     io_mutex = false;
#if defined(V6) && !defined(V6_MUTEX)
     reset_state();
#endif
#if !defined(V6) && !defined(V4_PATCH4)
     if :: is_final -> state = IDLE :: else fi;
#endif
     eventfd = true;
#else /* FIX_FREE: a copy of the IRB, made under sch->lock */
     d_step { !io_mutex -> io_mutex = true };
     d_step { !sch_lock ->
#ifdef FIX
       if
       :: irb_new -> irb_new = false; have = true; region = irb; region_rest = irb_rest
       :: !irb_new && alert_new && !region_full -> alert_new = false; have = true; region = STPEND | ALERT
       :: else
       fi;
#else
       have = true; region = irb; region_rest = irb_rest;
#endif
       cp_is_finished = cp_done; cp_done = false
     };
     if
     :: cp_is_finished -> cp_free(); state = IDLE
     :: else
     fi;
#ifdef FIX
     region_full = region_full || have;
#endif
     io_mutex = false;
     if :: have -> eventfd = true :: else fi;
#endif
     d_step { in_work = false; is_final = false; cp_is_finished = false; cpa = false
#ifdef FIX_FREE
       ; have = false
#endif
     }
  od
}

/* ---- The writes of the two regions: vfio_ccw_ops.c, vfio_ccw_async.c, vfio_ccw_fsm.c ---- */

inline ssch() {
  if
  :: scsw & STPEND -> ret = HW_CC1
  :: !(scsw & STPEND) && (scsw & FC) -> ret = EBUSY
  :: else ->
     scsw = START; running = true; cp_started = true; chain_gone = !initialized;
#ifdef FIX_FREE
     cp_active = true;
#endif
     accepted(START, busy | START)
  fi
}
inline hsch() {
  if
  :: (scsw & STPEND) && !(scsw & INTERM) -> ret = HW_CC1
  :: !((scsw & STPEND) && !(scsw & INTERM)) && (scsw & (HALT | CLEAR)) -> ret = EBUSY
  :: else ->
     scsw = (scsw & FC) | HALT;
#ifdef FIX
     irb_new = false; region_full = false;             /* intermediate status, if any */
#endif
     accepted(HALT, busy | HALT)
  fi
}
inline csch() {
  scsw = CLEAR;
#ifdef FIX
  irb_new = false; alert_new = false; region_full = false;
#endif
  accepted(CLEAR, CLEAR)
}

inline fsm_io_helper() {
  d_step { !sch_lock -> sch_lock = true;
#ifdef V4_PATCH2
    if :: work_pending || WORK_RUNS -> ret = EBUSY :: else fi;
#endif
    if :: IRB_PENDING -> ret = EINPROGRESS :: else fi
  };
  if
  :: ret == OK && !initialized -> ret = EIO            /* cp_get_orb() */
  :: ret == OK && initialized ->
     d_step { ssch() };
     if
     :: ret == OK -> state = CP_PENDING
     :: else
     fi
  :: else
  fi;
  sch_lock = false
}
inline fsm_io_request() {
  state = CP_PROCESSING;
  d_step {                                             /* cp_init(), cp_prefetch() */
    if
    :: initialized && INIT_CHECKED -> ret = EBUSY
    :: else ->
       leaked = leaked || initialized;
       initialized = true; cp_started = false
    fi
  };
  if
  :: ret == OK ->
     fsm_io_helper();
     if
     :: ret != OK -> cp_free()
     :: else
     fi
  :: else
  fi;
#ifdef V4_PATCH3
  if
  :: ret != OK -> state = IDLE
  :: else
  fi
#endif
}
inline write_io_region() {
  do
  :: d_step { !io_mutex -> io_mutex = true; ret = OK;  /* busy: -EAGAIN, and the emulator tries again */
#ifndef FIX_QEMU
       region = 0; region_rest = false                 /* copy_from_user(), all of it */
#endif
     };
     if                                                /* vfio_ccw_fsm_event() */
     :: state == IDLE -> fsm_io_request()
     :: state == CP_PROCESSING -> ret = EAGAIN         /* fsm_io_retry() */
     :: state == CP_PENDING -> ret = EBUSY             /* fsm_io_busy() */
     fi;
#ifndef V4_PATCH3
     if
     :: ret != OK -> state = IDLE
     :: else
     fi;
#endif
     if
     :: ret == EAGAIN -> io_mutex = false
     :: else -> break
     fi
  od;
  io_mutex = false
}
inline write_async_region() {
  do
  :: d_step { !io_mutex -> io_mutex = true; ret = OK };
     if
     :: state == CP_PROCESSING -> ret = EAGAIN         /* fsm_async_retry() */
     :: else ->
        d_step { !sch_lock -> sch_lock = true;         /* fsm_do_halt(), fsm_do_clear() */
          if
          :: request == HALT && IRB_PENDING -> ret = EINPROGRESS
          :: request == HALT && !IRB_PENDING -> hsch()
          :: request == CLEAR -> csch()
          fi;
          sch_lock = false
        }
     fi;
     if
     :: ret == EAGAIN -> io_mutex = false
     :: else -> break
     fi
  od;
  io_mutex = false
}

/* ---- The emulator: hw/s390x/css.c, hw/vfio/ccw.c ---- */

#define SCHIB_PENDING    (schib & STPEND)
#define HSCH_PENDING     ((schib & STPEND) && !(schib & INTERM))
#if REQUESTS > 0
#define ASKS             && asked < REQUESTS -> asked++;
#else
#define ASKS             ->
#endif
#ifdef NO_REVERT
#define REVERT
#else
#define REVERT           schib = (schib & ~FC) | old;
#endif
#ifdef FIX_QEMU
#define CSCH_KEEPS       0                              /* css_do_csch() takes back the status, too */
#else
#define CSCH_KEEPS       (~FC)
#endif

#ifdef ANY_USERSPACE
active [VCPUS] proctype Userspace() {
  byte request;
  mtype:errno ret = OK;
end:
  do
  :: d_step { true ASKS request = START };
     write_io_region();
     d_step { request = 0; ret = OK }
  :: if
     :: d_step { true ASKS request = HALT }
     :: d_step { true ASKS request = CLEAR }
     fi;
     write_async_region();
     d_step { request = 0; ret = OK }
  :: d_step { eventfd && !io_mutex -> eventfd = false    /* pread() */
#ifdef FIX
       ; region_full = false;
       if
       :: alert_new -> work_pending = true
       :: else
       fi
#endif
     }
  od
}
#else
active [VCPUS] proctype Vcpu() {
  byte request, old;                                   /* old: the fctl before */
  mtype:errno ret = OK;
end:
  do
  :: d_step { !bql && !(schib & (STPEND | FC)) ASKS    /* css_do_ssch(); otherwise cc 1 or 2 at once */
       bql = true; request = START; old = schib & FC; schib = schib | START
     };
     write_io_region();
     d_step {
       if
       :: ret == EBUSY -> wrong_cc = wrong_cc || !busy; REVERT
       :: ret == EINPROGRESS -> REVERT
       :: ret == EIO -> schib = START | STPEND | OWN; schib_rest = true; busy = busy | START  /* unit exception */
       :: else
       fi;
       bql = false; request = 0; old = 0; ret = OK
     }
  :: d_step { !bql && !(HSCH_PENDING || (schib & (HALT | CLEAR))) ASKS  /* css_do_hsch() */
       bql = true; request = HALT; old = schib & FC; schib = (schib & ~START) | HALT
     };
     write_async_region();
     d_step {
       if
       :: ret == EBUSY -> wrong_cc = wrong_cc || !(busy & (HALT | CLEAR)); REVERT
       :: ret == EINPROGRESS -> REVERT
#ifdef FIX_QEMU
       :: ret == OK && (schib & INTERM) -> schib = schib & FC
#endif
       :: else
       fi;
       bql = false; request = 0; old = 0; ret = OK
     }
  :: d_step { !bql ASKS                            /* css_do_csch() */
       bql = true; request = CLEAR; schib = (schib & CSCH_KEEPS) | CLEAR
     };
     write_async_region();
     d_step { bql = false; request = 0; ret = OK }
  :: d_step { !bql && (schib & STPEND) ->          /* css_do_tsch() */
       if
       :: solicited(schib) ->
          misled = misled || !(schib & OWN) || !schib_rest;
          if
          :: (schib & OWN) && !(schib & INTERM) -> busy = 0
          :: else
          fi
       :: else -> misled = misled || busy; attention = false
       fi;
       if
       :: schib & INTERM -> schib = schib & FC; schib_rest = false
       :: else ->
          if
          :: schib & OWN -> disown()                   /* consumed: what comes again is a duplicate */
          :: else
          fi;
          schib = 0; schib_rest = false
       fi
     }
  od
}

#ifdef FIX
#define SCHIB_TAKEN      HSCH_PENDING                   /* it waits for TSCH */
#else
#define SCHIB_TAKEN      false
#endif
#if defined(FIX)
#define STALE            (!region_full)                 /* nothing to be read, or a duplicate, or dropped by CSCH */
#elif defined(FIX_QEMU)
#define STALE            ((schib & CLEAR) && !(region & CLEAR) || (schib & HALT) && !(region & HALT))
#else
#define STALE            false
#endif

active proctype MainLoop() {                           /* vfio_ccw_io_notifier_handler() */
end:
  do
  :: d_step { eventfd && !bql && !SCHIB_TAKEN -> eventfd = false; bql = true };
     d_step { !io_mutex ->                             /* pread() */
       if
       :: STALE
       :: else -> schib = region; schib_rest = region_rest
       fi;
#ifdef FIX
       region_full = false;
       if
       :: alert_new -> work_pending = true
       :: else
       fi;
#endif
       bql = false
     }
  od
}

#endif

#define QUIET      (!scsw && !sch_lock && !work_pending && !in_work && !io_mutex && !eventfd && !bql && !SCHIB_PENDING)
#define CAN_START  (!(schib & FC) && state == IDLE && !(initialized && INIT_CHECKED))

ltl no_free_in_use { [] !chain_gone }
ltl no_leak { [] !leaked }
ltl never_stuck { [] (QUIET -> CAN_START) }
#ifndef ANY_USERSPACE
ltl own_status { [] !misled }
ltl right_cc { [] !wrong_cc }
ltl fc_kept { [] ((busy && !bql) -> (schib & FC)) }
ltl guest_is_told { [] (QUIET -> !busy) }
ltl irb_whole { [] ((schib & OWN) -> schib_rest) }
ltl attention_is_told { [] (QUIET -> !attention) }
#endif
#if REQUESTS > 0
ltl comes_to_rest { <> [] (CAN_START && !busy) }
#endif
