import Automata

/// Expands states by some of their moves where those stand for all: partial-order reduction with stubborn sets.
///
/// A process must not be left out for ever. Where claims are checked, each cycle has to have a state that is expanded fully (Peled,
/// "All from one, one for all: on model checking using representatives", 1993): on every cycle some edge leads to a
/// state with a lower number, or its own, and it is there that nothing is left out. Where a step may fail, it is enough that a
/// fully expanded state can be reached from everywhere (Valmari 1990; Bošnački and Holzmann, "Improving Spin's partial-order
/// reduction for breadth-first search", 2005): some successor has a higher number. Neither asks in which order states are searched.
final class ReducedExpansion {
    /// Which of the successors must have a higher number than the state.
    private enum Proviso {
        case none, some, all
    }

    /// Sets of processes that are tried before nothing is left out.
    private static let attemptLimit = 4

    private let generator: SuccessorGenerator
    private let stubbornSets: StubbornSets
    private let keepsClaims: Bool

    /// Why it must not be used, in words.
    var obstacle: String? { stubbornSets.obstacle }

    init(_ generator: SuccessorGenerator, keeping claims: [Claim]) {
        self.generator = generator
        stubbornSets = StubbornSets(generator, keeping: claims)
        keepsClaims = !claims.isEmpty
    }

    /// Appends enough successors of a state to a buffer.
    /// - Parameters:
    ///   - number: that of the state in the store; it has not been expanded before.
    ///   - reader: has the states at some time after it was stored: those that come later have higher numbers, whenever that is.
    ///   - isReduced: set if moves were left out.
    func expand(
        _ number: Int, in reader: StoreReader, into buffer: SuccessorBuffer, _ isReduced: inout Bool
    ) -> SuccessorGenerator.Outcome {
        let state = reader.state(number)
        let start = buffer.count
        let candidates = stubbornSets.candidates(in: state).prefix(Self.attemptLimit)
        let proviso: Proviso = keepsClaims ? .all : stubbornSets.mayFault ? .some : .none
        for pids in candidates {
            let outcome = generator.expand(state, onlyProcesses: pids, into: buffer)
            if outcome.isCutShort { return outcome }
            if buffer.count > start, isAllowed(start..<buffer.count, of: number, proviso, in: reader, buffer) {
                isReduced = true
                return outcome
            }
            buffer.removeAll(after: start)
        }
        return generator.expand(state, into: buffer)
    }

    private func isAllowed(
        _ successors: Range<Int>, of number: Int, _ proviso: Proviso, in reader: StoreReader, _ buffer: SuccessorBuffer
    ) -> Bool {
        /// A state that is not stored yet will have a higher number.
        func isHigher(_ successor: Int) -> Bool {
            reader.find(buffer[successor]).map { $0 > number } ?? true
        }
        return switch proviso {
        case .none: true
        case .some: successors.contains(where: isHigher)
        case .all: successors.allSatisfy(isHigher)
        }
    }
}

extension Search {
    /// Why nothing can be left out, in words; nil if that is not so.
    static func reductionObstacle(
        _ system: System, _ options: SearchOptions, _ claims: [Claim], notesWrapAround: Bool
    ) -> String? {
        if options.depthLimit != nil { return "steps count where the depth is limited" }
        if notesWrapAround { return "values that are cut to size are looked for in every state" }
        if !claims.isEmpty, options.fairness != .none { return "fairness asks who could have moved" }
        return system.reductionObstacle(for: claims)
    }
}
