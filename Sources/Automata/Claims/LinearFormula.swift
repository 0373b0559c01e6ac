import Promela

/// A formula of linear temporal logic over numbered propositions.
public indirect enum LinearFormula: Hashable, Sendable {
    case constant(Bool)
    /// A proposition by its position in a `PropositionTable`.
    case proposition(Int)
    case not(LinearFormula)
    case and(LinearFormula, LinearFormula)
    case or(LinearFormula, LinearFormula)
    case implies(LinearFormula, LinearFormula)
    case equivalent(LinearFormula, LinearFormula)
    case always(LinearFormula)
    case eventually(LinearFormula)
    case next(LinearFormula)
    case until(LinearFormula, LinearFormula)
    case weakUntil(LinearFormula, LinearFormula)
    case release(LinearFormula, LinearFormula)
}

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

extension LinearFormula {
    /// Reads a formula of a program; its propositions are added to the table.
    public init(_ node: Formula.Node, of program: Program, propositions: inout PropositionTable) {
        func formula(_ node: Formula.Node) -> LinearFormula { LinearFormula(node, of: program, propositions: &propositions) }
        switch node {
        case .proposition(let expression): self.init(expression, of: program, propositions: &propositions)
        case .not(let operand): self = .not(formula(operand))
        case .and(let left, let right): self = .and(formula(left), formula(right))
        case .or(let left, let right): self = .or(formula(left), formula(right))
        case .implies(let left, let right): self = .implies(formula(left), formula(right))
        case .equivalent(let left, let right): self = .equivalent(formula(left), formula(right))
        case .always(let operand): self = .always(formula(operand))
        case .eventually(let operand): self = .eventually(formula(operand))
        case .next(let operand): self = .next(formula(operand))
        case .until(let left, let right): self = .until(formula(left), formula(right))
        case .weakUntil(let left, let right): self = .weakUntil(formula(left), formula(right))
        case .release(let left, let right): self = .release(formula(left), formula(right))
        }
    }

    /// Logical operators inside an expression are operators of the formula too, so that `p` and `!p` share a proposition.
    private init(_ expression: Expression, of program: Program, propositions: inout PropositionTable) {
        func formula(_ part: Expression) -> LinearFormula { LinearFormula(part, of: program, propositions: &propositions) }
        switch expression.kind {
        case .constant(let value): self = .constant(value != 0)
        case .unary(.not, let operand): self = .not(formula(operand))
        case .binary(.and, let left, let right): self = .and(formula(left), formula(right))
        case .binary(.or, let left, let right): self = .or(formula(left), formula(right))
        default: self = .proposition(propositions.index(of: expression, in: program))
        }
    }
}
