// expect: violated assertions
// says: inside == 1
// Looking at the lock and taking it are two steps.
bool locked;
byte inside;

active [2] proctype Worker() {
    !locked;
    locked = true;
    inside++;
    assert(inside == 1);
    inside--;
    locked = false
}
