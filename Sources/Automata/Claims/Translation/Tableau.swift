/// One way to satisfy formulas now: what the letter must be, what must hold from the next letter on, and which promises stay
/// open.
struct TableauTerm: Hashable {
    /// A set of obligations, by their numbers.
    struct Obligations: Hashable {
        static let limit = 128
        var low: UInt64 = 0
        var high: UInt64 = 0

        var isEmpty: Bool { low == 0 && high == 0 }

        func isSubset(of other: Obligations) -> Bool { low & ~other.low == 0 && high & ~other.high == 0 }

        func union(_ other: Obligations) -> Obligations { Obligations(low: low | other.low, high: high | other.high) }

        mutating func insert(_ number: Int) {
            if number < 64 { low |= 1 << UInt64(number) } else { high |= 1 << UInt64(number - 64) }
        }

        func contains(_ number: Int) -> Bool {
            number < 64 ? low >> UInt64(number) & 1 == 1 : high >> UInt64(number - 64) & 1 == 1
        }
    }

    var positive: UInt64 = 0
    var negative: UInt64 = 0
    var next = Obligations()
    /// Promises that this way makes once more instead of keeping them.
    var promises: UInt64 = 0

    /// Both at once, or nil if no letter allows it.
    func combined(with other: TableauTerm) -> TableauTerm? {
        let positive = positive | other.positive
        let negative = negative | other.negative
        guard positive & negative == 0 else { return nil }
        return TableauTerm(
            positive: positive, negative: negative, next: next.union(other.next), promises: promises | other.promises)
    }

    /// Whether this way asks for no more than the other in any respect, so that the other is not needed.
    func isWeaker(than other: TableauTerm) -> Bool {
        positive & ~other.positive == 0 && negative & ~other.negative == 0 && promises & ~other.promises == 0
            && next.isSubset(of: other.next)
    }
}

/// Unfolds a formula into an automaton whose states are sets of formulas that must hold.
///
/// The construction is that of Couvreur, "On-the-fly Verification of Linear Temporal Logic" (FM 1999), with marks on edges: an
/// edge has the mark of a promise (`b` of `a U b`) unless it puts it off. Three savings are from Gastin and Oddoux, "Fast LTL to
/// Büchi Automata Translation" (CAV 2001): edges are left out where another asks for less, states with equal edges are one, and
/// initial states may be the ways to satisfy the formula rather than the formula itself. `[]<>a` is one state that says on each
/// edge whether `a` is being looked after.
struct Tableau {
    /// Whether a disjunction is resolved when it becomes an obligation, or only when its letter is read.
    ///
    /// The one avoids states for disjunctions, the other nondeterminism; which automaton is smaller depends on the formula.
    let splitsEarly: Bool
    private var forms: NormalForms
    private var obligationNumbers: [Int: Int] = [:]
    private var obligations: [Int] = []
    private var promiseNumbers: [Int: Int] = [:]
    private var covers: [Int: [TableauTerm]] = [:]

    init(_ forms: NormalForms, splitsEarly: Bool) {
        self.forms = forms
        self.splitsEarly = splitsEarly
    }

    /// - Throws: `BuchiTranslationError` if the automaton would be too large.
    mutating func automaton(of formula: Int) throws -> GeneralizedBuchiAutomaton {
        var numbers: [TableauTerm.Obligations: Int] = [:]
        var numberOfCover: [[TableauTerm]: Int] = [:]
        var stateCovers: [[TableauTerm]] = []
        var initialStates: [Int] = []
        var waiting: [TableauTerm.Obligations] = []
        for start in try ways(of: formula) where !waiting.contains(start) { waiting.append(start) }
        let starts = waiting
        var edgeCount = 0
        var position = 0
        while position < waiting.count {
            let set = waiting[position]
            position += 1
            guard numbers[set] == nil else { continue }
            let cover = try self.cover(of: set)
            if let known = numberOfCover[cover] {
                numbers[set] = known
                continue
            }
            edgeCount += cover.count
            guard stateCovers.count < BuchiTranslation.stateLimit, edgeCount <= BuchiTranslation.edgeLimit else {
                throw BuchiTranslationError.tooLarge
            }
            numbers[set] = stateCovers.count
            numberOfCover[cover] = stateCovers.count
            stateCovers.append(cover)
            waiting += cover.lazy.map(\.next).filter { numbers[$0] == nil }
        }
        let markCount = promiseNumbers.count
        let allMarks = markCount == 64 ? UInt64.max : (1 << UInt64(markCount)) - 1
        var edges: [[GeneralizedBuchiAutomaton.Edge]] = []
        for cover in stateCovers {
            edges.append(
                cover.compactMap { term in
                    numbers[term.next].map {
                        .init(
                            positive: term.positive, negative: term.negative, target: $0, marks: allMarks & ~term.promises)
                    }
                })
        }
        for start in starts {
            if let number = numbers[start], !initialStates.contains(number) { initialStates.append(number) }
        }
        return GeneralizedBuchiAutomaton(
            edges: edges, initialStates: initialStates, markCount: markCount,
            acceptsEverything: stateCovers.map { $0 == [TableauTerm()] })
    }

