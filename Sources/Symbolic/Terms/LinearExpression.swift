/// A constant plus variables times coefficients: what a term of integer arithmetic is.
///
/// Variables are known by their numbers; what they stand for is up to a `ConstraintSet`. 64-bit values and their differences
/// need 66 bits, so the numbers have 128.
struct LinearExpression: Hashable, Sendable {
    struct Summand: Hashable, Sendable {
        var variable: Int
        /// Never zero.
        var coefficient: Int128
    }

    var constant: Int128
    /// In ascending order of the variables.
    private(set) var summands: [Summand]

    init(_ constant: Int128) {
        self.constant = constant
        summands = []
    }

    /// A variable, and a constant added to it.
    init(variable: Int, plus constant: Int128 = 0) {
        self.constant = constant
        summands = [Summand(variable: variable, coefficient: 1)]
    }

    var isConstant: Bool { summands.isEmpty }

    /// Bytes that this takes.
    var byteCount: Int {
        MemoryLayout<Self>.stride + (isConstant ? 0 : 32 + summands.count * MemoryLayout<Summand>.stride)
    }

    /// The variable, if this is one variable plus a constant.
    var soleVariable: Int? {
        summands.count == 1 && summands[0].coefficient == 1 ? summands[0].variable : nil
    }

    func coefficient(of variable: Int) -> Int128 {
        summands.first { $0.variable == variable }?.coefficient ?? 0
    }

    static func + (left: LinearExpression, right: LinearExpression) -> LinearExpression { left.adding(right, times: 1) }

    static func - (left: LinearExpression, right: LinearExpression) -> LinearExpression { left.adding(right, times: -1) }

    static func + (left: LinearExpression, right: Int128) -> LinearExpression {
        var result = left
        result.constant += right
        return result
    }

    static func * (left: LinearExpression, right: Int128) -> LinearExpression {
        LinearExpression(0).adding(left, times: right)
    }

    static prefix func - (operand: LinearExpression) -> LinearExpression { operand * -1 }

    /// The sum of this and a multiple of another.
    func adding(_ other: LinearExpression, times factor: Int128) -> LinearExpression {
        if factor == 0 { return self }
        var result = LinearExpression(constant + other.constant * factor)
        var (one, two) = (0, 0)
        while one < summands.count || two < other.summands.count {
            if two == other.summands.count
                || (one < summands.count && summands[one].variable < other.summands[two].variable)
            {
                result.summands.append(summands[one])
                one += 1
            } else if one == summands.count || other.summands[two].variable < summands[one].variable {
                let summand = other.summands[two]
                result.summands.append(Summand(variable: summand.variable, coefficient: summand.coefficient * factor))
                two += 1
            } else {
                let coefficient = summands[one].coefficient + other.summands[two].coefficient * factor
                if coefficient != 0 {
                    result.summands.append(Summand(variable: summands[one].variable, coefficient: coefficient))
                }
                one += 1
                two += 1
            }
        }
        return result
    }

    /// This with expressions in place of variables; a variable without one stays.
    func substituting(_ replacement: (Int) -> LinearExpression?) -> LinearExpression {
        var result = LinearExpression(constant)
        for summand in summands {
            let value = replacement(summand.variable) ?? LinearExpression(variable: summand.variable)
            result = result.adding(value, times: summand.coefficient)
        }
        return result
    }

    /// This, taken to be at most zero, with the greatest common divisor of its coefficients divided out: over the integers the
    /// same constraint, as tight as can be.
    var normalized: LinearExpression {
        var divisor: Int128 = 0
        for summand in summands {
            var (one, two) = (divisor, abs(summand.coefficient))
            while two != 0 { (one, two) = (two, one % two) }
            divisor = one
        }
        guard divisor > 1 else { return self }
        var result = self
        // Σ aᵢxᵢ ≤ -c holds just when Σ (aᵢ/d)xᵢ ≤ ⌊-c/d⌋ does.
        result.constant = -LinearExpression.floorDivide(-constant, divisor)
        for index in result.summands.indices { result.summands[index].coefficient /= divisor }
        return result
    }

    /// The same in memory of its own: where threads count the references to the same memory, they wait for each other.
    var copied: LinearExpression {
        var result = self
        result.summands = summands.map { $0 }
        return result
    }

    /// Division that rounds down.
    static func floorDivide(_ dividend: Int128, _ divisor: Int128) -> Int128 {
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        return remainder != 0 && (remainder < 0) != (divisor < 0) ? quotient - 1 : quotient
    }
}
