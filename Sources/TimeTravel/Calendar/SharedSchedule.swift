import CHost
import Glibc
import Synchronization

/// The memory that a calendar shares with its clients, version 2 (`struct um_timetravel_schedshm` of `linux/um_timetravel.h`).
///
/// A page of header, then a slot of 128 bytes for each client. Clients can write all of it at any time, so nothing that is read
/// from here is to be trusted. Every access is a single atomic one.
public final class SharedSchedule {
    /// Of `version`.
    public static let version: UInt32 = 2
    /// The bytes of the header.
    public static let headerLength = 4096
    /// The bytes of a client's slot.
    public static let slotLength = 128
    /// In a slot's `capa`: the client reads and writes times here, and neither sends nor expects ACKs of RUN and WAIT.
    public static let timeShare: UInt32 = 1
    /// In a slot's `flags`: `req_time` is a request.
    public static let requestsRun: UInt32 = 1

    private enum Offset {
        static let version = 0, length = 4, freeUntil = 8, currentTime = 16, runningClient = 24, maximumClients = 26
        static let capabilities = 0, flags = 4, requestTime = 8, name = 16
    }

    /// What a client's slot says.
    public struct Slot: Hashable, Sendable {
        public var capabilities: UInt32
        public var flags: UInt32
        public var requestTime: UInt64
        public var name: UInt64

        public init(capabilities: UInt32, flags: UInt32, requestTime: UInt64, name: UInt64) {
            self.capabilities = capabilities
            self.flags = flags
            self.requestTime = requestTime
            self.name = name
        }

        /// The time that the client asks for in it.
        public var request: UInt64? { flags & SharedSchedule.requestsRun != 0 ? requestTime : nil }
        public var sharesTime: Bool { capabilities & SharedSchedule.timeShare != 0 }
    }

    /// The memory as a descriptor that can be passed on.
    public let descriptor: Descriptor
    /// Slots, with that of the calendar itself, which is number 0.
    public let slotCount: Int
    private let base: UnsafeMutableRawPointer
    private let length: Int

    /// Makes the memory, sealed against changes of its size.
    /// - Parameter slotCount: with that of the calendar; at least one.
    public init(slotCount: Int) throws(SystemError) {
        precondition(slotCount > 0 && slotCount <= Int(UInt16.max))
        self.slotCount = slotCount
        length = Self.headerLength + slotCount * Self.slotLength
        let file = host_make_memory("heddle-calendar", off_t(length))
        guard file >= 0 else { throw SystemError("make shared memory") }
        descriptor = Descriptor(file)
        base = try Self.map(descriptor, length: length)
        // Nobody else has it yet.
        base.storeBytes(of: Self.version, toByteOffset: Offset.version, as: UInt32.self)
        base.storeBytes(of: UInt32(length), toByteOffset: Offset.length, as: UInt32.self)
        base.storeBytes(of: UInt16(slotCount), toByteOffset: Offset.maximumClients, as: UInt16.self)
    }

    /// Maps what a calendar has sent, as a client does.
    /// - Returns: nil if it is of another version, or too short for this slot.
    public init?(mapping descriptor: Descriptor, slot: UInt16) throws(SystemError) {
        var status = stat()
        guard fstat(descriptor.number, &status) == 0 else { throw SystemError("look at shared memory") }
        guard status.st_size >= Self.headerLength else { return nil }
        let header = try Self.map(descriptor, length: Self.headerLength)
        let version = header.load(fromByteOffset: Offset.version, as: UInt32.self)
        let length = Int(header.load(fromByteOffset: Offset.length, as: UInt32.self))
        munmap(header, Self.headerLength)
        let needed = Self.headerLength + (Int(slot) + 1) * Self.slotLength
        guard version == Self.version, length <= Int(status.st_size), length >= needed else { return nil }
        self.descriptor = descriptor
        self.length = length
        slotCount = (length - Self.headerLength) / Self.slotLength
        base = try Self.map(descriptor, length: length)
    }

    deinit { munmap(base, length) }

