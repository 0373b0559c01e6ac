import CZ3

/// Truth values, and choices that depend on them.
extension Term {
    public static prefix func ! (term: Term) -> Term { term.unary(Z3_mk_not) }

    public static func && (one: Term, other: Term) -> Term { one.combined(with: other, Z3_mk_and) }

    public static func || (one: Term, other: Term) -> Term { one.combined(with: other, Z3_mk_or) }

    /// Whether the two have the same value.
    public static func .== (one: Term, other: Term) -> Term { one.binary(other, Z3_mk_eq, .boolean) }

    /// Whether the two have different values.
    public static func .!= (one: Term, other: Term) -> Term { !(one .== other) }

    /// False only where this holds and the other does not.
    public func implies(_ other: Term) -> Term { binary(other, Z3_mk_implies) }

    /// One term where this holds, and another where it does not.
    public func choose(_ one: Term, else other: Term) -> Term {
        context.term(Z3_mk_ite(context.raw, ast, one.ast, other.ast), one.sort)
    }
}

/// Arrays: a value for each index.
extension Term {
    /// The element at an index.
    public func element(at index: Term) -> Term {
        guard case .array(_, let element) = sort else { preconditionFailure("only arrays have elements") }
        return binary(index, Z3_mk_select, element)
    }

    /// The array with one element replaced.
    public func replacingElement(at index: Term, by value: Term) -> Term {
        context.term(Z3_mk_store(context.raw, ast, index.ast, value.ast), sort)
    }
}
