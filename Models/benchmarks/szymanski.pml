/* Szymanski's lock: those who want in gather in a waiting room, whose door the last of them closes; then each goes in turn.
 *
 * From: B. K. Szymanski, "A Simple Solution to Lamport's Concurrent Programming Problem with Linear Wait", International
 * Conference on Supercomputing, 1988. A process looks at the flags of the others one after the other, each look a step.
 *
 *   -DN=   processes
 *
 * Mutual exclusion (assertions) and end-states hold.
 *
 * N=3 29,221; N=4 1,832,127 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 3
#endif

#define OUTSIDE  0
#define STANDS   1      /* before the open door */
#define WAITS    2      /* in the room, for others to come in */
#define IN_DOOR  3
#define CLOSED   4      /* it has closed the door behind it */
byte flag[N];
byte inside;            /* ghost: 1 + the process in its critical section */

inline for_all(first, end, condition) {
  other = first;
  do
  :: other < end && (condition) -> other++
  :: other == end -> break
  od;
  other = 0
}

active [N] proctype Process() {
  byte other;
  do
  :: flag[_pid] = STANDS;
     for_all(0, N, flag[other] < IN_DOOR);
     flag[_pid] = IN_DOOR;
     do                 /* is somebody else before the door? */
     :: other < N && flag[other] != STANDS -> other++
     :: other < N && flag[other] == STANDS ->
          flag[_pid] = WAITS;
          other = 0;
          do            /* until somebody has closed it */
          :: flag[other] == CLOSED -> break
          :: else -> other = (other + 1) % N
          od;
          break
     :: other == N -> break
     od;
     other = 0;
     flag[_pid] = CLOSED;
     for_all(0, _pid, flag[other] < WAITS);
     d_step { assert(inside == 0); inside = _pid + 1 };
     inside = 0;
     for_all(_pid + 1, N, flag[other] < WAITS || flag[other] == CLOSED);
     flag[_pid] = OUTSIDE
  od
}
