// expect: violated execution
// says: there are 200 channels already, and 255 can exist
proctype Holder() {
    chan own[200] = [1] of { bit };
    false
}

init {
    run Holder();
    run Holder()
}
