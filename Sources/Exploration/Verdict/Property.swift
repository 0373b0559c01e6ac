import Automata

/// What can be checked of a model.
public enum Property: String, CaseIterable, Hashable, Sendable {
    /// No `assert` fails.
    case assertions
    /// No state is reached in which nothing can move, but some process has not come to its end or an `end` label.
    case endStates = "end-states"
    /// No index is out of its array's bounds.
    case arrayBounds = "array-bounds"
    /// Nothing is divided by zero.
    case divisionByZero = "division-by-zero"
    /// Nothing else goes wrong: channels are created before use, messages have the right number of fields, a `d_step` does
    /// not block, there are never more than 255 processes.
    case execution

    /// Whether a user may leave it out. Where one of the others fails, there is no telling how the model would go on, so a
    /// verdict on anything would be worth nothing.
    public var isOptional: Bool { self == .assertions || self == .endStates }

    /// What holds when the property holds, in a sentence.
    public var summary: String {
        switch self {
        case .assertions: "no assertion fails"
        case .endStates: "no deadlock: every end state is a valid one"
        case .arrayBounds: "no array index is out of bounds"
        case .divisionByZero: "no division by zero"
        case .execution: "no other error of execution"
        }
    }
}

extension Fault.Kind {
    /// The property that a fault violates.
    public var property: Property {
        switch self {
        case .assertionFailed: .assertions
        case .indexOutOfBounds: .arrayBounds
        case .divisionByZero: .divisionByZero
        default: .execution
        }
    }
}
