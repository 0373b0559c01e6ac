// expect: holds
// options: --property assertions
// Only assertions are asked for, so the deadlock does not matter.
chan silent = [0] of { bit };

active proctype Waiter() {
    silent?_
}
