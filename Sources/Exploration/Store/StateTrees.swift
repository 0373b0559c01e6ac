/// The trees of one state, and room to work out those of another one that differs from it.
struct StateTrees {
    private let shape: Unmanaged<TreeShape>
    let size: Int
    let leafWords: Int
    private let leafCount: Int
    /// Leaves that have nothing behind the end of the state; and whether one has something before and behind it.
    private let wholeLeafCount: Int
    private let hasPartialLeaf: Bool
    /// Whether all leaves are roots.
    private let isFlat: Bool
    private let groupCount: Int
    private let leafNodes: UnsafeMutablePointer<Int32>
    private let children: UnsafeMutablePointer<Int32>
    private let parents: UnsafeMutablePointer<Int32>
    /// The bytes of the state, with zeros behind its end.
    private let words: UnsafeMutablePointer<UInt64>
    /// Room for the words of a node.
    private let end: UnsafeMutablePointer<UInt64>
    /// The number of each node; but while another state is looked at those of its trees, where they differ.
    private let nodes: UnsafeMutablePointer<UInt32>
    /// A bit for each node that has to be looked at.
    private let marks: UnsafeMutablePointer<UInt64>
    /// Nodes that differ, with what they were.
    private let changes: UnsafeMutablePointer<(node: Int, number: UInt32)>

    private let recent: RecentNumbers
    /// Whether these are the trees of a state yet.
    private(set) var isOfState = false

    /// - Parameter recent: stays the caller's.
    init(_ shape: TreeShape, _ recent: RecentNumbers) {
        self.recent = recent
        self.shape = .passRetained(shape)
        (size, leafWords, leafCount) = (shape.size, shape.leafWords, shape.leafCount)
        (leafNodes, children, parents) = (shape.nodes, shape.children, shape.parents)
        wholeLeafCount = size / (leafWords * 8)
        hasPartialLeaf = size % (leafWords * 8) != 0
        isFlat = leafCount == TreeShape.rootCount
        groupCount = (shape.nodeCount + 63) / 64
        words = .allocate(capacity: leafCount * leafWords)
        words.initialize(repeating: 0, count: leafCount * leafWords)
        end = .allocate(capacity: leafWords)
        nodes = .allocate(capacity: shape.nodeCount)
        nodes.initialize(repeating: 0, count: shape.nodeCount)
        marks = .allocate(capacity: groupCount)
        marks.initialize(repeating: 0, count: groupCount)
        changes = .allocate(capacity: shape.nodeCount)
    }

    func deallocate() {
        words.deallocate()
        end.deallocate()
        nodes.deallocate()
        marks.deallocate()
        changes.deallocate()
        shape.release()
    }

    @inline(__always)
    private func mark(_ node: Int) { marks[node &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: node & 63) }

    // MARK: Reading

    /// Makes these the trees of a state of this size; where they have been those of another one, only nodes that differ are looked at.
    /// - Returns: the bytes of the state, until this is called again.
    @inline(__always)
    mutating func read(_ key: StateKey, in tables: UnsafePointer<WordTable>) -> UnsafeRawBufferPointer {
        let isSameShape = isOfState
        isOfState = true
        if isFlat {
            for root in 0..<TreeShape.rootCount where !isSameShape || nodes[root] != key[root] {
                nodes[root] = key[root]
                copyLeaf(root, from: tables[root][key[root]])
            }
            return UnsafeRawBufferPointer(start: words, count: size)
        }
        for root in 0..<TreeShape.rootCount { set(root, key[root], isSameShape) }
        for group in 0..<groupCount {
            while marks[group] != 0 {
                let node = group &<< 6 | marks[group].trailingZeroBitCount
                marks[group] &= marks[group] &- 1
                let child = Int(truncatingIfNeeded: children[node])
                let found = tables[StateTables.table(of: node, isLeaf: child < 0)][nodes[node]]
                if child < 0 {
                    copyLeaf(-1 &- child, from: found)
                } else {
                    set(child, UInt32(truncatingIfNeeded: found[0]), isSameShape)
                    set(child &+ 1, UInt32(truncatingIfNeeded: found[0] &>> 32), isSameShape)
                }
            }
        }
        return UnsafeRawBufferPointer(start: words, count: size)
    }

