import Automata

/// The expressions that the names of terms stand for; equal expressions have the same name.
final class TermTable {
    private var expressions: [LinearExpression] = []
    private var numbers: [LinearExpression: Int] = [:]
    /// The values that are the first variables, which are asked for most.
    private var variables: [TermValue] = []

    /// Bytes that all this takes, about.
    private(set) var byteCount = 0

    /// How many terms there are.
    var count: Int { expressions.count }

    /// The expression of a value; a plain number is itself.
    func expression(of value: TermValue) -> LinearExpression {
        if let term = value.term { return expressions[term] }
        return LinearExpression(Int128(value.bits))
    }

    /// The value that an expression is: a plain number, where it is a constant that can stand for itself.
    func value(of expression: LinearExpression) -> TermValue {
        if expression.isConstant {
            // A constant is the same value as the 64 bits that it has in a variable.
            let bits = Int64(truncatingIfNeeded: expression.constant)
            if TermValue.isPlain(bits) { return TermValue(bits: bits) }
            return name(of: LinearExpression(Int128(UInt64(bitPattern: bits))))
        }
        return name(of: expression)
    }

    /// The value that a variable plus a constant is.
    func value(ofVariable variable: Int, plus constant: Int128) -> TermValue {
        guard constant == 0 else { return name(of: LinearExpression(variable: variable, plus: constant)) }
        while variables.count <= variable { variables.append(name(of: LinearExpression(variable: variables.count))) }
        return variables[variable]
    }

    private func name(of expression: LinearExpression) -> TermValue {
        if let number = numbers[expression] { return TermValue(term: number) }
        expressions.append(expression)
        numbers[expression] = expressions.count - 1
        // It stands in both, the memory of its summands is shared.
        byteCount += expression.byteCount + 2 * MemoryLayout<LinearExpression>.stride
        return TermValue(term: expressions.count - 1)
    }
}
