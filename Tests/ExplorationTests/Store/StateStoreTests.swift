import Automata
@testable import Exploration
import TestSupport
import Testing

/// The store is a set of byte strings that numbers them in the order of their arrival.
struct StateStoreTests {
    private func insert(_ state: [UInt8], into store: StateStore, parent: UInt32 = StateStore.noParent) -> StateStore.Insertion {
        state.withUnsafeBytes { store.insert($0, parent: parent) }
    }

    /// A state of up to 40 bytes: few different bytes, so that many states are equal, or differ only in their length.
    private func randomState(_ random: inout SplitMix64, bytes: ClosedRange<UInt8>) -> [UInt8] {
        (0..<Int.random(in: 1...40, using: &random)).map { _ in UInt8.random(in: bytes, using: &random) }
    }

    @Test("agrees with a dictionary on random states", arguments: 1...8)
    func agreesWithDictionary(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let store = try StateStore(memoryLimit: 1 << 28)
        var known: [[UInt8]: Int] = [:]
        var inOrder: [[UInt8]] = []
        // Enough for the index to grow several times from its first 4096 slots.
        for _ in 0..<20_000 {
            let state = randomState(&random, bytes: seed.isMultiple(of: 2) ? 0...1 : 0...255)
            if let number = known[state] {
                #expect(insert(state, into: store) == .known(number))
            } else {
                #expect(insert(state, into: store) == .new(inOrder.count))
                known[state] = inOrder.count
                inOrder.append(state)
            }
        }
        #expect(store.count == inOrder.count)
        for (number, state) in inOrder.enumerated() {
            #expect([UInt8](store.state(number)) == state)
        }
    }

    @Test("states that differ in their length alone are different")
    func length() throws {
        let store = try StateStore(memoryLimit: 1 << 20)
        for count in 1...64 {
            #expect(insert([UInt8](repeating: 0, count: count), into: store) == .new(count - 1))
        }
        for count in 1...64 {
            #expect(insert([UInt8](repeating: 0, count: count), into: store) == .known(count - 1))
        }
    }

    @Test("a state keeps the parent that it came with first")
    func parents() throws {
        let store = try StateStore(memoryLimit: 1 << 20)
        _ = insert([1], into: store)
        _ = insert([2], into: store, parent: 0)
        _ = insert([3], into: store, parent: 1)
        _ = insert([3], into: store, parent: 0)
        #expect(store.parent(of: 0) == nil)
        #expect(store.parent(of: 1) == 0)
        #expect(store.parent(of: 2) == 1)
    }

    @Test("states stay where they are while the store grows")
    func stableAddresses() throws {
        let store = try StateStore(memoryLimit: 1 << 26)
        _ = insert([7, 7, 7], into: store)
        let address = store.state(0).baseAddress
        for number in UInt32(0)..<20_000 { _ = withUnsafeBytes(of: number) { insert([UInt8]($0), into: store) } }
        #expect(store.state(0).baseAddress == address)
        #expect([UInt8](store.state(0)) == [7, 7, 7])
    }

    @Test("a full store says so, holds no more bytes than it may, and still knows its states", arguments: [40, 64, 200, 1000])
    func memoryLimit(kibibytes: Int) throws {
        let limit = kibibytes << 10
        let store = try StateStore(memoryLimit: limit)
        var random = SplitMix64(seed: UInt64(kibibytes))
        var stored: [[UInt8]] = []
        while true {
            let state = (0..<24).map { _ in UInt8.random(in: 0...255, using: &random) }
            let insertion = insert(state, into: store)
            #expect(store.bytes <= limit)
            if insertion == .full { break }
            try #require(insertion == .new(stored.count))
            stored.append(state)
        }
        #expect(stored.count == store.count)
        // Most of the limit is of use: a store that gave up early would pass all else.
        #expect(stored.count * 24 * 4 > limit - (32 << 10))
        for (number, state) in stored.enumerated() { #expect(insert(state, into: store) == .known(number)) }
    }

    @Test("equal states have equal hashes wherever they lie, and the lengths take part")
    func hash() {
        let bytes = [UInt8](0..<64)
        bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress else { return }
            var hashes: Set<UInt64> = []
            for count in 0...40 {
                let copy = [UInt8]([255] + bytes[..<count])
                copy.withUnsafeBytes { shifted in
                    guard let other = shifted.baseAddress else { return }
                    #expect(StateHash.hash(base, count: count) == StateHash.hash(other + 1, count: count))
                }
                hashes.insert(StateHash.hash(base, count: count))
            }
            #expect(hashes.count == 41)
        }
    }
}
