import Automata
import Exploration
import Promela

/// Takes the steps of a run in the interpreter, so that nothing is reported that it does not do too.
struct BoundedReplay {
    let system: System

    /// The violation that the steps lead to; nil if the interpreter sees none.
    func violation(of property: Property, after steps: [Step], failing step: Step?) throws -> Violation? {
        let generator = SuccessorGenerator(system)
        var (state, initialFault) = generator.initialState()
        if let initialFault, steps.isEmpty, step == nil, initialFault.kind.property == property {
            return violation(property, initialFault, [])
        }
        var control: Int?
        var stored = [state]
        for step in steps {
            guard let move = generator.moves(from: state, control: control).moves.first(where: { $0.step == step }) else {
                return nil
            }
            state = move.state
            control = move.control
            if control == nil { stored.append(state) }
        }
        let found = generator.moves(from: state, control: control)
        if let step {
            let fault = found.faults.first { $0.step == step && $0.fault.kind.property == property }?.fault
            return fault.map { violation(property, $0, steps + [step]) }
        }
        // A process that is blocked inside an atomic sequence has lost control, and engines store the state.
        if let holder = control, !found.moves.contains(where: { $0.step.pid == holder && !$0.step.isTimeout }) {
            stored.append(generator.storedForm(of: state))
        }
        switch property {
        case .endStates:
            // A fault in what a process provides does not count as a move; any other does.
            guard found.moves.isEmpty, found.faults.allSatisfy({ $0.step.transition < 0 }) else { return nil }
            let processes = state.withUnsafeBytes { EndState.blockedProcesses(in: $0, of: system) }
            guard let first = processes.first else { return nil }
            return Violation(
                property: property, message: EndState.message(processes), span: first.span, fault: nil, path: steps,
                isShortest: false, loopStart: nil)
        case .claim(let claim):
            guard try isBroken(claim, by: stored), case .formula(let index) = claim else { return nil }
            let formula = system.program.formulas[index]
            return Violation(
                property: property, message: "`\(system.program.sources.text(of: formula.rootSpan))` is not true of every run",
                span: formula.span, fault: nil, path: steps, isShortest: false, loopStart: nil)
        default: return nil
        }
    }

    private func violation(_ property: Property, _ fault: Fault, _ path: [Step]) -> Violation {
        Violation(
            property: property, message: fault.message, span: fault.span, fault: fault, path: path, isShortest: false,
            loopStart: nil)
    }

    /// Whether the automaton of a claim's negation accepts whatever comes after these states.
    private func isBroken(_ claim: Claim, by states: [[UInt8]]) throws -> Bool {
        let table = try ClaimTable(system, claim)
        var places = Set(table.initialStates)
        let circumstances = PropositionEvaluator.Circumstances(isTimeout: false, isStuttering: false)
        for state in states {
            let letter = state.withUnsafeBytes { table.letter(of: $0, circumstances) }
            places = Set(places.flatMap { place in table.edges(from: place, on: letter).map { table[$0].target } })
        }
        return places.contains { $0 >= 0 && table.isFinal($0) }
    }
}
