/// Where one comes to from some nodes of a graph by one step or more.
func reachable(from nodes: some Sequence<Int>, _ successors: (Int) -> [Int]) -> Set<Int> {
    var (reached, pending) = (Set<Int>(), Array(nodes))
    while let node = pending.popLast() {
        pending += successors(node).filter { reached.insert($0).inserted }
    }
    return reached
}
