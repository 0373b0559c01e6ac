/// How the keys of a block that is full are laid out once they are condensed: a row for each key, one after the other, and lists of
/// numbers behind them.
///
/// Of each column - the size, and the four numbers - a row has a number of the key itself, or where few numbers occur in the block, the
/// place of that number in a list of them.
struct CondensedBlock {
    /// Keys of a block.
    static let size = 1 << bits
    static let bits = 9
    static let columnCount = 5

    /// Where the rows start, counted in words of 64 bits.
    let start: Int
    /// For each column, six bits: how many a row has of it; and six more from the 30th on: how many a number of its list has, or zero where
    /// it has none.
    private let widths: UInt64
    /// For each column, eleven bits: where its list starts, in words from `start` on; and above these, the bits of a row.
    private let lists: UInt64

    @inline(__always)
    private func width(_ column: Int) -> Int { Int(truncatingIfNeeded: widths &>> UInt64(truncatingIfNeeded: column &* 6) & 63) }

    @inline(__always)
    private func listWidth(_ column: Int) -> Int { Int(truncatingIfNeeded: widths &>> UInt64(truncatingIfNeeded: column &* 6 &+ 30) & 63) }

    @inline(__always)
    private func list(_ column: Int) -> Int {
        start &+ Int(truncatingIfNeeded: lists &>> UInt64(truncatingIfNeeded: column &* 11) & 2047)
    }

    @inline(__always)
    private var rowWidth: Int { Int(truncatingIfNeeded: lists &>> UInt64(truncatingIfNeeded: Self.columnCount &* 11)) }

    // MARK: Reading

    /// Reads the columns of a key, one after the other.
    struct Row {
        private let block: CondensedBlock
        private let words: PackedBits
        private var bit: Int
        private var column = 0

        @inline(__always)
        fileprivate init(_ block: CondensedBlock, _ number: Int, _ words: PackedBits) {
            (self.block, self.words) = (block, words)
            bit = block.start &<< 6 &+ (number & (CondensedBlock.size &- 1)) &* block.rowWidth
        }

        /// Asks for the memory of the row.
        @inline(__always)
        func prefetch() { words.prefetch(bit) }

        @inline(__always)
        mutating func next() -> UInt64 {
            let (width, listWidth) = (block.width(column), block.listWidth(column))
            var number = words.read(bit, width: width)
            if listWidth != 0 {
                number = words.read(block.list(column) &<< 6 &+ Int(truncatingIfNeeded: number) &* listWidth, width: listWidth)
            }
            bit &+= width
            column &+= 1
            return number
        }
    }

    @inline(__always)
    func row(_ number: Int, _ words: PackedBits) -> Row { Row(self, number, words) }

    // MARK: Writing

    /// Lays out the keys of a block, in the order of their numbers.
    /// - Parameters:
    ///   - start: there are zeros from there on, as many as the keys need with the same bits for all.
    ///   - words: what to write to.
    /// - Returns: the block, and where it ends.
    static func write(_ keys: [StateKey], at start: Int, _ words: PackedBits) -> (block: CondensedBlock, end: Int) {
        let columns = (0..<columnCount).map { column in Column(keys.map { column == 0 ? $0.size : $0[column - 1] }) }
        let width = columns.reduce(0) { $0 + $1.width }
        var (widths, lists) = (UInt64(0), UInt64(width) << UInt64(columnCount * 11))
        var end = start + width * size / 64
        var bit = start * 64
        for (number, column) in columns.enumerated() {
            widths |= UInt64(column.width) << UInt64(number * 6) | UInt64(column.listWidth) << UInt64(number * 6 + 30)
            lists |= UInt64(end - start) << UInt64(number * 11)
            words.write(column.rows, of: column.width, at: bit, distance: width)
            words.write(column.list, of: column.listWidth, at: end * 64, distance: column.listWidth)
            bit += column.width
            end += column.listWords
        }
        return (CondensedBlock(start: start, widths: widths, lists: lists), end)
    }

    /// The numbers of a column, and how they take the fewest words.
    private struct Column {
        private(set) var rows: [UInt32]
        /// Bits of a row.
        private(set) var width: Int
        /// The numbers that occur; empty if rows say them.
        private(set) var list: [UInt32] = []
        private(set) var listWidth = 0

        var listWords: Int { (list.count * listWidth + 63) / 64 }

        init(_ numbers: [UInt32]) {
            rows = numbers
            width = Self.width(numbers.max() ?? 0)
            var sorted = numbers.sorted()
            var count = 0
            for number in sorted where count == 0 || number != sorted[count - 1] {
                sorted[count] = number
                count += 1
            }
            let placeWidth = Self.width(UInt32(count - 1))
            guard CondensedBlock.size / 64 * placeWidth + (count * width + 63) / 64 < CondensedBlock.size / 64 * width else { return }
            list = Array(sorted.prefix(count))
            (listWidth, width) = (width, placeWidth)
            rows = numbers.map { UInt32(list.partitioningIndex(from: $0)) }
        }

        private static func width(_ number: UInt32) -> Int { 32 - number.leadingZeroBitCount }
    }
}

extension [UInt32] {
    /// Where a number is, or would be, in an array that is in ascending order.
    fileprivate func partitioningIndex(from number: UInt32) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle] < number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
