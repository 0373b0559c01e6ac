/// Builds formulas in their shortest known form. Comments give the equivalence that a line uses.
extension NormalForms {
    // MARK: Boolean operators

    mutating func and(_ parts: [Int]) -> Int { combine(parts, isAnd: true) }
    mutating func or(_ parts: [Int]) -> Int { combine(parts, isAnd: false) }

    /// A conjunction or, with everything dual, a disjunction.
    private mutating func combine(_ parts: [Int], isAnd: Bool) -> Int {
        let neutral = isAnd ? Self.yes : Self.no
        let decisive = isAnd ? Self.no : Self.yes
        var rest: [Int] = []
        var waiting = Array(parts.reversed())
        adding: while let part = waiting.popLast() {
            if part == neutral { continue }
            if part == decisive { return decisive }
            if let inner = operands(of: part, isAnd: isAnd) {
                waiting += inner.reversed()
                continue
            }
            var index = 0
            while index < rest.count {
                let other = rest[index]
                if isAnd ? excludes(part, other) : covers(part, other) { return decisive }
                if isAnd ? implies(other, part) : implies(part, other) { continue adding }
                if isAnd ? implies(part, other) : implies(other, part) {
                    rest.remove(at: index)
                } else if let merged = merge(part, other, isAnd: isAnd) {
                    // Merged formulas may meet others that they could not be combined with apart.
                    rest.remove(at: index)
                    waiting.append(merged)
                    continue adding
                } else if let shorter = shorten(part, beside: other, isAnd: isAnd) {
                    waiting.append(shorter)
                    continue adding
                } else if let shorter = shorten(other, beside: part, isAnd: isAnd) {
                    rest.remove(at: index)
                    waiting += [shorter, part]
                    continue adding
                } else {
                    index += 1
                }
            }
            rest.append(part)
        }
        rest.sort()
        if rest.count == 1, let only = rest.first { return only }
        if rest.isEmpty { return neutral }
        return number(isAnd ? .and(rest) : .or(rest))
    }

    func operands(of formula: Int, isAnd: Bool) -> [Int]? {
        switch forms[formula] {
        case .and(let parts) where isAnd: parts
        case .or(let parts) where !isAnd: parts
        default: nil
        }
    }

    /// One formula for two that are combined, if it is shorter.
    private mutating func merge(_ first: Int, _ second: Int, isAnd: Bool) -> Int? {
        switch (forms[first], forms[second]) {
        // X a && X b = X (a && b)
        case (.next(let one), .next(let other)): return next(combine([one, other], isAnd: isAnd))
        // (a V b) && (a V c) = a V (b && c), but []<>a is best alone
        case (.release(let left, let one), .release(let otherLeft, let other))
        where isAnd && left == otherLeft && !isEventual[one] && !isEventual[other]:
            return release(left, and([one, other]))
        // (a U b) || (a U c) = a U (b || c)
        case (.until(let left, let one), .until(let otherLeft, let other)) where !isAnd && left == otherLeft:
            return until(left, or([one, other]))
        // (a U b) && (c U b) = (a && c) U b
        case (.until(let one, let right), .until(let other, let otherRight)) where isAnd && right == otherRight:
            return until(and([one, other]), right)
        // (a V b) || (c V b) = (a || c) V b
        case (.release(let one, let right), .release(let other, let otherRight)) where !isAnd && right == otherRight:
            return release(or([one, other]), right)
        default: break
        }
        // <>[]a && <>[]b = <>[](a && b)
        if isAnd, let one = operandOfPersistence(first), let other = operandOfPersistence(second) {
            return until(Self.yes, release(Self.no, and([one, other])))
        }
        // []<>a || []<>b = []<>(a || b)
        if !isAnd, let one = operandOfRecurrence(first), let other = operandOfRecurrence(second) {
            return release(Self.no, until(Self.yes, or([one, other])))
        }
        // <>a && []<>b || <>c = <>(a && []<>b || c)
        if !isAnd, let one = eventualOperand(first), let other = eventualOperand(second) {
            return until(Self.yes, or([and(one), and(other)]))
        }
        return nil
    }

