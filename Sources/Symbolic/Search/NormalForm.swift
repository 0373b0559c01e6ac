import Automata
import Foundation

/// A symbolic state in parts: what is known for certain, the values that may be terms, and what is known of their variables.
struct NormalForm: Equatable {
    /// The bytes without all values that may be terms, and who has control.
    struct Explicit: Hashable {
        var bytes: [UInt8]
        var control: Int?

        static func == (one: Explicit, other: Explicit) -> Bool {
            one.control == other.control && one.bytes.count == other.bytes.count
                && one.bytes.withUnsafeBytes { left in
                    other.bytes.withUnsafeBytes { right in
                        guard let left = left.baseAddress, let right = right.baseAddress else { return true }
                        return memcmp(left, right, one.bytes.count) == 0
                    }
                }
        }

        func hash(into hasher: inout Hasher) {
            bytes.withUnsafeBytes { bytes in
                if let base = bytes.baseAddress { hasher.combine(StateHash.hash(base, count: bytes.count)) }
            }
            hasher.combine(control)
        }
    }

    var explicit: Explicit
    /// In the order of their places.
    var values: [TermValue]
    var constraints: ConstraintSet
}

/// Brings symbolic states to a form in which the same set of states is, mostly, the same value: each variable is the value of a
/// place in the vector, numbered in the order of the places, and of other variables nothing is left.
struct Normalization {
    let terms: TermTable
    let layout: TermLayout

    func normalize(_ state: SymbolicState) -> NormalForm {
        var elimination = VariableElimination(state.constraints)
        let offsets = layout.offsets(in: state.bytes)
        var explicit = NormalForm.Explicit(bytes: state.bytes, control: state.control)
        var values: [TermValue] = []
        values.reserveCapacity(offsets.count)
        // Sums last: it depends on the other values which of their variables stay.
        var sums: [Int] = []
        explicit.bytes.withUnsafeMutableBytes { bytes in
            for offset in offsets {
                let value = TermValue(bits: bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
                let kept = value.isTerm ? elimination.keep(value, terms) : value
                if kept == nil { sums.append(values.count) }
                values.append(kept ?? value)
                bytes.storeBytes(of: 0, toByteOffset: offset, as: Int64.self)
            }
        }
        for index in sums { values[index] = terms.value(of: elimination.keep(terms.expression(of: values[index]))) }
        return NormalForm(explicit: explicit, values: values, constraints: elimination.finish())
    }

    /// A state without its values that may be terms.
    func explicit(_ state: SymbolicState) -> NormalForm.Explicit {
        var explicit = NormalForm.Explicit(bytes: state.bytes, control: state.control)
        for offset in layout.offsets(in: state.bytes) { explicit.bytes.setValue(TermValue(bits: 0), at: offset) }
        return explicit
    }

    /// The state that has a normal form.
    func state(_ form: NormalForm) -> SymbolicState {
        var state = SymbolicState(
            bytes: form.explicit.bytes, constraints: form.constraints, control: form.explicit.control)
        for (offset, value) in zip(layout.offsets(in: state.bytes), form.values) { state.bytes.setValue(value, at: offset) }
        return state
    }
}
