/* Anderson's array lock: who wants in draws a place in the queue, and waits at a place of his own in memory.
 *
 * From: T. E. Anderson, "The Performance of Spin Lock Alternatives for Shared-Memory Multiprocessors", IEEE Transactions
 * on Parallel and Distributed Systems 1(1), 1990.
 *
 *   -DN=   processes, and places
 *
 * Mutual exclusion (assertions) and end-states hold; the_first_gets_in holds under weak fairness.
 *
 * N=4 5474; N=5 42,303; N=7 2,976,187 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 4
#endif

bool has_lock[N];       /* by places */
byte next;              /* the place of the next one to come; by an atomic increment */
byte inside;            /* ghost: 1 + the process in its critical section */
bool waits;             /* ghost: process 0 has its place, and is not inside yet */

active [N] proctype Process() {
  byte place;
  if
  :: d_step { _pid == 0 -> has_lock[0] = true }
  :: _pid != 0
  fi;
  do
  :: d_step { place = next; next = (next + 1) % N; waits = waits || _pid == 0 };
     has_lock[place];
     d_step { assert(inside == 0); inside = _pid + 1; waits = waits && _pid != 0 };
     has_lock[place] = false;
     inside = 0;
     d_step { has_lock[(place + 1) % N] = true; place = 0 };
     skip               /* what is not critical */
  od
}

ltl the_first_gets_in { [] (waits -> <> (inside == 1)) }