    @inline(__always)
    private func copyLeaf(_ leaf: Int, from found: UnsafePointer<UInt64>) {
        let own = words + leaf &* leafWords
        var word = 0
        while word < leafWords {
            own[word] = found[word]
            word &+= 1
        }
    }

    @inline(__always)
    private func set(_ node: Int, _ number: UInt32, _ isSameShape: Bool) {
        if isSameShape, nodes[node] == number { return }
        nodes[node] = number
        mark(node)
    }

    // MARK: Finding

    /// The key of a state of the same size. Where its trees differ from these, the nodes are looked up, from the leaves up.
    /// - Parameters:
    ///   - sizeNumber: the number of its size.
    ///   - knowsNodes: whether these are the trees of a state.
    ///   - number: gives words a number that are not in a table; nil to give up.
    /// - Returns: nil if some words have no number.
    @inline(__always)
    mutating func key(
        of state: UnsafeRawBufferPointer, _ sizeNumber: UInt32, knowsNodes: Bool, in tables: UnsafePointer<WordTable>,
        number: (_ words: UnsafeRawPointer, _ table: Int) -> UInt32?
    ) -> StateKey? {
        guard let base = state.baseAddress else { return nil }
        if isFlat, knowsNodes {
            // So that the loops over the words of a leaf are none.
            switch leafWords {
            case 1: return flatKey(of: base, sizeNumber, LeafOfOneWord.self, tables, number)
            case 2: return flatKey(of: base, sizeNumber, LeafOfTwoWords.self, tables, number)
            case 3: return flatKey(of: base, sizeNumber, LeafOfThreeWords.self, tables, number)
            default: return flatKey(of: base, sizeNumber, LeafOfFourWords.self, tables, number)
            }
        }
        var changeCount = 0
        let isComplete =
            lookAtLeaves(of: base, knowsNodes: knowsNodes, tables, &changeCount, number)
            && lookAtPairs(tables, &changeCount, number)
        let key = StateKey(nodes, size: sizeNumber)
        for change in 0..<changeCount { nodes[changes[change].node] = changes[change].number }
        if isComplete { return key }
        for group in 0..<groupCount { marks[group] = 0 }
        return nil
    }

    /// Does what `key` does where there are no nodes but leaves.
    @inline(__always)
    private mutating func flatKey<Leaf: LeafSize>(
        of state: UnsafeRawPointer, _ sizeNumber: UInt32, _: Leaf.Type, _ tables: UnsafePointer<WordTable>,
        _ number: (_ words: UnsafeRawPointer, _ table: Int) -> UInt32?
    ) -> StateKey? {
        let leafWords = Leaf.words
        var key = StateKey(nodes, size: sizeNumber)
        let count = wholeLeafCount &+ (hasPartialLeaf ? 1 : 0)
        var leaf = 0
        while leaf < count {
            var block = state + leaf &* leafWords &* 8
            if leaf == wholeLeafCount {
                copyEnd(of: state, leaf)
                block = UnsafeRawPointer(end)
            }
            if differs(leaf, block, leafWords: leafWords) {
                guard let number = tables[leaf].find(block, size: leafWords, recent) ?? number(block, leaf) else { return nil }
                key[leaf] = number
            }
            leaf &+= 1
        }
        return key
    }

    /// Whether a leaf differs from that of the state that these trees are of.
    @inline(__always)
    private func differs(_ leaf: Int, _ block: UnsafeRawPointer, leafWords: Int) -> Bool {
        !WordTable.areEqual(words + leaf &* leafWords, block, size: leafWords)
    }

