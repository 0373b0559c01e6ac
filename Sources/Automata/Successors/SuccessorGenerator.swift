import Foundation
import Promela

/// Enumerates the successors of states, with Promela's meaning of atomic sequences, rendezvous, `else`, `timeout`, `unless`,
/// `provided` and priorities, as Spin's verifier has it.
///
/// A *stored* successor is a state in which any process may move next. States inside an atomic sequence are passed through:
/// the generator follows the sequence to where it ends or blocks. Several threads use a generator each.
public final class SuccessorGenerator {
    /// One successor that is ready to be stored. The memory is only valid during the call.
    public struct Successor {
        public var state: UnsafeRawBufferPointer
        /// The last step into it; `path` gives all of them.
        public var step: Step
        fileprivate var chainNode: Int
    }

    /// What was found besides successors.
    public struct Outcome: BitwiseCopyable {
        /// How many successors there were, before anything is known about whether they are new.
        public var successorCount = 0
        /// Whether nothing at all could move, not even after a timeout.
        public var isBlocked = false
        /// Whether nothing could move but for a `timeout`, or nothing at all.
        public var isTimeout = false
        /// Whether successors are missing: the atomic sequences that start here have more states than the working memory holds.
        public var isCutShort = false
    }

    /// What becomes of a step that is complete.
    enum Mode {
        /// Successors are appended to a buffer.
        case buffer
        /// Successors are handed to `onSuccessor`.
        case report
        /// Single steps are collected, for walks that are told of.
        case moves
        /// Single steps are appended to a buffer, for walks that are quick: see `Stepper`.
        case steps
    }

    public let system: System
    /// Whether it is noted who moves in each step into a buffer: see `moves`.
    public var recordsMoves = false
    /// For each successor in the buffer since this was last emptied, the processes that moved; and for the state that was
    /// expanded last, those that could.
    public private(set) var moves = MoveRecord()
    let machine: Machine
    let tables: ExecutionTables
    /// The most bytes that a state may take.
    let capacity: Int
    /// A state half-way through a rendezvous, and a state inside an atomic sequence that is being followed.
    let offerScratch: UnsafeMutableRawPointer
    private let chainScratch: UnsafeMutableRawPointer
    /// The message of a rendezvous that is being offered.
    let offeredMessage: UnsafeMutablePointer<Int64>

    /// The processes that are looked at, by their pids as bits; all, however many there are, if all bits are set.
    var chosenProcesses = UInt64.max

    /// Says which moves may sleep, for successors that go to a buffer; nil where none is to.
    public var sleepTable: SleepTable?
    /// What sleeps in the state that is expanded next; nothing, without a table.
    public var asleep = SleepMask()
    /// With a table, what sleeps in each successor that is in the buffer since this was last emptied.
    public let sleepMasks = SleepMasks()
    var sleepWork = SleepWork()

    /// The most bytes that the states inside atomic sequences may take together with the successors of one state.
    public var workingMemoryLimit = Int.max

    /// Compiled code that does the work where it can.
    private var compiled = CompiledExpansion.Context()
    /// What keeps that code in memory.
    private var compiledOwner: CompiledExpansion?

    let chain = AtomicChain()
    /// The node of the chain that is being followed, or -1.
    var currentNode = -1
    private let hiddenBytes: [Range<Int>]
    private let initialGlobals: [UInt8]

    var mode = Mode.report
    /// Where successors are made, and what keeps that memory.
    var output: SuccessorMemory
    private var outputOwner: SuccessorBuffer
    private let ownBuffer = SuccessorBuffer()

    /// The value to take of a `select` that has too many to try one by one.
    public var givenChoice: Int64?

    /// How some of the values of a `select` are picked, where one that can have too many is not to be taken with all.
    typealias SelectSample = (limit: UInt64, value: (UInt64) -> UInt64)

    /// Of a `select` with a greater distance between its bounds than the limit only some values are taken; nil to take all.
    var selectSample: SelectSample?

