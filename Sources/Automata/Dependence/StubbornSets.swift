import Promela

/// Finds, for a state, sets of moves such that it is enough to take those of them that are possible: whatever else is done first,
/// they stay possible and come to the same.
///
/// These are stubborn sets (Valmari, "Stubborn sets for reduced state space generation", 1990), found from guards (Laarman, Pater,
/// van de Pol, Weber, "Guard-based partial-order reduction", 2014): with a move that is possible go those that do not accord
/// with it, and with one that is not go those that may make it possible, which is a choice where there are several reasons. For
/// claims they are ample (Clarke, Grumberg, Peled, "Model Checking", 1999): no move that a claim sees is in a set that is not
/// all. The search has to see to it that no process is left out for ever.
public final class StubbornSets {
    /// States with more processes are not reduced: the sets of them are words.
    private static let processLimit = 64

    private let machine: Machine
    private let dependence: Dependence
    private let closure: StubbornClosure

    /// Whether a step may fail from the state on that was asked about last; if none can, only deadlocks are to be kept, besides
    /// what claims see.
    public var mayFault: Bool { closure.mayFault }

    /// How often two processes have been compared so far, about: it is what takes the time.
    public var comparisons: Int { closure.comparisons }

    /// Why the sets that would be found cannot be relied on, in words.
    public var obstacle: String? {
        dependence.testsRendezvous ? "a rendezvous is tried inside `atomic`, or beside `else` or `unless`" : nil
    }

    /// - Parameters:
    ///   - generator: whose states are asked about.
    ///   - claims: what is to be found true or false as in all interleavings; see `System.reductionObstacle`.
    public init(_ generator: SuccessorGenerator, keeping claims: [Claim]) {
        machine = generator.machine
        dependence = Dependence(generator.system, observed: generator.system.observed(by: claims))
        closure = StubbornClosure(generator, dependence)
    }

    /// Sets of processes, by their pids as bits, whose moves are enough, the smallest first; none where nothing can be left out.
    public func candidates(in state: UnsafeRawBufferPointer) -> [UInt64] {
        guard let base = state.baseAddress else { return [] }
        machine.allowsTimeout = false
        machine.index(UnsafeMutableRawPointer(mutating: base), size: state.count)
        let count = machine.processCount
        guard count > 1, count <= Self.processLimit, closure.survey() else { return [] }
        return closure.sets().sorted { $0.nonzeroBitCount < $1.nonzeroBitCount }
    }
}
