/// Works out the condition of an `#if`: an integer constant expression by the rules of C, in 64 bits.
struct ConditionEvaluator {
    struct Fault: Error {
        var code: DiagnosticCode
        var message: String
        var span: Span
    }

    /// A number; C computes without sign where one operand has none.
    private struct Value {
        var bits: UInt64
        var isUnsigned: Bool

        init(_ bits: UInt64, isUnsigned: Bool = false) {
            self.bits = bits
            self.isUnsigned = isUnsigned
        }

        init(_ truth: Bool) {
            self.init(truth ? 1 : 0)
        }

        var signed: Int64 { Int64(bitPattern: bits) }
        var isTrue: Bool { bits != 0 }
    }

    /// Parentheses, signs and `?:` within each other: as many as anyone would write, and few enough for the stack.
    private static let deepest = 64

    private let lexemes: [Lexeme]
    private let place: Span
    private var position = 0
    private var depth = 0
    /// Whether the operand being read decides anything: in `0 && 1 / 0` the division does not.
    private var counts = true

    /// - Parameter place: where to report that something is missing at the end.
    init(lexemes: [Lexeme], place: Span) {
        // Promela has a token `!!`; here it can only be two negations.
        self.lexemes = lexemes.flatMap { lexeme in
            guard lexeme.isPunctuation("!!") else { return [lexeme] }
            var negation = lexeme
            negation.text = "!"
            return [negation, negation]
        }
        self.place = place
    }

    /// Whether the condition holds.
    mutating func evaluate() throws(Fault) -> Bool {
        guard !lexemes.isEmpty else { throw fault("a condition is missing", at: place) }
        let value = try conditional()
        if let rest = current { throw fault("`\(rest.text)` is unexpected in a condition", at: rest.span) }
        return value.isTrue
    }

    private var current: Lexeme? {
        position < lexemes.count ? lexemes[position] : nil
    }

    private func fault(_ message: String, at span: Span) -> Fault {
        Fault(code: .malformedCondition, message: message, span: span)
    }

    private mutating func take(_ spelling: String) -> Bool {
        guard current?.isPunctuation(spelling) == true else { return false }
        position += 1
        return true
    }

    // MARK: Grammar

    private mutating func conditional() throws(Fault) -> Value {
        depth += 1
        defer { depth -= 1 }
        guard depth < Self.deepest else { throw fault("this condition is nested too deeply", at: place) }

        let condition = try binary(atLeast: 1)
        guard take("?") else { return condition }
        let outer = counts
        defer { counts = outer }
        counts = outer && condition.isTrue
        let first = try conditional()
        guard take(":") else { throw fault("`?` without its `:`", at: current?.span ?? place) }
        counts = outer && !condition.isTrue
        let second = try conditional()
        var result = condition.isTrue ? first : second
        result.isUnsigned = first.isUnsigned || second.isUnsigned
        return result
    }

    private mutating func binary(atLeast lowest: Int) throws(Fault) -> Value {
        var left = try unary()
        while let lexeme = current, let precedence = Self.precedence(of: lexeme), precedence >= lowest {
            position += 1
            let outer = counts
            if lexeme.text == "&&" { counts = outer && left.isTrue }
            if lexeme.text == "||" { counts = outer && !left.isTrue }
            let right = try binary(atLeast: precedence + 1)
            counts = outer
            left = try apply(lexeme, left, right)
        }
        return left
    }

    private mutating func unary() throws(Fault) -> Value {
        var operators: [String] = []
        while let lexeme = current, lexeme.kind == .punctuation, ["!", "-", "+", "~"].contains(lexeme.text) {
            operators.append(lexeme.text)
            position += 1
        }
        var value = try primary()
        for sign in operators.reversed() {
            switch sign {
            case "!": value = Value(!value.isTrue)
            case "-": value.bits = 0 &- value.bits
            case "~": value.bits = ~value.bits
            default: break
            }
        }
        return value
    }

    private mutating func primary() throws(Fault) -> Value {
        guard let lexeme = current else {
            throw fault("the condition ends where a number or a name is expected", at: lexemes.last?.span ?? place)
        }
        position += 1
        switch lexeme.kind {
        case .number: return try number(lexeme)
        case .character: return try character(lexeme)
        // What is no macro by now is 0.
        case .identifier: return Value(0)
        case .punctuation where lexeme.text == "(":
            let value = try conditional()
            guard take(")") else { throw fault("this parenthesis is not closed", at: lexeme.span) }
            return value
        default:
            throw fault("`\(lexeme.text)` is unexpected in a condition", at: lexeme.span)
        }
    }

    // MARK: Meaning

    private static func precedence(of lexeme: Lexeme) -> Int? {
        guard lexeme.kind == .punctuation else { return nil }
        switch lexeme.text {
        case "||": return 1
        case "&&": return 2
        case "|": return 3
        case "^": return 4
        case "&": return 5
        case "==", "!=": return 6
        case "<", ">", "<=", ">=": return 7
        case "<<", ">>": return 8
        case "+", "-": return 9
        case "*", "/", "%": return 10
        default: return nil
        }
    }

