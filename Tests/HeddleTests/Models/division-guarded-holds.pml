// expect: holds
byte share;

active proctype Divider() {
    byte left = 3;
    do
    :: left > 0 -> share = 100 / left; left--
    :: else -> break
    od
}
