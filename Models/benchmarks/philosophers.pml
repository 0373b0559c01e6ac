/* The dining philosophers: each takes the fork with the lower number first, so they never wait for each other in a circle.
 *
 * From: E. W. Dijkstra, "Hierarchical Ordering of Sequential Processes", Acta Informatica 1(2), 1971.
 *
 *   -DN=       philosophers, and forks
 *   -DGREEDY   each takes the left fork first: end-states violated
 *
 * No fork is in two hands (assertions), end-states hold.
 *
 * N=9 46,764; N=12 1,684,802 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 5
#endif

#ifdef GREEDY
#define LOWER  _pid
#define HIGHER (_pid + 1) % N
#else
#define LOWER  (_pid < N - 1 -> _pid : 0)
#define HIGHER (_pid < N - 1 -> _pid + 1 : N - 1)
#endif
byte taken[N];          /* forks, by how many hands */

active [N] proctype Philosopher() {
  do
  :: d_step { taken[LOWER] == 0 -> taken[LOWER]++ };
     d_step { taken[HIGHER] == 0 -> taken[HIGHER]++ };
     assert(taken[LOWER] == 1 && taken[HIGHER] == 1);       /* eats */
     taken[LOWER]--;
     taken[HIGHER]--
  od
}
