import CStatePacking
@testable import Exploration
import TestSupport
import Testing

/// Keys are found in lines of slots, with whichever instructions the machine has.
struct KeyTableTests {
    static let instructions = [plainLines, wideLines, widestLines].filter { $0.rawValue <= lineInstructions().rawValue }

    /// A table of memory that is its own.
    private final class Table {
        var table = KeyTable()
        private let slots: UnsafeMutablePointer<UInt32>

        init(words: Int, lines: Int, room: Int, _ instructions: LineInstructions) {
            let bytes = UnsafeMutableRawPointer.allocate(byteCount: lines * 64, alignment: 64)
            slots = bytes.initializeMemory(as: UInt32.self, repeating: 0, count: lines * 16)
            let keys = UnsafeMutablePointer<UInt64>.allocate(capacity: room * words)
            keys.initialize(repeating: 0, count: room * words)
            table = KeyTable(
                keys: keys, keyWords: Int64(words), count: 0, slots: slots, lineCount: UInt64(lines),
                numberMask: UInt32.max >> UInt32(UInt32(lines * 16).leadingZeroBitCount), instructions: instructions)
        }

        func empty() { slots.update(repeating: 0, count: Int(table.lineCount) * 16) }

        deinit {
            slots.deallocate()
            table.keys.deallocate()
        }
    }

    private func hash(_ key: [UInt64]) -> UInt64 { hashOfKey(key, Int64(key.count)) }

    /// Few different hashes, so that lines are full and tags are shared.
    private func poorHash(_ key: [UInt64]) -> UInt64 { (hash(key) % 5) << 62 | hash(key) % 3 << 30 }

    @Test(
        "a table agrees with a dictionary, whatever the instructions, with lines that are full and tags that many have",
        arguments: instructions.flatMap { instructions in (1...Int(keyWordLimit)).map { (instructions, $0) } }, [false, true])
    func agrees(_ sort: (LineInstructions, Int), hasPoorHashes: Bool) {
        let (instructions, words) = sort
        var random = SplitMix64(seed: UInt64(words))
        let own = Table(words: words, lines: 40, room: 600, instructions)
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

    @Test("an index that is filled finds every key", arguments: instructions, 1...Int(keyWordLimit))
    func filled(_ instructions: LineInstructions, words: Int) {
        let own = Table(words: words, lines: 30, room: 400, instructions)
        let keys = (0..<400).map { number in (0..<words).map { UInt64(number >> ($0 * 3)) } }
        var places = keys.map { SuccessorPlace(hash: hash($0), number: -1) }
        insertKeys(&own.table, &places, keys.flatMap(\.self), Int64(keys.count))
        own.empty()
        indexKeys(&own.table)
        var found = keys.map { SuccessorPlace(hash: hash($0), number: -1) }
        lookUpKeys(&own.table, &found, keys.flatMap(\.self), Int64(keys.count), -1)
        #expect(found.map(\.number) == (0..<400).map(Int64.init))
    }

    @Test("what a place says in other words is left as it is")
    func leftAlone() {
        let own = Table(words: 1, lines: 2, room: 8, lineInstructions())
        var places = [SuccessorPlace(hash: hash([7]), number: -2)]
        insertKeys(&own.table, &places, [7], 1)
        places = [SuccessorPlace(hash: hash([7]), number: -1), SuccessorPlace(hash: hash([7]), number: -2)]
        lookUpKeys(&own.table, &places, [7, 7], 2, -2)
        #expect(places.map(\.number) == [-1, 0])
    }
}
