import Automata
import Promela

/// Says in words why a formula is false at the start of a run: what happens, and what never does.
struct FormulaExplanation {
    let run: ObservedRun
    let program: Program
    let texts: FormulaText

    /// Why the formula is false; nil if that shows only in how all continuations of the path would fare.
    func text(for formula: EvaluatedFormula) -> String? {
        guard formula.values.first == false else { return nil }
        return whyFalse(formula, at: 0, said: nil)
    }

    // MARK: Why something is false

    /// - Parameter said: the position that was named just before, so that it need not be named again.
    private func whyFalse(_ formula: EvaluatedFormula, at position: Int, said: Int?) -> String {
        let operands = formula.operands
        if case .implies = formula.node, formula.isOfState { return broken(operands[0], operands[1], at: position, said: said) }
        if formula.isOfState { return stateClause(formula, false, at: position, said: said) }
        switch formula.node {
        case .proposition: return stateClause(formula, false, at: position, said: said)
        case .not: return whyTrue(operands[0], at: position, said: said)
        case .and:
            let failing = operands.first { $0.values[position] == false } ?? operands[0]
            return whyFalse(failing, at: position, said: said)
        case .or:
            return whyFalse(operands[0], at: position, said: said) + ", and "
                + whyFalse(operands[1], at: position, said: operands[0].isOfState ? position : said)
        case .implies: return broken(operands[0], operands[1], at: position, said: said)
        case .equivalent:
            let (holding, failing) =
                operands[0].values[position] == true ? (operands[0], operands[1]) : (operands[1], operands[0])
            return broken(holding, failing, at: position, said: said)
        case .next:
            guard let next = run.position(after: position) else { return quoted(formula, "cannot hold", said) }
            return whyFalse(operands[0], at: next, said: nil)
        case .always: return whyNotAlways(operands[0], from: position, said: said)
        case .eventually: return whyNever(operands[0], from: position, said: said)
        case .until, .weakUntil: return whyNotUntil(operands[0], operands[1], from: position, said: said)
        case .release:
            guard let failure = first(false, of: operands[1], from: position) else { return quoted(formula, "cannot hold", said) }
            return whyFalse(operands[1], at: failure, said: said)
                + ", and \(quote(operands[0])) did not hold before"
        }
    }

    /// Something holds, but what should follow from it does not.
    private func broken(_ condition: EvaluatedFormula, _ consequence: EvaluatedFormula, at position: Int, said: Int?) -> String {
        let link = condition.isOfState && consequence.isOfState ? ", but " : ", and "
        return whyTrue(condition, at: position, said: said) + link
            + whyFalse(consequence, at: position, said: condition.isOfState ? position : nil)
    }

    private func whyNotAlways(_ operand: EvaluatedFormula, from position: Int, said: Int?) -> String {
        if case .eventually = operand.node, let start = run.loopStart {
            let wanted = operand.operands[0]
            if run.positions.indices.dropFirst(start).allSatisfy({ wanted.values[$0] == false }) {
                let last = run.positions.indices.prefix(start).last { $0 >= position && wanted.values[$0] == true }
                guard let last else { return whyNever(wanted, from: position, said: said) }
                return "\(quote(wanted)) \(wanted.isOfState ? "holds" : "is true") \(time(last)) for the last time"
            }
        }
        guard let failure = first(false, of: operand, from: position) else { return "\(quote(operand)) cannot hold for ever" }
        return whyFalse(operand, at: failure, said: said)
    }

    private func whyNever(_ operand: EvaluatedFormula, from position: Int, said: Int?) -> String {
        if case .always = operand.node, let start = run.loopStart {
            let wanted = operand.operands[0]
            if let failure = run.positions.indices.dropFirst(start).first(where: { wanted.values[$0] == false }) {
                return whyFalse(wanted, at: failure, said: nil) + again
            }
        }
        return "\(quote(operand)) never \(operand.isOfState ? "holds" : "becomes true")" + onwards(position, said)
    }

    private func whyNotUntil(
        _ meanwhile: EvaluatedFormula, _ goal: EvaluatedFormula, from position: Int, said: Int?
    ) -> String {
        let end = first(true, of: goal, from: position)
        let failure = order(from: position).prefix { $0 != end }.first { meanwhile.values[$0] == false }
        guard let failure else { return whyNever(goal, from: position, said: said) }
        let clause = whyFalse(meanwhile, at: failure, said: said)
        if let end { return clause + ", before \(quote(goal)) holds (\(time(end)))" }
        // Whatever becomes of the rest, the goal alone would not be reached either.
        if run.loopStart != nil { return clause + ", and \(quote(goal)) never holds" + onwards(position, said) }
        return clause + ", and \(quote(goal)) did not hold before"
    }

