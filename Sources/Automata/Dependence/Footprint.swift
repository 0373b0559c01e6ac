import Promela

/// What a transition does, and which doings of others it minds, both as tags of a `TagTable`.
struct Footprint {
    var does: NumberSet
    var minds: NumberSet
    /// Whether a rendezvous may be part of it, so that its guard alone does not tell whether it can be taken.
    var mayMeet = false
    /// Whether a message may go into, or come out of, a channel that keeps messages.
    var mayBuffer = false
    /// Whether it can fail: an assertion, an index out of bounds, and the like.
    var mayFault = false
    /// What it may leave in the cells that it writes.
    var written: [Int: WrittenValues] = [:]
    /// The types of the processes that it may start.
    var spawned: Set<Int> = []

    init(_ tags: TagTable) {
        does = NumberSet(capacity: tags.count)
        minds = does
    }

    mutating func formUnion(_ other: Footprint) {
        does.formUnion(other.does)
        minds.formUnion(other.minds)
        mayMeet = mayMeet || other.mayMeet
        mayBuffer = mayBuffer || other.mayBuffer
        mayFault = mayFault || other.mayFault
        spawned.formUnion(other.spawned)
        written.merge(other.written) { $0.union($1) }
    }

    mutating func read(_ cell: Int, _ tags: TagTable) {
        does.insert(tags.read(cell))
        minds.insert(tags.write(cell))
        minds.insert(tags.add(cell))
    }

    mutating func write(_ cell: Int, _ value: WrittenValues, _ tags: TagTable) {
        does.insert(tags.write(cell))
        minds.insert(tags.read(cell))
        minds.insert(tags.write(cell))
        minds.insert(tags.add(cell))
        written[cell] = written[cell].map { $0.union(value) } ?? value
    }

    mutating func add(_ cell: Int, _ tags: TagTable) {
        does.insert(tags.add(cell))
        minds.insert(tags.read(cell))
        minds.insert(tags.write(cell))
        written[cell] = .any
    }

    /// A question about what a channel holds.
    mutating func test(_ channel: Int, _ tags: TagTable) {
        does.insert(tags.tag(.test, channel))
        minds.insert(tags.tag(.send, channel))
        minds.insert(tags.tag(.receive, channel))
    }

    /// A message goes into a channel that has room for it: messages are not to change their order, but one may well be received
    /// at the other end.
    mutating func send(_ channel: Int, isSorted: Bool, _ tags: TagTable) {
        guard meet(channel, .offer, with: .accept, tags) else { return }
        does.insert(tags.tag(.send, channel))
        minds.insert(tags.tag(.send, channel))
        minds.insert(tags.tag(.test, channel))
        if isSorted {
            does.insert(tags.tag(.receive, channel))
            minds.insert(tags.tag(.receive, channel))
        }
    }

    /// A message that is there is taken out of a channel.
    mutating func receive(_ channel: Int, keepsMessage: Bool, _ tags: TagTable) {
        guard meet(channel, .accept, with: .offer, tags) else { return }
        if keepsMessage {
            test(channel, tags)
        } else {
            does.insert(tags.tag(.receive, channel))
            minds.insert(tags.tag(.receive, channel))
            minds.insert(tags.tag(.test, channel))
        }
    }

    /// One half of a rendezvous, if the channel may be for that.
    /// - Returns: whether it may be a channel that keeps messages.
    private mutating func meet(
        _ channel: Int, _ half: TagTable.ChannelUse, with other: TagTable.ChannelUse, _ tags: TagTable
    ) -> Bool {
        let types = tags.types(of: channel)
        if types.contains(where: \.isRendezvous) {
            mayMeet = true
            does.insert(tags.tag(half, channel))
            minds.insert(tags.tag(other, channel))
        }
        let keepsMessages = types.contains { !$0.isRendezvous }
        if keepsMessages { mayBuffer = true }
        return keepsMessages
    }
}

/// The values that a cell may have after it was written.
enum WrittenValues {
    case any
    case these(Set<Int64>)

    func union(_ other: WrittenValues) -> WrittenValues {
        guard case .these(let values) = self, case .these(let others) = other else { return .any }
        return .these(values.union(others))
    }
}
