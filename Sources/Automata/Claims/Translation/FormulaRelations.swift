/// What is known so far of pairs of formulas, so that nothing is worked out twice.
struct FormulaRelations {
    struct Pair: Hashable {
        var first: Int
        var second: Int
    }

    fileprivate var implications: [Pair: Bool] = [:]
    fileprivate var exclusions: [Pair: Bool] = [:]
    fileprivate var coverings: [Pair: Bool] = [:]
}

/// What the syntax of two formulas tells of them together. A "no" only means that it does not tell.
extension NormalForms {
    /// Whether every word that satisfies the first formula satisfies the second.
    mutating func implies(_ first: Int, _ second: Int) -> Bool {
        if first == second || first == Self.no || second == Self.yes { return true }
        if first == Self.yes || second == Self.no { return false }
        let pair = FormulaRelations.Pair(first: first, second: second)
        if let known = relations.implications[pair] { return known }
        let answer = findImplication(first, second)
        relations.implications[pair] = answer
        return answer
    }

    private mutating func findImplication(_ first: Int, _ second: Int) -> Bool {
        switch forms[second] {
        case .and(let parts): return all(parts) { $0.implies(first, $1) }
        case .or(let parts): if any(parts, { $0.implies(first, $1) }) { return true }
        case .until(_, let right): if implies(first, right) { return true }
        case .release(let left, let right):
            if implies(first, right), isUniversal[first] || implies(first, left) { return true }
        case .next(let part): if isUniversal[first], implies(first, part) { return true }
        default: break
        }
        switch (forms[first], forms[second]) {
        case (.or(let parts), _): return all(parts) { $0.implies($1, second) }
        case (.and(let parts), _): return any(parts) { $0.implies($1, second) }
        case (.until(let left, let right), .until(let otherLeft, let otherRight))
        where implies(left, otherLeft) && implies(right, otherRight):
            return true
        case (.until(let left, let right), _): return implies(right, second) && (isEventual[second] || implies(left, second))
        case (.release(let left, let right), .release(let otherLeft, let otherRight))
        where implies(left, otherLeft) && implies(right, otherRight):
            return true
        case (.release(_, let right), _): return implies(right, second)
        case (.next(let part), .next(let other)): return implies(part, other)
        case (.next(let part), _): return isEventual[second] && implies(part, second)
        default: return false
        }
    }

    /// Whether no word satisfies both.
    mutating func excludes(_ first: Int, _ second: Int) -> Bool {
        if first == Self.no || second == Self.no { return true }
        if first == Self.yes || second == Self.yes || first == second { return false }
        let pair = FormulaRelations.Pair(first: min(first, second), second: max(first, second))
        if let known = relations.exclusions[pair] { return known }
        let answer = findExclusion(first, second) || findExclusion(second, first)
        relations.exclusions[pair] = answer
        return answer
    }

    private mutating func findExclusion(_ first: Int, _ second: Int) -> Bool {
        switch (forms[first], forms[second]) {
        case (.literal(let one, let isPositive), .literal(let other, let isOtherPositive)):
            return one == other && isPositive != isOtherPositive
        case (.and(let parts), _): return any(parts) { $0.excludes($1, second) }
        case (.or(let parts), _): return all(parts) { $0.excludes($1, second) }
        case (.until(let left, let right), .release(let otherLeft, let otherRight))
        where excludes(left, otherLeft) && excludes(right, otherRight):
            return true
        case (.until(let left, let right), _):
            return excludes(right, second) && (isUniversal[second] || excludes(left, second))
        case (.release(_, let right), _): return excludes(right, second)
        case (.next(let part), .next(let other)): return excludes(part, other)
        case (.next(let part), _): return isUniversal[second] && excludes(part, second)
        default: return false
        }
    }

    /// Whether every word satisfies one of them.
    mutating func covers(_ first: Int, _ second: Int) -> Bool {
        if first == Self.yes || second == Self.yes { return true }
        if first == Self.no || second == Self.no || first == second { return false }
        let pair = FormulaRelations.Pair(first: min(first, second), second: max(first, second))
        if let known = relations.coverings[pair] { return known }
        let answer = findCovering(first, second) || findCovering(second, first)
        relations.coverings[pair] = answer
        return answer
    }

    private mutating func findCovering(_ first: Int, _ second: Int) -> Bool {
        switch (forms[first], forms[second]) {
        case (.literal(let one, let isPositive), .literal(let other, let isOtherPositive)):
            return one == other && isPositive != isOtherPositive
        case (.or(let parts), _): return any(parts) { $0.covers($1, second) }
        case (.and(let parts), _): return all(parts) { $0.covers($1, second) }
        case (.release(let left, let right), .until(let otherLeft, let otherRight))
        where covers(left, otherLeft) && covers(right, otherRight):
            return true
        case (.release(let left, let right), _):
            return covers(right, second) && (isEventual[second] || covers(left, second))
        case (.until(_, let right), _): return covers(right, second)
        case (.next(let part), .next(let other)): return covers(part, other)
        case (.next(let part), _): return isEventual[second] && covers(part, second)
        default: return false
        }
    }

    mutating func any(_ parts: [Int], _ holds: (inout NormalForms, Int) -> Bool) -> Bool {
        for part in parts where holds(&self, part) { return true }
        return false
    }

    mutating func all(_ parts: [Int], _ holds: (inout NormalForms, Int) -> Bool) -> Bool {
        for part in parts where !holds(&self, part) { return false }
        return true
    }
}
