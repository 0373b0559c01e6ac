/// Many lists of numbers, most of them short, in one block of memory.
struct NumberLists {
    /// A list; it belongs to the lists that it was changed with first.
    struct List {
        fileprivate var first = UInt32.max
        fileprivate var last = UInt32.max

        var isEmpty: Bool { first == .max }
    }

    private struct Entry {
        var number: UInt32
        var next: UInt32
    }

    private var entries: [Entry] = []
    /// The first of the entries that are no longer in use.
    private var unused = UInt32.max

    /// Puts a number behind the others of a list.
    mutating func append(_ number: Int, to list: inout List) {
        let entry = Entry(number: UInt32(number), next: .max)
        let index: UInt32
        if unused == .max {
            index = UInt32(entries.count)
            entries.append(entry)
        } else {
            index = unused
            unused = entries[Int(index)].next
            entries[Int(index)] = entry
        }
        if list.isEmpty { list.first = index } else { entries[Int(list.last)].next = index }
        list.last = index
    }

    /// Takes a number out of a list, once; nothing is done if it is not there. Those in front are found first.
    mutating func remove(_ number: Int, from list: inout List) {
        var (previous, current) = (UInt32.max, list.first)
        while current != .max {
            let entry = entries[Int(current)]
            if entry.number == UInt32(number) {
                if previous == .max { list.first = entry.next } else { entries[Int(previous)].next = entry.next }
                if entry.next == .max { list.last = previous }
                entries[Int(current)].next = unused
                unused = current
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
