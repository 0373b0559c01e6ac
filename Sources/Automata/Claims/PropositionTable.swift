import Promela

/// The propositions of one formula: expressions that are true or false in a state. Those that read alike are one.
public struct PropositionTable: Sendable {
    /// More would not fit the words that valuations are.
    public static let limit = 64

    public private(set) var expressions: [Expression] = []
    private var indices: [String: Int] = [:]

    public init() {}

    /// The number of a proposition, which is added if it is new.
    public mutating func index(of expression: Expression, in program: Program) -> Int {
        let text = program.description(of: expression, in: nil)
        if let known = indices[text] { return known }
        indices[text] = expressions.count
        expressions.append(expression)
        return expressions.count - 1
    }
}
