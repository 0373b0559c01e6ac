/// Models with claims, for paths that are walked by hand.
enum ClaimModels {
    /// A client asks, and a server that may look away answers.
    static let request = """
        #define requested (pending == 1)
        byte pending;
        byte served;
        active proctype Client() {
            do
            :: pending == 0 -> pending = 1
            od
        }
        active proctype Server() {
            do
            :: pending == 1 -> served = 1; pending = 0; served = 0
            :: requested -> skip
            od
        }
        ltl answered { [] (requested -> <> (served == 1)) }
        """

    /// Two processes that never wait.
    static let counters = """
        bool x;
        bool y;
        active proctype P() { do :: x = !x od }
        active proctype Q() { do :: y = !y od }
        ltl { [] <> y }
        ltl same { <> [] (x == y) }
        """

    /// Ends for good, with something left undone.
    static let ending = """
        byte x;
        active proctype P() { x = 1; x = 2 }
        active proctype Q() { x == 5 -> x = 3 }
        ltl reaches { <> (x == 3) }
        ltl stays { [] (x < 2) }
        """

    /// Passes labels.
    static let labels = """
        bool x;
        bool free = true;
        active proctype Worker() {
            do
            :: x = !x
            :: skip ->
        progress_made: x = !x
            :: skip ->
        accept_it: x = !x
            od
        }
        active proctype Idler() {
            free -> skip
        }
        """

    /// A cycle through an atomic sequence.
    static let atomic = """
        byte x;
        active proctype P() {
            do
            :: atomic { x = 1; x = 2 }; x = 0
            od
        }
        ltl never1 { [] (x != 1) }
        ltl never2 { [] (x != 2) }
        """
}
