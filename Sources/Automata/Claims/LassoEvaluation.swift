/// The truth of a formula and of all its parts at every position of a word, straight from the meaning of the operators.
///
/// It shares no code with the translation to automata, so that each can be checked against the other.
public struct LassoEvaluation: Sendable {
    private let word: LassoWord
    private var known: [LinearFormula: [Bool]] = [:]

    /// Evaluates a formula on a word.
    public init(_ formula: LinearFormula, on word: LassoWord) {
        self.word = word
        _ = evaluate(formula)
    }

    /// The truth at each position of the word, for the formula or a part of it; of another formula nothing is known.
    public func values(of formula: LinearFormula) -> [Bool]? { known[formula] }

    fileprivate mutating func evaluate(_ formula: LinearFormula) -> [Bool] {
        if let values = known[formula] { return values }
        let values = find(formula)
        known[formula] = values
        return values
    }

    private mutating func find(_ formula: LinearFormula) -> [Bool] {
        switch formula {
        case .constant(let value): word.letters.map { _ in value }
        case .proposition(let index): word.letters.map { $0 >> UInt64(index) & 1 == 1 }
        case .not(let operand): evaluate(operand).map { !$0 }
        case .and(let left, let right): zip(evaluate(left), evaluate(right)).map { $0 && $1 }
        case .or(let left, let right): zip(evaluate(left), evaluate(right)).map { $0 || $1 }
        case .implies(let left, let right): zip(evaluate(left), evaluate(right)).map { !$0 || $1 }
        case .equivalent(let left, let right): zip(evaluate(left), evaluate(right)).map { $0 == $1 }
        case .next(let operand): next(evaluate(operand))
        // The least fixpoint where something must come about, the greatest where it may stay away.
        case .eventually(let operand):
            fixpoint(from: false, evaluate(operand), evaluate(operand)) { now, _, later in now || later }
        case .always(let operand):
            fixpoint(from: true, evaluate(operand), evaluate(operand)) { now, _, later in now && later }
        case .until(let left, let right):
            fixpoint(from: false, evaluate(left), evaluate(right)) { first, second, later in second || first && later }
        case .weakUntil(let left, let right):
            fixpoint(from: true, evaluate(left), evaluate(right)) { first, second, later in second || first && later }
        case .release(let left, let right):
            fixpoint(from: true, evaluate(left), evaluate(right)) { first, second, later in second && (first || later) }
        }
    }

    /// The value at the position that follows each.
    private func next(_ values: [Bool]) -> [Bool] { values.dropFirst() + [values[word.loopStart]] }

    private func fixpoint(
        from start: Bool, _ left: [Bool], _ right: [Bool], _ step: (Bool, Bool, Bool) -> Bool
    ) -> [Bool] {
        var values = word.letters.map { _ in start }
        // Backwards and in place, so that a value that changes is felt all the way to the front: two or three rounds do.
        var hasChanged = true
        while hasChanged {
            hasChanged = false
            for index in values.indices.reversed() {
                let later = values[index + 1 < values.count ? index + 1 : word.loopStart]
                let improved = step(left[index], right[index], later)
                if improved != values[index] {
                    values[index] = improved
                    hasChanged = true
                }
            }
        }
        return values
    }
}

extension LinearFormula {
    /// The truth of the formula at every position of a word.
    public func values(on word: LassoWord) -> [Bool] {
        LassoEvaluation(self, on: word).values(of: self) ?? []
    }
}
