import Automata

/// What a register of the interpreter holds, as far as it is known: 64 bits, as a constant, a truth value that counts as 0 or
/// 1, or a term that is extended to 64 bits.
enum SymbolicValue: Hashable {
    case constant(Int64)
    case truth(Term)
    case bits(Term, isSigned: Bool)

    /// How many bits in two's complement hold every possible value.
    var signedWidth: Int {
        switch self {
        case .constant(let value): 65 - (value < 0 ? ~value : value).leadingZeroBitCount
        case .truth: 2
        case .bits(let term, let isSigned): min(64, (term.sort.width ?? 64) + (isSigned ? 0 : 1))
        }
    }

    /// What the value can be at most.
    var range: ClosedRange<Int64> {
        switch self {
        case .constant(let value): return value...value
        case .truth: return 0...1
        case .bits(let term, let isSigned):
            let width = term.sort.width ?? 64
            if width >= 64 { return .min ... .max }
            return isSigned ? -(1 << (width - 1))...(1 << (width - 1)) - 1 : 0...(1 << width) - 1
        }
    }

    /// Whether the value is never negative, whatever it is.
    var isNeverNegative: Bool {
        switch self {
        case .constant(let value): value >= 0
        case .truth: true
        case .bits(let term, let isSigned): !isSigned && (term.sort.width ?? 64) < 64
        }
    }
}

/// Makes terms, and leaves out those that are plain.
///
/// Arithmetic gives exactly what the interpreter's instructions give, in as few bits as can hold it.
final class Algebra {
    let solver: Solver
    let yes: Term
    let no: Term
    /// For values that are a choice, what they can be; kept only where that is asked for.
    private var alternatives: [SymbolicValue: Set<SymbolicValue>] = [:]
    var keepsAlternatives = false

    init(_ solver: Solver) {
        self.solver = solver
        yes = solver.truth(true)
        no = solver.truth(false)
    }

    // MARK: Truth values

    func and(_ one: Term, _ other: Term) -> Term {
        if one == no || other == no { return no }
        if one == yes || one == other { return other }
        return other == yes ? one : one && other
    }

    func or(_ one: Term, _ other: Term) -> Term {
        if one == yes || other == yes { return yes }
        if one == no || one == other { return other }
        return other == no ? one : one || other
    }

    func not(_ term: Term) -> Term { term == yes ? no : term == no ? yes : !term }

    func and(_ one: Term, butNot other: Term) -> Term { and(one, not(other)) }

    func any(_ terms: [Term]) -> Term {
        if terms.contains(yes) { return yes }
        return solver.any(terms.filter { $0 != no })
    }

    func all(_ terms: [Term]) -> Term {
        if terms.contains(no) { return no }
        return solver.all(terms.filter { $0 != yes })
    }

    func truth(_ value: SymbolicValue) -> Term {
        switch value {
        case .constant(let value): value == 0 ? no : yes
        case .truth(let term): term
        case .bits(let term, _): term .!= solver.bits(0, width: term.sort.width ?? 64)
        }
    }

    func value(_ truth: Term) -> SymbolicValue {
        truth == yes ? .constant(1) : truth == no ? .constant(0) : .truth(truth)
    }

    // MARK: Forms

    /// The lowest bits of a value.
    func bits(_ value: SymbolicValue, _ width: Int) -> Term {
        switch value {
        case .constant(let value): return solver.bits(value, width: width)
        case .truth(let term): return term.choose(solver.bits(1, width: width), else: solver.bits(0, width: width))
        case .bits(let term, let isSigned):
            let own = term.sort.width ?? 64
            return own >= width ? term.extracting(0..<width) : term.extended(to: width, isSigned: isSigned)
        }
    }

