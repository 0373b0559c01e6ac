import CStatePacking
@testable import Exploration
import TestSupport
import Testing

/// Numbers are found by their hashes, also when the lines of slots have been laid out anew.
struct HashIndexTests {
    /// How often hashes are the same, or begin in few lines.
    enum Spread: CaseIterable {
        case even, fewHashes, fewLines

        func hash(_ random: inout SplitMix64) -> UInt64 {
            switch self {
            case .even: random.next()
            case .fewHashes: (random.next() % 50) &* 0x9E37_79B9_7F4A_7C15
            case .fewLines: (random.next() % 3) << 62 | random.next() >> 20
            }
        }
    }

    private static func numbers(_ hash: UInt64, in index: HashIndex) -> [Int] {
        var (numbers, search) = ([Int](), index.search(hash))
        while let number = index.next(hash, &search) { numbers.append(number) }
        return numbers
    }

    private static func expectAll(_ hashes: [UInt64], in index: HashIndex) {
        for (number, hash) in hashes.enumerated() { #expect(numbers(hash, in: index).count { $0 == number } == 1) }
    }

    private static func left(_ from: HashIndex, _ to: HashIndex, parts: Int, room: Int = 10_000) -> [UInt32] {
        (0..<parts).reversed().flatMap { part in
            let (first, end) = (from.lines.count * UInt64(part) / UInt64(parts), from.lines.count * UInt64(part + 1) / UInt64(parts))
            return [UInt32](unsafeUninitializedCapacity: room) { list, size in
                size = Int(moveSlots(from.lines, to.lines, first, end, list.baseAddress, Int64(room)))
                #expect(size <= room)
            }
        }
    }

    @Test(
        "lines are laid out anew, all at once or part by part, in other numbers of lines",
        arguments: Spread.allCases, [(1, 2), (1, 32), (2, 3), (7, 11), (64, 64), (64, 96), (64, 128), (100, 131), (33, 1000)])
    func laidOutAnew(spread: Spread, lines: (from: Int, to: Int)) throws {
        var random = SplitMix64(seed: UInt64(lines.from * 1000 + lines.to))
        for (part, parts) in [(50, 1), (80, 1), (80, 3), (94, 2), (100, 1)] {
            var memory = MemoryOwner()
            let from = try HashIndex(slotCount: lines.from * 16, &memory)
            let to = try HashIndex(slotCount: lines.to * 16, &memory)
            // A slot is always empty, where searches end.
            let hashes = (0..<min(from.slotCount - 1, from.slotCount * part / 100)).map { _ in spread.hash(&random) }
            from.enter(hashes.indices, prefetch: { _ in }, hash: { hashes[$0] })
            let left = Self.left(from, to, parts: parts)
            let moved = Set(hashes.indices).subtracting(left.map(Int.init))
            #expect(moved.count + left.count == hashes.count)
            for number in moved {
                #expect(Self.numbers(hashes[number], in: to).contains(number))
            }
            // Only numbers for which there was no room, once.
            if spread == .even, part <= 80, lines.from >= 64, lines.to > lines.from { #expect(left.count * 100 < hashes.count * 9) }
            to.enter(left.map(Int.init), prefetch: { _ in }, hash: { hashes[$0] })
            Self.expectAll(hashes, in: to)
        }
    }

    @Test("no more numbers are told than there is room for") func fewAreTold() throws {
        var memory = MemoryOwner()
        let (from, to) = (try HashIndex(slotCount: 64, &memory), try HashIndex(slotCount: 128, &memory))
        from.enter(0..<60, prefetch: { _ in }, hash: { _ in 7 })
        var list = [UInt32](repeating: 99, count: 5)
        let told = moveSlots(from.lines, to.lines, 0, from.lines.count, &list, 4)
        #expect(told > 4)
        #expect(list.prefix(4).allSatisfy { $0 < 60 })
        #expect(list[4] == 99)
    }

    @Test(
        "an index that grows has all numbers, whether the old one can stay meanwhile or not, with any number of threads, and however small",
        arguments: Spread.allCases,
        [(3000, 1, true, false), (3000, 1, false, false), (300_000, 3, true, false), (3000, 1, true, true), (300_000, 1, false, true)])
    func grows(spread: Spread, how: (count: Int, threads: Int, hasRoom: Bool, isSmall: Bool)) throws {
        // Numbers of the same hash are looked at one by one.
        if how.count > 3000, spread != .even { return }
        var (random, memory, hashes) = (SplitMix64(seed: 7), MemoryOwner(), [UInt64]())
        var index = try HashIndex(slotCount: 16, isSmall: how.isSmall, &memory)
        while hashes.count < how.count {
            if index.isCrowded(hashes.count + 1) {
                let room = how.hasRoom ? Int.max : index.bytes
                let before = index.slotCount
                let hasGrown = index.grow(
                    hashes.count, room: room, threads: how.threads, &memory, prefetch: { _ in }, hash: { hashes[$0] })
                try #require(hasGrown)
                #expect(index.slotCount > before)
            }
            let hash = spread.hash(&random)
            index.enter([hashes.count], prefetch: { _ in }, hash: { _ in hash })
            hashes.append(hash)
        }
        Self.expectAll(hashes, in: index)
        // 19 bits of a number and five of a tag, in nearly all slots; or at least four bytes.
        #expect(!how.isSmall || how.count < 300_000 || index.bytes * 10 < how.count * 37)
        let slots = index.slotCount
        #expect(!index.grow(hashes.count, room: 63, &memory, prefetch: { _ in }, hash: { hashes[$0] }))
        #expect(index.slotCount == slots)
    }

    @Test(
        "a large index gives its memory back while it is laid out anew, if nobody reads a copy, and keeps it otherwise",
        arguments: [(pages: 5, threads: 1), (5, 3), (1, 1), (2, 2)], [false, true])
    func givesBack(size: (pages: Int, threads: Int), isAlone: Bool) throws {
        var memory = MemoryOwner()
        let hash = { (number: Int) in UInt64(number + 1) &* 0x9E37_79B9_7F4A_7C15 }
        var index = try HashIndex(slotCount: size.pages << 19, &memory)
        let numbers = 0..<index.comfortableCount
        index.enter(numbers, prefetch: { _ in }, hash: hash)
        let (copy, owner) = (index, memory)
        #expect(index.grow(numbers.count, room: .max, threads: size.threads, isAlone: isAlone, &memory, prefetch: { _ in }, hash: hash))
        #expect(numbers.allSatisfy { Self.numbers(hash($0), in: index).contains($0) })
        withExtendedLifetime(owner) {
            let left = numbers.count { Self.numbers(hash($0), in: copy).contains($0) }
            // Each part may share a page, one of all, with the next one.
            let shared = size.pages % size.threads == 0 ? 0 : size.threads - 1
            #expect(isAlone ? left * size.pages * 100 <= numbers.count * 105 * shared : left == numbers.count)
        }
    }
}