    /// What a formula that waits for something waits for, as a conjunction: `a` and `[]<>b` of `<>a && []<>b`.
    private func eventualOperand(_ formula: Int) -> [Int]? {
        let parts = operands(of: formula, isAnd: true) ?? [formula]
        for (index, part) in parts.enumerated() {
            guard case .until(Self.yes, let operand) = forms[part] else { continue }
            let rest = parts[..<index] + parts[(index + 1)...]
            if rest.allSatisfy(isTimeless) { return rest + [operand] }
        }
        return nil
    }

    /// `a` of `<>[]a`.
    private func operandOfPersistence(_ formula: Int) -> Int? {
        guard case .until(Self.yes, let inner) = forms[formula], case .release(Self.no, let operand) = forms[inner]
        else { return nil }
        return operand
    }

    /// `a` of `[]<>a`.
    func operandOfRecurrence(_ formula: Int) -> Int? {
        guard case .release(Self.no, let inner) = forms[formula], case .until(Self.yes, let operand) = forms[inner]
        else { return nil }
        return operand
    }

    /// `formula` without what its neighbour decides: a || (!a && b) = a || b, a && (!a || b) = a && b.
    private mutating func shorten(_ formula: Int, beside neighbour: Int, isAnd: Bool) -> Int? {
        guard let parts = operands(of: formula, isAnd: !isAnd) else { return nil }
        var kept: [Int] = []
        for part in parts where !(isAnd ? excludes(part, neighbour) : covers(part, neighbour)) { kept.append(part) }
        return kept.count == parts.count ? nil : combine(kept, isAnd: !isAnd)
    }

    // MARK: Temporal operators

    mutating func next(_ operand: Int) -> Int {
        isTimeless(operand) ? operand : number(.next(operand))
    }

    mutating func until(_ left: Int, _ right: Int) -> Int {
        // a U <>b = <>b; a U b = b where a implies b
        if isEventual[right] || implies(left, right) { return right }
        if left != Self.yes {
            // a U b = <>b where !b implies a
            if covers(left, right) { return until(Self.yes, right) }
            if let shorter = guardOfUntil(left, right) { return until(shorter, right) }
        }
        switch (forms[left], forms[right]) {
        // X a U X b = X (a U b), <>X a = X <>a
        case (.next(let one), .next(let other)): return next(until(one, other))
        case (.constant(true), .next(let other)): return next(until(left, other))
        // (a U b) U b = a U b
        case (.until(_, let goal), _) where goal == right: return left
        // a U (b U c) = b U c where a implies b; = a U c where b implies a
        case (_, .until(let between, let goal)):
            if implies(left, between) { return right }
            if implies(between, left) { return until(left, goal) }
        // a U (b || (c U d)) = a U (b || d) where c implies a; <>(a || <>b) = <>a || <>b
        case (_, .or(let parts)):
            if let shorter = goals(parts, after: left) { return until(left, or(shorter)) }
            if left == Self.yes, let apart = split(parts, where: { $0.isEventual[$1] }) {
                return or(apart.chosen + [until(left, or(apart.others))])
            }
        // <>[](a || b) = <>[]a || <>b where b, once true, stays true
        case (.constant(true), .release(Self.no, let inner)):
            if let parts = operands(of: inner, isAnd: false), let apart = split(parts, where: { $0.isUniversal[$1] }) {
                return or(apart.chosen.map { until(left, $0) } + [until(left, release(Self.no, or(apart.others)))])
            }
        // <>(a && []<>b) = <>a && []<>b
        case (.constant(true), .and(let parts)):
            if let apart = split(parts, where: { $0.isTimeless($1) }) {
                return and(apart.chosen + [until(left, and(apart.others))])
            }
        default: break
        }
        return number(.until(left, right))
    }