    /// The value as a variable keeps it.
    func truncate(_ value: SymbolicValue, width: Int, isSigned: Bool) -> SymbolicValue {
        switch value {
        case .constant(let constant):
            return .constant(Storage.truncate(constant, width: width, isSigned: isSigned))
        case .truth:
            if width > 1 || !isSigned { return value }
        case .bits(let term, let termIsSigned):
            let own = term.sort.width ?? 64
            if isSigned ? value.signedWidth <= width : !termIsSigned && own <= width { return value }
        }
        let kept = bits(value, width)
        return width == 1 && !isSigned ? .truth(kept .== solver.bits(1, width: 1)) : .bits(kept, isSigned: isSigned)
    }

    /// Cut to 32 bits, and sign-extended.
    func narrow(_ value: SymbolicValue) -> SymbolicValue { truncate(value, width: 32, isSigned: true) }

    /// What a value can be: itself, if it is no choice between others.
    func alternatives(of value: SymbolicValue) -> Set<SymbolicValue> { alternatives[value] ?? [value] }

    /// One of two values.
    func choose(_ condition: Term, _ one: SymbolicValue, _ other: SymbolicValue) -> SymbolicValue {
        if condition == yes || one == other { return one }
        if condition == no { return other }
        let result = choice(condition, one, other)
        if keepsAlternatives { alternatives[result] = alternatives(of: one).union(alternatives(of: other)) }
        return result
    }

    private func choice(_ condition: Term, _ one: SymbolicValue, _ other: SymbolicValue) -> SymbolicValue {
        if let first = asTruth(one), let second = asTruth(other) {
            if first == yes, second == no { return .truth(condition) }
            if first == no, second == yes { return .truth(not(condition)) }
            return .truth(condition.choose(first, else: second))
        }
        let isSigned = !(one.isNeverNegative && other.isNeverNegative)
        let width = min(64, max(one.signedWidth, other.signedWidth) - (isSigned ? 0 : 1))
        return .bits(condition.choose(bits(one, width), else: bits(other, width)), isSigned: isSigned)
    }

    private func asTruth(_ value: SymbolicValue) -> Term? {
        switch value {
        case .truth(let term): term
        case .constant(0): no
        case .constant(1): yes
        default: nil
        }
    }

    // MARK: Comparisons

    func equal(_ one: SymbolicValue, _ other: SymbolicValue) -> Term {
        if one == other { return yes }
        switch (one, other) {
        case (.constant(let first), .constant(let second)): return first == second ? yes : no
        case (.truth(let term), .constant(let constant)), (.constant(let constant), .truth(let term)):
            return constant == 1 ? term : constant == 0 ? not(term) : no
        case (.bits(let term, let isSigned), .constant(let constant)), (.constant(let constant), .bits(let term, let isSigned)):
            let width = term.sort.width ?? 64
            if Storage.truncate(constant, width: width, isSigned: isSigned) != constant { return no }
            return term .== solver.bits(constant, width: width)
        default:
            let width = max(one.signedWidth, other.signedWidth)
            return bits(one, width) .== bits(other, width)
        }
    }

    func less(_ one: SymbolicValue, _ other: SymbolicValue, orEqual: Bool, isUnsigned: Bool) -> Term {
        if case .constant(let first) = one, case .constant(let second) = other {
            let (a, b) = (UInt64(bitPattern: first), UInt64(bitPattern: second))
            let isLess = isUnsigned ? (orEqual ? a <= b : a < b) : (orEqual ? first <= second : first < second)
            return isLess ? yes : no
        }
        let areNeverNegative = one.isNeverNegative && other.isNeverNegative
        if !isUnsigned || areNeverNegative {
            let (a, b) = (one.range, other.range)
            if orEqual ? a.upperBound <= b.lowerBound : a.upperBound < b.lowerBound { return yes }
            if orEqual ? a.lowerBound > b.upperBound : a.lowerBound >= b.upperBound { return no }
        }
        // Without a sign, a negative number counts as a very large one, in 64 bits only.
        let width = isUnsigned && !areNeverNegative ? 64 : max(one.signedWidth, other.signedWidth)
        let (a, b) = (bits(one, width), bits(other, width))
        let isSigned = !isUnsigned && !areNeverNegative
        return orEqual ? a.isAtMost(b, isSigned: isSigned) : a.isLess(than: b, isSigned: isSigned)
    }
}
