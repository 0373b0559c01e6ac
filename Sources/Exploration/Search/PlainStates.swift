import Automata
import CStatePacking

extension StateStore {
    /// Stores the successors of plain states, one after the other: what a search does to most states, and nothing else.
    /// - Parameters:
    ///   - expansion: of which all successors have packed keys, but for those of states that were not passed.
    ///   - states: those of which successors are not stored yet.
    ///   - successor: the first successor of the first of them; afterwards, that of the state which is returned.
    ///   - stateLimit: no state is begun with when there are so many.
    ///   - parents: are told of each state that is new.
    ///   - graph: is told of the states, and of all edges, if there is one.
    ///   - sleepSets: are told of all successors.
    ///   - matched: counts those that are known.
    /// - Returns: the first state of which nothing has been stored: one that is not plain, or for which room has to be made.
    func insertPlain(
        _ states: Range<Int>, of expansion: Expansion, from successor: inout Int, stateLimit: Int, _ parents: ParentLinks,
        _ graph: StateGraph?, _ sleepSets: SleepSets?, _ matched: inout Int
    ) -> Int {
        guard expansion.form == form, var packed = packed.pointee else { return states.lowerBound }
        defer { self.packed.pointee = packed }
        let (places, passed, first, words) = (expansion.places, expansion.passed, expansion.states.lowerBound, packed.keyWords)
        var key = expansion.packedKey(successor)
        var (state, known) = (states.lowerBound, 0)
        defer { matched &+= known }
        while state < states.upperBound {
            let result = passed[state &- first]
            let count = Int(truncatingIfNeeded: result.successorCount)
            // Neither -1 nor the bit of states in which nothing can move.
            guard result.result & 2 == 0, packed.count < stateLimit, packed.hasRoom(for: count) else { break }
            let end = successor &+ count
            if let graph {
                let parent = expansion.parent(state)
                graph.note(state, parent.outcome, enabled: parent.enabled)
            }
            while successor < end {
                var target = Int(truncatingIfNeeded: places[successor].number)
                let before = packed.count
                if target < 0 { target = packed.insertWhereRoomIs(key, places[successor].hash) }
                if target == before {
                    parents.append(state)
                    sleepSets?.append(expansion.asleep(successor))
                } else {
                    known &+= 1
                    sleepSets?.note(expansion.asleep(successor), of: target)
                }
                graph?.append(from: state, to: target, movers: expansion.movers(successor))
                successor &+= 1
                key += words
            }
            state &+= 1
        }
        return state
    }
}
