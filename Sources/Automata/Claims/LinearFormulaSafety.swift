extension LinearFormula {
    /// Whether the formula is safety by its syntax: shortened and in negation normal form, it has no `U` and no `<>`, so that
    /// every word that violates it has a prefix that shows it.
    public var isSyntacticSafety: Bool {
        var forms = NormalForms()
        let root = forms.both(self).fails
        return forms.parts(of: root).allSatisfy {
            if case .release = forms.forms[$0] { return false }
            return true
        }
    }

    /// Whether the letters alone violate the formula, however they go on: whether progression of the formula through them ends
    /// in the constant `false` (Bacchus and Kabanza, "Using Temporal Logics to Express Search Control Knowledge for Planning",
    /// 2000).
    ///
    /// A violation that no finite prefix shows is not found, nor one that only shows by combining obligations, as in
    /// `[](p U q) && []!q`. The formula is shortened first, exactly as for its automaton. Takes time in the length of the prefix
    /// times that of the formula.
    public func isViolated(byPrefix letters: [UInt64]) -> Bool {
        var forms = NormalForms()
        let root = forms.both(self).fails
        let parts = forms.parts(of: root)
        // Progression combines obligations with `and` and `or` only. So the negation becomes constantly true exactly if it comes
        // out true when all obligations that are open after the last letter count as false: which is computed from the end.
        var later: [Int: Bool] = [:]
        for part in parts { later[part] = part == NormalForms.yes }
        for letter in letters.reversed() {
            var now: [Int: Bool] = [:]
            func isTrue(_ part: Int) -> Bool { now[part] == true }
            for part in parts {
                now[part] =
                    switch forms.forms[part] {
                    case .constant(let value): value
                    case .literal(let proposition, let isPositive): (letter >> UInt64(proposition) & 1 == 1) == isPositive
                    case .and(let operands): operands.allSatisfy(isTrue)
                    case .or(let operands): operands.contains(where: isTrue)
                    case .next(let operand): later[operand] == true
                    case .until(let left, let right): isTrue(right) || isTrue(left) && later[part] == true
                    case .release(let left, let right): isTrue(right) && (isTrue(left) || later[part] == true)
                    }
            }
            later = now
        }
        return later[root] == true
    }
}
