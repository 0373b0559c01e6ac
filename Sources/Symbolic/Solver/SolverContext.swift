import CZ3

/// What all terms of one solver live in. Never shared between threads.
final class SolverContext {
    let raw: Z3_context
    private var sorts: [Sort: Z3_sort] = [:]

    init() {
        let configuration = Z3_mk_config()
        defer { Z3_del_config(configuration) }
        guard let raw = Z3_mk_context_rc(configuration) else { preconditionFailure("Z3 could not be set up") }
        self.raw = raw
        // Without a handler of ours, Z3 ends the whole program at an error.
        Z3_set_error_handler(raw) { _, _ in }
    }

    deinit {
        for sort in sorts.values { Z3_dec_ref(raw, Z3_sort_to_ast(raw, sort)) }
        Z3_del_context(raw)
    }

    /// What Z3 complained of last.
    var error: SolverError? {
        let code = Z3_get_error_code(raw)
        guard code != Z3_OK else { return nil }
        return SolverError(message: Z3_get_error_msg(raw, code).map { String(cString: $0) } ?? "error \(code.rawValue)")
    }

    /// Ends what Z3 is doing. From any thread, as long as the context lives.
    func interrupt() { Z3_interrupt(raw) }

    func sort(_ sort: Sort) -> Z3_sort {
        if let known = sorts[sort] { return known }
        let made: Z3_sort?
        switch sort {
        case .boolean: made = Z3_mk_bool_sort(raw)
        case .integer: made = Z3_mk_int_sort(raw)
        case .bitVector(let width): made = Z3_mk_bv_sort(raw, UInt32(width))
        case .array(let index, let element): made = Z3_mk_array_sort(raw, self.sort(index), self.sort(element))
        }
        guard let made else { preconditionFailure("Z3 has no sort \(sort): \(error?.message ?? "")") }
        Z3_inc_ref(raw, Z3_sort_to_ast(raw, made))
        sorts[sort] = made
        return made
    }

    /// Wraps what Z3 made. A nil means operands of the wrong sorts: a mistake in the program, not in its input.
    func term(_ ast: Z3_ast?, _ sort: Sort) -> Term {
        guard let ast else { preconditionFailure("Z3 refused a term: \(error?.message ?? "no reason given")") }
        return Term(TermReference(context: self, ast: ast), sort)
    }
}

/// What Z3 says is wrong.
public struct SolverError: Error, Hashable, Sendable, CustomStringConvertible {
    public var message: String
    public var description: String { "Z3: \(message)" }
}
