import Promela

/// A condition on the value of one cell alone, so that it can be told what it is for each value.
struct CellTest: Sendable {
    indirect enum Term: Sendable {
        case constant(Int64)
        case cell(Int)
        case not(Term)
        /// See `Expression.BinaryOperator.isTest`.
        case binary(Expression.BinaryOperator, Term, Term)

        /// The cell that it asks for.
        var cell: Int? {
            switch self {
            case .constant: nil
            case .cell(let cell): cell
            case .not(let operand): operand.cell
            case .binary(_, let left, let right): left.cell ?? right.cell
            }
        }

        func value(where cell: Int64) -> Int64 {
            switch self {
            case .constant(let value): return value
            case .cell: return cell
            case .not(let operand): return operand.value(where: cell) == 0 ? 1 : 0
            case .binary(let operation, let left, let right):
                let (left, right) = (left.value(where: cell), right.value(where: cell))
                let holds =
                    switch operation {
                    case .and: left != 0 && right != 0
                    case .or: left != 0 || right != 0
                    case .equal: left == right
                    case .notEqual: left != right
                    case .less: left < right
                    case .lessOrEqual: left <= right
                    case .greater: left > right
                    default: left >= right
                    }
                return holds ? 1 : 0
            }
        }
    }

    let cell: Int
    let term: Term

    func holds(for value: Int64) -> Bool { term.value(where: value) != 0 }

    /// The one value for which it can hold, where that is easy to tell.
    var onlyValue: Int64? {
        switch term {
        case .binary(.equal, .cell, .constant(let value)), .binary(.equal, .constant(let value), .cell): value
        case .not(.cell): 0
        default: nil
        }
    }

    /// Whether the two can never hold at once.
    func excludes(_ other: CellTest) -> Bool {
        guard cell == other.cell else { return false }
        if let value = onlyValue { return !other.holds(for: value) }
        if let value = other.onlyValue { return !holds(for: value) }
        return false
    }

    /// Whether it may hold after the cell was written.
    func mayHold(after values: WrittenValues) -> Bool {
        guard case .these(let values) = values else { return true }
        return values.contains { holds(for: $0) }
    }
}

extension Expression.BinaryOperator {
    /// Whether it compares, or puts together what others compared.
    var isTest: Bool {
        switch self {
        case .and, .or, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }
}
