/// What one process can do in all states in which some fields have given values (a row of a partitioned next-state relation:
/// Blom, van de Pol and Weber, 2010).
public struct LocalTransition: Sendable {
    /// What becomes of a field.
    public struct Assignment: Hashable, Sendable {
        public enum Value: Hashable, Sendable {
            case constant(UInt8)
            /// What another field, which is not among the conditions, had before.
            case copy(of: Int)
        }

        /// An index into the fields.
        public var field: Int
        public var value: Value
    }

    /// What is there besides successors.
    public enum Kind: Sendable {
        case usual
        /// The process cannot move.
        case blocked
        /// A fault, or something else that takes a look at the states themselves.
        case unclear
    }

    public var pid: Int
    public var kind: Kind
    /// The values that fields have before, in the order in which they are read.
    public var conditions: [FieldValue]
    /// One list for each successor; fields that are not in it stay as they are.
    public var outcomes: [[Assignment]]
}