    mutating func release(_ left: Int, _ right: Int) -> Int {
        // a V []b = []b; a V b = b where b implies a
        if isUniversal[right] || implies(right, left) { return right }
        if left != Self.no {
            // a V b = []b where a excludes b
            if excludes(left, right) { return release(Self.no, right) }
            if let shorter = guardOfRelease(left, right) { return release(shorter, right) }
        }
        switch (forms[left], forms[right]) {
        case (.next(let one), .next(let other)): return next(release(one, other))
        case (.constant(false), .next(let other)): return next(release(left, other))
        case (.release(_, let goal), _) where goal == right: return left
        case (_, .release(let between, let goal)):
            if implies(between, left) { return right }
            if implies(left, between) { return release(left, goal) }
        // a V (b && (c V d)) = a V (b && d) where a implies c; [](a && []b) = []a && []b
        case (_, .and(let parts)):
            if let shorter = duties(parts, before: left) { return release(left, and(shorter)) }
            if left == Self.no, let apart = split(parts, where: { $0.isEventual[$1] || $0.isUniversal[$1] }) {
                return and(apart.chosen.map { release(left, $0) } + [release(left, and(apart.others))])
            }
        // []<>(a && b) = []<>a && []b where b is true before it is
        case (.constant(false), .until(Self.yes, let inner)):
            if let parts = operands(of: inner, isAnd: true), let apart = split(parts, where: { $0.isEventual[$1] }) {
                return and(apart.chosen.map { release(left, $0) } + [release(left, until(Self.yes, and(apart.others)))])
            }
        // [](a || <>[]b) = []a || <>[]b
        case (.constant(false), .or(let parts)):
            if let apart = split(parts, where: { $0.isTimeless($1) }) {
                return or(apart.chosen + [release(left, or(apart.others))])
            }
        default: break
        }
        return number(.release(left, right))
    }

    /// In `a U b`, `a` only matters while `b` is false: without disjuncts that imply `b`, or conjuncts that `!b` implies.
    private mutating func guardOfUntil(_ left: Int, _ right: Int) -> Int? {
        reduced(left, droppedOfOr: { $0.implies($1, right) }, droppedOfAnd: { $0.covers($1, right) })
    }

    /// In `a V b`, `a` only matters while `b` is true.
    private mutating func guardOfRelease(_ left: Int, _ right: Int) -> Int? {
        reduced(left, droppedOfOr: { $0.excludes($1, right) }, droppedOfAnd: { $0.implies(right, $1) })
    }

    private mutating func reduced(
        _ formula: Int, droppedOfOr: (inout NormalForms, Int) -> Bool, droppedOfAnd: (inout NormalForms, Int) -> Bool
    ) -> Int? {
        if let parts = operands(of: formula, isAnd: false), let apart = split(parts, where: droppedOfOr) {
            return or(apart.others)
        }
        if let parts = operands(of: formula, isAnd: true), let apart = split(parts, where: droppedOfAnd) {
            return and(apart.others)
        }
        return nil
    }

    private mutating func goals(_ parts: [Int], after left: Int) -> [Int]? {
        var shorter: [Int] = []
        for part in parts {
            if case .until(let between, let goal) = forms[part], implies(between, left) {
                shorter.append(goal)
            } else {
                shorter.append(part)
            }
        }
        return shorter == parts ? nil : shorter
    }

    private mutating func duties(_ parts: [Int], before left: Int) -> [Int]? {
        var shorter: [Int] = []
        for part in parts {
            if case .release(let between, let duty) = forms[part], implies(left, between) {
                shorter.append(duty)
            } else {
                shorter.append(part)
            }
        }
        return shorter == parts ? nil : shorter
    }

    /// The parts of a kind and the others, or nil if there are none of that kind.
    private mutating func split(
        _ parts: [Int], where isChosen: (inout NormalForms, Int) -> Bool
    ) -> (chosen: [Int], others: [Int])? {
        var chosen: [Int] = []
        var others: [Int] = []
        for part in parts {
            if isChosen(&self, part) { chosen.append(part) } else { others.append(part) }
        }
        return chosen.isEmpty ? nil : (chosen, others)
    }
}
