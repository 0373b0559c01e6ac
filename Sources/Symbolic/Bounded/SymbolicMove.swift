import Automata
import Exploration
import Promela

/// One move that may be possible in a symbolic state, and what becomes of it.
struct SymbolicMove {
    /// Who does what; the value of a `select` is not known yet.
    var step: Step
    /// Whether a value is chosen: the frame's choice.
    var hasChoice = false
    /// Whether it can be taken, and leads to a state.
    var condition: Term
    /// The state that it leads to.
    var cells: [SymbolicValue]
    /// Where processes may stand afterwards that did not before.
    var arrivals: [(slot: Int, type: Int, location: Int)]
}

/// Something that must not happen, and when it does.
struct SymbolicEvent {
    enum Kind: Hashable {
        case property(Property)
        /// More than is told apart: processes, or rounds of a loop. Nothing is known of what comes after.
        case overflow(Fault.Kind)

        /// Both ways to get beyond what is told apart.
        static let overflows: [Kind] = [.overflow(.tooManyProcesses), .overflow(.endlessDeterministicStep)]
    }

    var kind: Kind
    var condition: Term
    /// The step that runs into it; nil for a state that must not be.
    var step: Step?
    var hasChoice = false
    var span: Span
}

/// All that can happen in a symbolic state.
struct Possibilities {
    var moves: [SymbolicMove] = []
    var events: [SymbolicEvent] = []
    /// Whether nothing can move, not even after a timeout.
    var isBlocked: Term
    /// Whether any process may move next, if it can: what claims observe.
    var isStored: Term
}

/// Where processes can be at most: for each slot and type the locations.
typealias Whereabouts = [[Int: Set<Int>]]
