@testable import Exploration
import TestSupport
import Testing

/// Packed keys are a list of keys.
struct PackedKeyTests {
    /// A number of up to so many bits, small ones as often as large ones.
    private func number(bits: Int, _ random: inout SplitMix64) -> UInt32 {
        UInt32(truncatingIfNeeded: random.next() >> UInt64(64 - Int.random(in: 1...max(1, bits), using: &random)))
    }

    @Test(
        "every key is what it was, while numbers grow to any width, condensed or not", arguments: [1, 4, 11, 16, 17, 24, 31, 32],
        [false, true])
    func keys(bits: Int, isCondensed: Bool) throws {
        var random = SplitMix64(seed: UInt64(bits))
        var memory = MemoryOwner()
        var packed = try PackedKeys(memoryLimit: 1 << 26, &memory)
        var keys: [StateKey] = []
        for count in 0..<20_000 {
            // Wider and wider, so that blocks are copied at all lengths.
            let width = min(bits, 1 + count / 300)
            let parts = (0..<4).map { _ in number(bits: width, &random) }
            // The size and the first two numbers share a word.
            let size = bits == 32 ? 0 : number(bits: min(width, 64 - 2 * bits, 6), &random)
            let key = parts.withUnsafeBufferPointer { StateKey($0.baseAddress!, size: size) }
            let isAppended = packed.append(key)
            #expect(isAppended)
            keys.append(key)
            // Where a block is full, has begun, or has become wider.
            if isCondensed, [4096, 4097, 5000, 8191, 12_288, 15_000, 19_999].contains(count) { packed.condense() }
            // The first ones may have been copied; the rest is looked at in the end.
            if count < 4096, count.isMultiple(of: 100) { #expect(keys.indices.allSatisfy { packed[$0] == keys[$0] }) }
        }
        for (number, key) in keys.enumerated() { #expect(packed[number] == key) }
        // Any two of them, and those that differ in one bit.
        for _ in 0..<20_000 {
            let (number, other) = (Int.random(in: 0..<keys.count, using: &random), Int.random(in: 0..<keys.count, using: &random))
            #expect(packed.matches(number, keys[number]))
            #expect(packed.matches(number, keys[other]) == (keys[number] == keys[other]))
            var similar = keys[number]
            similar[Int.random(in: 0..<4, using: &random)] ^= 1 << UInt32.random(in: 0..<32, using: &random)
            #expect(!packed.matches(number, similar))
        }
    }

    @Test("keys that have few numbers, or few at a time, take few bits once they are condensed", arguments: [2, 30, 500])
    func condensed(variety: Int) throws {
        var random = SplitMix64(seed: UInt64(variety))
        var memory = MemoryOwner()
        var packed = try PackedKeys(memoryLimit: 1 << 26, &memory)
        // Of each column, the numbers that there are in a stretch of keys.
        var numbers: [[UInt32]] = []
        var keys: [StateKey] = []
        for count in 0..<1 << 15 {
            if count.isMultiple(of: 2048) {
                numbers = (0..<4).map { _ in (0..<variety).map { _ in number(bits: 24, &random) } }
            }
            let parts = numbers.compactMap { $0.randomElement(using: &random) }
            keys.append(parts.withUnsafeBufferPointer { StateKey($0.baseAddress!, size: 3) })
            let isAppended = packed.append(keys[count])
            #expect(isAppended)
        }
        let bytes = packed.bytes
        packed.condense()
        for (number, key) in keys.enumerated() {
            #expect(packed[number] == key)
            #expect(packed.matches(number, key))
            #expect(!packed.matches(number, StateKey(low: key.low, high: key.high ^ 1 << 32, size: 3)))
        }
        // Four places in lists, the lists, and what a block takes; or as many bytes as before.
        let places = 4 * (UInt32.bitWidth - UInt32(variety - 1).leadingZeroBitCount)
        let expected = variety == 500 ? bytes + (24 << 6) : keys.count * places / 8 + (4 * (variety * 24 + 64) / 8 + 32) << 6
        #expect(packed.bytes <= expected)
        // There is nothing new to be condensed.
        let condensedBytes = packed.bytes
        packed.condense()
        #expect(packed.bytes == condensedBytes)
    }

    @Test("a key that is too wide is refused, and the others stay")
    func tooWide() throws {
        var memory = MemoryOwner()
        var packed = try PackedKeys(memoryLimit: 1 << 20, &memory)
        let wide = StateKey(low: .max, high: .max, size: 0)
        let results = [packed.append(wide), packed.append(StateKey(low: 0, high: 0, size: 1))]
        #expect(results == [true, false])
        #expect(packed.count == 1)
        #expect(packed[0] == wide)
    }
}
