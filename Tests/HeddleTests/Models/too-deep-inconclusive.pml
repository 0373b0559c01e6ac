// expect: inconclusive
// options: --depth 3
// says: no violation up to depth 3, and there are deeper states
byte level;

active proctype Climber() {
    do
    :: level < 10 -> level++
    :: else -> break
    od
}
