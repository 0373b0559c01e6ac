// expect: violated execution
// says: there are 255 processes already
proctype Child() {
    false
}

init {
    byte count;
    atomic {
        do
        :: run Child()
        od
    }
}
