extension LinearFormula: CustomStringConvertible {
    /// The formula as Spin writes it, with propositions `p0`, `p1` and so on.
    public var description: String { description { "p\($0)" } }

    /// The formula as Spin writes it, with few parentheses.
    /// - Parameter text: what a proposition reads like, by its position in the `PropositionTable`.
    public func description(proposition text: (Int) -> String) -> String { written(text).text }

    /// How tightly an operator holds its operands together, loosest first.
    private enum Tightness: Int, Comparable {
        case implication, disjunction, conjunction, until, comparison, whole

        static func < (one: Tightness, other: Tightness) -> Bool { one.rawValue < other.rawValue }
    }

    private func written(_ text: (Int) -> String) -> (text: String, tightness: Tightness) {
        func operand(_ formula: LinearFormula, atLeast tightness: Tightness) -> String {
            let inner = formula.written(text)
            return inner.tightness < tightness ? "(\(inner.text))" : inner.text
        }
        func prefix(_ operation: String, _ formula: LinearFormula) -> (String, Tightness) {
            (operation + operand(formula, atLeast: .whole), .whole)
        }
        // Operators that do not associate have parentheses around operands of their own kind, where a reader would have to count.
        func infix(
            _ operation: String, _ left: LinearFormula, _ right: LinearFormula, _ own: Tightness, operands: Tightness
        ) -> (String, Tightness) {
            ("\(operand(left, atLeast: operands)) \(operation) \(operand(right, atLeast: operands))", own)
        }
        switch self {
        case .constant(let value): return (value ? "true" : "false", .whole)
        case .proposition(let index):
            let proposition = text(index)
            return (proposition, Self.tightness(of: proposition))
        case .not(let inner):
            // `!!` is an operator of its own.
            let (negation, tightness) = prefix("!", inner)
            return (negation.hasPrefix("!!") ? "!(\(negation.dropFirst()))" : negation, tightness)
        case .always(let inner): return prefix("[]", inner)
        case .eventually(let inner): return prefix("<>", inner)
        case .next(let inner): return prefix("X ", inner)
        case .and(let left, let right): return infix("&&", left, right, .conjunction, operands: .conjunction)
        case .or(let left, let right): return infix("||", left, right, .disjunction, operands: .disjunction)
        case .implies(let left, let right): return infix("->", left, right, .implication, operands: .disjunction)
        case .equivalent(let left, let right): return infix("<->", left, right, .implication, operands: .disjunction)
        case .until(let left, let right): return infix("U", left, right, .until, operands: .comparison)
        case .weakUntil(let left, let right): return infix("W", left, right, .until, operands: .comparison)
        case .release(let left, let right): return infix("V", left, right, .until, operands: .comparison)
        }
    }

    /// A name or an access holds together; a comparison does beside logical operators; anything with one of those needs
    /// parentheses.
    private static func tightness(of proposition: String) -> Tightness {
        if proposition.contains("&&") || proposition.contains("||") || proposition.contains("->") { return .implication }
        return proposition.contains(where: { " ()".contains($0) }) || proposition.first == "!" ? .comparison : .whole
    }
}
