// expect: violated execution
// says: this `d_step` does not come to an end
bit flag;

active proctype Spinner() {
    d_step {
        do
        :: flag = 1 - flag
        od
    }
}
