/// States one after the other in memory: where a generator leaves the successors that it finds.
///
/// The generator makes each successor where it will lie, at the end, so that none is copied. The buffer serves as a batch, and
/// as the stack of a depth-first search.
public final class SuccessorBuffer {
    @usableFromInline let memory: SuccessorMemory

    public init() { memory = SuccessorMemory() }

    deinit { memory.deallocate() }

    /// How many states there are.
    @inlinable @inline(__always)
    public var count: Int { memory.header.pointee.count }

    /// Bytes in use.
    public var byteCount: Int { memory.header.pointee.used + memory.header.pointee.count * 8 }

    /// The bytes of a state; they stay valid until a state is added.
    @inlinable @inline(__always)
    public subscript(index: Int) -> UnsafeRawBufferPointer {
        let header = memory.header
        let start = header.pointee.ends[index]
        return UnsafeRawBufferPointer(
            start: header.pointee.bytes + start, count: header.pointee.ends[index &+ 1] &- start)
    }

    /// Adds a copy of a state.
    public func append(_ state: UnsafeRawBufferPointer) {
        let end = memory.end(reserving: state.count)
        if let bytes = state.baseAddress { end.copyMemory(from: bytes, byteCount: state.count) }
        memory.append(size: state.count)
    }

    /// Changes states where they lie, from one on; none becomes longer or shorter.
    @inline(__always)
    func update(from first: Int, _ body: (_ state: UnsafeMutableRawPointer, _ size: Int) -> Void) {
        let header = memory.header
        for index in first..<count {
            let start = header.pointee.ends[index]
            body(header.pointee.bytes + start, header.pointee.ends[index &+ 1] &- start)
        }
    }

    /// Forgets all states but the first `count`.
    @inlinable @inline(__always)
    public func removeAll(after count: Int = 0) {
        memory.header.pointee.count = count
        memory.header.pointee.used = memory.header.pointee.ends[count]
    }
}

/// The memory of a `SuccessorBuffer`, behind one pointer: reaching it counts no reference and checks no access.
@usableFromInline
struct SuccessorMemory {
    @usableFromInline
    struct Header {
        @usableFromInline var bytes: UnsafeMutableRawPointer
        @usableFromInline var capacity: Int
        @usableFromInline var used: Int
        /// Where each state ends, after a zero for where the first one starts.
        @usableFromInline var ends: UnsafeMutablePointer<Int>
        @usableFromInline var endCapacity: Int
        @usableFromInline var count: Int
    }

    @usableFromInline let header: UnsafeMutablePointer<Header>

    init() {
        let capacity = 1 << 14
        let endCapacity = 1 << 9
        header = .allocate(capacity: 1)
        header.initialize(
            to: Header(
                bytes: .allocate(byteCount: capacity, alignment: 16), capacity: capacity, used: 0,
                ends: .allocate(capacity: endCapacity), endCapacity: endCapacity, count: 0))
        header.pointee.ends.initialize(repeating: 0, count: endCapacity)
    }

    func deallocate() {
        header.pointee.bytes.deallocate()
        header.pointee.ends.deallocate()
        header.deallocate()
    }

    /// Where the next state may be made; it is not part of the buffer before `append`.
    @inline(__always)
    func end(reserving size: Int) -> UnsafeMutableRawPointer {
        if header.pointee.capacity &- header.pointee.used < size { grow(by: size) }
        return header.pointee.bytes + header.pointee.used
    }

    /// Makes the bytes at the end a state.
    @inline(__always)
    func append(size: Int) {
        header.pointee.used &+= size
        header.pointee.count &+= 1
        if header.pointee.count == header.pointee.endCapacity { growEnds() }
        header.pointee.ends[header.pointee.count] = header.pointee.used
    }

    /// Where states can be made one after the other, and where to write where each of them ends, counted from `used`.
    @inline(__always)
    func room(
        for size: Int, states: Int
    ) -> (bytes: UnsafeMutableRawPointer, ends: UnsafeMutablePointer<Int>, used: Int) {
        let bytes = end(reserving: size)
        while header.pointee.endCapacity &- header.pointee.count <= states { growEnds() }
        return (bytes, header.pointee.ends + (header.pointee.count &+ 1), header.pointee.used)
    }

    /// Makes states of what was written where `room` said.
    @inline(__always)
    func append(count: Int) {
        header.pointee.count &+= count
        header.pointee.used = header.pointee.ends[header.pointee.count]
    }

    @inline(never)
    private func grow(by size: Int) {
        let capacity = max(header.pointee.capacity * 2, header.pointee.used + size)
        let larger = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        larger.copyMemory(from: header.pointee.bytes, byteCount: header.pointee.used)
        header.pointee.bytes.deallocate()
        header.pointee.bytes = larger
        header.pointee.capacity = capacity
    }

    @inline(never)
    private func growEnds() {
        let capacity = header.pointee.endCapacity * 2
        let larger = UnsafeMutablePointer<Int>.allocate(capacity: capacity)
        larger.initialize(repeating: 0, count: capacity)
        larger.update(from: header.pointee.ends, count: header.pointee.endCapacity)
        header.pointee.ends.deallocate()
        header.pointee.ends = larger
        header.pointee.endCapacity = capacity
    }
}
