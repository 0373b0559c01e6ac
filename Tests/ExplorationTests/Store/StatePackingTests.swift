import CStatePacking
@testable import Exploration
import TestSupport
import Testing

/// States that take few bits are packed: they stay the same states with the same numbers.
struct StatePackingTests {
    /// Changes a few bytes of a state; the larger the range, the more bits there are to pack.
    private func neighbour(of state: [UInt8], largest: UInt8, _ random: inout SplitMix64) -> [UInt8] {
        var result = state
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            result[Int.random(in: result.indices, using: &random)] = UInt8.random(in: 0...largest, using: &random)
        }
        return result
    }

    private func plan(of states: [[UInt8]]) -> PackingPlan {
        var plan = PackingPlan()
        for state in states { _ = state.withUnsafeBytes { plan.note($0) } }
        plan.layOut()
        return plan
    }

    private func key(of state: [UInt8], _ packing: StatePacking) -> [UInt64]? {
        var key = [UInt64](repeating: 0, count: packing.keyWords)
        let isPacked = state.withUnsafeBytes { packState(packing.packing, $0.baseAddress, Int64($0.count), &key) }
        return isPacked ? key : nil
    }

    private func state(of key: [UInt64], _ packing: StatePacking) -> [UInt8] {
        var words = [UInt64](repeating: .max, count: packing.stateWords)
        let size = unpackState(packing.packing, key, &words)
        return words.withUnsafeBytes { Array($0.prefix(Int(size))) }
    }

    @Test(
        "a state comes out of its key as it went in, also where the machine has no instructions for that", arguments: 8...40,
        [UInt8(1), 5, 255])
    func roundTrip(size: Int, largest: UInt8) throws {
        var random = SplitMix64(seed: UInt64(size) * 1000 + UInt64(largest))
        var last = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
        // Few places, so that not too many bits differ.
        let places = (0..<min(size, largest > 200 ? 20 : 40)).map { _ in Int.random(in: 0..<size, using: &random) }
        let states = (0..<200).map { _ in
            for place in places where Bool.random(using: &random) { last[place] = UInt8.random(in: 0...largest, using: &random) }
            return last + (Int.random(in: 0..<9, using: &random) == 0 ? [7, 7, 7] : [])
        }
        let plan = plan(of: states)
        let slow = try #require(StatePacking(plan, isFast: false))
        let fast = try #require(StatePacking(plan, isFast: StatePacking.isFast))
        var keys: Set<[UInt64]> = []
        for own in states {
            let key = try #require(self.key(of: own, slow))
            #expect(self.key(of: own, fast) == key)
            #expect(state(of: key, slow) == own)
            #expect(state(of: key, fast) == own)
            keys.insert(key)
        }
        #expect(keys.count == Set(states).count)
    }

    @Test("a state with a bit, or of a size, that has not been there has no key; bits that are added change no key from before")
    func added() throws {
        let states: [[UInt8]] = [[9, 0, 0, 0, 0, 0, 0, 0, 0, 1], [9, 3, 0, 0, 0, 0, 0, 0, 4, 1], [9, 1, 0, 0, 0, 0, 0, 0, 4, 1]]
        var plan = plan(of: states)
        let packing = try #require(StatePacking(plan))
        let other: [UInt8] = [9, 4, 0, 0, 0, 0, 0, 0, 4, 3]
        #expect(key(of: other, packing) == nil)
        #expect(key(of: [9, 0, 0, 0, 0, 0, 0, 0, 0], packing) == nil)
        let isNew = other.withUnsafeBytes { [plan.note($0), plan.note($0)] }
        #expect(isNew == [true, false])
        let isExtended = plan.extend()
        #expect(isExtended)
        #expect(plan.addedPieceCount == 2)
        let extended = try #require(StatePacking(plan))
        let key = try #require(self.key(of: other, extended))
        #expect(state(of: key, extended) == other)
        for known in states {
            let before = try #require(self.key(of: known, packing))
            #expect(self.key(of: known, extended) == before)
            #expect(state(of: before, extended) == known)
        }
    }

    @Test("bits for which there is no room take another word, which is zero in the keys from before, and no hash changes")
    func widened() throws {
        var random = SplitMix64(seed: 5)
        let states = (0..<50).map { _ in (0..<20).map { $0 < 8 ? UInt8.random(in: 0...127, using: &random) : 9 } }
        var plan = plan(of: states)
        let packing = try #require(StatePacking(plan))
        #expect(packing.keyWords == 1)
        let other = states[0].map { $0 &+ 250 }
        _ = other.withUnsafeBytes { plan.note($0) }
        let isExtended = plan.extend()
        #expect(isExtended)
        let wider = try #require(StatePacking(plan))
        #expect(wider.keyWords == 2)
        for state in states {
            let (before, key) = (try #require(self.key(of: state, packing)), try #require(self.key(of: state, wider)))
            #expect(key == before + [0])
            #expect(hashOfKey(key, 2) == hashOfKey(before, 1))
        }
        #expect(key(of: other, wider).map { self.state(of: $0, wider) } == other)
    }

    @Test("states of a new size have places for the bits in which those of another differ, as far as there is room in the words")
    func expected() throws {
        var random = SplitMix64(seed: 6)
        let states = (0..<100).map { _ in (0..<24).map { $0 < 14 ? UInt8.random(in: 0...7, using: &random) : 9 } }
        var plan = plan(of: states)
        let smaller = Array(states[0].prefix(12))
        _ = smaller.withUnsafeBytes { plan.note($0) }
        let isExtended = plan.extend()
        #expect(isExtended)
        let packing = try #require(StatePacking(plan))
        for state in states {
            let other = Array(state.prefix(12))
            #expect(key(of: other, packing).map { self.state(of: $0, packing) } == other)
        }
        #expect(key(of: [UInt8](repeating: 8, count: 12), packing) == nil)
    }

    @Test("the bytes in which two states differ tell how their keys differ", arguments: 8...40, [UInt8(1), 5])
    func changes(size: Int, largest: UInt8) throws {
        var random = SplitMix64(seed: UInt64(size) * 1000 + UInt64(largest))
        var states = [[UInt8](repeating: 3, count: size), [UInt8](repeating: 3, count: size + 2)]
        for _ in 0..<200 { states.append(neighbour(of: states.randomElement(using: &random) ?? [], largest: largest, &random)) }
        var plan = plan(of: Array(states.prefix(100)))
        for state in states { _ = state.withUnsafeBytes { plan.note($0) } }
        // Bits of a byte need not lie together in the key.
        if !plan.extend() { plan.layOut() }
        let packing = try #require(StatePacking(plan))
        for (one, other) in zip(states, states.dropFirst()) where one.count == other.count {
            let own = try #require(packing.sizes.first { $0.size == one.count })
            var key = try #require(self.key(of: one, packing))
            for byte in one.indices {
                let bits = Int(one[byte] ^ other[byte])
                #expect(UInt8(bits) & own.same[byte] == 0)
                for word in key.indices {
                    let changes = own.changes + (word * one.count + byte) * 32
                    key[word] ^= changes[bits & 15] ^ changes[16 + bits >> 4]
                }
            }
            #expect(key == self.key(of: other, packing))
        }
    }

    @Test("too many bits, and states of less than eight bytes, are not packed")
    func notPacked() {
        let tooWide = Int(keyWordLimit) * 8 + 1
        let wide = [[UInt8](repeating: 0, count: tooWide), [UInt8](repeating: 255, count: tooWide)]
        #expect(StatePacking(plan(of: wide)) == nil)
        #expect(StatePacking(plan(of: wide.map { Array($0.dropLast()) })) != nil)
        #expect(StatePacking(plan(of: [[0, 0, 0, 0, 0, 0, 1]])) == nil)
    }

    @Test(
        "a store agrees with a dictionary before its states are packed, while more bits come up, and when there are too many",
        arguments: [8, 9, 16, 26, 40, 132], [UInt8(1), 3, 255])
    func store(size: Int, largest: UInt8) throws {
        var random = SplitMix64(seed: UInt64(size) * 1000 + UInt64(largest))
        let store = try StateStore(stateSize: size, memoryLimit: 1 << 28)
        var known: [[UInt8]: Int] = [:]
        var inOrder: [[UInt8]] = []
        var last = [UInt8](repeating: 17, count: size)
        let readers = FollowingReaders(of: store)
        var forms: Set<Int> = []
        for step in 0..<20_000 {
            // More and more bits, and now and then another size.
            var state = neighbour(of: last, largest: UInt8(min(Int(largest), 1 + step / 100)), &random)
            if Int.random(in: 0..<300, using: &random) == 0 { state.append(contentsOf: [1, 2, 3]) }
            if step < 2500 { for byte in min(24, size)..<max(24, size - 8) where byte < size { state[byte] = 17 } }
            let insertion = state.withUnsafeBytes { store.insert($0, near: inOrder.isEmpty ? nil : inOrder.count - 1) }
            #expect(insertion == (known[state].map { .known($0) } ?? .new(inOrder.count)))
            if known[state] == nil {
                known[state] = inOrder.count
                inOrder.append(state)
            }
            if step % 500 == 499 {
                store.pack(from: 400)
                if readers.all.count < 8 { readers.all.append(StoreReader(store.states)) }
            }
            forms.insert(store.form)
            if step % 7 == 0 {
                let number = Int.random(in: inOrder.indices, using: &random)
                last = Array(store.state(number).prefix(size))
            }
        }
        // Else nothing has been tested but trees.
        #expect(forms.count > 1)
        let differing = (UInt8.max >> UInt8(largest.leadingZeroBitCount) | 17).nonzeroBitCount
        #expect((store.reader.packing == nil) == (size * differing > Int(keyWordLimit) * 64))
        for (number, state) in inOrder.enumerated() { #expect([UInt8](store.state(number)) == state) }
        // Readers have what there was when they were made, or were told of a change, however it was stored.
        for reader in readers.all {
            for number in stride(from: 0, to: inOrder.count, by: 11) {
                let found = inOrder[number].withUnsafeBytes { reader.find($0) }
                #expect(found == (number < reader.count ? number : nil))
                if number < reader.count { #expect([UInt8](reader.state(number)) == inOrder[number]) }
            }
        }
    }

    @Test(
        "a full store of packed states says so, holds no more bytes than it may, and still knows its states",
        arguments: [100, 200, 1000, 3000])
    func memoryLimit(kibibytes: Int) throws {
        let limit = kibibytes << 10
        let store = try StateStore(stateSize: 24, memoryLimit: limit)
        var random = SplitMix64(seed: UInt64(kibibytes))
        var known: [[UInt8]: Int] = [:]
        while true {
            let state = (0..<24).map { _ in UInt8.random(in: 0...1, using: &random) }
            let insertion = state.withUnsafeBytes { store.insert($0) }
            #expect(store.bytes <= limit)
            if insertion == .full { break }
            #expect(insertion == (known[state].map { .known($0) } ?? .new(known.count)))
            known[state] = known[state] ?? known.count
            if known.count == 300 { store.pack(from: 300) }
        }
        #expect(store.reader.packing != nil)
        #expect(known.count == store.count)
        #expect(known.count * 20 > limit)
        for (state, number) in known { #expect(state.withUnsafeBytes { store.insert($0) } == .known(number)) }
    }

    @Test("where memory gets short, long keys give way to trees if these are smaller", arguments: [true, false])
    func shortMemory(repeats: Bool) throws {
        let store = try StateStore(stateSize: 120, memoryLimit: 4 << 20)
        var random = SplitMix64(seed: 7)
        var known: [[UInt8]: Int] = [:]
        // Three parts of eight bytes, which come again, or hardly ever do.
        let parts = (0..<(repeats ? 64 : 1 << 16)).map { _ in (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) } }
        var state = [UInt8](repeating: 0, count: 120)
        while store.bytes < 3 << 20 {
            for start in [0, 40, 80] { state.replaceSubrange(start..<start + 8, with: parts.randomElement(using: &random) ?? []) }
            let insertion = state.withUnsafeBytes { store.insert($0) }
            if insertion == .full { break }
            #expect(insertion == (known[state].map { .known($0) } ?? .new(known.count)))
            known[state] = known[state] ?? known.count
            store.pack(from: 2000)
            if repeats, store.form > 0, store.reader.packing == nil { break }
        }
        #expect(store.form > 0)
        #expect((store.reader.packing == nil) == repeats)
        for (state, number) in known { #expect([UInt8](store.state(number)) == state) }
    }

    @Test("a store that is to be small goes over to what takes less, as often as that is tried", arguments: [true, false])
    func thrifty(repeats: Bool) throws {
        var random = SplitMix64(seed: 8)
        let parts = (0..<(repeats ? 64 : 1 << 16)).map { _ in (0..<8).map { _ in UInt8.random(in: 0...255, using: &random) } }
        var state = [UInt8](repeating: 0, count: 120)
        let stores = try [true, false].map { try StateStore(stateSize: 120, memoryLimit: 1 << 26, isThrifty: $0) }
        for step in 0..<60_000 {
            for start in [0, 40, 80] { state.replaceSubrange(start..<start + 8, with: parts.randomElement(using: &random) ?? []) }
            let insertions = stores.map { store in state.withUnsafeBytes { store.insert($0) } }
            #expect(insertions[0] == insertions[1])
            if step % 500 == 0 { for store in stores { store.pack(from: 400) } }
        }
        #expect((stores[0].reader.packing == nil) == repeats)
        #expect(stores[1].reader.packing != nil)
        #expect(repeats ? stores[0].bytes < stores[1].bytes / 2 : stores[0].bytes == stores[1].bytes)
        for number in stride(from: 0, to: stores[0].count, by: 97) {
            #expect([UInt8](stores[0].state(number)) == [UInt8](stores[1].state(number)))
        }
    }
}
