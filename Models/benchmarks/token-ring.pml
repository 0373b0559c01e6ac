/* Dijkstra's ring that stabilizes itself: whatever the states of its machines, there will be exactly one privilege, which
 * goes round for ever.
 *
 * From: E. W. Dijkstra, "Self-stabilizing Systems in Spite of Distributed Control", Communications of the ACM 17(11),
 * 1974: the solution with K states. A machine looks at its neighbour's state, and copies it later, so that between the two
 * the neighbour may have gone on.
 *
 *   -DN=   machines
 *   -DK=   states of each, at least 2 N - 1
 *
 * There is always a privilege, and there are never more than before (assertions); end-states hold, and it_stabilizes holds.
 *
 * K=5 176,432; K=8 2,925,194 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 3
#endif
#ifndef K
#define K (2 * N - 1)
#endif

byte state[N];
byte seen[N];           /* of each machine, as its neighbour after it has seen it */
bool has_begun;
byte privileges;        /* ghost: how many of the 2 N cells `seen` and `state` may change */

#define BEFORE(machine) ((machine + N - 1) % N)

inline count_privileges() {
  do
  :: other < N ->
       now_there = now_there + (seen[other] != state[BEFORE(other)]) + ((seen[other] == state[other]) == (other == 0));
       other++
  :: else -> break
  od;
  assert(now_there > 0 && (!has_begun || now_there <= privileges));
  privileges = now_there;
  other = 0; now_there = 0
}

proctype Machine(byte me) {
  byte other, now_there;
  has_begun;
  do
  :: d_step { seen[me] != state[BEFORE(me)] -> seen[me] = state[BEFORE(me)]; count_privileges() }
  :: d_step { me == 0 && seen[me] == state[me] -> state[me] = (state[me] + 1) % K; count_privileges() }
  :: d_step { me != 0 && seen[me] != state[me] -> state[me] = seen[me]; count_privileges() }
  od
}

init {
  byte me, value, other, now_there;
  do
  :: me < N ->
       atomic { select (value : 0 .. K - 1); state[me] = value; value = 0 };
       atomic { select (value : 0 .. K - 1); seen[me] = value; value = 0; me++ }
  :: else -> break
  od;
  me = 0;
  atomic {
    count_privileges();
    do
    :: me < N -> run Machine(me); me++
    :: else -> break
    od;
    me = 0;
    has_begun = true
  }
}

ltl it_stabilizes { <> [] (privileges == 1) }
