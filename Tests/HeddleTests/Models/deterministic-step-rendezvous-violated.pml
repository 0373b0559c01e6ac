// expect: violated execution
// says: needs a partner, which a `d_step` cannot wait for
chan meeting = [0] of { bit };
byte before;

active proctype Sender() {
    d_step {
        before = 1;
        meeting!1
    }
}

active proctype Receiver() {
    meeting?_
}
