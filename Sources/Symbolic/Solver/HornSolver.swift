import CZ3

/// A relation whose smallest meaning Horn clauses say.
struct Relation {
    let symbol: Z3_func_decl
    fileprivate let reference: TermReference

    fileprivate init(_ symbol: Z3_func_decl, _ context: SolverContext) {
        self.symbol = symbol
        reference = TermReference(context: context, ast: Z3_func_decl_to_ast(context.raw, symbol))
    }
}

/// Z3's engine for Horn clauses, Spacer (Komuravelli, Gurfinkel, Chaki: "SMT-based model checking for recursive programs",
/// 2014): it asks whether clauses force a relation to hold of something.
///
/// Its terms are those of a solver, and belong to the same thread.
final class HornSolver {
    private let terms: Solver
    private let raw: Z3_fixedpoint
    private var context: SolverContext { terms.context }

    /// - Parameter terms: the solver whose terms the clauses are made of, and whose time limit is kept.
    init(_ terms: Solver) throws {
        self.terms = terms
        guard let raw = Z3_mk_fixedpoint(terms.context.raw) else {
            throw terms.context.error ?? SolverError(message: "there is no Horn engine")
        }
        self.raw = raw
        Z3_fixedpoint_inc_ref(terms.context.raw, raw)
        let parameters = Z3_mk_params(context.raw)
        Z3_params_inc_ref(context.raw, parameters)
        defer { Z3_params_dec_ref(context.raw, parameters) }
        func symbol(_ name: String) -> Z3_symbol? { Z3_mk_string_symbol(context.raw, name) }
        Z3_params_set_symbol(context.raw, parameters, symbol("engine"), symbol("spacer"))
        // The relations have to stay what they are, or there is no telling what was found of them.
        // And Ctrl-C is for the program: Z3 would take it for itself.
        for name in ["xform.slice", "xform.inline_eager", "xform.inline_linear", "ctrl_c"] {
            Z3_params_set_bool(context.raw, parameters, symbol(name), false)
        }
        Z3_fixedpoint_set_params(context.raw, raw, parameters)
        try requireSuccess()
    }

    deinit { Z3_fixedpoint_dec_ref(context.raw, raw) }

    private func requireSuccess() throws { if let error = context.error { throw error } }

    /// A new relation between values of some sorts.
    func relation(_ name: String, _ sorts: [Sort]) throws -> Relation {
        let domain: [Z3_sort?] = sorts.map { context.sort($0) }
        guard
            let symbol = Z3_mk_func_decl(
                context.raw, Z3_mk_string_symbol(context.raw, name), UInt32(domain.count), domain, context.sort(.boolean))
        else { throw context.error ?? SolverError(message: "there is no relation \(name)") }
        let relation = Relation(symbol, context)
        Z3_fixedpoint_register_relation(context.raw, raw, symbol)
        try requireSuccess()
        return relation
    }

    /// That a relation holds of some values.
    func holds(_ relation: Relation, of values: [Term]) -> Term {
        let operands: [Z3_ast?] = values.map(\.ast)
        return context.term(Z3_mk_app(context.raw, relation.symbol, UInt32(operands.count), operands), .boolean)
    }

    /// Adds a clause: whatever the variables are, the conclusion follows from the condition.
    func add(_ conclusion: Term, if condition: Term, forAll variables: [Term]) throws {
        let bound: [Z3_app?] = variables.map { Z3_to_app(context.raw, $0.ast) }
        let clause = condition.implies(conclusion)
        let closed =
            bound.isEmpty
            ? clause
            : context.term(
                Z3_mk_forall_const(context.raw, 0, UInt32(bound.count), bound, 0, nil, clause.ast), .boolean)
        Z3_fixedpoint_add_rule(context.raw, raw, closed.ast, nil)
        try requireSuccess()
    }

    /// Whether the clauses force a relation to hold of anything.
    func check(_ relation: Relation) -> Answer {
        terms.measured {
            var symbols: [Z3_func_decl?] = [relation.symbol]
            let result = Z3_fixedpoint_query_relations(context.raw, raw, 1, &symbols)
            return (result, { [context, raw] in Z3_fixedpoint_get_reason_unknown(context.raw, raw) })
        }
    }

    /// What is true of all values that a relation holds of; the last answer was `unsatisfiable`.
    func invariant(of relation: Relation, _ values: [Term]) throws -> Term {
        guard let cover = Z3_fixedpoint_get_cover_delta(context.raw, raw, -1, relation.symbol) else {
            throw context.error ?? SolverError(message: "there is no invariant")
        }
        // The values stand in for the relation's places, which Z3 numbers.
        let pattern = context.term(cover, .boolean)
        let replacements: [Z3_ast?] = values.map(\.ast)
        return context.term(
            Z3_substitute_vars(context.raw, pattern.ast, UInt32(replacements.count), replacements), .boolean)
    }
}
