import Automata
import Promela

/// Where a property fails, and how to get there.
public struct Violation: Sendable {
    public var property: Property
    /// In words, with the values that break it.
    public var message: String
    /// The statement that fails; for an invalid end state, the statement that the first blocked process waits at.
    public var span: Span
    /// The fault, unless this is an invalid end state.
    public var fault: Fault?
    /// From the initial state on.
    public var path: [Step]
    /// Whether no path is shorter, counted in stored states.
    public var isShortest: Bool
    /// For a claim, the number of steps before those that repeat for ever; as many as there are where the last state repeats,
    /// because nothing can move. Nil where the path alone breaks it.
    public var loopStart: Int?

    public init(
        property: Property, message: String, span: Span, fault: Fault?, path: [Step], isShortest: Bool,
        loopStart: Int? = nil
    ) {
        self.property = property
        self.message = message
        self.span = span
        self.fault = fault
        self.path = path
        self.isShortest = isShortest
        self.loopStart = loopStart
    }
}

/// How a search ended.
public enum Verdict: Hashable, Sendable {
    /// The whole state space was searched.
    case holds
    case violated
    /// A limit was hit before the state space was searched.
    case inconclusive(Limit)
}

/// Why a search did not finish.
public enum Limit: Hashable, Sendable {
    case memory(bytes: Int)
    /// All states up to this depth were searched, and there are deeper ones.
    case depth(Int)
    /// Paths were cut at this length. A state that was first met at the end of such a path is not searched again where a
    /// shorter one leads to it, so nothing is certain even of lesser depths.
    case pathLength(Int)
    case interrupted
    /// Every state that was come to and not taken for another one was searched: so many, which is this share of those come to, as far as can
    /// be expected. What only the others lead to was not come to.
    case bitstate(states: Int, coverage: Double)
    /// The search stopped at a violation of another property.
    case stoppedAtViolation
    /// Every state was searched, but some step failed in a way that leaves open what would come after it.
    case pathsEndInViolation
    /// A formula needs an automaton that is too large.
    case formulaTooLarge(String)
    /// Z3 gave no answer to a question; why, in its words.
    case solver(String)
    /// Another engine knows no more; why, in words.
    case engine(String)
    /// Strong fairness is only decided of whole components.
    case breadthNeeded
    /// Only walks of chance were made; so many of the transitions that control flow does not rule out were taken.
    case walks(walks: Int, steps: Int, taken: Int, reachable: Int)

    /// The limit, in words that go on after "inconclusive: ".
    public var explanation: String {
        switch self {
        case .memory(let bytes):
            "the memory limit of \(ByteCount.text(bytes)) was reached; raise it with --memory"
        case .depth(let depth): "no violation up to depth \(depth), and there are deeper states"
        case .pathLength(let length):
            "paths were cut after \(length) step\(length == 1 ? "" : "s"); only --search breadth covers a depth completely"
        case .bitstate(let states, let coverage):
            "no violation in \(NumberText.counted(states, "state")); bitstate, coverage estimated at up to \(NumberText.share(coverage))"
        case .interrupted: "interrupted before all states were searched"
        case .stoppedAtViolation: "the search stopped at a violation of another property"
        case .pathsEndInViolation: "some paths end in a violation of another property"
        case .formulaTooLarge(let reason): reason
        case .solver(let reason): "Z3 gave no answer to a question (\(reason))"
        case .engine(let reason): reason
        case .breadthNeeded: "strong fairness is only checked by --search breadth"
        case .walks(let walks, let steps, let taken, let reachable):
            "no violation in \(NumberText.counted(walks, "walk")), \(NumberText.counted(steps, "step")); "
                + "\(NumberText.grouped(taken)) of \(NumberText.counted(reachable, "transition")) taken"
        }
    }
}

/// Counts of a search.
public struct Statistics: Hashable, Sendable {
    public var statesStored = 0
    public var statesMatched = 0
    public var transitions = 0
    /// The deepest level at which a state was found, the initial state being at 0.
    public var depthReached = 0
    public var seconds = 0.0
    /// Bytes of the state store and of the edges between the states, all told.
    public var bytes = 0
    /// States that were found, but whose successors were not looked at yet.
    public var frontier = 0
    /// The most pairs of a state and a state of a claim that were looked at for one claim.
    public var productStates = 0
    /// How many states had been found when machine code took over; nil if it never did.
    public var compiledFrom: Int?
    /// States of which some steps were not taken for leading to no other states; nil where there are no sleep sets.
    public var sleepStates: Int?
    /// States of which some moves were left out, because the others stand for them; nil where all interleavings were searched.
    public var reducedStates: Int?
    /// Why all interleavings were searched although a reduction was asked for.
    public var reductionObstacle: String?
    /// The locals that were reset where they were dead, such as `Client:who`; nil where none were to be.
    public var resetVariables: [String]?
    /// Where local steps were merged; nil where none were to be.
    public var merging: MergingReport?
    /// What came of decision diagrams; nil where none were asked for.
    public var diagrams: DiagramReport?
    /// What could be exchanged in the states that were found; nil where nothing was to be.
    public var symmetry: SymmetryReport?

    public init() {}
}

/// What came of looking for local steps that can follow at once on the step before.
public struct MergingReport: Hashable, Sendable {
    /// The locations, of all process types, in which a process goes on.
    public var locationCount = 0
    /// Why nothing was merged, in words.
    public var obstacle: String?
}

/// What came of looking for processes that can change places.
public struct SymmetryReport: Hashable, Sendable {
    /// In words, such as `Client(1) and Client(2), Sigio(5) and Sigio(6)`, one for each exchange that others come of.
    public var exchanges: [String] = []
    /// Why there is none, in words.
    public var obstacle: String?
    /// The place that tells processes apart.
    public var span: Span?
}

/// What a search found.
public struct SearchResult: Sendable {
    /// The verdict on each property that was checked.
    public var verdicts: [(property: Property, verdict: Verdict)]
    public var violations: [Violation]
    public var statistics: Statistics
    /// Values that did not fit their variables.
    public var truncations: [Truncation]

    public init(
        verdicts: [(property: Property, verdict: Verdict)], violations: [Violation], statistics: Statistics,
        truncations: [Truncation]
    ) {
        self.verdicts = verdicts
        self.violations = violations
        self.statistics = statistics
        self.truncations = truncations
    }

    /// The verdict on all of them together.
    public var verdict: Verdict {
        if !violations.isEmpty { return .violated }
        for (_, verdict) in verdicts {
            if case .inconclusive = verdict { return verdict }
        }
        return .holds
    }
}
