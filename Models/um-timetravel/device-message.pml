/* UML time travel: a device message that is read in pieces, and a SIGIO between two of them.
 *
 * From: Linux, commit 2cf3a3c4b84d ("um: time-travel: fix signal blocking race/hang"), before and after it;
 * arch/um/os-Linux/signal.c, kernel/irq.c, kernel/time.c, drivers/virtio_uml.c of 6.12.
 *   Uml         the main flow: ROUNDS times time_travel_ext_req(), that is block_signals_hard(), a message and its
 *               ACK, unblock_signals_hard(). The last runs the handlers that were held back: _sigio_handler() down
 *               to vu_req_read_message(), here, outside of any host signal handler.
 *   SigHandler  the host's SIGIO: sig_handler(), and the same handlers. The host masks SIGIO in it (sa_mask); Uml is
 *               `provided` that it does not run.
 *   Device      writes MESSAGES messages of WORDS words to req_fd, each in one write(), and waits for each reply (the
 *               ACK rule). The data can be read before the signal arrives: two steps.
 * One step is one read(), one access to the counters. What sig_handler() decides is one step, as it runs in the thread
 * that it interrupts. A word is 4 bytes: the header has 3 (request, flags, size), vhost_user_vring_state 2. pos is
 * the place in the message of the word that is read next; so a read that takes payload for a header is seen.
 * full_read() that is not abortable spins on EAGAIN; here it waits for data, and a deadlock is the hang.
 * Left out: the main flow's reason for its request, time, os_waiting_for_events_epoll() but for "is there data",
 * signals_enabled (both its paths come to the same handler), other devices; a third level of unblock_signals_hard():
 * the handlers that an inner unblock_signals_hard() runs make no request. They begin between two messages.
 *
 * -DMESSAGES, -DROUNDS, and
 *   (default)    after the commit: signals_blocked_pending, and only the outermost unblocking call decrements it.
 *   BEFORE_FIX   before it: signals_blocked is cleared, then what is pending is handled.
 *   INNER_DRAINS the commit without its flag `unblocking`: the inner call, too, handles and decrements.
 *   NO_IRQ_ACK   the device does not wait for the reply.
 * Properties: assertions: a header is read as header and a payload as payload, nothing is decremented below 0;
 * end-states: no hang, every message is answered.
 *
 * Results: states, or steps of the violation; the same verdicts and states in Heddle and Spin 6.5.2.
 *                             assertions     end-states
 *   (default)                 holds          holds            6889 states (MESSAGES=3 ROUNDS=3: 20,987)
 *   NO_IRQ_ACK                holds          holds            10,325 states
 *   BEFORE_FIX                43             56
 *   BEFORE_FIX NO_IRQ_ACK     27             56
 *   INNER_DRAINS              47             65
 *
 * BEFORE_FIX, as the commit says: unblock_signals_hard() runs the handlers that were held back, signals_blocked is 0,
 * the header has been read, SIGIO comes, and the nested vhost_user_recv_header() takes the 8 bytes of payload for a
 * header and drops them with -EAGAIN; the outer full_read() for the payload spins. What the commit does not say: the
 * ACK rule is no help. The handlers loop until the socket is empty, so the message in pieces is the one that the
 * device sends when it has the reply to the message before it, and the SIGIO is that message's own. The device waits
 * for a reply for ever, and it is the one that runs: the simulation stands still. Without the rule two messages can
 * be there at once, and the first fault takes fewer steps; the hang does not.
 * INNER_DRAINS: both that the commit warns of. 47: the inner call decrements to 0, then the outer one below 0. 65: the
 * inner call leaves signals_blocked_pending at 0 in the middle of the outer vu_req_read_message(), whose next message
 * is read in pieces with SIGIO handled as usual: the same hang. */
#ifndef MESSAGES
#define MESSAGES 2
#endif
#ifndef ROUNDS
#define ROUNDS 2
#endif

#define HEADER 3                 /* sizeof(struct vhost_user_header), in words */
#define WORDS  5                 /* and with vring_state */
#define EAGAIN 1

