// expect: violated array-bounds
// says: `place` is -1, but `cells` has 3 elements
byte cells[3];

active proctype Reader() {
    int place = -1;
    cells[0] = cells[place]
}
