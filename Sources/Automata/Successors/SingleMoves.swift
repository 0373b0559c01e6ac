import Promela

/// Single moves, for simulations and replays.
extension SuccessorGenerator {
    /// One move, as a walk takes it: not followed through the atomic sequence that it may be part of.
    public struct Move: Sendable {
        public var step: Step
        public var state: [UInt8]
        /// The process that alone may move next, if it can: the move was inside an atomic sequence.
        public var control: Int?
        /// The message that was sent or received, and the number of its channel.
        public var message: (channel: Int, fields: [Int64])?
        /// What the model printed.
        public var output: String
        /// What an `EventObserver` says of it.
        public var mark = 0
    }

    /// Enumerates the single moves that are possible in a state. Where `control` names a process inside an atomic sequence,
    /// only it moves, unless it is blocked.
    /// - Returns: the moves, and the faults that some of the moves run into, or that stand in the way of finding out.
    public func moves(from state: [UInt8], control: Int?) -> (moves: [Move], faults: [(fault: Fault, step: Step)]) {
        collecting(from: state) { source, outcome in
            var moved = false
            if let control {
                machine.index(source, size: state.count)
                moved = expandProcess(control, source, size: state.count, &outcome)
                // Control is lost: from here any process may move.
                if !moved { resetHidden(source) }
            }
            if !moved { moved = expandAll(source, size: state.count, &outcome) }
            if !moved {
                machine.allowsTimeout = true
                moved = expandAll(source, size: state.count, &outcome)
                machine.allowsTimeout = false
            }
            if !moved { reportUnfinishedTrace() }
        }
    }

    /// Enumerates the single moves of one process in a state.
    /// - Parameter allowsTimeout: whether nothing else can move, so that `timeout` holds.
    public func moves(
        of pid: Int, from state: [UInt8], allowsTimeout: Bool
    ) -> (moves: [Move], faults: [(fault: Fault, step: Step)]) {
        collecting(from: state) { source, outcome in
            machine.index(source, size: state.count)
            machine.allowsTimeout = allowsTimeout
            _ = expandProcess(pid, source, size: state.count, &outcome)
            machine.allowsTimeout = false
        }
    }

    private func collecting(
        from state: [UInt8], _ body: (UnsafeMutableRawPointer, inout Outcome) -> Void
    ) -> (moves: [Move], faults: [(fault: Fault, step: Step)]) {
        currentNode = -1
        chain.removeAll()
        var outcome = Outcome()
        let source = UnsafeMutableRawPointer.allocate(byteCount: max(1, state.count), alignment: 16)
        defer { source.deallocate() }
        state.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { source.copyMemory(from: base, byteCount: state.count) }
        }
        let (callerPrint, callerFault) = (machine.onPrint, onFault)
        machine.onPrint = { [unowned self] in collectedOutput += $0 }
        // Numbers are printed, terms are not.
        if machine.terms != nil { machine.onPrint = nil }
        onFault = { [unowned self] in
            collectedFaults.append(($0, $1))
            machine.terms?.didCollectFault()
        }
        mode = .moves
        collectedMoves = []
        collectedFaults = []
        defer {
            machine.onPrint = callerPrint
            onFault = callerFault
            mode = .report
            collectedMoves = []
        }
        machine.allowsTimeout = false
        body(source, &outcome)
        return (collectedMoves, collectedFaults)
    }

    /// A state as it is stored once no process has control: hidden variables have their initial values there.
    public func storedForm(of state: [UInt8]) -> [UInt8] {
        var result = state
        result.withUnsafeMutableBytes { bytes in
            if let base = bytes.baseAddress { resetHidden(base) }
        }
        return result
    }

    /// Forgets what the step before sent and printed.
    @inline(__always)
    func beginStep() {
        if mode == .moves { forgetMessageAndOutput() }
    }

    /// Has somebody told of what single moves send and receive; the system must have been built for it.
    public func observe(with observer: any EventObserver) {
        assert(system.isObservable)
        machine.observer = observer
    }

    @inline(never)
    private func forgetMessageAndOutput() {
        machine.observer?.stepBegins()
        machine.messageChannel = 0
        collectedOutput = ""
    }

    @inline(never)
    func collect(_ state: UnsafeMutableRawPointer, size: Int, _ step: Step, keepsControl: Bool, _ pid: Int) {
        if !keepsControl { resetHidden(state) }
        if mode == .steps {
            let memory = output
            memory.append(size: size)
            singleSteps.append(SingleStep(step: step, control: keepsControl ? pid : -1))
            return
        }
        collectedMoves.append(
            Move(
                step: step, state: [UInt8](UnsafeRawBufferPointer(start: state, count: size)),
                control: keepsControl ? pid : nil, message: lastMessage, output: collectedOutput,
                mark: machine.observer?.markOfStep ?? 0))
        machine.terms?.didCollectMove()
    }
}
