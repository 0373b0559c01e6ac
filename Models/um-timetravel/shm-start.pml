/* UML time travel with shared memory, a part of shm.pml: its initial state. */
/* ---- The state before START ---- */

inline begin(c) {
  client[c].prev_request = NONE; client[c].timer = NONE; client[c].irq = NONE; client[c].wanted = NONE;
  job[c] = FOREVER
}

init {
  atomic { ANY_BASE
    d_step { begin(1); begin(2) IF2(; begin(3)); client[DEV].irq = 1 }
    run Client(1); IF2(run Client(2);)
    run Device(); run Calendar(); run Sigio(1) IF2(; run Sigio(2)) IF_DISCONNECT(; run Death())
  }
}
