import Automata

/// The order in which the transitions of a location are tried: which come into question depends on those before.
struct TransitionOrder {
    private let algebra: Algebra
    /// Whether no further transition is tried.
    private(set) var isOver: Term
    /// Whether some transition could be taken.
    private(set) var hasMoved: Term
    /// For each escape, whether the last transition that could be taken is a way into it.
    private var group: [Int: Term] = [:]

    init(_ algebra: Algebra) {
        self.algebra = algebra
        isOver = algebra.no
        hasMoved = algebra.no
    }

    /// Comes to a transition: those of another escape than the one that was found are not tried.
    mutating func reach(_ transition: System.Transition) {
        for (escape, isIn) in group where escape != transition.escapeGroup { isOver = algebra.or(isOver, isIn) }
    }

    /// A transition can be taken.
    mutating func take(_ transition: System.Transition, where condition: Term) {
        hasMoved = algebra.or(hasMoved, condition)
        letGo(where: condition)
        if transition.escapeGroup > 0 {
            group[transition.escapeGroup] = algebra.or(group[transition.escapeGroup] ?? algebra.no, condition)
        }
    }

    /// No escape is being followed any more.
    mutating func letGo(where condition: Term) {
        for (escape, isIn) in group { group[escape] = algebra.and(isIn, butNot: condition) }
    }

    /// Something went wrong: no further transition is tried.
    mutating func stop(where condition: Term, afterMove: Bool) {
        isOver = algebra.or(isOver, condition)
        if afterMove { hasMoved = algebra.or(hasMoved, condition) }
    }
}
