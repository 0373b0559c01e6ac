/* Part of replay.pml, whose header says what stands for what: replay/, util/qemu-timer.c, and the warp of cpus.c. */
#ifndef EXT_FIRES
#define EXT_FIRES 1  /* the external timer fires so often */
#endif
#ifndef KEYS
#define KEYS 0       /* host input while recording: it arms the external timer */
#endif
#ifndef ROUNDS
#define ROUNDS 2     /* of the main loop while recording */
#endif
#define LAST 4       /* instructions of the guest, without those that wait */
#define MAX_LOG 40

#if !defined(VIRTUAL_EXT) && !defined(EXTERNAL) && !defined(UP_FRONT) && !defined(EVERY)
#define BEFORE
#endif
#ifdef TODAY
#define IDLE_FIRST
#define NO_REARM
#define ASYNC_EVENTS
#define WARP_SKIPS_EXTERNAL
#define WAKE
#endif

#define RECORD 0     /* replay_mode */
#define PLAY   1

#define DEVICE 0     /* timers: of the guest's machine, of slirp or input (external), */
#define HOST   1
#define WORKER 2     /* and one of the machine that another thread arms */
#define NEVER  255
#ifdef BEFORE
#define IS_EXTERNAL(ts) false        /* there is no such attribute */
#else
#define IS_EXTERNAL(ts) (ts == HOST)
#endif

#define CLOCK_VIRTUAL 1              /* checkpoints */
#define WARP_START    2
#define WARP_ACCOUNT  3
#define CLOCK_RT      4              /* of QEMU_CLOCK_VIRTUAL_RT */
#define ASYNC         8              /* + the checkpoint at which it is saved: 2018; TODAY: WARP_ACCOUNT always */
#define INTERRUPT    16
#define EVENT_CLOCK  32              /* + the time */
#define INSTRUCTION  64              /* + their number */
#define END         255

bool replay_mode;
byte log[MAX_LOG], log_size, data_kind, instruction_count, current_icount;   /* replay_state; log_size: write, read */
byte events_list;                    /* packets that wait to be saved */

byte qemu_icount, qemu_icount_bias, ip;
bool halted, interrupt_request, queued_work;
byte active_timers[3] = NEVER;       /* main_loop_tlg.tl[QEMU_CLOCK_VIRTUAL], sorted */
byte expire_time[3] = NEVER;
byte fired, worker_fired, ext_fired; /* of DEVICE, WORKER, HOST */
byte packets;                        /* that came to the guest */
byte keys, rounds;                   /* pressed; of the main loop */
byte rt, cached_clock;               /* QEMU_CLOCK_VIRTUAL_RT of the host; replay_state.cached_clock */
bool warp_timer;                     /* icount_warp_timer is pending, and vm_clock_warp_start not -1 */
byte warp_start, warp_expire;

bool replay_lock = true;             /* held at start-up; with the BQL, in the order replay_lock, BQL */
bool BQL;                            /* where it alone is held, or keeps somebody out */
bool virtual_mark, start_mark, account_mark;   /* the log has this checkpoint for an external timer's sake */
bool armed;                          /* WORKER was */
short seen[12];                      /* the callbacks, events and interrupts recorded; entries: so far */
byte entries;

#define CLOCK      (qemu_icount + qemu_icount_bias)
#define HEAD       active_timers[0]
#define EXPIRED(t) (HEAD != NEVER && expire_time[HEAD] <= t)
#define IDLE       (halted && !interrupt_request && !queued_work)       /* all_cpu_threads_idle() */

#define DEVICE_CB 0                  /* with WORKER: 2 */
#define PACKET    4
#define TAKEN     5
inline note(what) {
  if
  :: replay_mode == RECORD -> seen[entries] = (what + 1) * 1024 + qemu_icount * 32 + CLOCK
  :: else -> assert(seen[entries] == (what + 1) * 1024 + qemu_icount * 32 + CLOCK)
  fi;
  entries++
}

/* ---- replay/ ---- */

