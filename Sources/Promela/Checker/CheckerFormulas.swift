/// `ltl` blocks, and walks over checked expressions.
extension Checker {
    func checkFormula(_ syntax: SyntaxFormula) {
        guard let root = try? formulaNode(syntax.root) else { return }
        if let name = syntax.name, let earlier = formulas.first(where: { $0.name == name.text }) {
            return reportDuplicate(name, earlier.span)
        }
        formulas.append(Formula(name: syntax.name?.text ?? "", root: root, span: syntax.span, rootSpan: syntax.root.span))
    }

    func formulaNode(_ syntax: SyntaxExpression) throws(CheckFailure) -> Formula.Node {
        switch syntax.kind {
        case .temporalUnary(let operation, let operand):
            let node = try formulaNode(operand)
            switch operation {
            case .always: return .always(node)
            case .eventually: return .eventually(node)
            case .next: return .next(node)
            }
        case .temporalBinary(let operation, let left, let right):
            let (a, b) = (try formulaNode(left), try formulaNode(right))
            switch operation {
            case .until: return .until(a, b)
            case .weakUntil: return .weakUntil(a, b)
            case .release: return .release(a, b)
            case .implies: return .implies(a, b)
            case .equivalent: return .equivalent(a, b)
            }
        case .unary(.not, let operand) where isTemporal(operand): return .not(try formulaNode(operand))
        case .binary(.and, let left, let right) where isTemporal(left) || isTemporal(right):
            return .and(try formulaNode(left), try formulaNode(right))
        case .binary(.or, let left, let right) where isTemporal(left) || isTemporal(right):
            return .or(try formulaNode(left), try formulaNode(right))
        default:
            let expression = try checkExpression(syntax)
            if let run = firstRun(in: expression) {
                throw fail(
                    .misplacedRun, "a formula cannot start processes", at: run, hint: "take `run` out of the formula")
            }
            return .proposition(expression)
        }
    }

    /// Whether a temporal operator can be reached through logical ones.
    private func isTemporal(_ syntax: SyntaxExpression) -> Bool {
        switch syntax.kind {
        case .temporalUnary, .temporalBinary: true
        case .unary(.not, let operand): isTemporal(operand)
        case .binary(.and, let left, let right), .binary(.or, let left, let right): isTemporal(left) || isTemporal(right)
        default: false
        }
    }

    // MARK: Searching

    func firstRun(in expression: Expression) -> Span? {
        first(in: expression) {
            if case .run = $0.kind { return true }
            return false
        }
    }

    func firstLocal(in expression: Expression) -> Span? {
        first(in: expression) {
            switch $0.kind {
            case .load(let place):
                if case .local = place.root { return true }
                return false
            case .remoteLabel, .remoteVariable: return true
            default: return false
            }
        }
    }

    private func first(in expression: Expression, where matches: (Expression) -> Bool) -> Span? {
        if matches(expression) { return expression.span }
        for child in expression.children {
            if let found = first(in: child, where: matches) { return found }
        }
        return nil
    }
}

extension Expression {
    /// The expressions that this one is made of, indices of places included.
    public var children: [Expression] {
        switch kind {
        case .constant, .timeout, .nonProgress: []
        case .load(let place): place.indices
        case .unary(_, let operand), .length(let operand), .channelTest(_, let operand), .enabled(let operand),
            .programCounter(let operand), .getPriority(let operand):
            [operand]
        case .binary(_, let left, let right), .setPriority(let left, let right): [left, right]
        case .conditional(let condition, let first, let second): [condition, first, second]
        case .run(_, let arguments, _): arguments
        case .poll(let channel, let arguments, _):
            [channel]
                + arguments.flatMap { argument -> [Expression] in
                    switch argument {
                    case .store(let place): place.indices
                    case .match(let value): [value]
                    }
                }
        case .remoteLabel(_, let pid, _): pid.map { [$0] } ?? []
        case .remoteVariable(_, let pid, let place): (pid.map { [$0] } ?? []) + place.indices
        }
    }
}

extension Expression {
    /// Whether every part stands where it is used, none of it in a macro or an inline: those hold switches on purpose.
    var isSpelledOut: Bool { span.expansion == .none && children.allSatisfy(\.isSpelledOut) }
}

extension Place {
    fileprivate var indices: [Expression] {
        path.compactMap {
            if case .index(let index) = $0 { return index }
            return nil
        }
    }
}
