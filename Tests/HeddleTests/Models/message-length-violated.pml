// expect: violated execution
// says: `line!1` has 1 field, but the channel's messages have 2
chan pairs = [1] of { byte, byte };

proctype Sender(chan line) {
    line!1
}

init {
    run Sender(pairs)
}
