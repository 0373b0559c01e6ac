/* Chang and Roberts' election on a ring with channels one way: each sends its number, and passes on those above its own.
 *
 * From: E. Chang, R. Roberts, "An Improved Algorithm for Decentralized Extrema-Finding in Circular Configurations of
 * Processes", Communications of the ACM 22(5), 1979. The numbers are dealt out in any order,
 * from the process with the lowest on.
 *
 *   -DN=   processes
 *
 * There is one leader, with the highest number, and all hear of it (assertions); end-states and a_leader_is_elected hold.
 *
 * N=4 45,281; N=5 1,707,539 states. The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef N
#define N 4
#endif

mtype = { CANDIDATE, ELECTED };
chan link[N] = [N] of { mtype, byte };      /* to each process, from the one before it */
byte number[N];                             /* from 1 on; 0: not dealt out yet */
byte leaders;

proctype Process(byte me) {
  byte candidate;
  bool takes_part;
  do
  :: !takes_part -> link[(me + 1) % N]!CANDIDATE(number[me]); takes_part = true
  :: link[me]?CANDIDATE(candidate) ->
       if
       :: candidate > number[me] -> takes_part = true; link[(me + 1) % N]!CANDIDATE(candidate)
       :: candidate < number[me] ->
            if :: !takes_part -> takes_part = true; link[(me + 1) % N]!CANDIDATE(number[me]) :: else fi
       :: candidate == number[me] -> leaders++; assert(leaders == 1 && candidate == N); link[(me + 1) % N]!ELECTED(candidate)
       fi;
       candidate = 0
  :: link[me]?ELECTED(candidate) ->
       assert(candidate == N);
       if
       :: number[me] != N -> link[(me + 1) % N]!ELECTED(candidate)
       :: else
       fi;
       break
  od
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
