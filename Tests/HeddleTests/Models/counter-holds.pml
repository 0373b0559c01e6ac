// expect: holds
// Two workers take turns by a lock; at most one is inside.
bool locked;
byte inside;

active [2] proctype Worker() {
    byte rounds;
    do
    :: rounds < 2 ->
        atomic { !locked -> locked = true };
        inside++;
        assert(inside == 1);
        inside--;
        locked = false;
        rounds++
    :: else -> break
    od
}