    var collectedMoves: [Move] = []
    var collectedOutput = ""
    var collectedFaults: [(fault: Fault, step: Step)] = []
    /// For each state that a `Stepper` has in its buffer, the step that leads there.
    var singleSteps: ContiguousArray<SingleStep> = []

    /// Told of every stored successor that is not asked for in a buffer.
    public var onSuccessor: (Successor) -> Void = { _ in }
    /// Told of every fault, with the step that ran into it; the path to it is `path(toFaultIn:)` of that step.
    public var onFault: (Fault, Step) -> Void = { _, _ in }

    public init(_ system: System) {
        self.system = system
        machine = Machine(system)
        tables = system.tables
        capacity = max(64, system.layout.maximumSize)
        offerScratch = .allocate(byteCount: capacity, alignment: 16)
        chainScratch = .allocate(byteCount: capacity, alignment: 16)
        offeredMessage = .allocate(capacity: tables.messageFieldLimit + 1)
        output = ownBuffer.memory
        outputOwner = ownBuffer
        hiddenBytes = system.layout.hiddenBytes
        machine.makeGlobals(in: chainScratch)
        initialGlobals = [UInt8](UnsafeRawBufferPointer(start: chainScratch, count: system.layout.processesOffset))
        // What does not fit there is told of by `initialState`.
        machine.truncationLog.removeAll()
    }

    deinit {
        compiled.deallocate()
        sleepMasks.deallocate()
        sleepWork.deallocate()
        offerScratch.deallocate()
        chainScratch.deallocate()
        offeredMessage.deallocate()
    }

    /// Values that did not fit their variables so far, in the order of the source.
    public var truncations: [Truncation] { machine.truncationLog.truncations.inSourceOrder() }

    /// Forgets the values that did not fit.
    /// - Returns: what there was, in no particular order.
    public func takeTruncations() -> [Truncation] {
        let result = machine.truncationLog.truncations
        if !result.isEmpty { machine.truncationLog.removeAll() }
        return result
    }

    /// How many jumps a `d_step` may make before it counts as endless.
    var jumpBudget: Int {
        get { machine.jumpBudget }
        set { machine.jumpBudget = newValue }
    }

    /// Lets compiled code do the work where it can, for successors that go to a buffer.
    /// - Returns: false if it cannot do all that this generator was asked for, and so is not used.
    public func use(_ expansion: CompiledExpansion) -> Bool {
        // Of steps, it notes nothing but who moves.
        guard !notesWrapAround, machine.terms == nil, machine.onPrint == nil else { return false }
        compiled.deallocate()
        compiled = expansion.makeContext(cutCounts: machine.truncationLog.counts)
        compiledOwner = expansion
        return true
    }

    /// Whether there is compiled code.
    public var isCompiled: Bool { compiledOwner != nil }

    /// Has the machine work with terms; the system must have been built for it.
    public func use(_ terms: (any TermArithmetic)?) { machine.terms = terms }

    /// Whether values that are cut to size are faults.
    public var notesWrapAround: Bool {
        get { machine.notesWrapAround }
        set { machine.notesWrapAround = newValue }
    }

    /// For an engine that works with terms: the result at this place is cut to size, in the step that is being taken.
    public func noteWrapAround(at place: TermPlace) { machine.noteWrapAround(at: place) }

    /// Told what the model prints.
    public var onPrint: ((String) -> Void)? {
        get { machine.onPrint }
        set { machine.onPrint = newValue }
    }

    /// The message that the last step sent or received, with the number of its channel.
    public var lastMessage: (channel: Int, fields: [Int64])? {
        if machine.messageChannel == 0 { return nil }
        return (
            machine.messageChannel,
            [Int64](UnsafeBufferPointer(start: machine.message, count: machine.messageCount))
        )
    }

    // MARK: The initial state

