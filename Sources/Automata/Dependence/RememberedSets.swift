/// What sets were found in states before, so that they need not be closed again in states that are like these.
///
/// What a set comes to is told by its seeds, by what is possible, and by the answers to what was asked on the way: see `Question`. So
/// for all that is known before, there is a key; and for each of its seeds, a tree, in which the ways branch by the answers.
final class RememberedSets {
    /// What is asked of a member: whether one of its conditions fails, or whether one of its moves is refined in another way than this.
    struct Question {
        enum Kind {
            case condition
            case refinement(Int32)
        }

        var member: Int32
        /// That of the condition, or of the move.
        var number: Int32
        var kind = Kind.condition

        /// Whether it asks for another refinement than this one.
        func isOther(than refinement: Int) -> Bool {
            if case .refinement(let asked) = kind { Int(asked) != refinement } else { false }
        }
    }

    /// What comes next in a tree: a question, or what came of it.
    enum Step {
        case unknown
        case question(Question)
        /// The processes that move; nil if the set is no use.
        case set(UInt64?)
    }

    /// A place in a tree, which is where an answer leads to.
    struct Place {
        fileprivate var node = 0
        fileprivate var isFailing = false
    }

    /// Seeds of a key, by number.
    typealias Seeds = Range<Int>

    private struct Node {
        var question: Question
        /// By the answer, where it leads to: `unknown`, the number of a node, or, below zero, the complement of that of a result.
        var holding = unknown
        var failing = unknown
        static let unknown: Int32 = 0
    }

    private struct Entry {
        var firstWord: Int
        var wordCount: Int
        var seeds: Seeds
    }

    private let byteLimit: Int
    @exclusivity(unchecked) private var words: [UInt64] = []
    @exclusivity(unchecked) private var entries: [Entry] = []
    /// Entries by the hashes of their keys, with linear probing; below zero where there is none. A power of two, less than half full.
    @exclusivity(unchecked) private var slots = [Int32](repeating: -1, count: 1 << 10)
    /// By number. The first nodes of trees have no question: where nothing was asked yet, nothing fails.
    @exclusivity(unchecked) private var seeds: [(pids: UInt64, root: Int)] = []
    @exclusivity(unchecked) private var nodes: [Node] = []
    @exclusivity(unchecked) private var results: [UInt64?] = []

    /// - Parameter byteLimit: so many bytes are kept, about; then it begins again with nothing.
    init(byteLimit: Int = 1 << 23) { self.byteLimit = byteLimit }

    private var byteCount: Int {
        words.count * 8 + entries.count * MemoryLayout<Entry>.stride + slots.count * 4 + seeds.count * 16
            + nodes.count * MemoryLayout<Node>.stride + results.count * 16
    }

    // MARK: Keys

    /// The seeds of a key; nil if it is not known.
    func seeds(for key: [UInt64]) -> Seeds? {
        let entry = slots[slot(of: key)]
        return entry < 0 ? nil : entries[Int(entry)].seeds
    }

    /// Adds a key that is not known. Seeds of other keys may be forgotten.
    func add(_ key: [UInt64], seeds pids: [UInt64]) -> Seeds {
        if byteCount > byteLimit { removeAll() }
        if entries.count * 2 >= slots.count { grow() }
        let first = seeds.count
        for pids in pids {
            seeds.append((pids, nodes.count))
            nodes.append(Node(question: Question(member: 0, number: 0)))
        }
        slots[slot(of: key)] = Int32(truncatingIfNeeded: entries.count)
        entries.append(Entry(firstWord: words.count, wordCount: key.count, seeds: first..<seeds.count))
        words += key
        return first..<seeds.count
    }

    private func removeAll() {
        for index in slots.indices { slots[index] = -1 }
        words.removeAll(keepingCapacity: true)
        entries.removeAll(keepingCapacity: true)
        seeds.removeAll(keepingCapacity: true)
        nodes.removeAll(keepingCapacity: true)
        results.removeAll(keepingCapacity: true)
    }

    /// Where a key is, or belongs.
    private func slot(of key: [UInt64]) -> Int {
        let mask = slots.count - 1
        var slot = Self.hash(key[...]) & mask
        while slots[slot] >= 0, !isKey(of: entries[Int(slots[slot])], key) { slot = (slot + 1) & mask }
        return slot
    }

    private func isKey(of entry: Entry, _ key: [UInt64]) -> Bool {
        guard entry.wordCount == key.count else { return false }
        for index in key.indices where words[entry.firstWord + index] != key[index] { return false }
        return true
    }

    private func grow() {
        slots = [Int32](repeating: -1, count: slots.count * 2)
        let mask = slots.count - 1
        for (number, entry) in entries.enumerated() {
            var slot = Self.hash(words[entry.firstWord..<entry.firstWord + entry.wordCount]) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(truncatingIfNeeded: number)
        }
    }

    private static func hash(_ words: ArraySlice<UInt64>) -> Int {
        var hash: UInt64 = 0
        for word in words {
            let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            hash = product.high ^ product.low &+ 0x2545_F491_4F6C_DD1D
        }
        return Int(truncatingIfNeeded: hash ^ hash >> 32)
    }

    // MARK: Trees

    func pids(of seed: Int) -> UInt64 { seeds[seed].pids }

    /// Where the way begins that closes a set from these seeds.
    func beginning(of seed: Int) -> Place { Place(node: seeds[seed].root, isFailing: false) }

    func step(at place: Place) -> Step {
        let next = place.isFailing ? nodes[place.node].failing : nodes[place.node].holding
        if next == Node.unknown { return .unknown }
        return next < 0 ? .set(results[Int(~next)]) : .question(nodes[Int(next)].question)
    }

    /// Where the answer to the question of a place leads to.
    func place(after place: Place, fails: Bool) -> Place {
        Place(node: Int(place.isFailing ? nodes[place.node].failing : nodes[place.node].holding), isFailing: fails)
    }

    /// Notes that what is not known is asked next.
    func note(_ question: Question, at place: Place) {
        lead(place, to: Int32(truncatingIfNeeded: nodes.count))
        nodes.append(Node(question: question))
    }

    /// Notes what came of what is not known.
    func note(_ set: UInt64?, at place: Place) {
        lead(place, to: ~Int32(truncatingIfNeeded: results.count))
        results.append(set)
    }

    private func lead(_ place: Place, to next: Int32) {
        if place.isFailing { nodes[place.node].failing = next } else { nodes[place.node].holding = next }
    }
}
