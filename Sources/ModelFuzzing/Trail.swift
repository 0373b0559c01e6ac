import Automata

extension Reenactment {
    /// A state of a path, with what makes one state as good as another for what comes after it.
    struct TrailPoint {
        var state: [UInt8]
        var control: Int
        /// Where the claim can be, before it sees the state.
        var claimStates: [Int32]
        var key: UInt64

        init(state: [UInt8], control: Int, claimStates: [Int32]) {
            self.state = state
            self.control = control
            self.claimStates = claimStates
            key = state.withUnsafeBytes { Reenactment.key($0, control, claimStates) }
        }
    }

    /// A hash of a state and all that goes with it.
    static func key(_ state: UnsafeRawBufferPointer, _ control: Int, _ claimStates: [Int32]) -> UInt64 {
        guard let base = state.baseAddress else { return 0 }
        var hash = StateHash.hash(StateHash.hash(base, count: state.count), UInt64(truncatingIfNeeded: control))
        for state in claimStates { hash = StateHash.hash(hash, UInt64(truncatingIfNeeded: state)) }
        return hash
    }

    /// The states of a path that can be taken step by step.
    /// - Parameter count: how many steps to look at.
    /// - Returns: the state before each of the steps, and after the last one.
    func trail(of steps: [ScheduleStep], through count: Int) -> [TrailPoint] {
        begin()
        var result = [here]
        for step in steps.prefix(count) {
            guard advance(step) else { break }
            result.append(here)
        }
        return result
    }

    private var here: TrailPoint {
        TrailPoint(state: [UInt8](stepper.state), control: stepper.control, claimStates: watch?.states ?? [])
    }

    /// What can be seen from a state.
    enum View {
        /// The violation comes about, after these steps, if any.
        case violation([ScheduleStep])
        /// The moves that the stepper has found lead on, and the claim can be in these states then.
        case moves(claimStates: [Int32])
    }

    /// Looks for all that can happen in the state that the stepper is in.
    /// - Parameter claimStates: where the claim can be.
    /// - Returns: nil if nothing leads on.
    func look(from claimStates: [Int32]) -> View? {
        forgetFailure()
        watch?.begin(in: claimStates)
        if stepper.control >= 0 {
            if stepper.findMoves(of: stepper.control) {
                if let failed { return .violation([failed.step]) }
                return .moves(claimStates: claimStates)
            }
            stepper.loseControl()
        }
        let (isTimeout, isBlocked) = stepper.findAllMoves()
        if let failed { return .violation([failed.step]) }
        if let watch, watch.observe(stepper.state, isTimeout: isTimeout), !isInfinite { return .violation([]) }
        guard isBlocked else { return .moves(claimStates: watch?.states ?? []) }
        if let watch { return isInfinite && watch.stay(stepper.state) ? .violation([]) : nil }
        let isValid = stepper.endsHere()
        if let failed { return .violation([failed.step]) }
        return key.property == .endStates && !isValid ? .violation([]) : nil
    }
}