    /// The state in which the initial processes have started.
    /// - Returns: the state, and what goes wrong in an initial value.
    public func initialState() -> (state: [UInt8], fault: Fault?) {
        _ = machine.takeFault()
        machine.makeGlobals(in: chainScratch)
        for proctype in system.program.initialProcesses {
            let declaration = system.program.proctypes[proctype]
            _ = machine.addProcess(
                proctype, arguments: nil, count: 0, priority: declaration.priority ?? 1, span: declaration.span)
        }
        let fault = machine.takeFault()
        return ([UInt8](UnsafeRawBufferPointer(start: chainScratch, count: machine.size)), fault)
    }

    // MARK: Successors

    /// Enumerates all successors of a state, tells `onSuccessor` of each, and says whether there was any move.
    public func expand(_ state: UnsafeRawBufferPointer) -> Outcome {
        mode = .report
        direct(to: ownBuffer)
        return expandStored(state)
    }

    /// Appends all successors of a state to a buffer, and says whether there was any move. The state must not lie in the buffer.
    public func expand(_ state: UnsafeRawBufferPointer, into buffer: SuccessorBuffer) -> Outcome {
        let compiled = compiled
        if chosenProcesses == .max {
            let sleep = sleepTable.map { (record: UnsafePointer($0.record), asleep: asleep, masks: sleepMasks) }
            let outcome =
                recordsMoves
                ? compiled.expand(state, into: buffer, sleep, &moves, limit: workingMemoryLimit)
                : compiled.expand(state, into: buffer, sleep, nil, limit: workingMemoryLimit)
            if let outcome { return outcome }
        }
        mode = .buffer
        direct(to: buffer)
        return expandStored(state)
    }

    /// What `passStates` works with, which has the keys of successors taken, in room for `stateRoom` bytes; nil where there is no compiled
    /// code. It is valid until the generator goes over to other code.
    public var passer: OpaquePointer? { compiled.passer(limit: workingMemoryLimit) }

    /// Bytes in which any state can be made.
    public var stateRoom: Int { capacity }

    /// Appends the successors of a state that are moves of these processes, by their pids as bits. What they leave out is the
    /// caller's business: see `StubbornSets`.
    public func expand(_ state: UnsafeRawBufferPointer, onlyProcesses pids: UInt64, into buffer: SuccessorBuffer) -> Outcome {
        chosenProcesses = pids
        defer { chosenProcesses = .max }
        return expand(state, into: buffer)
    }

    /// Appends the successors of a state that are moves of one process, whatever the others can do but for meeting it. Nothing counts
    /// as a timeout.
    /// - Returns: whether there was any move, and whether successors are missing.
    func expand(_ state: UnsafeRawBufferPointer, onlyProcess pid: Int, into buffer: SuccessorBuffer) -> (moved: Bool, isCutShort: Bool) {
        mode = .buffer
        direct(to: buffer)
        currentNode = -1
        chain.removeAll()
        var outcome = Outcome()
        guard let base = state.baseAddress else { return (false, false) }
        let source = UnsafeMutableRawPointer(mutating: base)
        machine.allowsTimeout = false
        machine.index(source, size: state.count)
        let moved = expandProcess(pid, source, size: state.count, &outcome)
        if chain.count > 0 { followChain(&outcome) }
        return (moved, outcome.isCutShort)
    }

    @inline(__always)
    func direct(to buffer: SuccessorBuffer) {
        if output.header == buffer.memory.header { return }
        outputOwner = buffer
        output = buffer.memory
    }

