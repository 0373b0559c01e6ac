/// What kind of value a term stands for.
public indirect enum Sort: Hashable, Sendable {
    case boolean
    /// Any whole number, however large.
    case integer
    /// Bits without a meaning of their own: each operation says whether it reads them with a sign.
    case bitVector(width: Int)
    case array(index: Sort, element: Sort)

    /// The bits of a bit vector, or nil.
    public var width: Int? {
        if case .bitVector(let width) = self { return width }
        return nil
    }
}
