/// What is asked of values that may be terms, outside the loop that carries out instructions.
extension Machine {
    /// 0 if a value is zero; the value, or 1 for a term, if it is not.
    @inline(__always)
    func truth(of value: Int64) -> Int64 {
        guard let terms, TermValue(bits: value).isTerm else { return value }
        return terms.areEqual(TermValue(bits: value), TermValue(bits: 0)) ? 0 : 1
    }

    /// A value as a plain number.
    @inline(__always)
    func number(_ value: Int64) -> Int64 {
        guard let terms, TermValue(bits: value).isTerm else { return value }
        return terms.number(TermValue(bits: value))
    }

    /// Whether two values are the same.
    @inline(__always)
    func areEqual(_ one: Int64, _ other: Int64) -> Bool {
        if one == other { return true }
        guard let terms, TermValue(bits: one).isTerm || TermValue(bits: other).isTerm else { return false }
        return terms.areEqual(TermValue(bits: one), TermValue(bits: other))
    }

    /// Whether a value comes after another, as numbers with a sign.
    func isGreater(_ one: Int64, than other: Int64) -> Bool {
        guard let terms, TermValue(bits: one).isTerm || TermValue(bits: other).isTerm else { return one > other }
        return terms.isGreater(TermValue(bits: one), TermValue(bits: other))
    }

    /// A value as a field of a message or a parameter keeps it.
    @inline(__always)
    func kept(_ value: Int64, _ storage: Storage, site: Int? = nil) -> Int64 {
        guard let terms else { return Storage.truncate(value, width: storage.width, isSigned: storage.isSigned) }
        if storage.form.mayHoldTerm {
            return terms.kept(
                value, width: storage.width, isSigned: storage.isSigned, at: site.map { .store($0) } ?? .unknown)
        }
        let number = TermValues(terms: terms, machine: self).concrete(value)
        return Storage.truncate(number, width: storage.width, isSigned: storage.isSigned)
    }
}
