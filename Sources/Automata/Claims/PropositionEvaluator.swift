import Promela

/// Looks at states as a claim does: which of its propositions are true there.
///
/// Several threads use an evaluator each.
public final class PropositionEvaluator {
    /// Something that is true or false in a state.
    enum Proposition {
        /// The code at this address leaves a value that is not zero.
        case value(entry: Int)
        /// An assertion of the claim fails in the code at this address.
        case failure(entry: Int)
        case isAtAcceptLabel
        case isWithoutProgress
    }

    /// How a state is met.
    public struct Circumstances: Hashable, Sendable {
        /// Nothing can move but for a `timeout`, or not at all.
        public var isTimeout: Bool
        /// Nothing can move at all, and the state was looked at once before.
        public var isStuttering: Bool

        public init(isTimeout: Bool, isStuttering: Bool) {
            self.isTimeout = isTimeout
            self.isStuttering = isStuttering
        }
    }

    let system: System
    let propositions: [Proposition]
    /// Words of 64 bits that the values take.
    let wordCount: Int
    private let machine: Machine
    /// The values, and behind them which of them could not be computed.
    let words: UnsafeMutablePointer<UInt64>

    init(_ system: System, _ propositions: [Proposition]) {
        self.system = system
        self.propositions = propositions
        machine = Machine(system)
        wordCount = max(1, (propositions.count + 63) / 64)
        words = .allocate(capacity: 2 * wordCount)
        words.initialize(repeating: 0, count: 2 * wordCount)
    }

    /// An evaluator of the propositions of an `ltl` block, by its position in `Program.formulas`.
    public convenience init(_ system: System, formula: Int) {
        self.init(system, system.formulas[formula].entries.map { .value(entry: $0) })
    }

    deinit { words.deallocate() }

    /// Has the evaluator work with terms; the system must have been built for it.
    public func use(_ terms: (any TermArithmetic)?) { machine.terms = terms }

    /// Computes `words` for a state.
    func evaluate(_ state: UnsafeRawBufferPointer, _ circumstances: Circumstances) {
        words.update(repeating: 0, count: 2 * wordCount)
        prepare(state, circumstances)
        for (index, proposition) in propositions.enumerated() {
            let (word, bit) = (index >> 6, UInt64(1) << UInt64(index & 63))
            if value(of: proposition) { words[word] |= bit }
            if machine.hasFault {
                _ = machine.takeFault()
                words[wordCount + word] |= bit
            }
        }
    }

    /// The values of up to 64 propositions as bits, and what keeps one of them from having a value.
    public func letter(of state: [UInt8], _ circumstances: Circumstances) -> (bits: UInt64, fault: Fault?) {
        state.withUnsafeBytes { bytes in
            evaluate(bytes, circumstances)
            return (words[0], fault(in: bytes, circumstances))
        }
    }

    /// The first fault, or failed assertion, among the propositions.
    func fault(in state: UnsafeRawBufferPointer, _ circumstances: Circumstances) -> Fault? {
        prepare(state, circumstances)
        for proposition in propositions {
            if case .failure(let entry) = proposition {
                _ = machine.run(entry)
                if let failed = machine.takeNotes().first { return failed }
            } else {
                _ = value(of: proposition)
            }
            if let fault = machine.takeFault() { return fault }
        }
        return nil
    }

    private func prepare(_ state: UnsafeRawBufferPointer, _ circumstances: Circumstances) {
        guard let base = state.baseAddress else { return }
        // Propositions only read.
        machine.index(UnsafeMutableRawPointer(mutating: base), size: state.count)
        machine.allowsTimeout = circumstances.isTimeout
        machine.isStuttering = circumstances.isStuttering
    }

    private func value(of proposition: Proposition) -> Bool {
        switch proposition {
        case .value(let entry): return machine.truth(of: machine.run(entry)) != 0
        case .failure(let entry):
            _ = machine.run(entry)
            return !machine.takeNotes().isEmpty
        case .isAtAcceptLabel: return machine.isAtAcceptance()
        case .isWithoutProgress: return !machine.isStuttering && !machine.isAtProgress()
        }
    }
}