    // MARK: Why something is true

    private func whyTrue(_ formula: EvaluatedFormula, at position: Int, said: Int?) -> String {
        if formula.isOfState { return stateClause(formula, true, at: position, said: said) }
        let operands = formula.operands
        switch formula.node {
        case .proposition: return stateClause(formula, true, at: position, said: said)
        case .not: return whyFalse(operands[0], at: position, said: said)
        case .and:
            return whyTrue(operands[0], at: position, said: said) + ", and "
                + whyTrue(operands[1], at: position, said: operands[0].isOfState ? position : said)
        case .or:
            return whyTrue(operands.first { $0.values[position] == true } ?? operands[0], at: position, said: said)
        case .implies:
            return operands[1].values[position] == true
                ? whyTrue(operands[1], at: position, said: said) : whyFalse(operands[0], at: position, said: said)
        case .equivalent:
            func why(_ operand: EvaluatedFormula, _ said: Int?) -> String {
                operand.values[position] == true
                    ? whyTrue(operand, at: position, said: said) : whyFalse(operand, at: position, said: said)
            }
            return why(operands[0], said) + ", and "
                + why(operands[1], operands[0].isOfState ? position : said)
        case .next:
            guard let next = run.position(after: position) else { return quoted(formula, "holds", said) }
            return whyTrue(operands[0], at: next, said: nil)
        case .always: return whyAlways(operands[0], from: position, said: said)
        case .eventually:
            if case .always = operands[0].node, let start = first(true, of: operands[0], from: position) {
                return whyAlways(operands[0].operands[0], from: start, said: nil)
            }
            guard let witness = first(true, of: operands[0], from: position) else { return quoted(formula, "holds", said) }
            return whyTrue(operands[0], at: witness, said: said)
        case .until, .weakUntil:
            guard let witness = first(true, of: operands[1], from: position) else {
                return whyAlways(operands[0], from: position, said: said)
            }
            return whyTrue(operands[1], at: witness, said: said)
        case .release: return whyAlways(operands[1], from: position, said: said)
        }
    }

    private func whyAlways(_ operand: EvaluatedFormula, from position: Int, said: Int?) -> String {
        if case .eventually = operand.node, let start = run.loopStart {
            let wanted = operand.operands[0]
            if let witness = run.positions.indices.dropFirst(start).first(where: { wanted.values[$0] == true }) {
                return whyTrue(wanted, at: witness, said: nil) + again
            }
        }
        return "\(quote(operand)) always holds" + onwards(position, said)
    }

    // MARK: Positions

    /// The positions from one on, each once, in the order in which they are first met.
    private func order(from position: Int) -> [Int] {
        let rest = Array(position..<run.positions.count)
        guard let start = run.loopStart, start < position else { return rest }
        return rest + Array(start..<position)
    }

    private func first(_ value: Bool, of formula: EvaluatedFormula, from position: Int) -> Int? {
        order(from: position).first { formula.values[$0] == value }
    }

    private func time(_ position: Int) -> String { run.positions[position].time }

    private var again: String { run.staysForEver ? "" : ", in every turn of the cycle" }

    private func onwards(_ position: Int, _ said: Int?) -> String {
        if said == position { return " from then on" }
        return position == 0 ? "" : " \(time(position)) or later"
    }

    // MARK: Words

    private func quote(_ formula: EvaluatedFormula) -> String { "`\(texts.text(of: formula))`" }

    private func quoted(_ formula: EvaluatedFormula, _ verb: String, _ said: Int?) -> String { "\(quote(formula)) \(verb)" }

    /// What a formula without temporal operators is in one state, with the values of its variables.
    private func stateClause(_ formula: EvaluatedFormula, _ value: Bool, at position: Int, said: Int?) -> String {
        var (text, value) = (texts.text(of: formula), value)
        var expressions = formula.expressions
        // "`!p` is false" is hard to read.
        if case .proposition(let expression) = formula.node {
            var (inner, isNegated) = (expression, false)
            while case .unary(.not, let operand) = inner.kind { (inner, isNegated) = (operand, !isNegated) }
            if isNegated {
                (text, value) = (texts.text(of: inner, at: formula.leaves.lowerBound), !value)
                expressions = [inner]
            }
        }
        var clause = "`\(text)` " + (value ? "holds" : "is false")
        clause += said == position ? (value ? " too" : " then") : " \(time(position))"
        let fields = ConditionValues(program: program, state: run.positions[position].state, pid: -1)
            .values(in: expressions)
            .filter { $0.name != text && !(value && "\($0.name) == \($0.value)" == text) }
        if !fields.isEmpty { clause += " (" + fields.map { "\($0.name) is \($0.value)" }.joined(separator: ", ") + ")" }
        return clause
    }
}
