// expect: inconclusive
// options: --memory 64K
// says: the memory limit of 64 KiB was reached; raise it with --memory
int left, right;

active proctype Left() {
    do
    :: left < 300 -> left++
    :: else -> break
    od
}

active proctype Right() {
    do
    :: right < 300 -> right++
    :: else -> break
    od
}
