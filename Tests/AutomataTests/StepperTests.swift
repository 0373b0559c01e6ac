import Automata
import TestSupport
import Testing

/// Moves one process at a time are the moves of a generator that looks at all.
struct StepperTests {
    private struct Found: Hashable {
        var step: Step
        var state: [UInt8]
        var control: Int
    }

    @Test("the same moves, states and faults along walks through programs of chance", arguments: 1...80)
    func agreement(seed: Int) throws {
        let profiles: [GeneratorProfile] = [.everything, .channels, .atomicity, .processes]
        let text = ProgramGenerator(seed: UInt64(5000 + seed), profile: profiles[seed % profiles.count]).makeProgram()
        let system = try Walk.system(text)
        let (generator, stepper) = (SuccessorGenerator(system), Stepper(system))
        var random = SplitMix64(seed: UInt64(seed))
        var faults: [Fault] = []
        stepper.onFault = { fault, _ in faults.append(fault) }
        var (state, control) = (generator.initialState().state, Int?.none)
        state.withUnsafeBytes { stepper.go(to: $0, control: -1) }
        for _ in 0..<200 {
            faults = []
            var moved = false
            if stepper.control >= 0 {
                moved = stepper.findMoves(of: stepper.control)
                if !moved { stepper.loseControl() }
            }
            if !moved {
                for pid in (0..<stepper.processCount).reversed() where stepper.findMoves(of: pid) { moved = true }
            }
            if !moved {
                for pid in (0..<stepper.processCount).reversed() where stepper.findMoves(of: pid, allowsTimeout: true) { moved = true }
            }
            let found = (0..<stepper.moveCount).map {
                Found(step: stepper.move($0).step, state: [UInt8](stepper.state(after: $0)), control: stepper.move($0).control)
            }
            let (moves, known) = generator.moves(from: state, control: control)
            #expect(found == moves.map { Found(step: $0.step, state: $0.state, control: $0.control ?? -1) }, "\(text)")
            #expect(faults == known.map(\.fault), "\(text)")
            guard !found.isEmpty else {
                let isValid = state.withUnsafeBytes { generator.isValidEnd($0) }
                if !moved { #expect(stepper.endsHere() == isValid, "\(text)") }
                return
            }
            let choice = Int.random(in: found.indices, using: &random)
            stepper.take(choice)
            (state, control) = (moves[choice].state, moves[choice].control)
            #expect([UInt8](stepper.state) == state)
        }
    }

    @Test("of a select with many values some are taken, its bounds among them", arguments: [("int", "-7", "1000"), ("unsigned", "0", "4000000000")])
    func sampledSelect(type: String, low: String, high: String) throws {
        let declaration = type == "int" ? "int x" : "unsigned x : 32"
        let system = try Walk.system("\(declaration); active proctype P() { select(x : \(low) .. \(high)) }")
        let stepper = Stepper(system)
        stepper.initialState().state.withUnsafeBytes { stepper.go(to: $0, control: -1) }
        stepper.sampleSelects(above: 15) { $0 / 2 }
        #expect(stepper.findMoves(of: 0))
        let choices = (0..<stepper.moveCount).compactMap { stepper.move($0).step.choice }
        let (first, last) = (Int64(low)!, Int64(high)!)
        #expect(choices == [first, first + 1, last - 1, last, first + (last - first) / 2])
    }
}
