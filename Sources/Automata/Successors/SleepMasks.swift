import CStatePacking

/// What sleeps in a state: moves that are possible, and processes that can do nothing else; see `SleepTable`.
public typealias SleepMask = SleepingMoves

extension SleepingMoves: @retroactive Equatable {
    public static func == (one: SleepMask, other: SleepMask) -> Bool { one.moves == other.moves && one.processes == other.processes }

    /// Everything sleeps that is possible.
    public static var everything: SleepMask { SleepMask(moves: .max, processes: .max) }

    /// What sleeps in a state that was found in two ways.
    @inline(__always)
    public mutating func formIntersection(_ other: SleepMask) {
        moves &= other.moves
        processes &= other.processes
    }
}

/// What sleeps in successors, one after the other. A copy is the same list; whoever made it gives the memory back.
public struct SleepMasks {
    private struct Header {
        var masks: UnsafeMutablePointer<SleepMask>
        var capacity: Int
        var count: Int
    }

    private let header: UnsafeMutablePointer<Header>

    init() {
        header = .allocate(capacity: 1)
        header.initialize(to: Header(masks: .allocate(capacity: 1 << 9), capacity: 1 << 9, count: 0))
    }

    func deallocate() {
        header.pointee.masks.deallocate()
        header.deallocate()
    }

    public var count: Int { header.pointee.count }

    @inline(__always)
    public subscript(index: Int) -> SleepMask { header.pointee.masks[index] }

    public func removeAll() { header.pointee.count = 0 }

    @inline(__always)
    func append(_ mask: SleepMask) {
        room(for: 1)[0] = mask
        append(count: 1)
    }

    /// Where so many masks can be written, to be appended then.
    @inline(__always)
    func room(for more: Int) -> UnsafeMutablePointer<SleepMask> {
        if header.pointee.count &+ more > header.pointee.capacity { grow(by: more) }
        return header.pointee.masks + header.pointee.count
    }

    @inline(__always)
    func append(count: Int) { header.pointee.count &+= count }

    @inline(never)
    private func grow(by more: Int) {
        let capacity = max(header.pointee.capacity * 2, header.pointee.count + more)
        let larger = UnsafeMutablePointer<SleepMask>.allocate(capacity: capacity)
        larger.update(from: header.pointee.masks, count: header.pointee.count)
        header.pointee.masks.deallocate()
        (header.pointee.masks, header.pointee.capacity) = (larger, capacity)
    }
}

/// What a generator knows of moves that sleep while it expands a state.
struct SleepWork {
    /// Whether steps are taken from the state itself, and not inside atomic sequences that begin there.
    var isAwake = false
    /// What sleeps in the state.
    var asleep = SleepMask()
    /// That, with the moves that were taken, and the processes that were asked.
    var done = SleepMask()
    /// What sleeps after what is done at present.
    var later = SleepMask()
    /// The move that is looked at: its bit, and its number.
    var bit: UInt64 = 0
    var move = 0
    /// Whether all moves of the process that were taken have bits.
    var hasBits = false
    /// The number of the place where each process stands.
    let places: UnsafeMutablePointer<Int>

    init() {
        places = .allocate(capacity: 256)
        places.initialize(repeating: 0, count: 256)
    }

    func deallocate() { places.deallocate() }
}
