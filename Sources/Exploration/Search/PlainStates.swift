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
        let (places, passed, first) = (expansion.places.start, expansion.passed, expansion.states.lowerBound)
        let masks = sleepSets == nil ? nil : expansion.asleepMasks
        var (state, known) = (states.lowerBound, 0)
        while state < states.upperBound {
            let (firstState, firstSuccessor) = (state, successor)
            var end = successor
            // Few enough that what is known of them stays in the nearest cache.
            while state < states.upperBound, end &- firstSuccessor < Self.plainBatchSize {
                let result = passed[state &- first]
                let next = end &+ Int(truncatingIfNeeded: result.successorCount)
                // Neither -1 nor the bit of states in which nothing can move.
                guard result.result & 2 == 0, packed.count &+ (end &- firstSuccessor) < stateLimit, packed.hasRoom(for: next &- firstSuccessor)
                else { break }
                end = next
                state &+= 1
            }
            if state == firstState { break }
            var new = packed.count
            packed.insertWhereRoomIs(end &- firstSuccessor, places + firstSuccessor, expansion.packedKey(firstSuccessor))
            let notes = sleepSets?.appendStates(packed.count &- new)
            known &+= end &- firstSuccessor &- (packed.count &- new)
            var parent = firstState
            var endOfParent = successor
            while parent < state {
                endOfParent &+= Int(truncatingIfNeeded: passed[parent &- first].successorCount)
                if let graph {
                    let found = expansion.parent(parent)
                    graph.note(parent, found.outcome, enabled: found.enabled)
                }
                // Whether a successor is new cannot be foreseen, so that nothing branches by it.
                let before = new
                while successor < endOfParent {
                    let target = Int(truncatingIfNeeded: places[successor].number)
                    new = max(new, target &+ 1)
                    notes?.note(masks?[successor] ?? SleepMask(), of: target)
                    graph?.append(from: parent, to: target, movers: expansion.movers(successor))
                    successor &+= 1
                }
                parents.append(parent, times: new &- before)
                parent &+= 1
            }
        }
        self.packed.pointee = packed
        matched &+= known
        return state
    }

    /// So many successors are stored together, or a few more.
    private static let plainBatchSize = 128
}
