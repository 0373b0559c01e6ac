/// What is known of the variables that stand for values: a zone, and linear constraints that are no bound of a difference.
///
/// A set has a solution; whoever adds a constraint knows that one is left.
struct ConstraintSet: Hashable, Sendable {
    private(set) var zone = Zone()
    /// Each is at most zero.
    private(set) var others: [LinearExpression] = []

    init() {}

    /// - Parameter others: constraints that are no bound of a difference, as another set has them.
    init(zone: Zone, others: [LinearExpression] = []) {
        self.zone = zone
        self.others = others
    }

    /// What a constraint says in the terms of a zone: `one - other ≤ bound`, where nil is zero.
    private struct Difference {
        var one: Int?
        var other: Int?
        var bound: Int128

        /// Nil for an expression that is no difference; it must be normalized.
        init?(_ expression: LinearExpression) {
            bound = -expression.constant
            switch expression.summands.count {
            case 1:
                if expression.summands[0].coefficient == 1 { one = expression.summands[0].variable }
                else if expression.summands[0].coefficient == -1 { other = expression.summands[0].variable }
                else { return nil }
            case 2:
                let (first, second) = (expression.summands[0], expression.summands[1])
                if first.coefficient == 1, second.coefficient == -1 { (one, other) = (first.variable, second.variable) }
                else if first.coefficient == -1, second.coefficient == 1 { (one, other) = (second.variable, first.variable) }
                else { return nil }
            default: return nil
            }
        }
    }

    /// Adds a variable with these values.
    /// - Returns: its number.
    mutating func addVariable(in range: ClosedRange<Int128>) -> Int { zone.addVariable(in: range) }

    /// No value of the expression is larger; not always one that it has.
    func upperBound(of expression: LinearExpression) -> Int128 {
        var result = expression.constant
        var negative = expression.summands.filter { $0.coefficient < 0 }
        // What is added to one variable and taken from another is bounded by their difference, more tightly than by each alone.
        for summand in expression.summands where summand.coefficient > 0 {
            var left = summand.coefficient
            for index in negative.indices where left > 0 && negative[index].coefficient < 0 {
                let common = min(left, -negative[index].coefficient)
                result += common * zone.upperBound(summand.variable, minus: negative[index].variable)
                left -= common
                negative[index].coefficient += common
            }
            if left > 0 { result += left * zone.upperBound(summand.variable, minus: nil) }
        }
        for summand in negative where summand.coefficient < 0 {
            result += -summand.coefficient * zone.upperBound(nil, minus: summand.variable)
        }
        return result
    }

    /// All values of the expression are among these.
    func range(of expression: LinearExpression) -> ClosedRange<Int128> {
        -upperBound(of: -expression)...upperBound(of: expression)
    }

    /// Whether some solution makes the expression at most zero.
    func allows(_ expression: LinearExpression, _ solver: ConstraintSolver) -> Bool {
        if expression.isConstant { return expression.constant <= 0 }
        if upperBound(of: expression) <= 0 { return true }
        if upperBound(of: -expression) < 0 { return false }
        let expression = expression.normalized
        // A closed zone has a solution for every value of a difference within its bounds.
        if others.isEmpty, Difference(expression) != nil { return true }
        return solver.hasSolution(self, and: expression)
    }

    /// Whether every solution makes the expression at most zero.
    func implies(_ expression: LinearExpression, _ solver: ConstraintSolver) -> Bool {
        upperBound(of: expression) <= 0 || !allows(-expression + 1, solver)
    }

    /// Adds the constraint that the expression is at most zero, which some solution allows.
    mutating func assume(_ expression: LinearExpression) {
        let expression = expression.normalized
        if let difference = Difference(expression) {
            _ = zone.constrain(difference.one, minus: difference.other, atMost: difference.bound)
        } else if upperBound(of: expression) > 0, !others.contains(expression) {
            others.append(expression)
        }
    }

    /// Every constraint there is, each an expression that is at most zero.
    var all: [LinearExpression] {
        let indices = [nil] + (0..<zone.count).map(Optional.init)
        func expression(_ variable: Int?) -> LinearExpression { variable.map { LinearExpression(variable: $0) } ?? LinearExpression(0) }
        let differences = indices.flatMap { one in
            indices.filter { $0 != one }.map { other in
                expression(one) - expression(other) + -zone.upperBound(one, minus: other)
            }
        }
        return differences + others
    }
}
