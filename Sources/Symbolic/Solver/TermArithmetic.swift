import CZ3

/// Arithmetic, of integers and, modulo their size, of bit vectors.
extension Term {
    public static func + (one: Term, other: Term) -> Term {
        one.sort == .integer ? one.combined(with: other, Z3_mk_add) : one.binary(other, Z3_mk_bvadd)
    }

    public static func - (one: Term, other: Term) -> Term {
        one.sort == .integer ? one.combined(with: other, Z3_mk_sub) : one.binary(other, Z3_mk_bvsub)
    }

    public static func * (one: Term, other: Term) -> Term {
        one.sort == .integer ? one.combined(with: other, Z3_mk_mul) : one.binary(other, Z3_mk_bvmul)
    }

    public static prefix func - (term: Term) -> Term {
        term.sort == .integer ? term.unary(Z3_mk_unary_minus) : term.unary(Z3_mk_bvneg)
    }
}

/// Integers.
extension Term {
    public static func .< (one: Term, other: Term) -> Term { one.binary(other, Z3_mk_lt, .boolean) }

    public static func .<= (one: Term, other: Term) -> Term { one.binary(other, Z3_mk_le, .boolean) }

    public static func .> (one: Term, other: Term) -> Term { one.binary(other, Z3_mk_gt, .boolean) }

    public static func .>= (one: Term, other: Term) -> Term { one.binary(other, Z3_mk_ge, .boolean) }

    /// The quotient, rounded so that the remainder is not negative. By zero it may be anything.
    public func quotient(by divisor: Term) -> Term { binary(divisor, Z3_mk_div) }

    /// What `quotient(by:)` leaves: never negative. By zero it may be anything.
    public func remainder(by divisor: Term) -> Term { binary(divisor, Z3_mk_mod) }

    /// The lowest bits of an integer, in two's complement. Slow to reason about.
    public func bits(_ width: Int) -> Term {
        context.term(Z3_mk_int2bv(context.raw, UInt32(width), ast), .bitVector(width: width))
    }
}
