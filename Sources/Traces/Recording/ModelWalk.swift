import Automata
import Promela

/// A walk through a system, one move after the other, that can say what each move does. Recording and replaying share it.
final class ModelWalk {
    /// A move that is possible in the current state.
    struct Candidate {
        var move: SuccessorGenerator.Move
        /// What it is called: candidates with the same key are told apart by their order only.
        var key: Key
    }

    /// How a move is described, but for where it stands in the file.
    struct Key: Hashable {
        var pid: Int
        var text: String
        var choice: Int128?
        var partner: Int?
        var partnerText: String?
        var isTimeout: Bool
    }

    typealias FoundFault = (fault: Fault, step: Step)

    let system: System
    private let generator: SuccessorGenerator
    private let describer: StateDescriber
    private let reader: StateReader
    private(set) var bytes: [UInt8]
    /// The process inside an atomic sequence that alone can go on; nil in states that engines store and claims observe.
    private(set) var control: Int?
    private(set) var state: Trace.State
    /// What went wrong in the initialization.
    let initialFault: Fault?
    private(set) var candidates: [Candidate] = []
    private(set) var faults: [FoundFault] = []
    private var actions: [Int: (text: String, location: SourceLocation)] = [:]

    init(_ system: System) {
        self.system = system
        generator = SuccessorGenerator(system)
        generator.notesWrapAround = true
        describer = StateDescriber(system)
        reader = StateReader(system)
        (bytes, initialFault) = generator.initialState()
        state = describer.state(bytes)
        lookAround()
    }

    private func lookAround() {
        let found = generator.moves(from: bytes, control: control)
        candidates = found.moves.map { Candidate(move: $0, key: key(of: $0.step)) }
        faults = found.faults
        guard let holder = control else { return }
        // A process that is blocked inside an atomic sequence has lost control, and engines store the state.
        let goesOn = candidates.contains { $0.move.step.pid == holder && !$0.move.step.isTimeout }
        if !goesOn, !candidates.isEmpty || !isBroken {
            control = nil
            bytes = generator.storedForm(of: bytes)
        }
    }

    /// Whether there is no telling what could move: a fault of more than a value that is cut to size stands in the way.
    var isBroken: Bool { faults.contains { !$0.fault.kind.goesOn } }

    /// Says which value the next step chooses, for a `select` that has too many to try one by one.
    func give(_ choice: Int128?) {
        generator.givenChoice = choice.map(Int64.init(truncatingIfNeeded:))
        if choice != nil, faults.contains(where: { $0.fault.kind == .selectRangeTooLarge }) { lookAround() }
    }

    /// The state that a candidate leads to.
    func state(after candidate: Candidate) -> Trace.State { describer.state(candidate.move.state) }

    /// Takes one of the candidates.
    /// - Parameter next: the state that it leads to, if the caller has it.
    func take(_ candidate: Candidate, leadingTo next: Trace.State? = nil) {
        bytes = candidate.move.state
        control = candidate.move.control
        state = next ?? describer.state(bytes)
        generator.givenChoice = nil
        lookAround()
    }

    /// What a candidate does, in full.
    func describe(_ candidate: Candidate, leadingTo next: Trace.State) -> Trace.Step {
        var result = describe(candidate.move.step)
        result.messages = messages(of: candidate.move, leadingTo: next)
        result.output = candidate.move.output
        result.keepsControl = candidate.move.control != nil
        result.occurrence =
            candidates.prefix { $0.move.step != candidate.move.step }.filter { $0.key == candidate.key }.count
        return result
    }

    /// What a step tries to do, whether it succeeds or not.
    func describe(_ step: Step) -> Trace.Step {
        if let fault = unfinishedTrace(in: step) {
            let location = WrittenText.location(of: fault.span, in: system.program.sources)
            let process = state.processes.first { $0.pid == step.pid }?.name ?? "?"
            return Trace.Step(
                action: Trace.Action(pid: step.pid, process: process, text: Self.restText, location: location))
        }
        return Trace.Step(
            action: action(pid: step.pid, transition: step.transition),
            partner: step.receiver.map { action(pid: $0.pid, transition: $0.transition) },
            choice: choice(of: step),
            isTimeout: step.isTimeout)
    }

    func key(of step: Step) -> Key {
        Key(
            pid: step.pid, text: unfinishedTrace(in: step) == nil ? written(step.transition).text : Self.restText,
            choice: choice(of: step), partner: step.receiver?.pid,
            partnerText: step.receiver.map { written($0.transition).text }, isTimeout: step.isTimeout)
    }

