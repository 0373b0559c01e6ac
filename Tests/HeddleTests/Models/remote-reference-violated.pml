// expect: violated execution
// says: process 1 is not a `Wanted`
// The process with this pid is of another type than the reference says.
proctype Other() {
    false
}

proctype Wanted() {
    byte value;
    value == 0
}

init {
    pid other;
    other = run Other();
    assert(Wanted[other]:value == 0)
}
