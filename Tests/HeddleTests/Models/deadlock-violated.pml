// expect: violated end-states
// says: deadlock: nothing can move, and Client(0) and Server(1) have not come to an end
// The server asks for a second request instead of replying.
mtype = { GET, ACK };
chan request = [0] of { mtype, byte };
chan reply = [0] of { mtype };

active proctype Client() {
    request!GET(7);
    reply?ACK
}

active proctype Server() {
    byte from;
    request?GET(from);
    request?GET(from)
}
