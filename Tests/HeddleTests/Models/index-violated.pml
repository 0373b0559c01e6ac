// expect: violated array-bounds
// says: `last` is 3, but `cells` has 3 elements
byte cells[3];

active proctype Filler() {
    byte last;
    do
    :: last <= 3 -> cells[last] = 1; last++
    :: else -> break
    od
}
