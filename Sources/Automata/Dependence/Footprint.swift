import Promela

/// What a transition does, and which doings of others it minds, both as tags of a `TagTable`.
struct Footprint {
    var does: TagSet
    var minds: TagSet
    /// Whether a rendezvous may be part of it, so that its guard alone does not tell whether it can be taken.
    var mayMeet = false
    /// Whether it can fail: an assertion, an index out of bounds, and the like.
    var mayFault = false
    /// The types of the processes that it may start.
    var spawned: Set<Int> = []

    init(_ tags: TagTable) {
        does = TagSet(capacity: tags.count)
        minds = does
    }

    mutating func formUnion(_ other: Footprint) {
        does.formUnion(other.does)
        minds.formUnion(other.minds)
        mayMeet = mayMeet || other.mayMeet
        mayFault = mayFault || other.mayFault
        spawned.formUnion(other.spawned)
    }

    mutating func read(_ cell: Int, _ tags: TagTable) {
        does.insert(tags.read(cell))
        minds.insert(tags.write(cell))
    }

    mutating func write(_ cell: Int, _ tags: TagTable) {
        does.insert(tags.write(cell))
        minds.insert(tags.read(cell))
        minds.insert(tags.write(cell))
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
        for type in Set(tags.types(of: channel).map(\.isRendezvous)) {
            if type {
                mayMeet = true
                does.insert(tags.tag(.offer, channel))
                minds.insert(tags.tag(.accept, channel))
                continue
            }
            does.insert(tags.tag(.send, channel))
            minds.insert(tags.tag(.send, channel))
            minds.insert(tags.tag(.test, channel))
            if isSorted {
                does.insert(tags.tag(.receive, channel))
                minds.insert(tags.tag(.receive, channel))
            }
        }
    }

    /// A message that is there is taken out of a channel.
    mutating func receive(_ channel: Int, keepsMessage: Bool, _ tags: TagTable) {
        for type in Set(tags.types(of: channel).map(\.isRendezvous)) {
            if type {
                mayMeet = true
                does.insert(tags.tag(.accept, channel))
                minds.insert(tags.tag(.offer, channel))
            } else if keepsMessage {
                test(channel, tags)
            } else {
                does.insert(tags.tag(.receive, channel))
                minds.insert(tags.tag(.receive, channel))
                minds.insert(tags.tag(.test, channel))
            }
        }
    }
}
