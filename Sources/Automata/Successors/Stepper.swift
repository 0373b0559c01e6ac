import Promela

/// One move that a `Stepper` has found.
public struct SingleStep: Sendable {
    public var step: Step
    /// The process that alone may move next, if it can, or -1: the move is inside an atomic sequence.
    public var control: Int
}

/// Takes single moves one after the other and looks at the moves of one process at a time, for walks that take few of the moves
/// that there are, and are to be quick.
///
/// What a move means is the generator's business, as for searches; the order in which processes are asked is the caller's.
/// Faults are told to `onFault`, also those of moves that are not taken.
public final class Stepper {
    public let system: System
    private let generator: SuccessorGenerator
    private let buffer = SuccessorBuffer()
    private let current: UnsafeMutableRawPointer
    private var size = 0
    /// The process that alone may move, if it can, or -1.
    public private(set) var control = -1

    public init(_ system: System) {
        self.system = system
        generator = SuccessorGenerator(system)
        generator.mode = .steps
        generator.direct(to: buffer)
        current = .allocate(byteCount: generator.capacity, alignment: 16)
    }

    deinit { current.deallocate() }

    /// Told of every fault, with the step that runs into it.
    public var onFault: (Fault, Step) -> Void {
        get { generator.onFault }
        set { generator.onFault = newValue }
    }

    /// Whether values that are cut to size are faults.
    public var notesWrapAround: Bool {
        get { generator.notesWrapAround }
        set { generator.notesWrapAround = newValue }
    }

    /// Has a `select` with many values tried with the first, the last and a few others only.
    /// - Parameters:
    ///   - limit: the distance between the bounds from which on values are many.
    ///   - value: picks one of the others: a number below the one that it is given.
    public func sampleSelects(above limit: UInt64, value: @escaping (UInt64) -> UInt64) {
        generator.selectSample = (limit, value)
    }

    /// Forgets the values that did not fit their variables.
    /// - Returns: what there was, in no particular order.
    public func takeTruncations() -> [Truncation] { generator.takeTruncations() }

    /// The state in which the initial processes have started, and what goes wrong in an initial value.
    public func initialState() -> (state: [UInt8], fault: Fault?) { generator.initialState() }

    // MARK: The state

    /// The bytes of the current state; they are valid until the next move.
    @inline(__always)
    public var state: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: current, count: size) }

    /// The number of processes in the current state.
    @inline(__always)
    public var processCount: Int { Int(current.load(fromByteOffset: StateLayout.processCountOffset, as: UInt8.self)) }

    /// Goes to a state.
    /// - Parameter control: the process that alone may move, if it can, or -1.
    public func go(to state: UnsafeRawBufferPointer, control: Int) {
        guard let base = state.baseAddress else { return }
        current.copyMemory(from: base, byteCount: state.count)
        size = state.count
        self.control = control
        begin()
    }

    private func begin() {
        buffer.removeAll()
        generator.singleSteps.removeAll(keepingCapacity: true)
        generator.machine.index(current, size: size)
    }

    // MARK: Moves

    /// The moves that were found in the current state so far.
    @inline(__always)
    public var moveCount: Int { buffer.count }

    /// One of them.
    @inline(__always)
    public func move(_ index: Int) -> SingleStep { generator.singleSteps[index] }

    /// The state that one of them leads to; valid until more are looked for.
    @inline(__always)
    public func state(after index: Int) -> UnsafeRawBufferPointer { buffer[index] }

    /// Finds the moves of one process in the current state; they come after those that are known.
    /// - Parameter allowsTimeout: whether nothing else can move, so that `timeout` holds.
    /// - Returns: whether the process can move, be it only into a fault.
    public func findMoves(of pid: Int, allowsTimeout: Bool = false) -> Bool {
        var outcome = SuccessorGenerator.Outcome()
        if !allowsTimeout { return generator.expandProcess(pid, current, size: size, &outcome) }
        generator.machine.allowsTimeout = true
        defer { generator.machine.allowsTimeout = false }
        return generator.expandProcess(pid, current, size: size, &outcome)
    }

    /// The process inside an atomic sequence cannot go on: from here any process may move.
    public func loseControl() {
        control = -1
        generator.resetHidden(current)
        begin()
    }

    /// Takes one of the moves that were found.
    public func take(_ index: Int) {
        let next = buffer[index]
        control = generator.singleSteps[index].control
        if let base = next.baseAddress { current.copyMemory(from: base, byteCount: next.count) }
        size = next.count
        begin()
    }

    /// Nothing can move: tells of a trace assertion that is not at its end.
    /// - Returns: whether every process stands where it may stay for good.
    public func endsHere() -> Bool {
        generator.machine.index(current, size: size)
        generator.reportUnfinishedTrace()
        return generator.isValidEnd(state)
    }
}
