/* Part of vfio-ccw.pml, whose header says what stands for what: the host's drivers/s390/cio/vfio_ccw_*.c, cio.c. */

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