    private static func map(_ descriptor: Descriptor, length: Int) throws(SystemError) -> UnsafeMutableRawPointer {
        let memory = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor.number, 0)
        guard let memory, memory != UnsafeMutableRawPointer(bitPattern: -1) else { throw SystemError("map shared memory") }
        return memory
    }

    /// Memory that every client refuses, for its version is 0: so it falls back to messages. A START ACK without any descriptors
    /// would do that too, but then Linux 6.12 maps and closes whatever numbers it finds on its stack.
    public static func makeRefused() throws(SystemError) -> Descriptor {
        let file = host_make_memory("heddle-calendar-none", off_t(headerLength))
        guard file >= 0 else { throw SystemError("make shared memory") }
        return Descriptor(file)
    }

    /// The earliest request of anybody but the running client.
    public var freeUntil: UInt64 {
        get { word64(Offset.freeUntil).pointee.load(ordering: .sequentiallyConsistent) }
        set { word64(Offset.freeUntil).pointee.store(newValue, ordering: .sequentiallyConsistent) }
    }

    /// Set by whoever runs.
    public var currentTime: UInt64 {
        get { word64(Offset.currentTime).pointee.load(ordering: .sequentiallyConsistent) }
        set { word64(Offset.currentTime).pointee.store(newValue, ordering: .sequentiallyConsistent) }
    }

    /// The slot of the client that runs; 0 for the calendar itself.
    public var runningClient: UInt16 {
        get { word16(Offset.runningClient).pointee.load(ordering: .sequentiallyConsistent) }
        set { word16(Offset.runningClient).pointee.store(newValue, ordering: .sequentiallyConsistent) }
    }

    /// Makes `freeUntil` this time, if it is a later one. Clients, which may do the same at this moment, compare and store in two
    /// steps; so theirs can still undo ours.
    public func lowerFreeUntil(to time: UInt64) {
        word64(Offset.freeUntil).pointee.min(time, ordering: .sequentiallyConsistent)
    }

    /// What the slot of a client says; read field by field, so it may be halfway between two states.
    public subscript(slot: UInt16) -> Slot {
        get {
            let start = offset(of: slot)
            return Slot(
                capabilities: word32(start + Offset.capabilities).pointee.load(ordering: .sequentiallyConsistent),
                flags: word32(start + Offset.flags).pointee.load(ordering: .sequentiallyConsistent),
                requestTime: word64(start + Offset.requestTime).pointee.load(ordering: .sequentiallyConsistent),
                name: word64(start + Offset.name).pointee.load(ordering: .sequentiallyConsistent))
        }
        set {
            let start = offset(of: slot)
            word64(start + Offset.requestTime).pointee.store(newValue.requestTime, ordering: .sequentiallyConsistent)
            word64(start + Offset.name).pointee.store(newValue.name, ordering: .sequentiallyConsistent)
            word32(start + Offset.flags).pointee.store(newValue.flags, ordering: .sequentiallyConsistent)
            word32(start + Offset.capabilities).pointee.store(newValue.capabilities, ordering: .sequentiallyConsistent)
        }
    }

    /// What a client checks before it believes the rest.
    func storeVersion(_ value: UInt32) { word32(Offset.version).pointee.store(value, ordering: .sequentiallyConsistent) }
    func storeLength(_ value: UInt32) { word32(Offset.length).pointee.store(value, ordering: .sequentiallyConsistent) }
    func storeMaximumClients(_ value: UInt16) {
        word16(Offset.maximumClients).pointee.store(value, ordering: .sequentiallyConsistent)
    }

    private func offset(of slot: UInt16) -> Int {
        precondition(Int(slot) < slotCount)
        return Self.headerLength + Int(slot) * Self.slotLength
    }

    private func word16(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt16>> {
        (base + offset).assumingMemoryBound(to: Atomic<UInt16>.self)
    }

    private func word32(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
        (base + offset).assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    private func word64(_ offset: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (base + offset).assumingMemoryBound(to: Atomic<UInt64>.self)
    }
}
