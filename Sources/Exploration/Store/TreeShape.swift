/// How the bytes of states of one size are cut into blocks, and those put together to trees: four trees, of as many leaves each as
/// can be, so that the numbers of all that occurs in one of them stay small.
///
/// Nodes are numbered level by level: the four roots first, a node always before its children, and these one after the other.
final class TreeShape {
    static let rootCount = 4

    /// Bytes of a state.
    let size: Int
    /// Words of 64 bits of a leaf.
    let leafWords: Int
    let leafCount: Int
    let nodeCount: Int
    /// The node of each leaf.
    let nodes: UnsafeMutablePointer<Int32>
    /// The first child of each node, or -1 - n for leaf n.
    let children: UnsafeMutablePointer<Int32>
    /// Of each node; -1 for a root.
    let parents: UnsafeMutablePointer<Int32>

    init(size: Int, leafWords: Int) {
        self.size = size
        self.leafWords = leafWords
        leafCount = max(Self.rootCount, (size + leafWords * 8 - 1) / (leafWords * 8))
        var ranges = (0..<Self.rootCount).map { [leafCount] in
            leafCount * $0 / Self.rootCount..<leafCount * ($0 + 1) / Self.rootCount
        }
        nodeCount = leafCount * 2 - Self.rootCount
        nodes = .allocate(capacity: leafCount)
        children = .allocate(capacity: nodeCount)
        parents = .allocate(capacity: nodeCount)
        parents.initialize(repeating: -1, count: nodeCount)
        for node in 0..<nodeCount {
            let range = ranges[node]
            if range.count == 1 {
                children[node] = Int32(-1 - range.lowerBound)
                nodes[range.lowerBound] = Int32(node)
                continue
            }
            children[node] = Int32(ranges.count)
            let middle = (range.lowerBound + range.upperBound) / 2
            for half in [range.lowerBound..<middle, middle..<range.upperBound] {
                parents[ranges.count] = Int32(node)
                ranges.append(half)
            }
        }
    }

    deinit {
        nodes.deallocate()
        children.deallocate()
        parents.deallocate()
    }
}
