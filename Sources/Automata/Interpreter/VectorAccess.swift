/// Reading and writing the vector.
extension Machine {
    /// Reads a whole variable or message field, and has it noted if reads are.
    @inline(__always)
    func loadNoting(_ form: Storage.Form, at address: Int) -> Int64 {
        readLog?.note(address, bytes: Storage.size(of: form))
        return load(form, at: address)
    }

    @inline(__always)
    func load(_ form: Storage.Form, at address: Int) -> Int64 {
        switch form {
        case .bits, .unsigned8: Int64(state.load(fromByteOffset: address, as: UInt8.self))
        case .unsigned16: Int64(state.loadUnaligned(fromByteOffset: address, as: UInt16.self))
        case .unsigned32: Int64(state.loadUnaligned(fromByteOffset: address, as: UInt32.self))
        case .unsigned64, .unsignedTerm, .signedTerm: state.loadUnaligned(fromByteOffset: address, as: Int64.self)
        case .signed16: Int64(state.loadUnaligned(fromByteOffset: address, as: Int16.self))
        case .signed32: Int64(state.loadUnaligned(fromByteOffset: address, as: Int32.self))
        }
    }

    @inline(__always)
    func store(_ value: Int64, _ form: Storage.Form, at address: Int) {
        switch form {
        case .bits, .unsigned8: state.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: address, as: UInt8.self)
        case .unsigned16, .signed16:
            state.storeBytes(of: UInt16(truncatingIfNeeded: value), toByteOffset: address, as: UInt16.self)
        case .unsigned32, .signed32:
            state.storeBytes(of: UInt32(truncatingIfNeeded: value), toByteOffset: address, as: UInt32.self)
        case .unsigned64, .unsignedTerm, .signedTerm: state.storeBytes(of: value, toByteOffset: address, as: Int64.self)
        }
    }

    /// Reads a scalar that lies in a section.
    func load(_ storage: Storage, base: Int) -> Int64 {
        let address = base + storage.offset
        if storage.form == .bits { readLog?.note(address, shift: storage.shift, width: storage.width) }
        let value = storage.form == .bits ? load(.bits, at: address) : loadNoting(storage.form, at: address)
        return storage.form == .bits ? (value >> Int64(storage.shift)) & ((1 << Int64(storage.width)) - 1) : value
    }

    /// Writes a scalar that lies in a section, cut to its width.
    func store(_ value: Int64, _ storage: Storage, base: Int) {
        let kept = storage.form.mayHoldTerm ? value : Storage.truncate(value, width: storage.width, isSigned: storage.isSigned)
        if storage.form == .bits {
            storeBits(kept, at: base + storage.offset, shift: storage.shift, width: storage.width)
        } else {
            store(kept, storage.form, at: base + storage.offset)
        }
    }

    @inline(__always)
    func storeBits(_ value: Int64, at address: Int, shift: Int, width: Int) {
        let mask = UInt8(truncatingIfNeeded: ((1 << width) - 1) << shift)
        let old = state.load(fromByteOffset: address, as: UInt8.self)
        state.storeBytes(
            of: (old & ~mask) | (UInt8(truncatingIfNeeded: value << Int64(shift)) & mask), toByteOffset: address,
            as: UInt8.self)
    }
}
