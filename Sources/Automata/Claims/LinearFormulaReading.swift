import Promela

extension LinearFormula {
    /// Reads a formula of a program; its propositions are added to the table.
    ///
    /// Propositions are evaluated each on its own and in any order. So where an operator protects its right operand from a fault,
    /// as in `i < 3 && a[i] == 1`, both operands together are one proposition.
    public init(_ node: Formula.Node, of program: Program, propositions: inout PropositionTable) {
        func formula(_ node: Formula.Node) -> LinearFormula { LinearFormula(node, of: program, propositions: &propositions) }
        if let whole = node.protectiveExpression(in: program) {
            self.init(whole, of: program, propositions: &propositions)
            return
        }
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
        case .binary(.and, let left, let right) where !right.mayFault(in: program): self = .and(formula(left), formula(right))
        case .binary(.or, let left, let right) where !right.mayFault(in: program): self = .or(formula(left), formula(right))
        default: self = .proposition(propositions.index(of: expression, in: program))
        }
    }
}

extension Formula.Node {
    /// The node as an expression, if it protects an operand from a fault and has no temporal operator.
    fileprivate func protectiveExpression(in program: Program) -> Expression? {
        switch self {
        case .and(_, let right), .or(_, let right), .implies(_, let right):
            right.expression?.mayFault(in: program) == true ? expression : nil
        default: nil
        }
    }

    /// The largest parts that have no temporal operator, as expressions.
    var conditions: [Expression] { expression.map { [$0] } ?? operands.flatMap(\.conditions) }

    /// The node as an expression, if it has no temporal operator.
    private var expression: Expression? {
        func combined(_ operation: Expression.BinaryOperator, _ left: Expression?, _ right: Expression?) -> Expression? {
            guard let left, let right else { return nil }
            return Expression(.binary(operation, left, right), span: left.span.joined(with: right.span))
        }
        func negated(_ operand: Expression?) -> Expression? {
            operand.map { Expression(.unary(.not, $0), span: $0.span) }
        }
        switch self {
        case .proposition(let expression): return expression
        case .not(let operand): return negated(operand.expression)
        case .and(let left, let right): return combined(.and, left.expression, right.expression)
        case .or(let left, let right): return combined(.or, left.expression, right.expression)
        case .implies(let left, let right): return combined(.or, negated(left.expression), right.expression)
        case .equivalent(let left, let right):
            return combined(.equal, negated(left.expression), negated(right.expression))
        case .always, .eventually, .next, .until, .weakUntil, .release: return nil
        }
    }
}

extension Expression {
    /// Whether evaluation may end in a `Fault` in some state, as far as the expression alone tells.
    func mayFault(in program: Program) -> Bool {
        if children.contains(where: { $0.mayFault(in: program) }) { return true }
        switch kind {
        case .load(let place): return place.mayFault(in: program)
        case .binary(.divide, _, let divisor), .binary(.remainder, _, let divisor):
            return divisor.constantValue == nil || divisor.constantValue == 0
        // A channel may not have been created, and another process may be of another type.
        case .length, .channelTest, .poll, .remoteVariable: return true
        // Guards of another process are evaluated.
        case .enabled: return true
        case .run, .setPriority: return true
        case .constant, .unary, .binary, .conditional, .timeout, .nonProgress, .programCounter, .getPriority, .remoteLabel:
            return false
        }
    }
}

extension Place {
    /// Whether an index may be out of bounds.
    fileprivate func mayFault(in program: Program) -> Bool {
        guard case .global(let global) = root else {
            return path.contains {
                if case .index = $0 { return true }
                return false
            }
        }
        var variable = program.globals[global]
        for accessor in path {
            switch accessor {
            case .index(let index):
                guard let value = index.constantValue, value >= 0, value < Int64(variable.count ?? 1) else { return true }
            case .field(let field):
                guard case .record(let record) = variable.type else { return true }
                variable = program.records[record].fields[field]
            }
        }
        return false
    }
}
