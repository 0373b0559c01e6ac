import Automata

/// Takes the variables out of a constraint set that no value speaks of any more, and numbers the others anew.
///
/// What a zone says of other variables stays exactly what it was. Out of other constraints a variable is taken as Fourier and
/// Motzkin have it (see Schrijver, 1986), where that is exact over the integers: where each pair of a lower and an upper bound
/// has one of them with coefficient 1. A variable for which it is not stays, and so does one that would leave too many behind.
struct VariableElimination {
    private var zone: Zone
    private var others: [LinearExpression]
    /// What variables are always: a constant, or an earlier variable plus a constant.
    private var equalities: [Zone.Coordinate?]
    /// The variables that stay, in their new order, and what is added to each.
    private var kept: [Int] = []
    private var shifts: [Int128] = []
    /// The new number of each variable.
    private var numbers: [Int?]
    /// A variable that is taken out may leave so many constraints.
    private static let constraintLimit = 64

    init(_ constraints: ConstraintSet) {
        zone = constraints.zone
        equalities = (0..<zone.count).map { [zone] in zone.equality(of: $0) }
        others = []
        numbers = Array(repeating: nil, count: zone.count)
        if constraints.others.isEmpty { return }
        others = constraints.others.map { simplified($0).normalized }
    }

    private func simplified(_ expression: LinearExpression) -> LinearExpression {
        if expression.summands.allSatisfy({ equalities[$0.variable] == nil }) { return expression }
        return expression.substituting { equalities[$0]?.expression }
    }

    /// Keeps the variables of a value.
    /// - Returns: the value in terms of the new variables; nil for a sum, which is to be kept as an expression when all other values are.
    mutating func keep(_ value: TermValue, _ terms: TermTable) -> TermValue? {
        let expression = terms.expression(of: value)
        guard let variable = expression.soleVariable else {
            if expression.isConstant { return value }
            return expression.summands.count == 1 ? terms.value(of: keep(expression)) : nil
        }
        // Most values are a variable plus a constant: the same as below in fewer words.
        let equality = equalities[variable] ?? Zone.Coordinate(variable: variable, constant: 0)
        let constant = expression.constant + equality.constant
        guard let root = equality.variable else { return terms.value(of: LinearExpression(constant)) }
        if let number = numbers[root] { return terms.value(ofVariable: number, plus: constant - shifts[number]) }
        keep(root, adding: constant)
        return terms.value(ofVariable: kept.count - 1, plus: 0)
    }

    /// Keeps the variables of an expression; or, where one of them would be kept for its sake only, a new variable that is always the
    /// same as the expression: what is known of the value is then all that is left.
    /// - Returns: the expression in terms of the new variables.
    mutating func keep(_ value: LinearExpression) -> LinearExpression {
        let value = simplified(value)
        // A variable that is a value but for a constant becomes that value, so that its name says nothing of where it came from.
        if let variable = value.soleVariable, numbers[variable] == nil { keep(variable, adding: value.constant) }
        if value.summands.count > 1, value.summands.contains(where: { numbers[$0.variable] == nil && abs($0.coefficient) == 1 }) {
            keep(variableEqual(to: value), adding: 0)
            return LinearExpression(variable: kept.count - 1)
        }
        for summand in value.summands where numbers[summand.variable] == nil { keep(summand.variable, adding: 0) }
        return renamed(value)
    }

    private mutating func variableEqual(to value: LinearExpression) -> Int {
        let known = ConstraintSet(zone: zone)
        let variable = zone.addVariable(in: known.range(of: value))
        for other in 0..<variable {
            let difference = value - LinearExpression(variable: other)
            _ = zone.constrain(variable, minus: other, atMost: known.upperBound(of: difference))
            _ = zone.constrain(other, minus: variable, atMost: known.upperBound(of: -difference))
        }
        numbers.append(nil)
        equalities.append(nil)
        let difference = LinearExpression(variable: variable) - value
        others += [difference, -difference]
        return variable
    }

