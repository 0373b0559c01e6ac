// expect: holds
// The server waits for ever, at an end label: that is no deadlock.
chan request = [0] of { byte };

active proctype Client() {
    request!1
}

active proctype Server() {
    byte value;
end:
    do
    :: request?value
    od
}
