/// Answers what a zone cannot, with Z3; each question only once.
final class ConstraintSolver {
    private let solver: Solver
    private var variables: [Term] = []
    private var answers: [Question: Bool] = [:]
    /// Questions that were answered before.
    private(set) var hits = 0
    /// Why Z3 gave no answer, the first time that it gave none.
    private(set) var failure: String?

    /// Bytes that the answers take which are remembered, about.
    private(set) var byteCount = 0

    /// What a question is about: only what bears on it, with its variables numbered as they occur.
    private struct Question: Hashable {
        var zone: Zone
        var constraints: [LinearExpression]

        var byteCount: Int { 128 + zone.byteCount + constraints.reduce(0) { $0 + $1.byteCount } }
    }

    /// - Parameter timeLimit: milliseconds for each question.
    init(timeLimit: Int?) { solver = Solver(timeLimit: timeLimit) }

    var statistics: SolverStatistics { solver.statistics }

    /// Whether somebody has asked for the end.
    var isStopped: Bool { solver.isStopped }

    /// Whether the set has a solution for which the expression is at most zero. Where Z3 does not know, this is true, and
    /// `failure` says so: whoever asked then looks at too much rather than at too little.
    func hasSolution(_ set: ConstraintSet, and expression: LinearExpression) -> Bool {
        let question = Self.question(set, expression)
        if let known = answers[question] {
            hits += 1
            return known
        }
        let answer: Bool
        switch isStopped ? .unknown("interrupted") : solver.scoped({ assert(question); return solver.check() }) {
        case .satisfiable: answer = true
        case .unsatisfiable: answer = false
        case .unknown(let reason):
            failure = failure ?? reason
            answer = true
        }
        if answers.count >= 1 << 20 {
            answers.removeAll()
            byteCount = 0
        }
        answers[question] = answer
        byteCount += question.byteCount
        return answer
    }

    /// The constraints that bear on the expression: those that share variables with it, or with one that does, or have a variable
    /// of which the zone says, by its difference from one of those, more than by its range.
    private static func question(_ set: ConstraintSet, _ expression: LinearExpression) -> Question {
        var order = expression.summands.map(\.variable)
        var known = Set(order)
        var left = set.others
        var constraints = [expression]
        func bears(_ variable: Int) -> Bool {
            known.contains(variable) || order.contains { set.zone.areRelated($0, variable) }
        }
        var grew = true
        while grew {
            grew = false
            left.removeAll { other in
                guard other.summands.contains(where: { bears($0.variable) }) else { return false }
                for summand in other.summands where known.insert(summand.variable).inserted { order.append(summand.variable) }
                constraints.append(other)
                grew = true
                return true
            }
        }
        let number = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($0.element, $0.offset) })
        return Question(
            zone: set.zone.selecting(order),
            constraints: constraints.map { $0.substituting { number[$0].map { LinearExpression(variable: $0) } } })
    }

    private func assert(_ question: Question) {
        let zone = question.zone
        while variables.count < zone.count { variables.append(solver.unknown("x\(variables.count)", .integer)) }
        for one in 0..<zone.count {
            let range = zone.range(of: one)
            solver.assert(variables[one] .<= solver.integer(range.upperBound))
            solver.assert(variables[one] .>= solver.integer(range.lowerBound))
            for other in 0..<zone.count where other != one {
                let bound = zone.upperBound(one, minus: other)
                // What follows from the ranges need not be said.
                if bound == range.upperBound - zone.range(of: other).lowerBound { continue }
                solver.assert(variables[one] - variables[other] .<= solver.integer(bound))
            }
        }
        for constraint in question.constraints { solver.assert(term(constraint, variables, solver) .<= solver.integer(0)) }
    }
}

/// A linear expression as Z3 has it.
func term(_ expression: LinearExpression, _ variables: [Term], _ solver: Solver) -> Term {
    var result = solver.integer(expression.constant)
    for summand in expression.summands {
        let variable = variables[summand.variable]
        result = result + (summand.coefficient == 1 ? variable : variable * solver.integer(summand.coefficient))
    }
    return result
}
