import Automata

/// The moves that are possible in symbolic states.
final class SymbolicExpansion {
    /// A step, with the states that it leads to; terms speak of the variables of the state before, and of new ones.
    struct Successor {
        var state: SymbolicState
        /// Nil where only control was lost.
        var step: Step?
        /// What an `EventObserver` said of the step.
        var mark = 0
    }

    let system: System
    let oracle: DecisionOracle
    let generator: SuccessorGenerator
    /// Told of each successor.
    var onSuccessor: (Successor) -> Void = { _ in }
    /// Told of each fault, with the step that ran into it.
    var onFault: (Fault, Step, ConstraintSet) -> Void = { _, _, _ in }
    /// Told where nothing can move.
    var onBlocked: (ConstraintSet) -> Void = { _ in }

    init(_ system: System, _ oracle: DecisionOracle) {
        self.system = system
        self.oracle = oracle
        generator = SuccessorGenerator(system)
        generator.use(oracle)
    }

    /// The state in which the initial processes have started, and what goes wrong in an initial value.
    func initialState() -> (state: SymbolicState, fault: Fault?) {
        oracle.constraints = ConstraintSet()
        let (bytes, fault) = generator.initialState()
        return (SymbolicState(bytes: bytes, constraints: oracle.constraints, control: nil), fault)
    }

    /// Tells somebody else of everything that can happen in a state.
    func observing(
        state: SymbolicState, onSuccessor observeSuccessor: @escaping (Successor) -> Void = { _ in },
        onFault observeFault: @escaping (Fault, Step) -> Void = { _, _ in }
    ) {
        let (callerSuccessor, callerFault, callerBlocked) = (onSuccessor, onFault, onBlocked)
        let callerConstraints = oracle.constraints
        defer {
            (onSuccessor, onFault, onBlocked) = (callerSuccessor, callerFault, callerBlocked)
            oracle.constraints = callerConstraints
        }
        (onSuccessor, onFault, onBlocked) = (observeSuccessor, { fault, step, _ in observeFault(fault, step) }, { _ in })
        expand(state)
    }

    /// Tells of everything that can happen in a state.
    func expand(_ state: SymbolicState) {
        if let control = state.control {
            for constraints in move(control, in: state, where: state.constraints) {
                // Control is lost: from here any process may move.
                onSuccessor(
                    Successor(
                        state: SymbolicState(
                            bytes: generator.storedForm(of: state.bytes), constraints: constraints, control: nil),
                        step: nil))
            }
            return
        }
        let pids = (0..<Int(state.bytes[0])).reversed()
        var somebodyMoves = false
        for pid in pids where move(pid, in: state, where: state.constraints).isEmpty { somebodyMoves = true }
        if somebodyMoves { return }
        // Nobody moves under all constraints: where does nobody move at all?
        for constraints in blocked(pids, in: state, where: state.constraints, allowsTimeout: false) {
            for pid in pids { _ = move(pid, in: state, where: constraints, allowsTimeout: true) }
            for stuck in blocked(pids, in: state, where: constraints, allowsTimeout: true) { onBlocked(stuck) }
        }
    }

    /// Tells of the moves of one process.
    /// - Returns: the constraints under which it has none.
    private func move(
        _ pid: Int, in state: SymbolicState, where constraints: ConstraintSet, allowsTimeout: Bool = false
    ) -> [ConstraintSet] {
        var idle: [ConstraintSet] = []
        oracle.constraints = constraints
        oracle.forEachAnswer {
            oracle.beginCollecting()
            let (moves, faults) = generator.moves(of: pid, from: state.bytes, allowsTimeout: allowsTimeout)
            for (move, constraints) in zip(moves, oracle.constraintsOfMoves) {
                onSuccessor(
                    Successor(
                        state: SymbolicState(bytes: move.state, constraints: constraints, control: move.control),
                        step: move.step, mark: move.mark))
            }
            for ((fault, step), constraints) in zip(faults, oracle.constraintsOfFaults) { onFault(fault, step, constraints) }
            // A value that is cut to size in a guard is a violation, but no move.
            if moves.isEmpty, faults.allSatisfy({ $0.fault.kind.goesOn }) { idle.append(oracle.constraints) }
        }
        return idle
    }

    /// The constraints under which none of the processes moves; nobody is told of moves.
    private func blocked(
        _ pids: some Sequence<Int>, in state: SymbolicState, where constraints: ConstraintSet, allowsTimeout: Bool
    ) -> [ConstraintSet] {
        let (callerSuccessor, callerFault) = (onSuccessor, onFault)
        (onSuccessor, onFault) = ({ _ in }, { _, _, _ in })
        defer { (onSuccessor, onFault) = (callerSuccessor, callerFault) }
        var result = [constraints]
        for pid in pids { result = result.flatMap { move(pid, in: state, where: $0, allowsTimeout: allowsTimeout) } }
        return result
    }

    /// Whether every process stands where it may stay for good.
    func isValidEnd(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBytes { generator.isValidEnd($0) } }
}