inline replay_put_event(event) {
  assert(log_size < MAX_LOG);
  log[log_size] = event; log_size++
}
inline replay_save_instructions() {
  if
  :: replay_mode == RECORD && qemu_icount > current_icount ->
     replay_put_event(INSTRUCTION + qemu_icount - current_icount);
     current_icount = qemu_icount
  :: else
  fi
}
inline replay_fetch_data_kind() {
  data_kind = log[log_size];
  instruction_count = 0;
  if
  :: data_kind >= INSTRUCTION && data_kind != END ->
     instruction_count = data_kind - INSTRUCTION; data_kind = INSTRUCTION
  :: else
  fi
}
inline replay_finish_event() { log_size++; replay_fetch_data_kind() }
inline replay_run_event() { note(PACKET); packets++; interrupt_request = true }   /* the network card gets it */
inline replay_save_events(event) {
  do
  :: events_list > 0 -> events_list--; replay_put_event(event); replay_run_event()
  :: else -> break
  od
}
inline replay_read_events(event) {
  do
  :: data_kind == event -> replay_finish_event(); replay_run_event()
  :: else -> break
  od
}
inline replay_checkpoint(checkpoint, ok) {
  replay_save_instructions();
  ok = true;
  if
  :: replay_mode == PLAY ->
     if
     :: data_kind == checkpoint -> replay_finish_event()
     :: else -> ok = false
     fi;
#ifndef ASYNC_EVENTS
     if
     :: ok || data_kind == ASYNC + checkpoint -> replay_read_events(ASYNC + checkpoint);
        ok = data_kind < ASYNC || data_kind >= INTERRUPT
     :: else
     fi
#endif
  :: else ->
     replay_put_event(checkpoint);
#ifndef ASYNC_EVENTS
     if
     :: checkpoint != WARP_START && checkpoint != CLOCK_VIRTUAL -> replay_save_events(ASYNC + checkpoint)
     :: else
     fi
#endif
  fi
}
inline qemu_clock_get_rt(value) {    /* REPLAY_CLOCK(REPLAY_CLOCK_VIRTUAL_RT, ...) */
  if
  :: replay_mode == RECORD -> value = rt; replay_save_instructions(); replay_put_event(EVENT_CLOCK + value)
  :: else ->
     if
     :: data_kind >= EVENT_CLOCK && data_kind < INSTRUCTION ->
        cached_clock = data_kind - EVENT_CLOCK; replay_finish_event()
     :: else
     fi;
     value = cached_clock
  fi
}

/* ---- util/qemu-timer.c, and the warp of cpus.c ---- */

inline insert(ts, when) {            /* timer_mod_ns_locked(): behind those of the same time */
  expire_time[ts] = when;
  if
  :: active_timers[0] == NEVER || expire_time[active_timers[0]] > when ->
     active_timers[2] = active_timers[1]; active_timers[1] = active_timers[0]; active_timers[0] = ts
  :: else ->
     if
     :: active_timers[1] == NEVER || expire_time[active_timers[1]] > when ->
        active_timers[2] = active_timers[1]; active_timers[1] = ts
     :: else -> active_timers[2] = ts
     fi
  fi
}
#ifdef WARP_SKIPS_EXTERNAL
#define WARP_TIME (HEAD == NEVER -> NEVER : (HEAD != HOST -> expire_time[HEAD] : \
                   (active_timers[1] == NEVER -> NEVER : expire_time[active_timers[1]])))
