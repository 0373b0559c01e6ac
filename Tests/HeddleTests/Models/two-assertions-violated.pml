// expect: violated assertions
// options: --all-violations 5
// says: Counterexample 2 of 2
byte level;

active proctype Climber() {
    do
    :: level < 3 -> level++
    :: level == 1 -> assert(false)
    :: level == 2 -> assert(level != 2)
    :: level == 3 -> break
    od
}
