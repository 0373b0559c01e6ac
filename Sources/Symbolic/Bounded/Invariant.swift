import Automata
import Exploration
import Promela

/// A formula that says something of every state: `[] q`, with `q` about one state.
struct Invariant {
    var property: Property
    private var formula: Formula.Node
    private var span: Span

    /// - Throws: `UnsupportedModel` if the formula says more than that.
    init(_ program: Program, formula index: Int) throws {
        let formula = program.formulas[index]
        guard case .always(let operand) = formula.root, Self.isAboutOneState(operand) else {
            throw UnsupportedModel(
                "a formula that is not `[] q`", at: formula.rootSpan, hint: "`q` may have no temporal operator in it")
        }
        property = .claim(.formula(index))
        self.formula = operand
        span = formula.rootSpan
    }

    private static func isAboutOneState(_ node: Formula.Node) -> Bool {
        switch node {
        case .proposition: true
        case .not, .and, .or, .implies, .equivalent: node.operands.allSatisfy(isAboutOneState)
        default: false
        }
    }

    /// Whether it holds in the state that an execution stands in.
    func holds(_ execution: Execution) throws -> Term {
        var own = execution
        let result = try truth(of: formula, &own)
        guard own.log.faults.isEmpty else {
            throw UnsupportedModel("a formula that may fail to have a value", at: span)
        }
        return result
    }

    private func truth(of node: Formula.Node, _ execution: inout Execution) throws -> Term {
        let algebra = execution.algebra
        switch node {
        case .proposition(let expression):
            var visitor = TimeoutVisitor()
            visitor.visit(expression)
            if visitor.isFound { throw UnsupportedModel("`timeout` in a formula", at: expression.span) }
            if visitor.isAboutProgress { throw UnsupportedModel("`np_` in a formula", at: expression.span) }
            return try execution.truth(expression)
        case .not(let operand): return algebra.not(try truth(of: operand, &execution))
        case .and(let left, let right):
            return algebra.and(try truth(of: left, &execution), try truth(of: right, &execution))
        case .or(let left, let right):
            return algebra.or(try truth(of: left, &execution), try truth(of: right, &execution))
        case .implies(let left, let right):
            return algebra.or(algebra.not(try truth(of: left, &execution)), try truth(of: right, &execution))
        case .equivalent(let left, let right):
            return try truth(of: left, &execution) .== truth(of: right, &execution)
        default: return algebra.yes
        }
    }
}