#else
#define WARP_TIME (HEAD == NEVER -> NEVER : expire_time[HEAD])
#endif
#ifdef IDLE_FIRST
#define WARPS_ANYWAY PLAY              /* in replay nobody asks whether the vCPU is idle */
#else
#define WARPS_ANYWAY 2
#endif
inline qemu_start_warp_timer() {     /* under the replay mutex */
#ifdef IDLE_FIRST
  if
  :: replay_mode == RECORD && !IDLE -> ok = false
  :: else -> replay_checkpoint(WARP_START, ok)
  fi;
#else
  replay_checkpoint(WARP_START, ok);
#endif
#ifdef WAKE
  if                                 /* "vCPU is sleeping and warp can't be started" */
  :: !ok && replay_mode == PLAY && data_kind < INTERRUPT -> queued_work = true
  :: else
  fi;
#endif
  if
  :: ok && (replay_mode == WARPS_ANYWAY || IDLE) ->
     qemu_clock_get_rt(value);
     if
     :: WARP_TIME == NEVER
     :: WARP_TIME != NEVER && WARP_TIME > CLOCK ->
        if :: !warp_timer || warp_start > value -> warp_start = value :: else fi;
        if
        :: !warp_timer || warp_expire > value + (WARP_TIME - CLOCK) -> warp_expire = value + (WARP_TIME - CLOCK)
        :: else
        fi;
        warp_timer = true
     :: WARP_TIME <= CLOCK -> queued_work = true         /* qemu_clock_notify(QEMU_CLOCK_VIRTUAL) */
     fi
  :: else
  fi
}
inline timerlist_rearm(ts, by_main_loop) {
#ifndef NO_REARM
  if
  :: HEAD == ts -> start_mark = start_mark || ts == HOST && replay_mode == RECORD; qemu_start_warp_timer()
  :: else
  fi;
#endif
  if
  :: HEAD == ts && by_main_loop -> queued_work = true    /* timerlist_notify(): async_run_on_cpu() */
  :: else
  fi
}
inline arm_host(when, by_main_loop) {
#ifdef VIRTUAL_EXT
  expire_time[HOST] = when           /* the list of QEMU_CLOCK_VIRTUAL_EXT has nothing else */
#else
  insert(HOST, when);
  timerlist_rearm(HOST, by_main_loop)
#endif
}
inline icount_warp_rt() {
  if
  :: warp_timer ->
     qemu_clock_get_rt(value);
     qemu_icount_bias = qemu_icount_bias + value - warp_start;
     warp_timer = false; warp_start = 0; warp_expire = 0;
     if :: EXPIRED(CLOCK) -> queued_work = true :: else fi
  :: else
  fi
}

inline callback(by_main_loop) {
  if
  :: ts == HOST ->
     ext_fired++;
     if :: replay_mode == RECORD -> events_list++ :: else fi     /* a packet; filter-replay drops it in replay */
     if
     :: ext_fired < EXT_FIRES -> arm_host(CLOCK + 2, by_main_loop)
     :: else
     fi
  :: else ->
     note(DEVICE_CB + ts);
     interrupt_request = true;
     if :: ts == DEVICE -> fired++ :: else -> worker_fired++ fi
  fi;
  ts = NEVER
}
inline pop() {
  ts = HEAD; HEAD = active_timers[1]; active_timers[1] = active_timers[2]; active_timers[2] = NEVER;
  expire_time[ts] = NEVER;
  if :: ts == HOST -> external = true :: else -> internal = true fi
}

#define INTERNAL_EXPIRED (expire_time[DEVICE] <= current_time || expire_time[WORKER] <= current_time)

inline clock_virtual() {
  replay_checkpoint(CLOCK_VIRTUAL, ok);
  written = written || replay_mode == RECORD
}
inline timerlist_run_timers() {      /* of QEMU_CLOCK_VIRTUAL, in the vCPU thread */
  d_step { current_time = CLOCK; ok = true; need_replay_checkpoint = true };
#ifdef BEFORE
  d_step { clock_virtual(); need_replay_checkpoint = false };
#endif
#ifdef UP_FRONT
  need_replay_checkpoint = INTERNAL_EXPIRED;             /* under the list's lock */
  d_step { if :: need_replay_checkpoint -> clock_virtual() :: else fi; need_replay_checkpoint = false };
#endif
  do
  :: d_step { ok && EXPIRED(current_time) && (IS_EXTERNAL(HEAD) || !need_replay_checkpoint) -> pop() }
     d_step { callback(false) }
#ifdef EVERY
  :: d_step { ok && EXPIRED(current_time) && need_replay_checkpoint && !IS_EXTERNAL(HEAD) ->   /* all under the lock */
       clock_virtual();
       if :: ok -> pop() :: else fi }
     if
     :: ok -> d_step { callback(false) }
     :: else
     fi
#else
  :: d_step { ok && EXPIRED(current_time) && need_replay_checkpoint && !IS_EXTERNAL(HEAD) ->   /* then drop the lock */
       need_replay_checkpoint = false }
     d_step { clock_virtual() }      /* and, with the lock, start over */
#endif
  :: d_step { !ok || !EXPIRED(current_time) ->
       virtual_mark = virtual_mark || written && external && !internal;
       current_time = 0; ok = false; need_replay_checkpoint = false; written = false; internal = false;
       external = false }; break
  od
}
