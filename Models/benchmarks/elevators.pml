/* Elevators that share the calls of a house: a cabin goes on in its direction as long as there is a reason to, then turns.
 *
 * From: D. E. Knuth, "The Art of Computer Programming", volume 1, 1968, section 2.2.5 (one elevator, in coroutine E);
 * here several, without people: a button may be pressed at any time, and each call is for all cabins, or for one.
 *
 *   -DFLOORS=   in the house
 *   -DN=        cabins
 *
 * A cabin moves with its door closed, and within the house (assertions); end-states hold. Whether a call is answered is
 * not asked: who presses the button of the floor where the cabin is keeps it there.
 *
 * N=1 FLOORS=4 44,388; N=2 FLOORS=3 5,290,232 states.
 * The same in Spin 6.5.2 (-o1 -o2 -o3, -DSAFETY -DNOREDUCE). */
#ifndef FLOORS
#define FLOORS 3
#endif
#ifndef N
#define N 2
#endif

typedef Cabin {
  byte at;                          /* floor */
  bool is_open, goes_down;
  bool inner[FLOORS];               /* its own buttons */
}
Cabin cabin[N];
bool outer[FLOORS];                 /* the buttons in the house */

#define OWN cabin[me]

proctype Control(byte me) {
  byte floor;
  bool is_ahead, is_behind;
  do
  :: d_step { !OWN.is_open && (outer[OWN.at] || OWN.inner[OWN.at]) ->
       OWN.is_open = true; outer[OWN.at] = false; OWN.inner[OWN.at] = false }
  :: OWN.is_open -> OWN.is_open = false
  :: else ->
       /* The look at the buttons, one after the other: others may press some, or come first, meanwhile. */
       do
       :: floor < FLOORS ->
            d_step {
              if
              :: outer[floor] || OWN.inner[floor] ->
                   is_ahead = is_ahead || (OWN.goes_down -> floor < OWN.at : floor > OWN.at);
                   is_behind = is_behind || (OWN.goes_down -> floor > OWN.at : floor < OWN.at)
              :: else
              fi;
              floor++
            }
       :: else -> break
       od;
       floor = 0;
       d_step {
         assert(!OWN.is_open);
         OWN.goes_down = (is_ahead || !is_behind -> OWN.goes_down : !OWN.goes_down);
         if
         :: is_ahead || is_behind ->
              assert(OWN.goes_down && OWN.at > 0 || !OWN.goes_down && OWN.at < FLOORS - 1);
              OWN.at = (OWN.goes_down -> OWN.at - 1 : OWN.at + 1)
         :: else
         fi;
         is_ahead = false; is_behind = false
       }
  od
}

active proctype People() {
  byte floor, me;
  do
  :: atomic { select (floor : 0 .. FLOORS - 1); outer[floor] = true; floor = 0 }
  :: atomic {
       select (floor : 0 .. FLOORS - 1); select (me : 0 .. N - 1);
       cabin[me].inner[floor] = true; floor = 0; me = 0
     }
  od
}

init {
  byte me;
  atomic {
    do
    :: me < N -> run Control(me); me++
    :: else -> break
    od;
    me = 0
  }
}
