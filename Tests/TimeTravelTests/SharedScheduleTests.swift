import Glibc
import Testing

@testable import TimeTravel

/// Offsets are those of `struct um_timetravel_schedshm`, read here byte by byte through a mapping of its own.
@Suite struct SharedScheduleTests {
    private static func bytes(of memory: SharedSchedule, length: Int) throws -> UnsafeMutableRawPointer {
        try #require(mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, memory.descriptor.number, 0))
    }

    @Test func theHeaderAndTheSlotsAreWhereTheKernelLooksForThem() throws {
        let memory = try SharedSchedule(slotCount: 3)
        let length = 4096 + 3 * 128
        let bytes = try Self.bytes(of: memory, length: length)
        defer { munmap(bytes, length) }
        memory.freeUntil = 0x0102_0304_0506_0708
        memory.currentTime = 17
        memory.runningClient = 2
        memory[2] = SharedSchedule.Slot(capabilities: 1, flags: 1, requestTime: 99, name: .max)
        #expect(bytes.load(fromByteOffset: 0, as: UInt32.self) == 2)
        #expect(bytes.load(fromByteOffset: 4, as: UInt32.self) == UInt32(length))
        #expect(bytes.load(fromByteOffset: 8, as: UInt64.self) == 0x0102_0304_0506_0708)
        #expect(bytes.load(fromByteOffset: 16, as: UInt64.self) == 17)
        #expect(bytes.load(fromByteOffset: 24, as: UInt16.self) == 2)
        #expect(bytes.load(fromByteOffset: 26, as: UInt16.self) == 3)
        let slot = 4096 + 2 * 128
        #expect(bytes.load(fromByteOffset: slot, as: UInt32.self) == 1)
        #expect(bytes.load(fromByteOffset: slot + 4, as: UInt32.self) == 1)
        #expect(bytes.load(fromByteOffset: slot + 8, as: UInt64.self) == 99)
        #expect(bytes.load(fromByteOffset: slot + 16, as: UInt64.self) == .max)
    }

    @Test func whatAClientWritesIsRead() throws {
        let memory = try SharedSchedule(slotCount: 2)
        let client = try #require(try SharedSchedule(mapping: memory.descriptor, slot: 1))
        client.currentTime = 5
        client[1] = SharedSchedule.Slot(capabilities: 1, flags: 0, requestTime: 7, name: 0)
        #expect(memory.currentTime == 5)
        #expect(memory[1].sharesTime)
        #expect(memory[1].request == nil)
        client[1].flags = 1
        #expect(memory[1].request == 7)
    }

    @Test(arguments: [(UInt64(10), UInt64(5), UInt64(5)), (10, 15, 10), (10, 10, 10)])
    func freeUntilIsOnlyLowered(before: UInt64, time: UInt64, after: UInt64) throws {
        let memory = try SharedSchedule(slotCount: 2)
        memory.freeUntil = before
        memory.lowerFreeUntil(to: time)
        #expect(memory.freeUntil == after)
    }

    @Test(arguments: [0, 4096, 1 << 20]) func nobodyCanChangeItsSize(length: Int) throws {
        let memory = try SharedSchedule(slotCount: 2)
        #expect(ftruncate(memory.descriptor.number, length) == -1)
        #expect(errno == EPERM)
    }

    @Test func aSlotThatThereIsNotCannotBeMapped() throws {
        let memory = try SharedSchedule(slotCount: 2)
        #expect(try SharedSchedule(mapping: memory.descriptor, slot: 1) != nil)
        #expect(try SharedSchedule(mapping: memory.descriptor, slot: 2) == nil)
    }

    @Test func memoryThatIsToBeRefusedIsRefused() throws {
        #expect(try SharedSchedule(mapping: SharedSchedule.makeRefused(), slot: 0) == nil)
        #expect(try SharedSchedule(mapping: Descriptor.null(), slot: 0) == nil)
    }
}
