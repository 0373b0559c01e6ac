import Automata
@testable import Exploration
import TestSupport
import Testing

/// The store is a set of byte strings that numbers them in the order of their arrival.
struct StateStoreTests {
    private func insert(_ state: [UInt8], into store: StateStore) -> StateStore.Insertion {
        state.withUnsafeBytes { store.insert($0) }
    }

    /// A state of up to 40 bytes: few different bytes, so that many states are equal, or differ only in their length.
    private func randomState(_ random: inout SplitMix64, bytes: ClosedRange<UInt8>) -> [UInt8] {
        (0..<Int.random(in: 1...40, using: &random)).map { _ in UInt8.random(in: bytes, using: &random) }
    }

    /// A state that differs in a few bytes from another one, or, now and then, in its length.
    private func neighbour(of state: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        var result = state
        for _ in 0..<Int.random(in: 0...3, using: &random) {
            result[Int.random(in: result.indices, using: &random)] = UInt8.random(in: 0...2, using: &random)
        }
        switch Int.random(in: 0..<20, using: &random) {
        case 0: result.append(UInt8.random(in: 0...1, using: &random))
        case 1 where result.count > 1: result.removeLast()
        default: break
        }
        return result
    }

    @Test("agrees with a dictionary on random states", arguments: 1...8, [false, true])
    func agreesWithDictionary(seed: Int, isThrifty: Bool) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let store = try StateStore(stateSize: seed * 16, memoryLimit: 1 << 28, isThrifty: isThrifty)
        var known: [[UInt8]: Int] = [:]
        var inOrder: [[UInt8]] = []
        // Enough for the index to grow several times from its first slots.
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

    @Test(
        "agrees with a dictionary on states that differ little, of every size, while some are read again",
        arguments: [1, 3, 7, 8, 9, 16, 26, 31, 32, 33, 40, 64, 65, 100, 128, 129, 212, 269, 700, 3000], [false, true])
    func neighbours(size: Int, isThrifty: Bool) throws {
        var random = SplitMix64(seed: UInt64(size))
        let store = try StateStore(stateSize: size, memoryLimit: 1 << 28, isThrifty: isThrifty)
        var known: [[UInt8]: Int] = [:]
        var inOrder: [[UInt8]] = []
        var last = [UInt8](repeating: 0, count: size)
        for step in 0..<12_000 {
            let state = neighbour(of: last, &random)
            let near = inOrder.isEmpty || step.isMultiple(of: 3) ? nil : Int.random(in: inOrder.indices, using: &random)
            let insertion = state.withUnsafeBytes { store.insert($0, near: near) }
            #expect(insertion == (known[state].map { .known($0) } ?? .new(inOrder.count)))
            if known[state] == nil {
                known[state] = inOrder.count
                inOrder.append(state)
            }
            if step.isMultiple(of: 5) {
                let number = Int.random(in: inOrder.indices, using: &random)
                last = [UInt8](store.state(number))
                #expect(last == inOrder[number])
            }
        }
        for (number, state) in inOrder.enumerated() { #expect([UInt8](store.state(number)) == state) }
    }

    @Test("states that differ in their length alone are different")
    func length() throws {
        let store = try StateStore(stateSize: 8, memoryLimit: 1 << 20)
        for count in 1...64 {
            #expect(insert([UInt8](repeating: 0, count: count), into: store) == .new(count - 1))
        }
        for count in 1...64 {
            #expect(insert([UInt8](repeating: 0, count: count), into: store) == .known(count - 1))
        }
    }

    @Test(
        "a reader finds the states that there were when it was told of them, and says nothing of those that came later",
        arguments: 1...4, [false, true])
    func earlierStates(seed: Int, isThrifty: Bool) throws {
        var random = SplitMix64(seed: UInt64(seed))
        let store = try StateStore(stateSize: 24, memoryLimit: 1 << 26, isThrifty: isThrifty)
        var states: [[UInt8]] = []
        func add(_ count: Int) {
            while store.count < count {
                let state = (0..<Int.random(in: 20...30, using: &random)).map { _ in UInt8.random(in: 0...3, using: &random) }
                if case .new = insert(state, into: store) { states.append(state) }
            }
        }
        add(700)
        let (reader, readers) = (StoreReader(store.states), FollowingReaders(of: store))
        readers.all = [reader]
        add(9000)
        #expect(readers.changeCount > 0)
        #expect((700..<9000).contains(reader.count))
        for (number, state) in states.enumerated() {
            let found = state.withUnsafeBytes { reader.find($0) }
            #expect(found == (number < reader.count ? number : nil))
            if number < reader.count, number.isMultiple(of: 7) { #expect([UInt8](reader.state(number)) == state) }
        }
    }

    @Test(
        "a full store says so, holds no more bytes than it may, and still knows its states",
        arguments: [40, 64, 200, 1000, 3000], [(UInt8(1), false), (1, true), (255, false), (255, true)])
    func memoryLimit(kibibytes: Int, states: (largest: UInt8, areSmall: Bool)) throws {
        let (limit, largest) = (kibibytes << 10, states.largest)
        let store = try StateStore(stateSize: 24, memoryLimit: limit, isThrifty: states.areSmall)
        var random = SplitMix64(seed: UInt64(kibibytes))
        var stored: [[UInt8]] = []
        var known: Set<[UInt8]> = []
        while true {
            let state = (0..<24).map { _ in UInt8.random(in: 0...largest, using: &random) }
            let insertion = insert(state, into: store)
            #expect(store.bytes <= limit)
            if insertion == .full { break }
            guard known.insert(state).inserted else { continue }
            try #require(insertion == .new(stored.count))
            stored.append(state)
        }
        #expect(stored.count == store.count)
        // Most of the limit is of use: a store that gave up early would pass all else. Where nothing repeats, a state takes
        // three blocks and their slots; where much does, little more than its key.
        #expect(stored.count * (largest == 1 ? 24 : 100) > limit - (24 << 10))
        for (number, state) in stored.enumerated() { #expect(insert(state, into: store) == .known(number)) }
    }

    @Test("states of which the parts repeat take few bytes", arguments: [(12.0, false), (7.0, true)])
    func size(bytes: Double, isThrifty: Bool) throws {
        let store = try StateStore(stateSize: 200, memoryLimit: 1 << 26, isThrifty: isThrifty)
        var state = [UInt8](repeating: 0, count: 200)
        for number in 0..<160_000 {
            for (place, offset) in [3, 60, 110, 190].enumerated() { state[offset] = UInt8(number / [1, 20, 400, 8000][place] % 20) }
            #expect(insert(state, into: store) == .new(number))
        }
        #expect(Double(store.bytes) < 160_000 * bytes)
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
