/// What was read of a state vector, each field once, in the order in which it was read first.
final class ReadLog {
    /// Indices into the fields of the partition.
    private(set) var fields: [Int] = []
    /// See `noteAbsence`.
    private(set) var metAbsence = false
    /// For each byte, the bits that were read.
    private var masks: [UInt8]
    private let partition: VectorPartition

    init(_ partition: VectorPartition) {
        self.partition = partition
        masks = Array(repeating: 0, count: partition.size)
    }

    /// Bits of each byte that were read.
    func mask(at offset: Int) -> UInt8 { masks[offset] }

    func removeAll() {
        for field in fields { masks[partition.fields[field].offset] = 0 }
        fields.removeAll(keepingCapacity: true)
        metAbsence = false
    }

    /// Bytes are read, each of which may consist of several fields.
    func note(_ offset: Int, bytes: Int) {
        for byte in offset..<offset + bytes where byte < partition.size { note(byte, 0xFF) }
    }

    /// Bits of a byte are read.
    func note(_ offset: Int, shift: Int, width: Int) {
        if offset < partition.size { note(offset, UInt8(truncatingIfNeeded: (1 << width - 1) << shift)) }
    }

    /// Something is asked of a process that is not there, or whose location is none.
    func noteAbsence() { metAbsence = true }

    private func note(_ offset: Int, _ mask: UInt8) {
        if masks[offset] & mask == mask { return }
        for index in partition.fields(at: offset) {
            let field = partition.fields[index]
            if field.mask & mask == 0 || masks[offset] & field.mask != 0 { continue }
            masks[offset] |= field.mask
            fields.append(index)
        }
    }
}
