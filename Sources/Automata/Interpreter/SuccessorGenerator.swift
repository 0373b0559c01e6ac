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
    public struct Outcome {
        /// How many successors there were, before anything is known about whether they are new.
        public var successorCount = 0
        /// Whether nothing at all could move, not even after a timeout.
        public var isBlocked = false
    }

    /// A state inside an atomic sequence that still has to be followed.
    private struct ChainNode {
        var offset: Int
        var size: Int
        /// The process that has control.
        var pid: Int
        var parent: Int
        var step: Step
    }

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
    }

    public let system: System
    private let machine: Machine
    private let scratch: UnsafeMutableRawPointer
    private let receiverScratch: UnsafeMutableRawPointer
    private let capacity: Int

    private var chain: [ChainNode] = []
    private var chainBytes: UnsafeMutableRawPointer
    private var chainCapacity: Int
    private var chainUsed = 0
    /// Which states of the current chain have been seen: hash to nodes.
    private var chainIndex: [Int: [Int]] = [:]
    private var currentNode = -1
    private let hiddenBytes: [Range<Int>]
    private let initialGlobals: [UInt8]

    /// Collects single moves instead of following them, for walks.
    private var collectedMoves: [Move]?
    private var collectedOutput = ""
    private var collectedFaults: [(fault: Fault, step: Step)] = []

    /// Told of every stored successor.
    public var onSuccessor: (Successor) -> Void = { _ in }
    /// Told of every fault, with the step that ran into it; the path to it is `path(before:)` of that step.
    public var onFault: (Fault, Step) -> Void = { _, _ in }

    public init(_ system: System) {
        self.system = system
        machine = Machine(system)
        capacity = max(64, system.layout.maximumSize)
        scratch = .allocate(byteCount: capacity, alignment: 16)
        receiverScratch = .allocate(byteCount: capacity, alignment: 16)
        chainCapacity = 1 << 12
        chainBytes = .allocate(byteCount: chainCapacity, alignment: 16)
        hiddenBytes = system.layout.hiddenBytes
        machine.makeGlobals(in: scratch)
        initialGlobals = [UInt8](UnsafeRawBufferPointer(start: scratch, count: system.layout.processesOffset))
    }

    deinit {
        scratch.deallocate()
        receiverScratch.deallocate()
        chainBytes.deallocate()
    }

    /// Values that did not fit their variables so far.
    public var truncations: [Truncation] {
        machine.truncations.values.sorted { ($0.span.file.index, $0.span.start) < ($1.span.file.index, $1.span.start) }
    }

    /// How many jumps a `d_step` may make before it counts as endless.
    var jumpBudget: Int {
        get { machine.jumpBudget }
        set { machine.jumpBudget = newValue }
    }

    /// Told what the model prints.
    public var onPrint: ((String) -> Void)? {
        get { machine.onPrint }
        set { machine.onPrint = newValue }
    }

    /// The message that the last step sent or received, with the number of its channel.
    public var lastMessage: (channel: Int, fields: [Int64])? {
        machine.messageChannel == 0 ? nil : (machine.messageChannel, machine.message)
    }

    // MARK: The initial state

    /// The state in which the initial processes have started.
    /// - Parameter onFault: told what goes wrong in an initial value.
    public func initialState() -> (state: [UInt8], fault: Fault?) {
        machine.fault = nil
        machine.makeGlobals(in: scratch)
        for proctype in system.program.initialProcesses {
            let declaration = system.program.proctypes[proctype]
            _ = machine.addProcess(
                proctype, arguments: nil, count: 0, priority: declaration.priority ?? 1, span: declaration.span)
        }
        let fault = machine.fault
        machine.fault = nil
        return ([UInt8](UnsafeRawBufferPointer(start: scratch, count: machine.size)), fault)
    }

    // MARK: Successors

    /// Enumerates all successors of a state, and says whether there was any move.
    public func expand(_ state: UnsafeRawBufferPointer) -> Outcome {
        beginChain()
        var outcome = Outcome()
        guard let base = state.baseAddress else { return outcome }
        let source = UnsafeMutableRawPointer(mutating: base)
        machine.allowsTimeout = false
        var moved = expandAll(source, size: state.count, &outcome)
        if !moved {
            machine.allowsTimeout = true
            moved = expandAll(source, size: state.count, &outcome)
            machine.allowsTimeout = false
        }
        outcome.isBlocked = !moved
        var next = 0
        while next < chain.count {
            let node = chain[next]
            currentNode = next
            next += 1
            // The bytes may move when the chain grows, so the node is worked on where it cannot.
            let copy = UnsafeMutableRawPointer.allocate(byteCount: node.size, alignment: 16)
            defer { copy.deallocate() }
            copy.copyMemory(from: chainBytes + node.offset, byteCount: node.size)
            machine.index(copy, size: node.size)
            if !expandProcess(node.pid, copy, size: node.size, &outcome) {
                // Control is lost: from here any process may move.
                resetHidden(copy)
                outcome.successorCount += 1
                onSuccessor(
                    Successor(
                        state: UnsafeRawBufferPointer(start: copy, count: node.size), step: node.step,
                        chainNode: node.parent))
            }
        }
        return outcome
    }

    /// Enumerates the single moves that are possible in a state. Where `control` names a process inside an atomic sequence,
    /// only it moves, unless it is blocked.
    /// - Returns: the moves, and the faults that some of the moves run into, or that stand in the way of finding out.
    public func moves(from state: [UInt8], control: Int?) -> (moves: [Move], faults: [(fault: Fault, step: Step)]) {
        beginChain()
        var outcome = Outcome()
        let source = UnsafeMutableRawPointer.allocate(byteCount: max(1, state.count), alignment: 16)
        defer { source.deallocate() }
        state.withUnsafeBytes { bytes in
            if let base = bytes.baseAddress { source.copyMemory(from: base, byteCount: state.count) }
        }
        let (callerPrint, callerFault) = (machine.onPrint, onFault)
        machine.onPrint = { [unowned self] in collectedOutput += $0 }
        onFault = { [unowned self] in collectedFaults.append(($0, $1)) }
        collectedMoves = []
        collectedFaults = []
        defer {
            machine.onPrint = callerPrint
            onFault = callerFault
            collectedMoves = nil
        }
        machine.allowsTimeout = false
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
            _ = expandAll(source, size: state.count, &outcome)
            machine.allowsTimeout = false
        }
        return (collectedMoves ?? [], collectedFaults)
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

    private func expandAll(_ source: UnsafeMutableRawPointer, size: Int, _ outcome: inout Outcome) -> Bool {
        currentNode = -1
        machine.index(source, size: size)
        var moved = false
        var pid = machine.processCount - 1
        while pid >= 0 {
            if expandProcess(pid, source, size: size, &outcome) { moved = true }
            pid -= 1
        }
        return moved
    }

    /// Whether the process may move at all now.
    @inline(__always)
    private func mayMove(_ pid: Int) -> Bool {
        guard machine.isProvided(pid) else { return false }
        return !system.usesPriorities || machine.hasHighestPriority(pid)
    }

    /// Enumerates the moves of one process; the machine is indexed for `source`.
    /// - Returns: whether there was any.
    private func expandProcess(
        _ pid: Int, _ source: UnsafeMutableRawPointer, size: Int, _ outcome: inout Outcome
    ) -> Bool {
        machine.use(source, size: size)
        guard mayMove(pid) else {
            _ = takeFault(Step(pid: pid, transition: -1))
            return false
        }
        machine.enter(pid)
        var moved = false
        var movedHere = false
        var group = 0
        for index in system.outgoing[machine.proctype(ofProcessAt: pid)][machine.location(ofProcessAt: pid)] {
            let transition = system.transitions[index]
            if group > 0 && group != transition.escapeGroup { break }
            switch transition.kind {
            case .end:
                guard pid == machine.processCount - 1 else { continue }
                scratch.copyMemory(from: source, byteCount: size)
                machine.use(scratch, size: size)
                beginStep()
                machine.removeLastProcess()
                machine.setLastPid(pid)
                finish(scratch, size: machine.size, Step(pid: pid, transition: index, isTimeout: machine.allowsTimeout), transition, pid, &outcome)
                machine.use(source, size: size)
                machine.enter(pid)
            case .otherwise:
                if movedHere { continue }
                take(index, transition, pid, source, size, choice: nil, &outcome)
            case .select:
                if !takeSelect(index, transition, pid, source, size, &outcome) { return moved }
            case .ordinary:
                if transition.guardEntry >= 0 {
                    let value = machine.run(transition.guardEntry)
                    if machine.fault != nil {
                        _ = takeFault(Step(pid: pid, transition: index))
                        return true
                    }
                    if value == 0 { continue }
                    if value == 2 && isSend(transition) {
                        if takeRendezvous(index, transition, pid, source, size, &outcome) {
                            moved = true
                            movedHere = true
                            group = transition.escapeGroup
                        } else {
                            // As Spin has it: a send that finds no partner also lets go of the escape it belongs to.
                            group = 0
                        }
                        continue
                    }
                }
                take(index, transition, pid, source, size, choice: nil, &outcome)
            }
            moved = true
            movedHere = true
            group = transition.escapeGroup
        }
        return moved
    }

    private func isSend(_ transition: System.Transition) -> Bool {
        if case .statement(let statement) = transition.action, case .send = statement.kind { return true }
        return false
    }

    /// Takes a transition whose guard holds.
    private func take(
        _ index: Int, _ transition: System.Transition, _ pid: Int, _ source: UnsafeMutableRawPointer, _ size: Int,
        choice: Int64?, _ outcome: inout Outcome
    ) {
        let step = Step(pid: pid, transition: index, choice: choice, isTimeout: machine.allowsTimeout)
        scratch.copyMemory(from: source, byteCount: size)
        machine.use(scratch, size: size)
        beginStep()
        if perform(transition, pid, step) {
            finish(scratch, size: machine.size, step, transition, pid, &outcome)
        }
        machine.use(source, size: size)
        machine.enter(pid)
    }

    /// Carries out an effect on the machine's current vector; false if a fault ended it.
    private func perform(_ transition: System.Transition, _ pid: Int, _ step: Step) -> Bool {
        if transition.effectEntry >= 0 {
            _ = machine.run(transition.effectEntry)
            if machine.fault != nil, !takeFault(step) { return false }
        }
        if transition.target > 0 { machine.setLocation(transition.target, ofProcessAt: pid) }
        machine.setLastPid(pid)
        return true
    }

    /// Reports a fault, if there is one; returns whether the step goes on all the same, as a failed assertion lets it.
    private func takeFault(_ step: Step) -> Bool {
        guard let fault = machine.fault else { return true }
        machine.fault = nil
        onFault(fault, step)
        return fault.kind == .assertionFailed
    }

    private func takeSelect(
        _ index: Int, _ transition: System.Transition, _ pid: Int, _ source: UnsafeMutableRawPointer, _ size: Int,
        _ outcome: inout Outcome
    ) -> Bool {
        _ = machine.run(transition.guardEntry)
        if machine.fault != nil {
            _ = takeFault(Step(pid: pid, transition: index))
            return false
        }
        let low = machine.registers[0]
        let high = max(low, machine.registers[1])
        let (span, overflow) = high.subtractingReportingOverflow(low)
        guard !overflow, span < 1 << 24 else {
            machine.fail(
                .selectRangeTooLarge, "`select` from \(low) to \(high) has more values than can be tried one by one",
                transition.span)
            _ = takeFault(Step(pid: pid, transition: index))
            return true
        }
        var value = low
        while true {
            machine.registers[0] = value
            take(index, transition, pid, source, size, choice: value, &outcome)
            if value == high { break }
            value += 1
        }
        return true
    }

    /// Forgets what the step before sent and printed.
    @inline(__always)
    private func beginStep() {
        if collectedMoves == nil { return }
        machine.messageChannel = 0
        collectedOutput = ""
    }

    // MARK: Rendezvous

    /// Takes a send on a rendezvous channel together with every receive that fits.
    private func takeRendezvous(
        _ index: Int, _ transition: System.Transition, _ sender: Int, _ source: UnsafeMutableRawPointer, _ size: Int,
        _ outcome: inout Outcome
    ) -> Bool {
        let offer = Step(pid: sender, transition: index, isTimeout: machine.allowsTimeout)
        scratch.copyMemory(from: source, byteCount: size)
        machine.use(scratch, size: size)
        machine.handshake = 0
        beginStep()
        defer {
            machine.handshake = 0
            machine.use(source, size: size)
            machine.enter(sender)
        }
        guard perform(transition, sender, offer) else { return true }
        let channel = machine.handshake
        let message = machine.message
        let offeredSize = machine.size
        var moved = false
        for receiver in stride(from: machine.processCount - 1, through: 0, by: -1) where receiver != sender {
            machine.use(scratch, size: offeredSize)
            guard mayMove(receiver) else { continue }
            machine.enter(receiver)
            var group = 0
            for receiveIndex in system.outgoing[machine.proctype(ofProcessAt: receiver)][machine.location(ofProcessAt: receiver)] {
                let receive = system.transitions[receiveIndex]
                if group > 0 && group != receive.escapeGroup { break }
                guard receive.canReceive else { continue }
                var step = offer
                step.receiver = Step.Receiver(pid: receiver, transition: receiveIndex)
                let value = machine.run(receive.guardEntry)
                if machine.fault != nil {
                    _ = takeFault(step)
                    continue
                }
                if value == 0 { continue }
                receiverScratch.copyMemory(from: scratch, byteCount: offeredSize)
                machine.use(receiverScratch, size: offeredSize)
                if perform(receive, receiver, step) {
                    finish(receiverScratch, size: machine.size, step, receive, receiver, &outcome)
                }
                machine.handshake = channel
                machine.message = message
                machine.use(scratch, size: offeredSize)
                machine.enter(receiver)
                moved = true
                group = receive.escapeGroup
            }
        }
        return moved
    }

    // MARK: Atomic sequences

    private func beginChain() {
        currentNode = -1
        if chain.isEmpty { return }
        chain.removeAll(keepingCapacity: true)
        chainIndex.removeAll(keepingCapacity: true)
        chainUsed = 0
    }

    /// A step is complete: its state is stored, or, inside an atomic sequence, followed.
    private func finish(
        _ state: UnsafeMutableRawPointer, size: Int, _ step: Step, _ transition: System.Transition, _ pid: Int,
        _ outcome: inout Outcome
    ) {
        if collectedMoves != nil {
            if !transition.keepsControl { resetHidden(state) }
            collectedMoves?.append(
                Move(
                    step: step, state: [UInt8](UnsafeRawBufferPointer(start: state, count: size)),
                    control: transition.keepsControl ? pid : nil, message: lastMessage, output: collectedOutput))
        } else if transition.keepsControl {
            follow(state, size: size, pid: pid, step: step)
        } else {
            resetHidden(state)
            outcome.successorCount += 1
            onSuccessor(
                Successor(
                    state: UnsafeRawBufferPointer(start: state, count: size), step: step, chainNode: currentNode))
        }
    }

    /// Hidden variables are not part of a stored state: they have their initial values there.
    @inline(__always)
    private func resetHidden(_ state: UnsafeMutableRawPointer) {
        for range in hiddenBytes {
            initialGlobals.withUnsafeBytes { initial in
                guard let base = initial.baseAddress else { return }
                (state + range.lowerBound).copyMemory(from: base + range.lowerBound, byteCount: range.count)
            }
        }
    }

    private func follow(_ state: UnsafeMutableRawPointer, size: Int, pid: Int, step: Step) {
        var hasher = Hasher()
        hasher.combine(bytes: UnsafeRawBufferPointer(start: state, count: size))
        hasher.combine(pid)
        let hash = hasher.finalize()
        for node in chainIndex[hash] ?? [] {
            let known = chain[node]
            if known.pid == pid, known.size == size, memcmp(chainBytes + known.offset, state, size) == 0 { return }
        }
        if chainUsed + size > chainCapacity {
            let newCapacity = max(chainCapacity * 2, chainUsed + size)
            let larger = UnsafeMutableRawPointer.allocate(byteCount: newCapacity, alignment: 16)
            larger.copyMemory(from: chainBytes, byteCount: chainUsed)
            chainBytes.deallocate()
            chainBytes = larger
            chainCapacity = newCapacity
        }
        (chainBytes + chainUsed).copyMemory(from: state, byteCount: size)
        chainIndex[hash, default: []].append(chain.count)
        chain.append(ChainNode(offset: chainUsed, size: size, pid: pid, parent: currentNode, step: step))
        chainUsed += size
    }
}
