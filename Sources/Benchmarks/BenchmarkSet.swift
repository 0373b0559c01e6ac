extension Benchmark {
    /// The set that is measured, if no others are named: algorithms from the literature, then our own protocols.
    public static let all: [Benchmark] = [
        Benchmark(
            "peterson", "benchmarks/peterson.pml", small: ["N=3"], standard: ["N=4"],
            formula: Formula(name: "the_first_gets_in", needsFairness: true, defines: ["N=4"])),
        Benchmark(
            "bakery", "benchmarks/bakery.pml", small: ["N=3", "TICKETS=3"], standard: ["N=3", "TICKETS=12"],
            large: ["N=4", "TICKETS=4"],
            formula: Formula(name: "first_come_first_served", needsFairness: false, defines: ["N=3", "TICKETS=8"])),
        Benchmark(
            "lamport-fast", "benchmarks/lamport-fast.pml", small: ["N=3"], standard: ["N=4"],
            formula: Formula(name: "one_of_them_gets_in", needsFairness: true, defines: ["N=4"])),
        Benchmark(
            "anderson", "benchmarks/anderson.pml", small: ["N=5"], standard: ["N=7"], large: ["N=8"],
            formula: Formula(name: "the_first_gets_in", needsFairness: true, defines: ["N=7"])),
        Benchmark("szymanski", "benchmarks/szymanski.pml", small: ["N=3"], standard: ["N=4"]),
        Benchmark(
            "chang-roberts", "benchmarks/chang-roberts.pml", small: ["N=4"], standard: ["N=5"], large: ["N=6"],
            formula: Formula(name: "a_leader_is_elected", needsFairness: false, defines: ["N=5"])),
        Benchmark(
            "dolev-klawe-rodeh", "benchmarks/dolev-klawe-rodeh.pml", small: ["N=5"], standard: ["N=6"],
            formula: Formula(name: "a_leader_is_elected", needsFairness: false, defines: ["N=6"])),
        Benchmark(
            "sliding-window", "benchmarks/sliding-window.pml", small: ["WINDOW=2"], standard: ["WINDOW=4"],
            large: ["WINDOW=4", "CAPACITY=3"]),
        Benchmark(
            "philosophers", "benchmarks/philosophers.pml", small: ["N=9"], standard: ["N=12"], large: ["N=14"]),
        Benchmark(
            "german", "benchmarks/german.pml", small: ["N=3"], standard: ["N=4"], large: ["N=5"]),
        Benchmark(
            "elevators", "benchmarks/elevators.pml", small: ["N=1", "FLOORS=4"], standard: ["N=1", "FLOORS=6"],
            large: ["N=2", "FLOORS=3"]),
        Benchmark(
            "token-ring", "benchmarks/token-ring.pml", small: ["K=5"], standard: ["K=8"], large: ["K=11"],
            formula: Formula(name: "it_stabilizes", needsFairness: false, defines: ["K=7"])),
        Benchmark(
            "um-timetravel", "um-timetravel/socket.pml", small: ["N=2"], standard: ["N=2", "MAX_TIME=3"],
            large: ["N=3"],
            formula: Formula(name: "sleepers_are_woken", needsFairness: false, defines: ["N=2", "MAX_TIME=3"])),
        Benchmark(
            "um-timetravel-shm", "um-timetravel/shm.pml", small: ["N=2"],
            standard: ["N=2", "DISCONNECT", "REPLY_FIRST", "FIX_REMOVE", "FIX_STALE"]),
        Benchmark(
            "uintr", "uintr/uintr.pml", small: ["ONE_VECTOR", "FIX", "SENDS=1"],
            standard: ["ONE_VECTOR", "FIX", "SENDS=3", "SIGNALS=2"],
            large: ["ONE_VECTOR", "FIX", "SENDERS=2"]),
        Benchmark("vfio-ccw", "vfio-ccw/vfio-ccw.pml", small: ["FIX"], standard: ["V4"]),
        Benchmark(
            "qemu-replay", "qemu-replay/replay.pml", small: ["EVERY", "TODAY", "OTHER_AFTER"],
            standard: ["EVERY", "TODAY", "OTHER_AFTER", "ALL_ROUNDS", "ROUNDS=3"]),
    ]
}
