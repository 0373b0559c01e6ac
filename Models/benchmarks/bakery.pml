/* Lamport's bakery: who wants in takes a number higher than all that he sees; the lowest number goes first.
 *
 * From: L. Lamport, "A New Solution of Dijkstra's Concurrent Programming Problem", Communications of the ACM 17(8), 1974.
 * Each look at a variable of another process, and each assignment, is a step of its own. The numbers of the original grow
 * without bound; here a customer who would need one above TICKETS gives up, and comes again.
 *
 *   -DN=         processes
 *   -DTICKETS=   the highest number
 *
 * Mutual exclusion (assertions) and end-states hold; so does first_come_first_served, without fairness: who has a
 * number before another has begun to choose goes in before him.
 *
 * N=2 TICKETS=4 4506; N=3 TICKETS=3 308,147, TICKETS=7 1,098,619, TICKETS=12 2,123,729 states.
 * The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 2
#endif
#ifndef TICKETS
#define TICKETS 4
#endif

bool choosing[N];
byte number[N];         /* 0: does not want in */
byte inside;            /* ghost: 1 + the process in its critical section */
bool first, passed;     /* ghosts: 0 has its number, and 1 had not begun to choose; 1 has been inside since */

#define IS_BEFORE(i, j) (number[i] < number[j] || number[i] == number[j] && i < j)

active [N] proctype Customer() {
  byte other, highest;
  do
  :: choosing[_pid] = true;
     do
     :: other < N -> highest = (number[other] > highest -> number[other] : highest); other++
     :: else -> break
     od;
     other = 0;
     if
     :: highest < TICKETS -> number[_pid] = highest + 1
     :: else -> d_step { choosing[_pid] = false; highest = 0 }; goto again
     fi;
     highest = 0;
     d_step { choosing[_pid] = false; if :: _pid == 0 && !choosing[1] && number[1] == 0 -> first = true :: else fi };
     do
     :: other < N -> !choosing[other]; number[other] == 0 || !IS_BEFORE(other, _pid); other++
     :: else -> break
     od;
     other = 0;
     d_step {
       assert(inside == 0); inside = _pid + 1;
       if :: _pid == 0 -> first = false :: _pid == 1 -> passed = first :: else fi
     };
     inside = 0;
     d_step { number[_pid] = 0; passed = false };
again: skip
  od
}

ltl first_come_first_served { [] !passed }
