import CZ3

/// Keeps one of Z3's terms alive, and its context with it.
final class TermReference {
    let context: SolverContext
    let ast: Z3_ast

    init(context: SolverContext, ast: Z3_ast) {
        self.context = context
        self.ast = ast
        Z3_inc_ref(context.raw, ast)
    }

    deinit { Z3_dec_ref(context.raw, ast) }
}

/// An expression that Z3 knows. Terms belong to the solver that made them, and mix with its other terms only.
///
/// Equal terms are those that are the same expression; whether two terms have the same value is a question in Z3's own terms,
/// and written `.==`.
public struct Term: Hashable {
    let reference: TermReference
    public let sort: Sort

    init(_ reference: TermReference, _ sort: Sort) {
        self.reference = reference
        self.sort = sort
    }

    var context: SolverContext { reference.context }
    var ast: Z3_ast { reference.ast }

    public static func == (one: Term, other: Term) -> Bool { one.ast == other.ast }

    public func hash(into hasher: inout Hasher) { hasher.combine(ast) }
}

extension Term: CustomStringConvertible {
    /// The term as SMT-LIB writes it.
    public var description: String { Z3_ast_to_string(context.raw, ast).map { String(cString: $0) } ?? "?" }
}

extension Term {
    /// The term in fewer words, where Z3 finds some.
    public var simplified: Term { context.term(Z3_simplify(context.raw, ast), sort) }

    /// The value, if the term is a truth value that is written down.
    public var constantTruth: Bool? {
        switch Z3_get_bool_value(context.raw, ast) {
        case Z3_L_TRUE: true
        case Z3_L_FALSE: false
        default: nil
        }
    }

    /// The term with some of its parts replaced, all at once.
    public func substituting(_ replacements: [(part: Term, by: Term)]) -> Term {
        let parts: [Z3_ast?] = replacements.map(\.part.ast)
        let substitutes: [Z3_ast?] = replacements.map(\.by.ast)
        return context.term(Z3_substitute(context.raw, ast, UInt32(parts.count), parts, substitutes), sort)
    }

    func unary(_ make: (Z3_context?, Z3_ast?) -> Z3_ast?, _ result: Sort? = nil) -> Term {
        context.term(make(context.raw, ast), result ?? sort)
    }

    func binary(_ other: Term, _ make: (Z3_context?, Z3_ast?, Z3_ast?) -> Z3_ast?, _ result: Sort? = nil) -> Term {
        precondition(context === other.context, "terms of different solvers do not mix")
        return context.term(make(context.raw, ast, other.ast), result ?? sort)
    }

    /// A term of any number of operands of the same sort.
    func combined(
        with other: Term, _ make: (Z3_context?, UInt32, UnsafePointer<Z3_ast?>?) -> Z3_ast?
    ) -> Term {
        precondition(context === other.context, "terms of different solvers do not mix")
        let result = withUnsafeTemporaryAllocation(of: Z3_ast?.self, capacity: 2) { operands in
            operands.initialize(repeating: ast)
            operands[1] = other.ast
            return make(context.raw, 2, operands.baseAddress)
        }
        return context.term(result, sort)
    }
}
