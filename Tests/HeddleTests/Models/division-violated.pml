// expect: violated division-by-zero
// says: is zero, and something is divided by it
byte share;

active proctype Divider() {
    byte left = 2;
    do
    :: left--; share = 100 / left
    od
}