    @inline(__always)
    private mutating func lookAtLeaves(
        of state: UnsafeRawPointer, knowsNodes: Bool, _ tables: UnsafePointer<WordTable>, _ changeCount: inout Int,
        _ number: (_ words: UnsafeRawPointer, _ table: Int) -> UInt32?
    ) -> Bool {
        let leafSize = leafWords &* 8
        var leaf = 0
        while leaf < leafCount {
            var block = state + leaf &* leafSize
            if leaf >= wholeLeafCount {
                copyEnd(of: state, leaf)
                block = UnsafeRawPointer(end)
            }
            if !knowsNodes || differs(leaf, block, leafWords: leafWords) {
                guard change(Int(truncatingIfNeeded: leafNodes[leaf]), block, isLeaf: true, tables, &changeCount, number) else {
                    return false
                }
            }
            leaf &+= 1
        }
        return true
    }

    @inline(__always)
    private mutating func lookAtPairs(
        _ tables: UnsafePointer<WordTable>, _ changeCount: inout Int, _ number: (_ words: UnsafeRawPointer, _ table: Int) -> UInt32?
    ) -> Bool {
        var group = groupCount &- 1
        while group >= 0 {
            while marks[group] != 0 {
                let bit = 63 &- marks[group].leadingZeroBitCount
                marks[group] &= ~(1 &<< UInt64(truncatingIfNeeded: bit))
                let node = group &<< 6 | bit
                let child = Int(truncatingIfNeeded: children[node])
                end[0] = StateTables.pair(nodes[child], nodes[child &+ 1])
                guard change(node, UnsafeRawPointer(end), isLeaf: false, tables, &changeCount, number) else { return false }
            }
            group &-= 1
        }
        return true
    }

    /// Gives a node the number of other words.
    /// - Returns: false if they have none.
    @inline(__always)
    private mutating func change(
        _ node: Int, _ block: UnsafeRawPointer, isLeaf: Bool, _ tables: UnsafePointer<WordTable>, _ changeCount: inout Int,
        _ number: (_ words: UnsafeRawPointer, _ table: Int) -> UInt32?
    ) -> Bool {
        let table = StateTables.table(of: node, isLeaf: isLeaf)
        guard let number = tables[table].find(block, size: isLeaf ? leafWords : 1, recent) ?? number(block, table) else { return false }
        changes[changeCount] = (node, nodes[node])
        changeCount &+= 1
        nodes[node] = number
        let parent = Int(truncatingIfNeeded: parents[node])
        if parent >= 0 { mark(parent) }
        return true
    }

    /// Copies a leaf at the end of a state, with zeros behind the end.
    @inline(__always)
    private func copyEnd(of state: UnsafeRawPointer, _ leaf: Int) {
        for word in 0..<leafWords {
            let start = (leaf &* leafWords &+ word) &* 8
            if start &+ 8 <= size {
                end[word] = state.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            } else if start >= size {
                end[word] = 0
            } else if size >= 8 {
                // The last eight bytes, less those of the word before.
                let last = state.loadUnaligned(fromByteOffset: size &- 8, as: UInt64.self)
                end[word] = last &>> UInt64(truncatingIfNeeded: (start &+ 8 &- size) &* 8)
            } else {
                end[word] = 0
                UnsafeMutableRawPointer(end + word).copyMemory(from: state + start, byteCount: size &- start)
            }
        }
    }
}

/// How many words a leaf has, where that is known when the program is compiled.
private protocol LeafSize {
    static var words: Int { get }
}

private enum LeafOfOneWord: LeafSize { static var words: Int { 1 } }
private enum LeafOfTwoWords: LeafSize { static var words: Int { 2 } }
private enum LeafOfThreeWords: LeafSize { static var words: Int { 3 } }
private enum LeafOfFourWords: LeafSize { static var words: Int { 4 } }
