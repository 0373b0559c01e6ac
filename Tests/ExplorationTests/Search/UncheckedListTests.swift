@testable import Exploration
import Testing

struct UncheckedListTests {
    @Test("values stay what they were while the list grows")
    func growth() {
        var list = UncheckedList<(Int, UInt8)>()
        defer { list.deallocate() }
        let count = 100_000
        for index in 0..<count {
            list.reserve(index + 1)
            list[index] = (index, UInt8(truncatingIfNeeded: index))
            list[index / 2].0 += 1
        }
        // Each index below half of the count was halved from two later ones, and 0 from itself too.
        #expect((0..<count).allSatisfy { list[$0].0 == $0 + ($0 == 0 ? 2 : $0 < count / 2 ? 2 : 0) })
        #expect((0..<count).allSatisfy { list[$0].1 == UInt8(truncatingIfNeeded: $0) })
    }
}
