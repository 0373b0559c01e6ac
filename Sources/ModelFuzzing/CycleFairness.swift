import Automata

/// Says of cycles whether they are fair: those that are not are no violations where fairness was asked for.
final class CycleFairness {
    private let fairness: Fairness
    private let stepper: Stepper

    /// - Returns: nil where all cycles count.
    init?(_ system: System, _ fairness: Fairness) {
        if fairness == .none { return nil }
        self.fairness = fairness
        stepper = Stepper(system)
    }

    /// Whether no process is kept waiting for ever although it can move all the time, or, with strong fairness, again and again.
    /// - Parameters:
    ///   - cycle: the steps from a state back to it.
    ///   - state: that state, in which no process is in control.
    func isFair(_ cycle: ArraySlice<ScheduleStep>, from state: UnsafeRawBufferPointer) -> Bool {
        stepper.go(to: state, control: -1)
        var always = ProcessSet(below: 256)
        var once = ProcessSet()
        for step in cycle {
            guard let move = stepper.follow(step) else { return false }
            // Only now is it clear whether the process in control can go on.
            guard stepper.control < 0 else {
                stepper.take(move)
                continue
            }
            _ = stepper.findAllMoves()
            let enabled = ProcessSet(movingIn: (0..<stepper.moveCount).map { stepper.move($0).step })
            always.formIntersection(enabled)
            once.formUnion(enabled)
            stepper.take(move)
        }
        return (fairness == .strong ? once : always).isSubset(of: ProcessSet(movingIn: cycle.map(\.step)))
    }
}