    private func apply(_ lexeme: Lexeme, _ left: Value, _ right: Value) throws(Fault) -> Value {
        let isUnsigned = left.isUnsigned || right.isUnsigned
        let isLess = isUnsigned ? left.bits < right.bits : left.signed < right.signed
        switch lexeme.text {
        case "||": return Value(left.isTrue || right.isTrue)
        case "&&": return Value(left.isTrue && right.isTrue)
        case "|": return Value(left.bits | right.bits, isUnsigned: isUnsigned)
        case "^": return Value(left.bits ^ right.bits, isUnsigned: isUnsigned)
        case "&": return Value(left.bits & right.bits, isUnsigned: isUnsigned)
        case "==": return Value(left.bits == right.bits)
        case "!=": return Value(left.bits != right.bits)
        case "<": return Value(isLess)
        case ">=": return Value(!isLess)
        case "<=": return Value(isLess || left.bits == right.bits)
        case ">": return Value(!isLess && left.bits != right.bits)
        case "<<": return shifted(left, by: right, left: true)
        case ">>": return shifted(left, by: right, left: false)
        case "+": return Value(left.bits &+ right.bits, isUnsigned: isUnsigned)
        case "-": return Value(left.bits &- right.bits, isUnsigned: isUnsigned)
        case "*": return Value(left.bits &* right.bits, isUnsigned: isUnsigned)
        default: return try divided(lexeme, left, right, isUnsigned: isUnsigned)
        }
    }

    private func divided(_ lexeme: Lexeme, _ left: Value, _ right: Value, isUnsigned: Bool) throws(Fault) -> Value {
        guard right.isTrue else {
            guard counts else { return Value(0, isUnsigned: isUnsigned) }
            throw Fault(code: .conditionDivisionByZero, message: "division by zero in a condition", span: lexeme.span)
        }
        let isQuotient = lexeme.text == "/"
        if isUnsigned {
            return Value(isQuotient ? left.bits / right.bits : left.bits % right.bits, isUnsigned: true)
        }
        // The smallest number divided by -1 overflows; it wraps, as all else does here.
        let result =
            isQuotient
            ? left.signed.dividedReportingOverflow(by: right.signed).partialValue
            : left.signed.remainderReportingOverflow(dividingBy: right.signed).partialValue
        return Value(UInt64(bitPattern: result))
    }

    /// Shifts by a negative number go the other way, as in GNU cpp; those by 64 and more push everything out.
    private func shifted(_ value: Value, by amount: Value, left: Bool) -> Value {
        let isReversed = !amount.isUnsigned && amount.signed < 0
        let distance = isReversed ? amount.signed.magnitude : amount.bits
        let places = Int(min(distance, 64))
        if left != isReversed { return Value(value.bits << places, isUnsigned: value.isUnsigned) }
        return value.isUnsigned
            ? Value(value.bits >> places, isUnsigned: true) : Value(UInt64(bitPattern: value.signed >> places))
    }

    /// A number of C: decimal, octal, hexadecimal or binary, with `u` and `l` after it.
    private func number(_ lexeme: Lexeme) throws(Fault) -> Value {
        var digits = Array(lexeme.text.utf8)[...]
        var isUnsigned = false
        while let last = digits.last, "uUlL".utf8.contains(last) {
            if last | 0x20 == UInt8(ascii: "u") { isUnsigned = true }
            digits.removeLast()
        }
        var radix = 10
        if digits.count > 1, digits.first == UInt8(ascii: "0") {
            switch digits[1] | 0x20 {
            case UInt8(ascii: "x"): radix = 16
            case UInt8(ascii: "b"): radix = 2
            default: radix = 8
            }
            digits = digits.dropFirst(radix == 8 ? 1 : 2)
        }
        let text = String(decoding: digits, as: UTF8.self)
        guard !text.isEmpty, text.allSatisfy({ ($0.hexDigitValue ?? radix) < radix }) else {
            throw fault("`\(lexeme.text)` is not an integer", at: lexeme.span)
        }
        guard let value = UInt64(text, radix: radix) else {
            throw Fault(
                code: .numberTooLarge, message: "this number does not fit 64 bits", span: lexeme.span)
        }
        return Value(value, isUnsigned: isUnsigned || value > UInt64(Int64.max))
    }

    /// A character by the rules of C, in which `'\0'` is 0.
    private func character(_ lexeme: Lexeme) throws(Fault) -> Value {
        let contents = Array(lexeme.text.utf8.dropFirst().dropLast())
        if contents.count == 1, let byte = contents.first { return Value(UInt64(byte)) }
        guard contents.count >= 2, contents[0] == UInt8(ascii: "\\") else {
            throw fault("`\(lexeme.text)` is not one character", at: lexeme.span)
        }
        let escaped = String(decoding: contents.dropFirst(), as: UTF8.self)
        switch escaped {
        case "n": return Value(10)
        case "t": return Value(9)
        case "r": return Value(13)
        case "f": return Value(12)
        case "a": return Value(7)
        case "b": return Value(8)
        case "v": return Value(11)
        case "\\", "'", "\"", "?": return Value(UInt64(contents[1]))
        case _ where escaped.hasPrefix("x"):
            if let value = UInt8(escaped.dropFirst(), radix: 16) { return Value(UInt64(value)) }
        default:
            if escaped.utf8.count <= 3, let value = UInt8(escaped, radix: 8) { return Value(UInt64(value)) }
        }
        throw fault("`\(lexeme.text)` is not one character", at: lexeme.span)
    }
}
