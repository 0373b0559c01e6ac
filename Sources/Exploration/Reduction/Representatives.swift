import Automata

/// Which state stands for another one, for one thread: first what nobody reads any more is forgotten, then who is who.
final class Representatives {
    let symmetry: Symmetry?
    let deadVariables: DeadVariables?

    /// - Returns: nil if every state stands for itself.
    init?(_ symmetry: Symmetry?, _ deadVariables: DeadVariables?) {
        if symmetry == nil, deadVariables == nil { return nil }
        (self.symmetry, self.deadVariables) = (symmetry, deadVariables)
    }

    /// The same, but that nobody is taken for another.
    var withoutSymmetry: Representatives? { Representatives(nil, deadVariables) }

    /// Makes of each state in a buffer, from one on, that which stands for it.
    func canonicalize(_ buffer: SuccessorBuffer, from first: Int) {
        deadVariables?.reset(buffer, from: first)
        symmetry?.canonicalize(buffer, from: first)
    }

    /// Makes of a state that which stands for it.
    func canonicalize(_ state: inout [UInt8]) {
        deadVariables?.reset(&state)
        symmetry?.canonicalize(&state)
    }
}
