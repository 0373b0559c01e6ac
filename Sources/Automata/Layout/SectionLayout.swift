import Promela

/// How the variables of one section (the globals, a process, a record) lie in memory.
public struct SectionLayout: Sendable {
    /// One variable.
    public struct Slot: Sendable {
        /// The storage of a scalar, or of the first element; for a record only the offset counts.
        public var storage: Storage
        /// Bytes from one element to the next.
        public var stride: Int
    }

    public var slots: [Slot]
    /// Bytes of the section.
    public var size: Int
}

extension SectionLayout {
    /// Lays out variables in order. Scalars of less than a byte share bytes if `packsBits`; arrays and records keep whole
    /// bytes, and an array of `bit` keeps whole values too, as Spin's verifier has it.
    /// - Parameters:
    ///   - start: where the first variable may lie.
    ///   - termWidth: numbers of at least so many bits may be terms.
    init(_ variables: [Variable], records: [SectionLayout], start: Int, packsBits: Bool, termWidth: Int?) {
        var slots: [Slot] = []
        var offset = start
        var bitByte = -1
        var usedBits = 8
        for variable in variables {
            let count = variable.count ?? 1
            switch variable.type {
            case .record(let index):
                let stride = records[index].size
                slots.append(
                    Slot(storage: Storage(form: .unsigned8, offset: offset, shift: 0, width: 8), stride: stride))
                offset += stride * count
            case .scalar(let type):
                let form = Storage.form(of: type, termWidth: termWidth)
                if packsBits, variable.count == nil, type.width < 8, variable.visibility != .hidden, !form.mayHoldTerm {
                    if usedBits + type.width > 8 {
                        bitByte = offset
                        offset += 1
                        usedBits = 0
                    }
                    slots.append(
                        Slot(
                            storage: Storage(form: .bits, offset: bitByte, shift: usedBits, width: type.width),
                            stride: 0))
                    usedBits += type.width
                } else {
                    let isBitArray = variable.count != nil && type.width == 1
                    slots.append(
                        Slot(
                            storage: Storage(
                                form: form, offset: offset, shift: 0, width: isBitArray ? 8 : type.width),
                            stride: Storage.size(of: form)))
                    offset += Storage.size(of: form) * count
                }
            }
        }
        self.slots = slots
        size = offset
    }

    /// Where the scalars of variables lie that the section begins with, field by field and element by element.
    func scalars(
        of variables: ArraySlice<Variable>, base: Int, _ program: Program, _ records: [SectionLayout]
    ) -> [Storage] {
        zip(variables, slots).flatMap { variable, slot in
            (0..<(variable.count ?? 1)).flatMap { element in
                var storage = slot.storage
                storage.offset += base + element * slot.stride
                guard case .record(let record) = variable.type else { return [storage] }
                return records[record].scalars(
                    of: program.records[record].fields[...], base: storage.offset, program, records)
            }
        }
    }
}
