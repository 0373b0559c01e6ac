/// What sleeps in successors, one after the other; see `SleepTable`. A copy is the same list; whoever made it gives the
/// memory back.
public struct SleepMasks {
    private struct Header {
        var masks: UnsafeMutablePointer<UInt64>
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
    public subscript(index: Int) -> UInt64 { header.pointee.masks[index] }

    public func removeAll() { header.pointee.count = 0 }

    @inline(__always)
    func append(_ mask: UInt64) {
        room(for: 1)[0] = mask
        append(count: 1)
    }

    /// Where so many masks can be written, to be appended then.
    @inline(__always)
    func room(for more: Int) -> UnsafeMutablePointer<UInt64> {
        if header.pointee.count &+ more > header.pointee.capacity { grow(by: more) }
        return header.pointee.masks + header.pointee.count
    }

    @inline(__always)
    func append(count: Int) { header.pointee.count &+= count }

    @inline(never)
    private func grow(by more: Int) {
        let capacity = max(header.pointee.capacity * 2, header.pointee.count + more)
        let larger = UnsafeMutablePointer<UInt64>.allocate(capacity: capacity)
        larger.update(from: header.pointee.masks, count: header.pointee.count)
        header.pointee.masks.deallocate()
        (header.pointee.masks, header.pointee.capacity) = (larger, capacity)
    }
}

/// What a generator knows of moves that sleep while it expands a state.
struct SleepWork {
    /// Whether steps are taken from the state itself, and not inside atomic sequences that begin there.
    var isAwake = false
    /// Those that sleep in the state.
    var asleep: UInt64 = 0
    /// Those, and those that were taken.
    var done: UInt64 = 0
    /// Those that sleep after what is done at present.
    var later: UInt64 = 0
    /// The move that is looked at: its bit, and its number.
    var bit: UInt64 = 0
    var move = 0
    /// The numbers of the first moves of all processes where they stand.
    let here: UnsafeMutablePointer<Int>

    init() {
        here = .allocate(capacity: 256)
        here.initialize(repeating: 0, count: 256)
    }

    func deallocate() { here.deallocate() }
}
