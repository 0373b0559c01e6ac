/* German's cache coherence protocol, with data: a directory grants a line to many readers, or to one writer.
 *
 * From: the protocol of S. German as published by A. Pnueli, S. Ruah, L. Zuck, "Automatic Deductive Verification with
 * Invisible Invariants", TACAS 2001; data as in C.-T. Chou, P. K. Mannava, S. Park, "A Simple Method for Parameterized
 * Verification of Cache Coherence Protocols", FMCAD 2004. Each client has three channels for one message: its requests
 * (1), the directory's grants and invalidations (2), its acknowledgements of the latter (3).
 *
 *   -DN=   clients
 *
 * A writer is alone, and who reads sees what was written last (assertions); end-states hold.
 *
 * N=3 58,078; N=4 1,105,354 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 3
#endif

mtype = { EMPTY, READ, WRITE, GRANT_READ, GRANT_WRITE, INVALIDATE, INVALIDATED };

typedef Client {
  mtype channel1 = EMPTY, channel2 = EMPTY, channel3 = EMPTY;
  bit data2, data3;                 /* with a grant, and with the acknowledgement of a writer */
  bool reads, writes;               /* the state of the line; both false: invalid */
  bit line;
  bool shares, is_asked;            /* the directory's: who has the line, and who must still be told to give it up */
}
Client client[N];
bool has_writer;                    /* the directory's */
mtype command = EMPTY;              /* the request that it is at work on */
byte requester;
byte sharers;                       /* how many have the line */
bit memory;
bit latest;                         /* ghost: what was written last */

#define OWN client[me]

inline write_line() {
  do
  :: other < N -> assert(other == me || !client[other].reads && !client[other].writes); other++
  :: else -> break
  od;
  other = 0;
  OWN.line = 1 - OWN.line;
  latest = OWN.line
}
inline ask_all_sharers() {
  do
  :: other < N -> client[other].is_asked = client[other].shares; other++
  :: else -> break
  od;
  other = 0
}

proctype Cache(byte me) {
  byte other;
  do
  :: d_step { OWN.channel1 == EMPTY && !OWN.reads && !OWN.writes -> OWN.channel1 = READ }
  :: d_step { OWN.channel1 == EMPTY && !OWN.writes -> OWN.channel1 = WRITE }
  :: d_step { OWN.channel2 == INVALIDATE && OWN.channel3 == EMPTY ->
       OWN.channel2 = EMPTY; OWN.channel3 = INVALIDATED;
       if :: OWN.writes -> OWN.data3 = OWN.line :: else fi;
       OWN.reads = false; OWN.writes = false; OWN.line = 0 }
  :: d_step { OWN.channel2 == GRANT_READ ->
       OWN.channel2 = EMPTY; OWN.reads = true; OWN.line = OWN.data2; OWN.data2 = 0 }
  :: d_step { OWN.channel2 == GRANT_WRITE ->
       OWN.channel2 = EMPTY; OWN.reads = false; OWN.writes = true; OWN.line = OWN.data2; OWN.data2 = 0 }
  :: d_step { OWN.writes -> write_line() }
  :: d_step { OWN.reads || OWN.writes -> assert(OWN.line == latest) }
  od
}

/* What the directory does for one client; all of its steps are atomic. */
proctype Directory(byte me) {
  byte other;
  do
  :: d_step { command == EMPTY && OWN.channel1 != EMPTY ->
       command = OWN.channel1; OWN.channel1 = EMPTY; requester = me;
       ask_all_sharers() }
  :: d_step { OWN.is_asked && OWN.channel2 == EMPTY && (command == WRITE || command == READ && has_writer) ->
       OWN.channel2 = INVALIDATE; OWN.is_asked = false }
  :: d_step { command != EMPTY && OWN.channel3 == INVALIDATED ->
       OWN.channel3 = EMPTY; OWN.shares = false; sharers--;
       if :: has_writer -> has_writer = false; memory = OWN.data3; OWN.data3 = 0 :: else fi }
  :: d_step { requester == me && OWN.channel2 == EMPTY &&
              (command == READ && !has_writer || command == WRITE && sharers == 0) ->
       OWN.channel2 = (command == READ -> GRANT_READ : GRANT_WRITE);
       has_writer = (command == WRITE);
       OWN.data2 = memory; sharers = sharers + !OWN.shares; OWN.shares = true; command = EMPTY; requester = 0 }
  od
}

init {
  byte me;
  atomic {
    do
    :: me < N -> run Cache(me); run Directory(me); me++
    :: else -> break
    od;
    me = 0
  }
}
