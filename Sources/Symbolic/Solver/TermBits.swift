import CZ3

/// Bit vectors.
extension Term {
    public static func .& (one: Term, other: Term) -> Term { one.binary(other, Z3_mk_bvand) }

    public static func .| (one: Term, other: Term) -> Term { one.binary(other, Z3_mk_bvor) }

    public static func .^ (one: Term, other: Term) -> Term { one.binary(other, Z3_mk_bvxor) }

    public static prefix func ~ (term: Term) -> Term { term.unary(Z3_mk_bvnot) }

    /// Whether this is less, both read with or without a sign.
    public func isLess(than other: Term, isSigned: Bool) -> Term {
        binary(other, isSigned ? Z3_mk_bvslt : Z3_mk_bvult, .boolean)
    }

    /// Whether this is at most the other, both read with or without a sign.
    public func isAtMost(_ other: Term, isSigned: Bool) -> Term {
        binary(other, isSigned ? Z3_mk_bvsle : Z3_mk_bvule, .boolean)
    }

    /// The quotient, rounded towards zero. By zero it is what the circuit makes of it.
    public func quotient(by divisor: Term, isSigned: Bool) -> Term {
        binary(divisor, isSigned ? Z3_mk_bvsdiv : Z3_mk_bvudiv)
    }

    /// What `quotient(by:isSigned:)` leaves: it has the sign of the dividend.
    public func remainder(by divisor: Term, isSigned: Bool) -> Term {
        binary(divisor, isSigned ? Z3_mk_bvsrem : Z3_mk_bvurem)
    }

    /// The bits moved up; zeros where the distance is the width or more.
    public func shiftedLeft(by distance: Term) -> Term { binary(distance, Z3_mk_bvshl) }

    /// The bits moved down; copies of the sign, or zeros, come in from above.
    public func shiftedRight(by distance: Term, isSigned: Bool) -> Term {
        binary(distance, isSigned ? Z3_mk_bvashr : Z3_mk_bvlshr)
    }

    /// Some of the bits; bit 0 is the lowest.
    public func extracting(_ range: Range<Int>) -> Term {
        if range.lowerBound == 0, range.count == sort.width { return self }
        return context.term(
            Z3_mk_extract(context.raw, UInt32(range.upperBound - 1), UInt32(range.lowerBound), ast),
            .bitVector(width: range.count))
    }

    /// The value in more bits.
    public func extended(to width: Int, isSigned: Bool) -> Term {
        guard let own = sort.width, own < width else { return self }
        let extra = UInt32(width - own)
        return context.term(
            isSigned ? Z3_mk_sign_ext(context.raw, extra, ast) : Z3_mk_zero_ext(context.raw, extra, ast),
            .bitVector(width: width))
    }

    /// The bits of this above those of another.
    public func concatenated(with lower: Term) -> Term {
        binary(lower, Z3_mk_concat, .bitVector(width: (sort.width ?? 0) + (lower.sort.width ?? 0)))
    }

    /// The value as an integer. Slow to reason about.
    public func integer(isSigned: Bool) -> Term {
        context.term(Z3_mk_bv2int(context.raw, ast, isSigned), .integer)
    }
}
