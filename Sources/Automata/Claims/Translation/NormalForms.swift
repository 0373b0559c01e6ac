/// A formula in negation normal form; its parts are numbers in the `NormalForms` that it belongs to.
///
/// `<>p` is `true U p` and `[]p` is `false V p`.
enum NormalForm: Hashable {
    case constant(Bool)
    case literal(proposition: Int, isPositive: Bool)
    /// At least two parts, in ascending order, none of them an `and`.
    case and([Int])
    /// At least two parts, in ascending order, none of them an `or`.
    case or([Int])
    case next(Int)
    case until(Int, Int)
    case release(Int, Int)
}

/// Formulas in negation normal form, each kept once, and as short as cheap equivalences make them.
///
/// The equivalences are those of Etessami and Holzmann, "Optimizing Büchi Automata" (CONCUR 2000), and of Somenzi and Bloem,
/// "Efficient Büchi Automata from LTL Formulae" (CAV 2000). None of them brings a `release` into a formula without one: what is
/// decided by finite prefixes stays so.
struct NormalForms {
    static let no = 0
    static let yes = 1

    private(set) var forms: [NormalForm] = [.constant(false), .constant(true)]
    /// For each formula, whether it holds of a word once it holds of a suffix.
    private(set) var isEventual = [true, true]
    /// For each formula, whether it holds of every suffix of a word once it holds of the word.
    private(set) var isUniversal = [true, true]
    private var numbers: [NormalForm: Int] = [.constant(false): no, .constant(true): yes]
    var relations = FormulaRelations()

    init() {}

    /// A formula together with its negation, which costs nothing more and keeps nested equivalences linear.
    typealias Both = (holds: Int, fails: Int)

    /// The normal forms of a formula and of its negation.
    mutating func both(_ formula: LinearFormula) -> Both {
        switch formula {
        case .constant(let value): return value ? (Self.yes, Self.no) : (Self.no, Self.yes)
        case .proposition(let index):
            return (
                number(.literal(proposition: index, isPositive: true)), number(.literal(proposition: index, isPositive: false))
            )
        case .not(let operand):
            let part = both(operand)
            return (part.fails, part.holds)
        case .and(let left, let right): return conjunction(both(left), both(right))
        case .or(let left, let right): return negated(conjunction(negated(both(left)), negated(both(right))))
        case .implies(let left, let right): return negated(conjunction(both(left), negated(both(right))))
        case .equivalent(let left, let right):
            let (first, second) = (both(left), both(right))
            let same = negated(conjunction(first, negated(second)))
            return conjunction(same, negated(conjunction(negated(first), second)))
        case .next(let operand):
            let part = both(operand)
            return (next(part.holds), next(part.fails))
        case .eventually(let operand): return until((Self.yes, Self.no), both(operand))
        case .always(let operand): return negated(until((Self.yes, Self.no), negated(both(operand))))
        case .until(let left, let right): return until(both(left), both(right))
        case .release(let left, let right): return negated(until(negated(both(left)), negated(both(right))))
        case .weakUntil(let left, let right):
            let (first, second) = (both(left), both(right))
            let either = negated(conjunction(negated(first), negated(second)))
            return negated(until(negated(second), negated(either)))
        }
    }

    private func negated(_ pair: Both) -> Both { (pair.fails, pair.holds) }

    private mutating func conjunction(_ left: Both, _ right: Both) -> Both {
        (and([left.holds, right.holds]), or([left.fails, right.fails]))
    }

    private mutating func until(_ left: Both, _ right: Both) -> Both {
        (until(left.holds, right.holds), release(left.fails, right.fails))
    }

    /// The number of a formula that no equivalence shortens.
    mutating func number(_ form: NormalForm) -> Int {
        if let known = numbers[form] { return known }
        let eventual: Bool
        let universal: Bool
        switch form {
        case .constant: (eventual, universal) = (true, true)
        case .literal: (eventual, universal) = (false, false)
        case .and(let parts), .or(let parts):
            eventual = parts.allSatisfy { isEventual[$0] }
            universal = parts.allSatisfy { isUniversal[$0] }
        case .next(let part): (eventual, universal) = (isEventual[part], isUniversal[part])
        case .until(let left, let right):
            eventual = left == Self.yes || isEventual[left] && isEventual[right]
            universal = isUniversal[left] && isUniversal[right]
        case .release(let left, let right):
            eventual = isEventual[left] && isEventual[right]
            universal = left == Self.no || isUniversal[left] && isUniversal[right]
        }
        forms.append(form)
        isEventual.append(eventual)
        isUniversal.append(universal)
        numbers[form] = forms.count - 1
        return forms.count - 1
    }

    /// Whether only the infinitely distant future decides the formula, so that time does not matter to it.
    func isTimeless(_ formula: Int) -> Bool { isEventual[formula] && isUniversal[formula] }

    /// The formulas that a formula is made of, itself included, parts before wholes.
    func parts(of root: Int) -> [Int] {
        var isSeen = Set<Int>()
        var waiting = [root]
        while let formula = waiting.popLast() {
            guard isSeen.insert(formula).inserted else { continue }
            switch forms[formula] {
            case .constant, .literal: break
            case .and(let parts), .or(let parts): waiting += parts
            case .next(let part): waiting.append(part)
            case .until(let left, let right), .release(let left, let right): waiting += [left, right]
            }
        }
        // A formula is numbered after its parts.
        return isSeen.sorted()
    }
}
