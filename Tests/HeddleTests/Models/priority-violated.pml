// expect: violated execution
// says: priority 0 is not in 1 to 255
byte level;

active proctype Riser() {
    set_priority(_pid, level)
}