    /// The number that a step chooses.
    func choice(of step: Step) -> Int128? {
        step.choice.map { system.choosesUnsigned(step.transition) ? Int128(UInt64(bitPattern: $0)) : Int128($0) }
    }

    /// What is done where nothing can be done any more.
    private static let restText = "nothing"

    /// The fault that the given step stands for, if it is no step at all: nothing can move, and a trace assertion waits.
    private func unfinishedTrace(in step: Step) -> Fault? {
        step.transition >= 0 ? nil : faults.first { $0.step == step && $0.fault.kind == .unfinishedTrace }?.fault
    }

    /// Where each process stands, by its pid.
    var locations: [Int] { bytes.withUnsafeBytes { reader.snapshot($0) }.processes.map(\.location) }

    /// The statements that a process stands before.
    func standing(_ pid: Int) -> (location: SourceLocation, texts: [String]) {
        guard state.processes.indices.contains(pid), locations.indices.contains(pid),
            let proctype = system.program.proctypes.firstIndex(where: { $0.name == state.processes[pid].name })
        else { return (SourceLocation(path: "?", line: 0, column: 0), []) }
        var texts: [String] = []
        var places: [SourceLocation] = []
        for transition in system.outgoing[proctype][locations[pid]] {
            let known = written(transition)
            places.append(known.location)
            if !texts.contains(known.text) { texts.append(known.text) }
        }
        return (places.first ?? state.processes[pid].location, texts)
    }

    private func action(pid: Int, transition: Int) -> Trace.Action {
        let process = state.processes.first { $0.pid == pid }
        let name = process?.name ?? "?"
        guard transition >= 0 else {
            // The fault is in `provided`, before any statement was tried.
            let proctype = system.program.proctypes.first { $0.name == name }
            let span = proctype?.provided?.span ?? proctype?.span
            return Trace.Action(
                pid: pid, process: name, text: "provided",
                location: span.map { WrittenText.location(of: $0, in: system.program.sources) }
                    ?? SourceLocation(path: "?", line: 0, column: 0))
        }
        let known = written(transition)
        return Trace.Action(pid: pid, process: name, text: known.text, location: known.location)
    }

    private func written(_ transition: Int) -> (text: String, location: SourceLocation) {
        guard system.transitions.indices.contains(transition) else {
            return ("provided", SourceLocation(path: "?", line: 0, column: 0))
        }
        if let known = actions[transition] { return known }
        let own = system.transitions[transition]
        let texts = StatementText(program: system.program, proctype: own.proctype)
        let result = (
            text: texts.text(of: own, in: system.automata[own.proctype]), location: texts.location(of: own)
        )
        actions[transition] = result
        return result
    }

    // MARK: Messages

    private func messages(of move: SuccessorGenerator.Move, leadingTo next: Trace.State) -> [Trace.Message] {
        let transition = system.transitions[move.step.transition]
        switch transition.action {
        case .statement(let statement):
            guard let message = move.message else { return [] }
            let direction: Trace.Message.Direction
            switch statement.kind {
            case .send: direction = move.step.receiver == nil ? .sent : .exchanged
            case .receive(_, _, _, let keepsMessage): direction = keepsMessage ? .copied : .received
            default: return []
            }
            return [
                Trace.Message(
                    channel: describer.channelName(message.channel, in: bytes),
                    values: describer.message(message.fields, ofChannel: message.channel, in: bytes),
                    direction: direction)
            ]
        case .deterministicStep:
            var result = ChannelDifference.messages(from: state, to: next)
            if move.step.receiver != nil, let message = move.message {
                result.append(
                    Trace.Message(
                        channel: describer.channelName(message.channel, in: bytes),
                        values: describer.message(message.fields, ofChannel: message.channel, in: bytes),
                        direction: .exchanged))
            }
            return result
        case .otherwise, .skip, .end: return []
        }
    }
}

/// Which messages a step took from channels and put into them, told from their contents before and after.
enum ChannelDifference {
    static func messages(from before: Trace.State, to after: Trace.State) -> [Trace.Message] {
        var received: [Trace.Message] = []
        var sent: [Trace.Message] = []
        let later = Dictionary(after.channels.map { ($0.name, $0.messages) }, uniquingKeysWith: { first, _ in first })
        for (name, messages) in before.channels {
            guard let now = later[name], now != messages else { continue }
            // Messages leave at the front and enter at the back; whatever stays is as much as can have stayed.
            var taken = 0
            while taken < messages.count, !now.starts(with: messages[taken...]) { taken += 1 }
            received += messages[..<taken].map { .init(channel: name, values: $0, direction: .received) }
            sent += now[(messages.count - taken)...].map { .init(channel: name, values: $0, direction: .sent) }
        }
        return received + sent
    }
}
