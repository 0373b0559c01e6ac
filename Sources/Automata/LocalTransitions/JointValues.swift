/// Which values of any two fields there are, or may be, in the same state vector.
///
/// Values of fields have numbers, in the order in which they were inserted; a set of them is bits by number.
final class JointValues {
    /// By number.
    private(set) var members: [FieldValue] = []
    /// By field, the numbers of its values.
    private(set) var numbers: [[Int]]
    /// By field and value; negative for none.
    private var numbersByValue: [Int32]
    /// Words of a row.
    private(set) var width = 4
    /// For each number, the set of those that go with it. They are read and written one by one, from many places at a time.
    private var rows: UnsafeMutablePointer<UInt64>
    private var capacity = 64
    /// For each number, when its row was changed last.
    private var changes: [Int] = []
    /// Counts changes of rows.
    private(set) var time = 0

    init(fieldCount: Int) {
        numbers = Array(repeating: [], count: fieldCount)
        numbersByValue = Array(repeating: -1, count: fieldCount << 8)
        rows = .allocate(capacity: capacity * width)
    }

    deinit { rows.deallocate() }

    func number(of value: UInt8, in field: Int) -> Int? {
        let number = numbersByValue[field << 8 + Int(value)]
        return number < 0 ? nil : Int(number)
    }

    /// - Returns: the number of a value, which it has from now on if it had none.
    @discardableResult
    func insert(_ value: UInt8, in field: Int) -> Int {
        if let number = number(of: value, in: field) { return number }
        let number = members.count
        if number == capacity { makeRoom() }
        members.append(FieldValue(field: field, value: value))
        numbers[field].append(number)
        numbersByValue[field << 8 + Int(value)] = Int32(number)
        row(number).update(repeating: 0, count: width)
        changes.append(0)
        return number
    }

    private func makeRoom() {
        let (oldRows, oldWidth) = (rows, width)
        capacity *= 2
        width = max(width, capacity / 64)
        rows = .allocate(capacity: capacity * width)
        for number in members.indices {
            row(number).update(from: oldRows + number * oldWidth, count: oldWidth)
            (row(number) + oldWidth).update(repeating: 0, count: width - oldWidth)
        }
        oldRows.deallocate()
    }

    @inline(__always)
    private func row(_ number: Int) -> UnsafeMutablePointer<UInt64> { rows + number * width }

    /// Forgets what goes together, and nothing else.
    func separateAll() {
        time += 1
        for number in members.indices {
            row(number).update(repeating: 0, count: width)
            changes[number] = time
        }
    }

    /// Whether a value occurs at all.
    func occurs(_ number: Int) -> Bool { goTogether(number, number) }

    @inline(__always)
    func goTogether(_ one: Int, _ other: Int) -> Bool { row(one)[other >> 6] >> UInt64(other & 63) & 1 != 0 }

    /// Whether the row of one of some numbers has changed since a time.
    func haveChanged(_ numbers: [Int], since time: Int) -> Bool { numbers.contains { hasChanged($0, since: time) } }

    func hasChanged(_ number: Int, since time: Int) -> Bool { changes[number] > time }

    /// Whether a number goes with one of a set.
    func goesWithOne(of set: NumberSet, _ number: Int) -> Bool {
        let row = row(number)
        return set.words.indices.contains { row[$0] & set.words[$0] != 0 }
    }

    /// What goes with each of some numbers.
    /// - Parameter set: room for it.
    /// - Returns: whether they go together.
    func collect(companionsOf numbers: [Int], in set: inout NumberSet) -> Bool {
        set.removeAll(width: width)
        guard let first = numbers.first else {
            for number in members.indices where occurs(number) { set.insert(number) }
            return true
        }
        set.words.withUnsafeMutableBufferPointer { _ = $0.update(from: UnsafeBufferPointer(start: row(first), count: width)) }
        for number in numbers.dropFirst() { intersect(&set, number) }
        return numbers.allSatisfy(set.contains)
    }

    /// Leaves in a set what goes with a number.
    func intersect(_ set: inout NumberSet, _ number: Int) {
        let (row, width) = (row(number), width)
        set.words.withUnsafeMutableBufferPointer { words in
            for word in 0..<width { words[word] &= row[word] }
        }
    }

    /// Adds to a set what becomes of those values that go with a number.
    func add(_ copied: [(source: Int, own: Int)], ofCompanionsOf number: Int, to set: inout NumberSet) {
        let row = row(number)
        set.words.withUnsafeMutableBufferPointer { words in
            for pair in copied {
                words[pair.own >> 6] |= (row[pair.source >> 6] >> UInt64(pair.source & 63) & 1) << UInt64(pair.own & 63)
            }
        }
    }

    /// The numbers of some values.
    func set(_ values: [FieldValue]) -> NumberSet {
        var set = NumberSet()
        set.removeAll(width: width)
        for member in values {
            if let number = number(of: member.value, in: member.field) { set.insert(number) }
        }
        return set
    }

    /// Puts together a number and all of a set.
    func join(_ number: Int, _ set: NumberSet) {
        let own = row(number)
        for word in 0..<width {
            var new = set.words[word] & ~own[word]
            if new == 0 { continue }
            time += 1
            changes[number] = time
            own[word] |= new
            while new != 0 {
                let other = word << 6 + new.trailingZeroBitCount
                new &= new - 1
                row(other)[number >> 6] |= 1 << UInt64(number & 63)
                changes[other] = time
            }
        }
    }
}
