/// A part of the state vector that is read and written as a whole: a byte, or some bits of one.
public struct VectorField: Hashable, Sendable {
    /// Bytes from the start of the vector.
    public var offset: Int
    /// Which bits of the byte.
    public var mask: UInt8

    @inline(__always)
    func value(in vector: [UInt8]) -> UInt8 { vector[offset] & mask }

    @inline(__always)
    func set(_ value: UInt8, in vector: inout [UInt8]) { vector[offset] = vector[offset] & ~mask | value }
}

/// A field of the state vector, and a value of it.
public struct FieldValue: Hashable, Sendable {
    /// An index into the fields.
    public var field: Int
    public var value: UInt8

    public init(field: Int, value: UInt8) {
        self.field = field
        self.value = value
    }
}
