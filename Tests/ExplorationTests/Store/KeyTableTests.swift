import CStatePacking
@testable import Exploration
import TestSupport
import Testing

/// Keys are found in lines of slots, with whichever instructions the machine has.
struct KeyTableTests {
    static let instructions = [plainLines, wideLines, widestLines].filter { $0.rawValue <= lineInstructions().rawValue }

    /// Bytes of keys: whole words, and parts of the last.
    static let sizes = [2, 3, 4, 9, 12, 15, 18, 62] + (1...Int(keyWordLimit)).map { $0 * 8 }

    /// A table of memory that is its own.
    private final class Table {
        var table = KeyTable()

        /// - Parameter bytes: of a key, which may be less than its words.
        init(bytes: Int, lines: Int, room: Int, _ instructions: LineInstructions) {
            let size = lines * Int(slotLineBytes)
            let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
            memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            let keys = UnsafeMutablePointer<UInt8>.allocate(capacity: room * bytes + 8)
            keys.initialize(repeating: 0xA5, count: room * bytes + 8)
            table = KeyTable(
                keys: makeStoredKeys(keys, Int64(bytes)), count: 0,
                lines: makeSlotLines(memory, UInt64(lines)), instructions: instructions)
        }

        deinit {
            table.lines.slots.deallocate()
            table.keys.start.deallocate()
        }
    }

    private func hash(_ key: [UInt64]) -> UInt64 { hashOfKey(key, Int64(key.count)) }

    /// Few different hashes, so that lines are full and tags are shared.
    private func poorHash(_ key: [UInt64]) -> UInt64 { (hash(key) % 5) << 62 | hash(key) % 3 << 37 }

    @Test(
        "a table agrees with a dictionary, whatever the instructions, with lines that are full and tags that many have",
        arguments: instructions.flatMap { instructions in sizes.map { (instructions, $0) } }, [false, true])
    func agrees(_ sort: (LineInstructions, Int), hasPoorHashes: Bool) {
        let (instructions, bytes) = sort
        let words = (bytes + 7) / 8
        var random = SplitMix64(seed: UInt64(bytes))
        let own = Table(bytes: bytes, lines: 40, room: 600, instructions)
        var known: [[UInt64]: Int] = [:]
        while known.count < 590 {
            let before = own.table
            let keys = (0..<Int.random(in: 1...10, using: &random)).map { _ in
                [UInt64.random(in: 0...400, using: &random)] + (1..<words).map { _ in UInt64.random(in: 0...1, using: &random) }
            }
            // What a place says before is a number, or is not.
            var places = keys.map { SuccessorPlace(hash: hasPoorHashes ? poorHash($0) : hash($0), number: -2) }
            var found = places
            insertKeys(&own.table, &places, keys.flatMap(\.self), Int64(keys.count))
            for (key, place) in zip(keys, places) {
                let number = known[key] ?? known.count
                known[key] = number
                #expect(place.number == number)
            }
            #expect(own.table.count == known.count)
            // What was there before is seen from a copy, and nothing else.
            var copy = before
            lookUpKeys(&copy, &found, keys.flatMap(\.self), Int64(keys.count), -2)
            #expect(found.map(\.number) == places.map { $0.number < before.count ? $0.number : -2 })
            if known.count >= 400 * (1 << (words - 1)) - 30 { break }
        }
        #expect(known.count > 300)
    }

    @Test(
        "keys of all bits are what they were, and with more bytes the others are zero, however many there are",
        arguments: sizes, [(1, 1), (30, 0), (64, 4), (65, 8), (1000, 20)])
    func widened(bytes: Int, how: (count: Int, more: Int)) {
        let wideBytes = min(bytes + how.more, Int(keyWordLimit) * 8)
        var random = SplitMix64(seed: UInt64(bytes * 100 + how.more))
        let size = how.count * wideBytes + 8
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
        memory.initializeMemory(as: UInt8.self, repeating: 0xA5, count: size)
        defer { memory.deallocate() }
        var narrow = makeStoredKeys(memory, Int64(bytes))
        let keys = (0..<how.count).map { _ in
            (0..<narrow.words).map { UInt64.random(in: 0...UInt64.max, using: &random) & ($0 == narrow.words - 1 ? narrow.lastMask : .max) }
        }
        for (number, key) in keys.enumerated() { storeKey(&narrow, Int64(number), key, narrow.words) }
        var wide = widenStoredKeys(&narrow, Int64(wideBytes), Int64(how.count))
        #expect(wide.bytes == wideBytes)
        for (number, key) in keys.enumerated() {
            var same = [UInt64](repeating: 7, count: Int(wide.words))
            loadStoredKey(&wide, Int64(number), &same)
            #expect(same == key + [UInt64](repeating: 0, count: Int(wide.words - narrow.words)))
        }
    }

    @Test("what a place says in other words is left as it is")
    func leftAlone() {
        let own = Table(bytes: 8, lines: 2, room: 8, lineInstructions())
        var places = [SuccessorPlace(hash: hash([7]), number: -2)]
        insertKeys(&own.table, &places, [7], 1)
        places = [SuccessorPlace(hash: hash([7]), number: -1), SuccessorPlace(hash: hash([7]), number: -2)]
        lookUpKeys(&own.table, &places, [7, 7], 2, -2)
        #expect(places.map(\.number) == [-1, 0])
    }
}
