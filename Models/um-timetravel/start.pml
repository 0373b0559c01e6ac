/* UML time travel in socket mode, a part of socket.pml: its initial state. */
/* ---- The state after process_starting_clients() ---- */

inline begin_one(c) {
  START_NOW(c) client[c].free_until = NONE; client[c].prev_request = NONE; client[c].timer = NONE; client[c].irq = NONE;
  client[c].propagated = true; client[c].waiting = true; job[c].start = FOREVER; job[c].sync = NONE
}
inline begin(c) {                    /* and all beyond the fourth with the first */
  begin_one(c); if :: c == 1 -> skip MORE_JOBS(ADD_BEGIN) :: else fi
}
inline first_timer(c) {
  if
  :: SOON d_step { IF_STARTED(c) client[c].timer = 1; job[c].start = 1 }
  :: SOON d_step { IF_STARTED(c) client[c].timer = MAX_TIME; job[c].start = MAX_TIME }
  ANY_FIRST_TIMER(c) :: skip
  fi
}

init {
  atomic { ANY_START
    d_step { begin(1); begin(2) IF2(; begin(3)) IF3(; begin(4)); client[DEV].irq = 1; job[DEV].start = 1 }
    FIRST_IRQ first_timer(1); IF2(first_timer(2);) IF3(first_timer(3);) MORE_CLIENTS(ADD_TIMER)
    run Client(1); IF2(run Client(2);) IF3(run Client(3);) MORE_CLIENTS(ADD_CLIENT)
    run Device(); run CALENDAR(); run Sigio(1) IF2(; run Sigio(2)) IF3(; run Sigio(3)) MORE_CLIENTS(ADD_SIGIO)
  }
}
