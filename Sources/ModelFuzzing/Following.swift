import Automata

extension Stepper {
    /// Finds the move that a step of another path is, if it can be taken here.
    /// - Returns: its index among the moves.
    func follow(_ wanted: ScheduleStep) -> Int? {
        if control >= 0, control != wanted.pid {
            // Only once it is clear that the process in control cannot go on is it somebody else's turn.
            if findMoves(of: control) { return nil }
            loseControl()
        }
        guard wanted.pid < processCount else { return nil }
        let start = moveCount
        var moved = findMoves(of: wanted.pid)
        if !moved, control >= 0 {
            loseControl()
            return follow(wanted)
        }
        if !moved, wanted.isTimeout {
            for pid in 0..<processCount where findMoves(of: pid) { return nil }
            moved = findMoves(of: wanted.pid, allowsTimeout: true)
        }
        guard moved else { return nil }
        return (start..<moveCount).first { wanted.does(move($0).step) }
    }
}
