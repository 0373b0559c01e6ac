import CacheHints
import Foundation

extension StateStore {
    /// The states that a store had at some time, for other threads to read while the store grows.
    ///
    /// The bytes of those states never change. Slots of the index do, but what a slot says of a state is never taken back; what it
    /// says of states that came later is not looked at.
    struct View {
        private let arena: MemoryRegion
        private let ends: MemoryRegion?
        private let commonSize: Int
        private let index: StateIndex
        /// How many states there were.
        private let count: Int

        init(arena: MemoryRegion, ends: MemoryRegion?, commonSize: Int, index: StateIndex, count: Int) {
            self.arena = arena
            self.ends = ends
            self.commonSize = commonSize
            self.index = index
            self.count = count
        }

        /// The bytes of a state.
        @inline(__always)
        func state(_ number: Int) -> UnsafeRawBufferPointer {
            guard let ends else {
                return UnsafeRawBufferPointer(start: arena.base + number &* commonSize, count: commonSize)
            }
            let start = number == 0 ? 0 : ends.base.load(fromByteOffset: (number &- 1) &* 8, as: Int.self)
            let end = ends.base.load(fromByteOffset: number &* 8, as: Int.self)
            return UnsafeRawBufferPointer(start: arena.base + start, count: end - start)
        }

        /// Asks for the memory where the index would hold a state.
        @inline(__always)
        func prefetchSlot(_ hash: UInt64) { index.prefetch(hash) }

        /// Asks for the memory of the state that probably equals the one with this hash, if there is one.
        @inline(__always)
        func prefetchState(_ hash: UInt64) {
            guard let number = index.candidate(hash), number < count else { return }
            prefetchCacheLine(state(number).baseAddress)
        }

        /// The number of a state, if it was there.
        @inline(__always)
        func find(_ state: UnsafeRawBufferPointer, _ hash: UInt64) -> Int? {
            guard let bytes = state.baseAddress else { return nil }
            var position = index.start(hash)
            while let number = index.next(hash, &position) {
                if number >= count { continue }
                let known = self.state(number)
                if known.count == state.count, let other = known.baseAddress, memcmp(other, bytes, state.count) == 0 {
                    return number
                }
            }
            return nil
        }
    }

    /// The states that there are now.
    var view: View {
        View(arena: arena, ends: hasEnds ? ends : nil, commonSize: commonSize, index: index, count: count)
    }
}
