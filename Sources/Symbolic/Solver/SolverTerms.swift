import CZ3

/// The terms that others are made from.
extension Solver {
    /// A value that is not known, by its name. The same name and sort give the same term.
    public func unknown(_ name: String, _ sort: Sort) -> Term {
        context.term(
            Z3_mk_const(context.raw, Z3_mk_string_symbol(context.raw, name), context.sort(sort)), sort)
    }

    /// A truth value.
    public func truth(_ value: Bool) -> Term {
        context.term(value ? Z3_mk_true(context.raw) : Z3_mk_false(context.raw), .boolean)
    }

    /// A whole number.
    public func integer(_ value: some BinaryInteger) -> Term {
        let ast =
            if let small = Int64(exactly: value) {
                Z3_mk_int64(context.raw, small, context.sort(.integer))
            } else {
                Z3_mk_numeral(context.raw, String(value), context.sort(.integer))
            }
        return context.term(ast, .integer)
    }

    /// The lowest bits of a number, in two's complement.
    public func bits(_ value: some FixedWidthInteger, width: Int) -> Term {
        let sort = Sort.bitVector(width: width)
        if width <= 64 {
            let mask = width == 64 ? UInt64.max : (1 << UInt64(width)) - 1
            let pattern = UInt64(truncatingIfNeeded: value) & mask
            return context.term(Z3_mk_unsigned_int64(context.raw, pattern, context.sort(sort)), sort)
        }
        // Z3 cuts a negative numeral to the width by itself.
        return context.term(Z3_mk_numeral(context.raw, String(value), context.sort(sort)), sort)
    }

    /// An array that has the same value everywhere.
    public func array(of value: Term, index: Sort) -> Term {
        context.term(
            Z3_mk_const_array(context.raw, context.sort(index), value.ast), .array(index: index, element: value.sort))
    }

    /// Whether all of them hold; true of none.
    public func all(_ terms: [Term]) -> Term { gathered(terms, ifEmpty: true, Z3_mk_and) }

    /// Whether some of them holds; false of none.
    public func any(_ terms: [Term]) -> Term { gathered(terms, ifEmpty: false, Z3_mk_or) }

    /// Whether no two of them have the same value.
    public func distinct(_ terms: [Term]) -> Term {
        terms.count < 2 ? truth(true) : gathered(terms, ifEmpty: true, Z3_mk_distinct)
    }

    /// Whether at most so many of them hold.
    public func atMost(_ count: Int, of terms: [Term]) -> Term {
        if terms.count <= count { return truth(true) }
        let operands: [Z3_ast?] = terms.map(\.ast)
        return context.term(
            Z3_mk_atmost(context.raw, UInt32(operands.count), operands, UInt32(count)), .boolean)
    }

    private func gathered(
        _ terms: [Term], ifEmpty: Bool, _ make: (Z3_context?, UInt32, UnsafePointer<Z3_ast?>?) -> Z3_ast?
    ) -> Term {
        guard let first = terms.first else { return truth(ifEmpty) }
        if terms.count == 1 { return first }
        let operands: [Z3_ast?] = terms.map(\.ast)
        return context.term(make(context.raw, UInt32(operands.count), operands), .boolean)
    }
}
