import Automata

/// Many states at once: a state vector with terms in it, and what is known of their variables.
struct SymbolicState: Equatable {
    /// The vector; terms speak of the variables of `constraints`.
    var bytes: [UInt8]
    var constraints: ConstraintSet
    /// The process inside an atomic sequence that alone may move, if it can.
    var control: Int?
}

extension [UInt8] {
    /// The value that may be a term, at an offset.
    func value(at offset: Int) -> TermValue {
        withUnsafeBytes { TermValue(bits: $0.loadUnaligned(fromByteOffset: offset, as: Int64.self)) }
    }

    mutating func setValue(_ value: TermValue, at offset: Int) {
        withUnsafeMutableBytes { $0.storeBytes(of: value.bits, toByteOffset: offset, as: Int64.self) }
    }
}
