// expect: violated execution
// says: blocks inside a `d_step`
byte ready;

active proctype Hasty() {
    d_step {
        ready = 0;
        ready == 1;
        ready = 2
    }
}
