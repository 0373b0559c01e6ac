/* The election of Dolev, Klawe and Rodeh on a ring with channels one way: in each round, those whose neighbour before them
 * holds the highest number of three go on with it, and the others only pass on what they hear: O(n log n) messages.
 *
 * From: D. Dolev, M. Klawe, M. Rodeh, "An O(n log n) Unidirectional Distributed Algorithm for Extrema Finding in a
 * Circle", Journal of Algorithms 3, 1982. The numbers are dealt out in any order,
 * from the process with the lowest on.
 *
 *   -DN=   processes
 *
 * There is one leader, and the number that it holds is the highest (assertions); end-states and a_leader_is_elected hold.
 *
 * N=5 155,708; N=6 4,352,015 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 4
#endif

mtype = { FIRST, SECOND, ELECTED };
chan link[N] = [N] of { mtype, byte };      /* to each process, from the one before it */
byte number[N];                             /* from 1 on; 0: not dealt out yet */
byte leaders;

#define NEXT link[(me + 1) % N]

proctype Process(byte me) {
  byte held = number[me], heard, before;
round:
  NEXT!FIRST(held);
  if
  :: link[me]?FIRST(heard)
  :: link[me]?ELECTED(heard) -> goto over
  fi;
  if
  :: heard == held ->                       /* its number has been all round: nobody else is active */
       leaders++;
       assert(leaders == 1 && held == N);
       NEXT!ELECTED(held);
       link[me]?ELECTED(heard);
       goto done
  :: else
  fi;
  NEXT!SECOND(heard);
  link[me]?SECOND(before);
  if
  :: heard > held && heard > before -> d_step { held = heard; heard = 0; before = 0 }; goto round
  :: else -> d_step { held = 0; heard = 0; before = 0 }
  fi;
  do
  :: link[me]?FIRST(heard) -> NEXT!FIRST(heard)
  :: link[me]?SECOND(heard) -> NEXT!SECOND(heard)
  :: link[me]?ELECTED(heard) -> break
  od;
over:
  assert(heard == N);
  NEXT!ELECTED(heard);
done:
  skip
}

init {
  byte place, given = 1;
  atomic {
    number[0] = 1;
    do
    :: given < N ->
         select (place : 0 .. N - 1);
         do             /* the next that has none */
         :: number[place] != 0 -> place = (place + 1) % N
         :: else -> break
         od;
         given++;
         number[place] = given
    :: else -> break
    od;
    place = 0; given = 0;
    do
    :: place < N -> run Process(place); place++
    :: else -> break
    od;
    place = 0
  }
}

ltl a_leader_is_elected { <> (leaders == 1) }
