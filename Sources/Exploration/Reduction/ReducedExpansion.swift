import Automata

/// Expands states by some of their moves where those stand for all, which is partial-order reduction with stubborn sets; and makes
/// one state of those that need not be told apart.
///
/// With stubborn sets, a process must not be left out for ever. Where claims are checked, each cycle has to have a state that is
/// expanded fully (Peled, "All from one, one for all: on model checking using representatives", 1993): on every cycle some edge
/// leads to a state with a lower number, or its own, and it is there that nothing is left out. Where a step may fail, it is enough
/// that a fully expanded state can be reached from everywhere (Valmari 1990; Bošnački and Holzmann, "Improving Spin's partial-order
/// reduction for breadth-first search", 2005): some successor has a higher number, or is the witness that `WitnessForest` asks for.
/// Where none can fail any more, neither is needed. Nothing of this asks in which order states are searched.
final class ReducedExpansion {
    /// What was left out of the successors of a state.
    enum Omission {
        case nothing
        case moves
        /// Moves, if one of the successors can be the witness of the state; otherwise it has to be expanded once more.
        case movesIfWitnessed
    }

    /// How it is seen to that a fully expanded state can be reached, where a step may fail.
    enum FaultProviso {
        /// By the numbers of the states.
        case numbers
        /// By a witness, which is looked for when the successors are stored: what it takes must be the same with any number of threads.
        case witnessLater
        /// By a witness, now; for states that had none later.
        case witness(WitnessForest)
    }

    /// What has to be true of the successors of a state.
    private enum Proviso {
        case none, ofClaims, ofFaults
    }

    /// Sets of processes that are tried before nothing is left out.
    private static let attemptLimit = 4

    private let generator: SuccessorGenerator
    private let stubbornSets: StubbornSets?
    /// What makes one state of several, if anything.
    let representatives: Representatives?
    private let keepsClaims: Bool
    private let faultProviso: FaultProviso

    /// See `StubbornSets.comparisons`.
    var comparisons: Int { stubbornSets?.comparisons ?? 0 }

    /// Whether moves may be left out.
    var leavesOutMoves: Bool { stubbornSets != nil }

    /// - Parameters:
    ///   - stubbornSets: those of the same generator.
    ///   - keepsClaims: whether they are to keep claims.
    init(
        _ generator: SuccessorGenerator, _ stubbornSets: StubbornSets?, keepsClaims: Bool, _ representatives: Representatives?,
        _ faultProviso: FaultProviso
    ) {
        (self.generator, self.stubbornSets, self.keepsClaims) = (generator, stubbornSets, keepsClaims)
        (self.representatives, self.faultProviso) = (representatives, faultProviso)
    }

    /// The same for states whose witnesses are looked for at once.
    func lookingForWitnesses(in forest: WitnessForest) -> ReducedExpansion {
        ReducedExpansion(generator, stubbornSets, keepsClaims: keepsClaims, representatives, .witness(forest))
    }

    /// Appends enough successors of a state to a buffer.
    /// - Parameters:
    ///   - number: that of the state in the store; it has not been expanded before.
    ///   - reader: has the states at some time after it was stored: those that come later have higher numbers, whenever that is.
    ///   - omission: what was left out.
    func expand(
        _ number: Int, in reader: StoreReader, into buffer: SuccessorBuffer, _ omission: inout Omission
    ) -> SuccessorGenerator.Outcome {
        let state = reader.state(number)
        let start = buffer.count
        guard let stubbornSets else { return expandFully(state, into: buffer) }
        let candidates = stubbornSets.candidates(in: state).prefix(Self.attemptLimit)
        let proviso: Proviso = keepsClaims ? .ofClaims : stubbornSets.mayFault ? .ofFaults : .none
        for pids in candidates {
            let outcome = generator.expand(state, onlyProcesses: pids, into: buffer)
            if outcome.isCutShort { return outcome }
            representatives?.canonicalize(buffer, from: start)
            if buffer.count > start, isAllowed(start..<buffer.count, of: number, proviso, in: reader, buffer) {
                if proviso == .ofFaults, case .witnessLater = faultProviso { omission = .movesIfWitnessed } else { omission = .moves }
                return outcome
            }
            buffer.removeAll(after: start)
        }
        return expandFully(state, into: buffer)
    }

    private func expandFully(_ state: UnsafeRawBufferPointer, into buffer: SuccessorBuffer) -> SuccessorGenerator.Outcome {
        let start = buffer.count
        let outcome = generator.expand(state, into: buffer)
        representatives?.canonicalize(buffer, from: start)
        return outcome
    }

    private func isAllowed(
        _ successors: Range<Int>, of number: Int, _ proviso: Proviso, in reader: StoreReader, _ buffer: SuccessorBuffer
    ) -> Bool {
        /// A state that is not stored yet will have a higher number.
        func isHigher(_ successor: Int) -> Bool {
            reader.find(buffer[successor]).map { $0 > number } ?? true
        }
        switch proviso {
        case .none: return true
        case .ofClaims: return successors.allSatisfy(isHigher)
        case .ofFaults: break
        }
        switch faultProviso {
        case .numbers: return successors.contains(where: isHigher)
        case .witnessLater: return true
        case .witness(let forest):
            return successors.contains { successor in reader.find(buffer[successor]).map { forest.canWitness($0, for: number) } ?? true }
        }
    }
}