    private mutating func keep(_ variable: Int, adding shift: Int128) {
        numbers[variable] = kept.count
        kept.append(variable)
        shifts.append(shift)
    }

    private func renamed(_ expression: LinearExpression) -> LinearExpression {
        expression.substituting { variable in
            numbers[variable].map { LinearExpression(variable: $0, plus: -shifts[$0]) }
        }
    }

    /// The constraints on the variables that were kept, and on those that cannot be taken out.
    mutating func finish() -> ConstraintSet {
        eliminate()
        for other in others {
            for summand in other.summands where numbers[summand.variable] == nil { keep(summand.variable, adding: 0) }
        }
        var result = ConstraintSet(zone: zone.selecting(kept, adding: shifts))
        let constraints = others.map { renamed($0).normalized }.sorted()
        // The differences among them may say what others do.
        for constraint in constraints where constraint.summands.count <= 2 { result.assume(constraint) }
        for constraint in constraints where constraint.summands.count > 2 { result.assume(constraint) }
        return result
    }

    private mutating func eliminate() {
        if others.isEmpty { return }
        var stuck: Set<Int> = []
        while true {
            let candidates = Set(others.flatMap { $0.summands.map(\.variable) }).filter { numbers[$0] == nil }
                .subtracting(stuck)
            guard let variable = candidates.min() else { return }
            if !eliminate(variable) { stuck.insert(variable) }
        }
    }

    /// Takes one variable out of the constraints that are not the zone's; false if that would not be exact, or leave too many.
    private mutating func eliminate(_ variable: Int) -> Bool {
        let mentioned = others.filter { $0.coefficient(of: variable) != 0 }
        let upper = mentioned.filter { $0.coefficient(of: variable) > 0 }
        let lower = mentioned.filter { $0.coefficient(of: variable) < 0 }
        let upperIsUnit = upper.allSatisfy { $0.coefficient(of: variable) == 1 }
        let lowerIsUnit = lower.allSatisfy { $0.coefficient(of: variable) == -1 }
        guard upperIsUnit || lowerIsUnit else { return false }
        // The zone's own bounds have coefficient 1, and it is closed, so that its pairs say nothing new.
        let neighbours = [nil] + Set(kept + others.flatMap { $0.summands.map(\.variable) }).filter { $0 != variable }.sorted()
            .map(Optional.init)
        func difference(_ one: Int?, _ other: Int?) -> LinearExpression {
            (one.map { LinearExpression(variable: $0) } ?? LinearExpression(0))
                - (other.map { LinearExpression(variable: $0) } ?? LinearExpression(0)) + -zone.upperBound(one, minus: other)
        }
        let zoneUpper = neighbours.map { difference(variable, $0) }
        let zoneLower = neighbours.map { difference($0, variable) }
        var combined: [LinearExpression] = []
        func combine(_ uppers: [LinearExpression], _ lowers: [LinearExpression]) {
            for one in uppers {
                for other in lowers {
                    combined.append(
                        (one * -other.coefficient(of: variable)).adding(other, times: one.coefficient(of: variable)).normalized)
                }
            }
        }
        combine(upper, lower + zoneLower)
        combine(zoneUpper, lower)
        var left = ConstraintSet(zone: zone, others: others.filter { $0.coefficient(of: variable) == 0 })
        for constraint in combined {
            left.assume(constraint)
            // Else the next ones would each square their number.
            if left.others.count > max(others.count, Self.constraintLimit) { return false }
        }
        (zone, others) = (left.zone, left.others)
        return true
    }
}

extension LinearExpression: Comparable {
    /// An order of no meaning, so that sets of constraints can be written in one way only.
    static func < (one: LinearExpression, other: LinearExpression) -> Bool {
        for (left, right) in zip(one.summands, other.summands) {
            if left.variable != right.variable { return left.variable < right.variable }
            if left.coefficient != right.coefficient { return left.coefficient < right.coefficient }
        }
        if one.summands.count != other.summands.count { return one.summands.count < other.summands.count }
        return one.constant < other.constant
    }
}
