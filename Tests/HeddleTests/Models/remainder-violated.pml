// expect: violated division-by-zero
// says: is zero, and something is divided by it
byte rest;

active proctype Divider() {
    byte by;
    rest = 7 % by
}