byte avail;                      /* words in req_fd */
byte pos;                        /* where in its message the next of them is */
byte replies;                    /* in req_fd, the other way */
bool sigio;                      /* the host has one for UML */
bool in_sig_handler;
byte signals_blocked;
#ifdef BEFORE_FIX
bool signals_pending;            /* & SIGIO_MASK */
#else
byte signals_blocked_pending;
bool unblocking;
#endif

#define MIN(a, b) ((a) <= (b) -> (a) : (b))

inline full_read(words, end, abortable) {
  need = words; rc = 0;
  do
  :: need == 0 -> break
  :: d_step { need > 0 && avail > 0 -> assert(pos == end - need);
       n = MIN(need, avail); avail = avail - n; pos = (pos + n) % WORDS; need = need - n; n = 0 }
  :: need > 0 && avail == 0 && abortable -> need = 0; rc = EAGAIN; break   /* what it has read is gone */
  od
}
inline vhost_user_recv_req() {
  full_read(HEADER, HEADER, true);
  if
  :: rc == 0 -> full_read(WORDS - HEADER, WORDS, false)
  :: else
  fi
}

/* within vu_req_read_message(), from time_travel_add_irq_event() */
inline time_travel_ext_req() {
  block_signals_hard();
  skip;                          /* GET, and its ACK */
#ifdef BEFORE_FIX
  signals_blocked = 0;
  if
  :: signals_pending -> signals_pending = false; inner_handlers()
  :: else
  fi
#else
  signals_blocked--;
#ifdef INNER_DRAINS
  do
  :: signals_blocked_pending > 0 -> inner_handlers(); decrement()
  :: else -> break
  od
#else
  skip                           /* `unblocking` is set, or else this is a host handler, and nothing can be pending */
#endif
#endif
}
inline inner_handlers() {
  do
  :: vhost_user_recv_req(); if :: rc != 0 -> break :: else -> replies++ fi
  od
}
inline decrement() {
  d_step { assert(signals_blocked_pending > 0);           /* or a panic: underflow */
    signals_blocked_pending = (signals_blocked_pending > 0 -> signals_blocked_pending - 1 : 0) }
}
inline block_signals_hard() {
#ifdef BEFORE_FIX
  signals_blocked = 1
#else
  signals_blocked++
#endif
}

inline sigio_run_timetravel_handlers() {
  do
  :: avail > 0 ->                /* os_waiting_for_events_epoll() */
     do                          /* vu_req_read_message() */
     :: vhost_user_recv_req();
        if
        :: rc != 0 -> break
        :: else -> time_travel_ext_req(); replies++     /* vhost_user_reply() */
        fi
     od
  :: else -> break
  od
}

proctype SigHandler() {
  byte need, n, rc;
end_no_signal:
  do
  :: d_step { sigio && !in_sig_handler -> sigio = false;
       if
#ifdef BEFORE_FIX
       :: signals_blocked > 0 -> signals_pending = true
#else
       :: signals_blocked > 0 || signals_blocked_pending > 0 -> signals_blocked_pending++
#endif
       :: else -> in_sig_handler = true
       fi }
  :: in_sig_handler -> sigio_run_timetravel_handlers(); rc = 0; in_sig_handler = false
  od
}

proctype Uml() provided (!in_sig_handler) {
  byte need, n, rc, round;
  do
  :: round < ROUNDS ->
     block_signals_hard();
     skip;                       /* REQUEST, say, and its ACK */
#ifdef BEFORE_FIX
     signals_blocked = 0;        /* unblock_signals_hard() */
     if
     :: signals_pending -> signals_pending = false; sigio_run_timetravel_handlers()
     :: else
     fi;
#else
     signals_blocked--;          /* unblock_signals_hard() */
     unblocking = true;
     do
     :: signals_blocked_pending > 0 -> sigio_run_timetravel_handlers(); decrement()
     :: else -> break
     od;
     unblocking = false;
#endif
     rc = 0; round++
  :: else -> break
  od
}

proctype Device() {
  byte sent;
  do
  :: sent < MESSAGES -> avail = avail + WORDS; sigio = true; sent++;
#ifndef NO_IRQ_ACK
     d_step { replies > 0 -> replies-- }
#endif
  :: else -> break
  od
#ifdef NO_IRQ_ACK
  replies == MESSAGES
#endif
}

init { atomic { run Uml(); run SigHandler(); run Device() } }