    private func expandStored(_ state: UnsafeRawBufferPointer) -> Outcome {
        currentNode = -1
        chain.removeAll()
        var outcome = Outcome()
        guard let base = state.baseAddress else { return outcome }
        let source = UnsafeMutableRawPointer(mutating: base)
        machine.allowsTimeout = false
        if let sleepTable { wake(sleepTable, source, size: state.count) }
        var moved = expandAll(source, size: state.count, &outcome)
        sleepWork.isAwake = false
        let isTimeout = !moved && chosenProcesses == .max
        if isTimeout {
            machine.allowsTimeout = true
            moved = expandAll(source, size: state.count, &outcome)
            machine.allowsTimeout = false
        }
        outcome.isBlocked = isTimeout && !moved
        outcome.isTimeout = isTimeout
        if outcome.isBlocked { reportUnfinishedTrace() }
        if chain.count > 0 { followChain(&outcome) }
        return outcome
    }

    /// Finds out where the processes stand of which moves may sleep.
    private func wake(_ table: SleepTable, _ source: UnsafeMutableRawPointer, size: Int) {
        guard mode == .buffer else { return }
        machine.index(source, size: size)
        for pid in 0..<machine.processCount { sleepWork.places[pid] = table.place(of: pid, in: machine) }
        (sleepWork.asleep, sleepWork.done, sleepWork.isAwake) = (asleep, asleep, true)
    }

    /// A move is looked at.
    /// - Parameter slot: counted from the first move of the process where it stands.
    /// - Returns: whether it sleeps, and so is possible.
    func isAsleep(_ slot: Int, of pid: Int) -> Bool {
        guard let sleepTable else { return false }
        let place = sleepWork.places[pid]
        sleepWork.move = sleepTable.move(slot, at: place)
        sleepWork.bit = place == 0 ? 0 : sleepTable.bit(of: slot, pid)
        return sleepWork.asleep.moves & sleepWork.bit != 0
    }

    /// The move is taken: finds out what sleeps then.
    private func noteMove() {
        guard let sleepTable else { return }
        sleepWork.later = sleepTable.later(sleepWork.done, after: sleepWork.move, sleepWork.places)
        sleepWork.done.moves |= sleepWork.bit
        if sleepWork.bit == 0 { sleepWork.hasBits = false }
    }

    /// Whether a process need not be asked, for whatever it can do sleeps.
    func isQuiet(_ pid: Int) -> Bool {
        sleepWork.hasBits = true
        return pid < 64 && sleepWork.asleep.processes >> UInt64(pid) & 1 != 0
    }

    /// A process was asked for all that it can do.
    func noteAsked(_ pid: Int) {
        if sleepWork.hasBits, sleepWork.places[pid] != 0 { sleepWork.done.processes |= 1 << UInt64(pid) }
    }

    /// Nothing can move: reports a trace assertion that is not at its end, as a fault of no step in particular.
    @inline(never)
    func reportUnfinishedTrace() {
        guard system.trace != nil, let fault = machine.unfinishedTrace() else { return }
        report(fault, Step(pid: fault.pid, transition: -1))
    }

    /// Follows the atomic sequences that were entered to where they end or block.
    private func followChain(_ outcome: inout Outcome) {
        var next = 0
        while next < chain.count {
            if chain.byteCount &+ outputOwner.byteCount > workingMemoryLimit {
                outcome.isCutShort = true
                return
            }
            let node = chain[next]
            currentNode = next
            next += 1
            // The bytes may move when the chain grows, so the node is worked on where it cannot.
            chain.copyState(of: node, to: chainScratch)
            sleepWork.later = node.sleepers
            machine.index(chainScratch, size: node.size)
            if !expandProcess(node.pid, chainScratch, size: node.size, &outcome) {
                // Control is lost: from here any process may move.
                let state = endOfOutput()
                state.copyMemory(from: chainScratch, byteCount: node.size)
                deliver(state, size: node.size, node.step, from: node.parent, &outcome)
            }
        }
    }

    /// Whether every process of a state stands where it may stay for good.
    public func isValidEnd(_ state: UnsafeRawBufferPointer) -> Bool {
        guard let base = state.baseAddress else { return true }
        machine.index(UnsafeMutableRawPointer(mutating: base), size: state.count)
        return (0..<machine.processCount).allSatisfy { machine.locationRecord(ofProcessAt: $0).isEnd }
    }

