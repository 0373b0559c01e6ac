/// Models that the tests share.
enum Models {
    static let deadlock = """
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
        """

    static let assertion = """
        #define MAX 1
        byte count;
        chan log = [2] of { byte };
        active [2] proctype Worker() {
            byte n;
            atomic { count++; n = count };
            select (n : 1 .. 2);
            log!n;
            log?n;
            assert(count <= MAX);
            count--
        }
        """

    static let outOfBounds = """
        byte a[3];
        active proctype P() {
            byte i = 2;
            i++;
            a[i] = 1
        }
        """

    static let everything = """
        mtype = { GET, PUT };
        typedef Pair { byte left; unsigned right : 64 }
        Pair pairs[2];
        bool flag = true;
        int number = -5;
        mtype kind = PUT;
        chan queue[2] = [2] of { mtype, int };
        proctype Child(byte id; chan out) {
            pairs[id].right = 18446744073709551615;
            out!GET,-3;
            printf("child \\"%d\\" is done\\n", id)
        }
        init {
            int got;
            atomic { run Child(0, queue[1]); run Child(1, queue[0]) };
            queue[1]?GET,got;
            if
            :: timeout -> skip
            fi;
            d_step { queue[0]?kind,got; number = got; flag = false };
            assert(number == 0)
        }
        """

    static let all = [deadlock, assertion, outOfBounds, everything]
}
