import Automata
import TestSupport

/// Random formulas and words, for comparisons of what different code says of them.
struct RandomFormulas {
    var random: SplitMix64
    var propositions: Int

    init(seed: UInt64, propositions: Int = 4) {
        random = SplitMix64(seed: seed)
        self.propositions = propositions
    }

    /// A formula of all operators.
    mutating func formula(depth: Int) -> LinearFormula {
        guard depth > 0, Int.random(in: 0..<8, using: &random) > 0 else { return atom() }
        func part(_ self: inout RandomFormulas) -> LinearFormula { self.formula(depth: depth - 1) }
        switch Int.random(in: 0..<13, using: &random) {
        case 0, 1: return .not(part(&self))
        case 2: return .and(part(&self), part(&self))
        case 3: return .or(part(&self), part(&self))
        case 4: return .implies(part(&self), part(&self))
        case 5: return .equivalent(part(&self), part(&self))
        case 6: return .always(part(&self))
        case 7: return .eventually(part(&self))
        case 8: return .next(part(&self))
        case 9, 10: return .until(part(&self), part(&self))
        case 11: return .weakUntil(part(&self), part(&self))
        default: return .release(part(&self), part(&self))
        }
    }

    /// A formula that is safety by its syntax.
    mutating func safety(depth: Int) -> LinearFormula {
        guard depth > 0, Int.random(in: 0..<8, using: &random) > 0 else { return atom() }
        func part(_ self: inout RandomFormulas) -> LinearFormula { self.safety(depth: depth - 1) }
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return .and(part(&self), part(&self))
        case 1: return .or(part(&self), part(&self))
        case 2: return .always(part(&self))
        case 3: return .next(part(&self))
        case 4: return .weakUntil(part(&self), part(&self))
        case 5: return .not(.until(.not(part(&self)), .not(part(&self))))
        case 6: return .implies(.eventually(.not(part(&self))), part(&self))
        default: return .release(part(&self), part(&self))
        }
    }

    private mutating func atom() -> LinearFormula {
        if Int.random(in: 0..<24, using: &random) == 0 { return .constant(Bool.random(using: &random)) }
        let proposition = LinearFormula.proposition(Int.random(in: 0..<propositions, using: &random))
        return Bool.random(using: &random) ? proposition : .not(proposition)
    }

    mutating func word() -> LassoWord {
        let length = Int.random(in: 1...7, using: &random)
        let letters = (0..<length).map { _ in UInt64.random(in: 0..<1 << UInt64(propositions), using: &random) }
        return LassoWord(letters: letters, loopStart: Int.random(in: 0..<length, using: &random))
    }
}
