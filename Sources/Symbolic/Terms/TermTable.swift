import Automata
import Synchronization

/// The expressions that the names of terms stand for; equal expressions have the same name.
///
/// Each thread has a table of its own; what they share is looked at only for what is new to one.
final class TermTable {
    /// The names that all tables agree on.
    private final class Names: Sendable {
        struct Contents {
            var expressions: [LinearExpression] = []
            var numbers: [LinearExpression: Int] = [:]
        }

        let contents = Mutex(Contents())
    }

    private let names: Names
    /// Those of the agreed names that this table knows: the first.
    private var expressions: [LinearExpression] = []
    private var numbers: [LinearExpression: Int] = [:]
    /// The values that are the first variables, which are asked for most.
    private var variables: [TermValue] = []

    /// Bytes that all this takes, about.
    private(set) var byteCount = 0

    init() { names = Names() }

    /// A table for another thread, with the same names.
    init(sharing other: TermTable) { names = other.names }

    /// The expression of a value; a plain number is itself.
    func expression(of value: TermValue) -> LinearExpression {
        guard let term = value.term else { return LinearExpression(Int128(value.bits)) }
        if term >= expressions.count { names.contents.withLock { learn($0.expressions) } }
        return expressions[term]
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
        let number = names.contents.withLock { contents in
            let known = contents.numbers[expression]
            let number = known ?? contents.expressions.count
            if known == nil {
                let copy = expression.copied
                contents.expressions.append(copy)
                contents.numbers[copy] = number
            }
            learn(contents.expressions)
            return number
        }
        return TermValue(term: number)
    }

    /// Takes over the names that are new to this table.
    private func learn(_ all: [LinearExpression]) {
        for number in expressions.count..<all.count {
            let copy = all[number].copied
            expressions.append(copy)
            numbers[copy] = number
            // It stands in both, the memory of its summands is shared; and once more in what the tables agree on.
            byteCount += 2 * (copy.byteCount + 2 * MemoryLayout<LinearExpression>.stride)
        }
    }
}
