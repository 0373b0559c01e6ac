/// The fields that state vectors consist of, if each process that comes and goes always has the same place and type.
///
/// Here vectors have a place for every process: where one is not there, its location is `absence`, and its other bytes are 0 but for its type.
struct VectorPartition {
    /// The last byte of the location of a process that is not there.
    static let absence = UInt8.max

    /// The type of the process at each place.
    let proctypes: [Int]
    /// Where each block starts, and where the last one ends.
    let frames: [Int]
    /// Bytes of a vector with all processes.
    var size: Int { frames[proctypes.count] }
    private let system: System
    /// Where the fields of each byte start in `fields`.
    private let starts: [Int]
    let fields: [VectorField]

    /// - Returns: nil if locations have no number left that could stand for absence, or if the length of a channel is not one field.
    init?(_ system: System, proctypes: [Int]) {
        let layout = system.layout
        let locationLimit = layout.options.locationSize == 1 ? 0xFF : 0xFF00
        guard system.automata.allSatisfy({ $0.locations.count <= locationLimit }), layout.channelTypes.allSatisfy({ $0.countSize < 2 })
        else { return nil }
        self.system = system
        self.proctypes = proctypes
        var frames = [layout.processesOffset]
        for proctype in proctypes { frames.append((frames.last ?? 0) + layout.processes[proctype].size) }
        self.frames = frames
        var masks: [[UInt8]] = Array(repeating: [], count: frames[proctypes.count])
        func note(_ section: SectionLayout, base: Int) {
            for case let storage in section.slots.map(\.storage) where storage.form == .bits {
                masks[base + storage.offset].append(UInt8(truncatingIfNeeded: (1 << storage.width - 1) << storage.shift))
            }
        }
        note(layout.globals, base: 0)
        for (proctype, frame) in zip(proctypes, frames) { note(layout.processes[proctype].locals, base: frame) }
        var (starts, fields) = ([0], [VectorField]())
        for (offset, masks) in masks.enumerated() {
            // Bits that belong to nothing are a field too: whatever is there is told apart.
            let rest = ~masks.reduce(0, |)
            for mask in rest == 0 ? masks : masks + [rest] { fields.append(VectorField(offset: offset, mask: mask)) }
            starts.append(fields.count)
        }
        (self.starts, self.fields) = (starts, fields)
    }

    /// The fields of a byte, as indices.
    @inline(__always)
    func fields(at offset: Int) -> Range<Int> { starts[offset]..<starts[offset + 1] }

    /// The byte that says whether the process at a place is there.
    func presenceOffset(of pid: Int) -> Int { frames[pid] + StateLayout.locationOffset + system.layout.options.locationSize - 1 }

    /// A state with a place for every process.
    /// - Returns: nil if it has processes that there is no place for.
    func vector(of state: UnsafeRawBufferPointer) -> [UInt8]? {
        let count = Int(state[StateLayout.processCountOffset])
        guard count <= proctypes.count, state.count == frames[count] else { return nil }
        for pid in 0..<count where Int(state[frames[pid]]) != proctypes[pid] { return nil }
        var vector = [UInt8](state)
        vector.append(contentsOf: repeatElement(0, count: size - vector.count))
        for pid in count..<proctypes.count {
            vector[frames[pid]] = UInt8(proctypes[pid])
            vector[presenceOffset(of: pid)] = Self.absence
        }
        return vector
    }
}