    /// The steps that lead from the expanded state to this successor.
    public func path(to successor: Successor) -> [Step] {
        path(endingWith: successor.step, chainNode: successor.chainNode)
    }

    /// The steps that lead from the expanded state to a fault that was just reported, with the step that ran into it.
    public func path(toFaultIn step: Step) -> [Step] { path(endingWith: step, chainNode: currentNode) }

    private func path(endingWith step: Step, chainNode: Int) -> [Step] {
        var result = [step]
        var node = chainNode
        while node >= 0 {
            result.append(chain[node].step)
            node = chain[node].parent
        }
        return result.reversed()
    }

    // MARK: What becomes of a step

    /// Where the next successor is made.
    @inline(__always)
    func endOfOutput() -> UnsafeMutableRawPointer {
        // Read before the call, so that the access to the property does not last through it and need not be tracked.
        let memory = output
        return memory.end(reserving: capacity)
    }

    /// A step is complete: its state is stored, or, inside an atomic sequence, followed.
    @inline(__always)
    func finish(
        _ state: UnsafeMutableRawPointer, size: Int, _ step: Step, keepsControl: Bool, _ pid: Int,
        _ outcome: inout Outcome
    ) {
        if sleepWork.isAwake { noteMove() }
        if mode == .moves || mode == .steps {
            collect(state, size: size, step, keepsControl: keepsControl, pid)
        } else if keepsControl {
            chain.append(state, size: size, pid: pid, parent: currentNode, step: step, sleepers: sleepWork.later)
        } else {
            deliver(state, size: size, step, from: currentNode, &outcome)
        }
    }

    /// Gives away a successor that lies at the end of the output.
    @inline(__always)
    private func deliver(
        _ state: UnsafeMutableRawPointer, size: Int, _ step: Step, from node: Int, _ outcome: inout Outcome
    ) {
        resetHidden(state)
        outcome.successorCount += 1
        if mode == .buffer {
            let memory = output
            memory.append(size: size)
            if recordsMoves { note(step, from: node) }
            if sleepTable != nil { sleepMasks.append(sleepWork.later) }
        } else {
            report(Successor(state: UnsafeRawBufferPointer(start: state, count: size), step: step, chainNode: node))
        }
    }

    /// Notes who took part in a step, and in those of its atomic sequence before it.
    @inline(never)
    private func note(_ step: Step, from node: Int) {
        var movers = ProcessSet()
        func insert(_ step: Step) {
            movers.insert(step.pid)
            if let receiver = step.receiver { movers.insert(receiver.pid) }
        }
        insert(step)
        var node = node
        while node >= 0 {
            insert(chain[node].step)
            node = chain[node].parent
        }
        moves.movers.append(movers)
    }

    /// Forgets who moved.
    public func forgetMoves() { moves.movers.removeAll(keepingCapacity: true) }

    /// Notes that a process of the state that is being expanded can move.
    func noteEnabled(_ pid: Int) { moves.enabled.insert(pid) }

    /// Nothing is known yet of who can move in the state that is being expanded.
    func forgetEnabled() { moves.enabled = ProcessSet() }

    // What calls a closure is kept out of the loop: the access to the property would be tracked all through it.

    @inline(never)
    private func report(_ successor: Successor) { onSuccessor(successor) }

    @inline(never)
    func report(_ fault: Fault, _ step: Step) { onFault(fault, step) }

    /// Hidden variables are not part of a stored state: they have their initial values there.
    @inline(__always)
    func resetHidden(_ state: UnsafeMutableRawPointer) {
        if hiddenBytes.isEmpty { return }
        for range in hiddenBytes {
            initialGlobals.withUnsafeBytes { initial in
                guard let base = initial.baseAddress else { return }
                (state + range.lowerBound).copyMemory(from: base + range.lowerBound, byteCount: range.count)
            }
        }
    }
}
