import CZ3

/// Values that make true all that was asserted. What nothing was asserted of has some value too.
public final class Model {
    private let raw: Z3_model
    private let context: SolverContext

    init(_ raw: Z3_model, _ context: SolverContext) {
        self.raw = raw
        self.context = context
        Z3_model_inc_ref(context.raw, raw)
    }

    deinit { Z3_model_dec_ref(context.raw, raw) }

    /// The value of any term, as a term.
    /// - Throws: `SolverError` if Z3 cannot tell.
    public func value(of term: Term) throws -> Term {
        precondition(term.context === context, "terms of different solvers do not mix")
        var result: Z3_ast?
        guard Z3_model_eval(context.raw, raw, term.ast, true, &result), result != nil else {
            throw context.error ?? SolverError(message: "\(term) has no value")
        }
        return context.term(result, term.sort)
    }

    /// The value of an integer.
    /// - Throws: `SolverError` if it is none, or does not fit 128 bits.
    public func integer(_ term: Term) throws -> Int128 {
        let value = try value(of: term)
        var small: Int64 = 0
        if Z3_get_numeral_int64(context.raw, value.ast, &small) { return Int128(small) }
        guard let digits = Z3_get_numeral_string(context.raw, value.ast), let number = Int128(String(cString: digits))
        else { throw SolverError(message: "\(value) is not an integer of 128 bits") }
        return number
    }

    /// The value of a bit vector of at most 64 bits.
    /// - Throws: `SolverError` if it is none.
    public func bits(_ term: Term) throws -> UInt64 {
        let value = try value(of: term)
        var bits: UInt64 = 0
        guard Z3_get_numeral_uint64(context.raw, value.ast, &bits) else {
            throw SolverError(message: "\(value) is not a bit vector of 64 bits")
        }
        return bits
    }

    /// A truth value.
    /// - Throws: `SolverError` if it is none.
    public func truth(_ term: Term) throws -> Bool {
        let value = try value(of: term)
        guard let truth = value.constantTruth else { throw SolverError(message: "\(value) is not a truth value") }
        return truth
    }
}
