/* UML time travel, a part of socket.pml and shm.pml (-DREAL_KERNEL): kernels as they run. For `heddle conform`: is what
 * `heddle calendar --record` has written of real kernels a behaviour of this?
 *
 * From: Linux 6.12, arch/um/kernel/time.c. What Client leaves out: START and what boot asks for; time_travel_ndelay() and
 * the clock's cost, which wait for an event on the stack; a timer that is set anew, or stopped; BROADCAST; a panic(), and
 * the end of a kernel, which may come at any time: the power goes off, or somebody kills it.
 * Devices are no clients here. A line of the log says when one interrupts a kernel; it waits for nothing. While a kernel
 * waits for a device's reply, which it may do whenever it runs, it reads messages, too.
 * The calendar is Heddle's (heddle-calendar.pml, shm-calendar.pml); between any two of its messages it may BROADCAST, as
 * `heddle fuzz client` makes it. Times have 64 bits, as with -DALL_TIMES.
 * -DN and, in socket mode, -DEXPECTED of them before time begins (all, by default). A client's id is its number in the ACK of
 * START. Where ends are left open: which of two events at the same time is the first, and who runs first at the same time. */
mtype = { GET_TOD };
chan gone[N + 2] = [1] of { bool };  /* full from the end of a kernel on */

/* Sets of states are kept few, while the same can be recorded: FOREVER stands for no timer, and for the event of the idle loop;
   a timer is stopped only when it would be the first event; a kernel goes on when its last message has been read, and the
   calendar when its ACKs have been, and nothing is left of a kernel that has gone. */
inline ask(is_waiting) {             /* for the first event, if there is one: __time_travel_add_event() and others */
  if
  :: d_step { client[me].timer < MIN(client[me].irq, client[me].stack_event) -> client[me].timer = FOREVER }
  :: skip
  fi;
  if
  :: d_step { is_waiting || FIRST_EVENT(me) < FOREVER -> at = FIRST_EVENT(me) } update_request(me, at); FORGET
  :: else
  fi
}
inline any_timer() {                 /* itimer_next_event(), itimer_set_periodic() */
  atomic { client[me].now < MAX_TIME -> select (at : client[me].now + 1 .. MAX_TIME); client[me].timer = at;
    at = FIRST_EVENT(me) }
  update_request(me, at); FORGET
}
inline propagate_time() {            /* __time_travel_propagate_time() */
  PROPAGATE
}
#define IS_FIRST(event) (e == client[me].event && e == FIRST_EVENT(me) && e == client[me].now)  /* or BUG() */

proctype Kernel(byte me) provided (full(gone[_pid]) || (!client[_pid].is_dead && empty(outbox) && !client[_pid].in_handler && GOES_ON(_pid))) {
  unsigned t : TIME_BITS; unsigned at : TIME_BITS; unsigned e : TIME_BITS; SCRATCH
  {
  BEGIN
  do
  :: any_timer()
  :: propagate_time()
  :: handle_message_read(me)         /* __time_travel_wait_readable() */
  :: atomic { select (at : client[me].now .. FOREVER); client[me].stack_event = at; at = 0;
       client[me].irq_is_late = client[me].irq_is_late && client[me].stack_event < FOREVER }
     ask(true);                      /* time_travel_update_time(), idle if it is for ever: then interrupts were enabled before */
     do
     :: e = FIRST_EVENT(me); update_time();
        if                           /* time_travel_deliver_event(), or nothing, as an interrupt came before it */
        :: d_step { IS_FIRST(stack_event) -> e = 0; client[me].stack_event = FOREVER } ask(false); break
        :: d_step { IS_FIRST(irq) -> e = 0; client[me].irq = NONE; client[me].irq_is_late = true }
        :: d_step { IS_FIRST(timer) -> e = 0; client[me].timer = FOREVER }
           do :: any_timer() :: propagate_time() :: break od
        :: d_step { e != FIRST_EVENT(me) -> e = 0 }
        fi;
        ask(true);
        if :: client[me].stack_event == FOREVER -> break :: else fi
     od;
     client[me].stack_event = FOREVER
  od
  } unless { d_step { full(gone[me]) -> t = 0; at = 0; e = 0; client[me].is_buried = true FORGET_ALL } }
}
inline bury(c) {                     /* nothing is left of it, so that what it was makes no difference any more */
  gone[c]!true; client[c].is_dead = true; client[c].now = 0; client[c].prev_request = 0; client[c].timer = 0; client[c].irq = 0;
  client[c].stack_event = 0; client[c].irq_is_late = false; client[c].waiting = false; client[c].sigio = false;
  client[c].in_handler = false; client[c].signals_blocked = false; client[c].signals_blocked_pending = 0;
  do :: from_calendar[c]?_,_ :: else -> break od;
  do :: from_device[c]?_ :: else -> break od
}

proctype Interrupter() {             /* a device for each kernel */
#define INTERRUPT(c) :: d_step { from_device[c]!VRING_CALL; client[c].sigio = true }
  do INTERRUPT(1) IF2(INTERRUPT(2)) IF3(INTERRUPT(3)) od
}
#define IS_BURIED(c) (empty(gone[c]) || client[c].is_buried)
#define ALL_ARE_BURIED (IS_BURIED(1) IF2(&& IS_BURIED(2)) IF3(&& IS_BURIED(3)))
/* What it has sent is read before its end. */
#define HAS_ENDED(c) (empty(gone[c]) && empty(to_calendar[c]) && empty(outbox))

inline begin_kernel(c) {
  client[c].prev_request = NONE; client[c].timer = FOREVER; client[c].irq = NONE; client[c].stack_event = FOREVER
}
inline run_kernels() {
  run Kernel(1); IF2(run Kernel(2);) IF3(run Kernel(3);) run Sigio(1); IF2(run Sigio(2);) IF3(run Sigio(3);)
  run Interrupter()
}