    // MARK: Obligations

    private mutating func obligation(_ formula: Int) throws -> TableauTerm.Obligations {
        var set = TableauTerm.Obligations()
        if let known = obligationNumbers[formula] {
            set.insert(known)
            return set
        }
        guard obligations.count < TableauTerm.Obligations.limit else { throw BuchiTranslationError.tooManyOperators }
        obligationNumbers[formula] = obligations.count
        set.insert(obligations.count)
        obligations.append(formula)
        return set
    }

    private mutating func promise(_ formula: Int) throws -> UInt64 {
        if let known = promiseNumbers[formula] { return 1 << UInt64(known) }
        guard promiseNumbers.count < 64 else { throw BuchiTranslationError.tooManyMarks }
        promiseNumbers[formula] = promiseNumbers.count
        return 1 << UInt64(promiseNumbers.count - 1)
    }

    /// The sets of obligations each of which amounts to the formula, from the next letter on.
    private mutating func ways(of formula: Int) throws -> [TableauTerm.Obligations] {
        switch forms.forms[formula] {
        case .constant(let value): return value ? [TableauTerm.Obligations()] : []
        case .and(let parts):
            var sets = [TableauTerm.Obligations()]
            for part in parts {
                let others = try ways(of: part)
                sets = sets.flatMap { set in others.map { set.union($0) } }
                guard sets.count <= BuchiTranslation.degreeLimit else { throw BuchiTranslationError.tooLarge }
            }
            return sets
        case .or(let parts) where splitsEarly:
            var sets: [TableauTerm.Obligations] = []
            for part in parts { sets += try ways(of: part) }
            return sets
        default: return [try obligation(formula)]
        }
    }

    // MARK: Covers

    private mutating func cover(of set: TableauTerm.Obligations) throws -> [TableauTerm] {
        var terms = [TableauTerm()]
        for number in obligations.indices where set.contains(number) {
            terms = try product(terms, cover(of: obligations[number]))
        }
        return terms.sorted {
            ($0.positive, $0.negative, $0.promises, $0.next.high, $0.next.low)
                < ($1.positive, $1.negative, $1.promises, $1.next.high, $1.next.low)
        }
    }

    /// All ways to satisfy a formula that are not stricter than another.
    private mutating func cover(of formula: Int) throws -> [TableauTerm] {
        if let known = covers[formula] { return known }
        let terms = try findCover(of: formula)
        covers[formula] = terms
        return terms
    }

    private mutating func findCover(of formula: Int) throws -> [TableauTerm] {
        if let operand = forms.operandOfRecurrence(formula) {
            // Whether this is a moment at which the operand holds is open each time; it has to be one for ever.
            let again = TableauTerm(next: try obligation(formula))
            let later = TableauTerm(next: again.next, promises: try promise(operand))
            return try sum(product(cover(of: operand), [again]), [later])
        }
        switch forms.forms[formula] {
        case .constant(let value): return value ? [TableauTerm()] : []
        case .literal(let proposition, let isPositive):
            guard proposition < PropositionTable.limit else { throw BuchiTranslationError.tooManyPropositions }
            let bit: UInt64 = 1 << UInt64(proposition)
            return [TableauTerm(positive: isPositive ? bit : 0, negative: isPositive ? 0 : bit)]
        case .and(let parts):
            var terms = [TableauTerm()]
            for part in parts { terms = try product(terms, cover(of: part)) }
            return terms
        case .or(let parts):
            var terms: [TableauTerm] = []
            for part in parts { terms = try sum(terms, cover(of: part)) }
            return terms
        case .next(let part): return try ways(of: part).map { TableauTerm(next: $0) }
        case .until(let left, let right):
            let later = TableauTerm(next: try obligation(formula), promises: try promise(right))
            return try sum(cover(of: right), product(cover(of: left), [later]))
        case .release(let left, let right):
            let later = TableauTerm(next: try obligation(formula))
            return try product(cover(of: right), sum(cover(of: left), [later]))
        }
    }

    private func sum(_ first: [TableauTerm], _ second: [TableauTerm]) throws -> [TableauTerm] {
        var terms = first
        for term in second { Self.add(term, to: &terms) }
        guard terms.count <= BuchiTranslation.degreeLimit else { throw BuchiTranslationError.tooLarge }
        return terms
    }

    private func product(_ first: [TableauTerm], _ second: [TableauTerm]) throws -> [TableauTerm] {
        var terms: [TableauTerm] = []
        for one in first {
            for other in second {
                if let both = one.combined(with: other) { Self.add(both, to: &terms) }
            }
            guard terms.count <= BuchiTranslation.degreeLimit else { throw BuchiTranslationError.tooLarge }
        }
        return terms
    }

    private static func add(_ term: TableauTerm, to terms: inout [TableauTerm]) {
        if terms.contains(where: { $0.isWeaker(than: term) }) { return }
        terms.removeAll { term.isWeaker(than: $0) }
        terms.append(term)
    }
}
