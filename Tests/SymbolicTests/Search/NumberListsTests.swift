import TestSupport
import Testing

@testable import Symbolic

@Suite struct NumberListsTests {
    @Test("many lists in one memory are like as many arrays")
    func likeArrays() {
        var generator = SplitMix64(seed: 3)
        var lists = NumberLists()
        var heads = [NumberLists.List](repeating: NumberLists.List(), count: 5)
        var arrays = [[Int]](repeating: [], count: 5)
        for step in 0..<2_000 {
            let index = Int.random(in: 0..<5, using: &generator)
            let number = Int.random(in: 0..<20, using: &generator)
            if Bool.random(using: &generator) {
                lists.append(number, to: &heads[index])
                arrays[index].append(number)
            } else {
                lists.remove(number, from: &heads[index])
                if let place = arrays[index].firstIndex(of: number) { arrays[index].remove(at: place) }
            }
            #expect(lists.numbers(in: heads[index]) == arrays[index], "step \(step)")
            #expect(heads[index].isEmpty == arrays[index].isEmpty)
            #expect(lists.first(in: heads[index]) { $0 % 3 == 0 } == arrays[index].first { $0 % 3 == 0 })
        }
    }

    @Test("what was taken out is used again")
    func reuse() {
        var lists = NumberLists()
        var list = NumberLists.List()
        lists.append(1, to: &list)
        let bytes = lists.byteCount
        for number in 0..<1_000 {
            lists.append(number, to: &list)
            lists.remove(number, from: &list)
        }
        #expect(lists.byteCount <= max(bytes, 64))
    }
}
