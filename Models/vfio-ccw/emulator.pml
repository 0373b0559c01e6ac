/* Part of vfio-ccw.pml, whose header says what stands for what: QEMU, or any userspace, and the guest. */

/* ---- The emulator: hw/s390x/css.c, hw/vfio/ccw.c ---- */

#define SCHIB_PENDING    (schib & STPEND)
#define HSCH_PENDING     ((schib & STPEND) && !(schib & INTERM))
#if REQUESTS > 0
#define ASKS             && asked < REQUESTS -> asked++;
#else
#define ASKS             ->
#endif
#ifdef RETRY
#define IN_TURN(turn)    && (turn)
#else
#define IN_TURN(turn)
#endif
#define REVERT           schib = (schib & ~FC) | old;
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
  :: d_step { !bql && !(schib & (STPEND | FC)) IN_TURN(asked != 1) ASKS  /* css_do_ssch(); otherwise cc 1 or 2 */
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
  :: d_step { !bql && !(HSCH_PENDING || (schib & (HALT | CLEAR))) IN_TURN(false) ASKS  /* css_do_hsch() */
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
  :: d_step { !bql IN_TURN(asked == 1) ASKS                /* css_do_csch() */
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
