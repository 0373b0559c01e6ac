/* Lamport's fast mutual exclusion: seven accesses to memory where nobody else wants in, however many there are.
 *
 * From: L. Lamport, "A Fast Mutual Exclusion Algorithm", ACM Transactions on Computer Systems 5(1), 1987: algorithm 2.
 * Each look at a shared variable, and each assignment, is a step of its own.
 *
 *   -DN=   processes
 *
 * Mutual exclusion (assertions) and end-states hold, and one_of_them_gets_in under weak fairness. A single process may
 * starve, as the article says.
 *
 * N=3 32,549; N=4 1,817,424 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 3
#endif

bool wants[N];
byte x, y;              /* 1 + a process; y == 0: nobody */
byte inside;            /* ghost: 1 + the process in its critical section */

active [N] proctype Process() {
  byte other;
start:
  wants[_pid] = true;
  x = _pid + 1;
  if
  :: y != 0 -> wants[_pid] = false; y == 0; goto start
  :: else
  fi;
  y = _pid + 1;
  if
  :: x != _pid + 1 ->
       wants[_pid] = false;
       do
       :: other < N -> !wants[other]; other++
       :: else -> break
       od;
       other = 0;
       if
       :: y != _pid + 1 -> y == 0; goto start
       :: else
       fi
  :: else
  fi;
  d_step { assert(inside == 0); inside = _pid + 1 };
  inside = 0;
  y = 0;
  wants[_pid] = false;
  goto start
}

ltl one_of_them_gets_in { [] (wants[0] -> <> (inside > 0)) }
