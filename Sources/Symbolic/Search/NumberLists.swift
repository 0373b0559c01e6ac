/// Many lists of numbers, most of them short, in one block of memory.
struct NumberLists {
    /// A list; it belongs to the lists that it was changed with first.
    struct List {
        fileprivate var first = UInt32.max

        var isEmpty: Bool { first == .max }
    }

    private struct Entry {
        var number: UInt32
        var next: UInt32
    }

    private var entries: [Entry] = []
    /// Entries that are no longer in use.
    private var unused = List()

    /// Puts a number in front of a list.
    mutating func insert(_ number: Int, into list: inout List) {
        let entry = Entry(number: UInt32(number), next: list.first)
        if unused.isEmpty {
            list.first = UInt32(entries.count)
            entries.append(entry)
        } else {
            list.first = unused.first
            unused.first = entries[Int(list.first)].next
            entries[Int(list.first)] = entry
        }
    }

    /// Takes a number out of a list, once; nothing is done if it is not there.
    mutating func remove(_ number: Int, from list: inout List) {
        var (previous, current) = (UInt32.max, list.first)
        while current != .max {
            let entry = entries[Int(current)]
            if entry.number == UInt32(number) {
                if previous == .max { list.first = entry.next } else { entries[Int(previous)].next = entry.next }
                entries[Int(current)].next = unused.first
                unused.first = current
                return
            }
            (previous, current) = (current, entry.next)
        }
    }

    /// The number, of those in a list from the front on, for which something holds.
    @inline(__always)
    func first(in list: List, where holds: (Int) -> Bool) -> Int? {
        var current = list.first
        while current != .max {
            let entry = entries[Int(current)]
            if holds(Int(entry.number)) { return Int(entry.number) }
            current = entry.next
        }
        return nil
    }

    /// The numbers of a list, from the front on.
    func numbers(in list: List) -> [Int] {
        var result: [Int] = []
        _ = first(in: list) { number in
            result.append(number)
            return false
        }
        return result
    }

    /// Bytes that all this takes.
    var byteCount: Int { entries.capacity * MemoryLayout<Entry>.stride }
}
