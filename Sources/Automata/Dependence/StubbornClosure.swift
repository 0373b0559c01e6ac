import Promela

/// Closes sets of moves in one state: see `StubbornSets`.
///
/// A set holds moves of the processes there are, and of those that may be started. The possible moves of a process are all in it or
/// none is, for each of them takes the process away from the others; so what is to be taken is told by the processes.
final class StubbornClosure {
    /// A process, or all that may be started of one type.
    private struct Member {
        var footprints: ProcessFootprints
        /// Where its moves begin in `chosen`, in words.
        var firstWord: Int
        var wordCount: Int
        /// Nil if it has not been started.
        var location: Int?
        var isProvided = true
        /// The process type, if it has not been started.
        var proctype = -1
        /// Where its conditions begin in `failing`.
        var firstCondition: Int
    }

    /// A reason why a move is not possible: without one of the moves that end it, it lasts.
    private enum Reason {
        /// Moves of the process itself.
        case own(MoveTable, row: Int)
        /// One of its conditions.
        case condition(Int)
        /// Something else about one of its moves.
        case move(Int)
        /// It has not been started.
        case notStarted
    }

    private let generator: SuccessorGenerator
    private let machine: Machine
    private let dependence: Dependence
    private var members: [Member] = []
    private var processCount = 0
    /// The possible moves of all members, and those that are in the set.
    private var possible: [UInt64] = []
    private var chosen: [UInt64] = []
    /// Whether they fail, where that is known already.
    private var failing: [Bool?] = []
    private var pending: [(member: Int, move: Int)] = []
    /// What two members mean to each other.
    private var interactions: [Interaction?] = []
    /// The processes that can move, by their pids as bits; for halves of a rendezvous it is not certain.
    private(set) var movable: UInt64 = 0
    private var visible: UInt64 = 0
    /// Whether a step may fail, now or later.
    private(set) var mayFault = false
    /// The processes with moves in the set that are possible.
    private var moving: UInt64 = 0

    init(_ generator: SuccessorGenerator, _ dependence: Dependence) {
        self.generator = generator
        self.dependence = dependence
        machine = generator.machine
    }

    // MARK: The state

    /// Finds out what each process can do in the state that the machine works on.
    /// - Returns: false if that runs into a fault.
    func survey() -> Bool {
        processCount = machine.processCount
        members.removeAll(keepingCapacity: true)
        possible.removeAll(keepingCapacity: true)
        var conditionCount = 0
        func add(_ footprints: ProcessFootprints, location: Int?, proctype: Int = -1) {
            let wordCount = footprints.leaving.wordCount
            members.append(
                Member(
                    footprints: footprints, firstWord: possible.count, wordCount: wordCount, location: location,
                    proctype: proctype, firstCondition: conditionCount))
            possible.append(contentsOf: repeatElement(0, count: wordCount))
            conditionCount += footprints.conditionCount
        }
        for pid in 0..<processCount {
            add(dependence.footprints(of: pid, in: machine), location: machine.location(ofProcessAt: pid))
        }
        var startable: Set<Int> = []
        mayFault = false
        for member in members {
            guard let location = member.location else { continue }
            if member.footprints.mayFault[location] { mayFault = true }
            for other in member.footprints.mayStart[location] where startable.insert(other).inserted {
                startable.formUnion(dependence.startable[other])
            }
        }
        for proctype in startable.sorted() {
            let footprints = dependence.footprints(ofAny: proctype)
            add(footprints, location: nil, proctype: proctype)
            if footprints.mayFault[generator.system.automata[proctype].initial] { mayFault = true }
        }
        chosen = possible
        failing.removeAll(keepingCapacity: true)
        failing.append(contentsOf: repeatElement(nil, count: conditionCount))
        interactions.removeAll(keepingCapacity: true)
        interactions.append(contentsOf: repeatElement(nil, count: members.count * members.count))
        (movable, visible) = (0, 0)
        for pid in 0..<processCount {
            guard survey(pid) else {
                _ = machine.takeFault()
                return false
            }
        }
        for pid in 0..<processCount { surveyRendezvous(pid) }
        return true
    }

    private func survey(_ pid: Int) -> Bool {
        if generator.tables.restrictsMoves {
            members[pid].isProvided = machine.isProvided(pid)
            if machine.hasFault { return false }
            if !members[pid].isProvided { return true }
        }
        let footprints = members[pid].footprints
        machine.enter(pid)
        let location = machine.locationRecord(ofProcessAt: pid)
        var isMoving = false
        for index in Int(location.first)..<Int(location.end) {
            let transition = generator.tables.transitions[index]
            let move = index - footprints.firstTransition
            let isPossible: Bool
            switch transition.kind {
            case .end: isPossible = pid == processCount - 1
            case .otherwise: isPossible = !isMoving
            case .select: isPossible = true
            case .ordinary:
                let value = transition.guardEntry < 0 ? 1 : machine.guardValue(of: transition)
                if machine.hasFault { return false }
                // A send that needs a partner gives 2.
                isPossible = value != 0 && !(value == 2 && transition.isSend)
            }
            if isPossible {
                isMoving = true
                notePossible(move, of: pid)
            }
        }
        return true
    }

    private func notePossible(_ move: Int, of pid: Int) {
        possible[members[pid].firstWord + move >> 6] |= 1 << UInt64(move & 63)
        movable |= 1 << UInt64(pid)
        if members[pid].footprints.move(move).isVisible { visible |= 1 << UInt64(pid) }
    }

    /// The halves of rendezvous that a process stands before are possible if another process stands before the other half;
    /// whether the message fits is not looked at.
    private func surveyRendezvous(_ pid: Int) {
        guard members[pid].isProvided, let location = members[pid].location else { return }
        let footprints = members[pid].footprints
        for index in generator.system.outgoing[machine.proctype(ofProcessAt: pid)][location] {
            let move = index - footprints.firstTransition
            guard footprints.move(move).isRendezvous else { continue }
            let hasPartner = (0..<processCount).contains { other in
                guard other != pid, members[other].isProvided, let place = members[other].location else { return false }
                let partners = interaction(pid, other).partners(of: move)
                let leaving = members[other].footprints.leaving
                return (0..<leaving.wordCount).contains { partners[$0] & leaving.words[place * leaving.wordCount + $0] != 0 }
            }
            if hasPartner { notePossible(move, of: pid) }
        }
    }

    // MARK: Sets

    /// The processes that move in the set that is closed from the moves of one process; nil if it is no use.
    func set(from seed: Int) -> UInt64? {
        for index in chosen.indices { chosen[index] = 0 }
        pending.removeAll(keepingCapacity: true)
        moving = 0
        let first = members[seed].firstWord
        for word in 0..<members[seed].wordCount { choose(possible[first + word], word, of: seed) }
        while let (member, move) = pending.popLast() {
            close(member, move)
            if moving & visible != 0 || moving == movable { return nil }
        }
        return moving
    }

    private func close(_ member: Int, _ move: Int) {
        let own = members[member].footprints.move(move)
        if own.waitsForTimeout { return }
        guard let location = members[member].location, location == own.source else {
            return choose(reasonElsewhere(member, move), for: member)
        }
        let here = members[member].footprints.refinement(of: move, machine, base: machine.frames[member])
        if isPossible(member, move) {
            choose(.own(members[member].footprints.leaving, row: location), for: member)
            for other in members.indices where other != member {
                choose(interaction(member, other).dependents(of: here), of: other)
            }
        } else if !members[member].isProvided {
            return choose(reasonHere(member, here), for: member)
        } else if own.isEnd {
            choose(.own(members[processCount - 1].footprints.ends, row: 0), for: processCount - 1)
        } else if own.mayStandAlone {
            choose(reasonHere(member, here), for: member)
        }
        if own.isRendezvous { closePartners(of: member, move) }
    }

    /// Chooses the other halves that are ready, and what makes the others ready.
    private func closePartners(of member: Int, _ move: Int) {
        for other in members.indices where other != member {
            let partners = interaction(member, other).partners(of: move)
            for word in 0..<members[other].wordCount {
                var rest = partners[word]
                while rest != 0 {
                    let partner = word << 6 + rest.trailingZeroBitCount
                    rest &= rest - 1
                    if members[other].location != members[other].footprints.move(partner).source {
                        choose(reasonElsewhere(other, partner), for: other)
                    } else if !members[other].isProvided {
                        choose(reasonHere(other, partner), for: other)
                    } else {
                        choose(1 << UInt64(partner & 63), word, of: other)
                    }
                }
            }
        }
    }

    // MARK: Reasons

    /// Why a move is not possible although the process stands before it.
    private func reasonHere(_ member: Int, _ move: Int) -> Reason {
        cheapest(for: member, failingConditions(member, move) { _ in true }) ?? .move(move)
    }

    /// Why a move is not possible: the process stands elsewhere, for one thing.
    private func reasonElsewhere(_ member: Int, _ move: Int) -> Reason {
        guard let location = members[member].location else { return .notStarted }
        let footprints = members[member].footprints
        let own: [Reason] = [
            .own(footprints.entering, row: footprints.move(move).source), .own(footprints.leaving, row: location),
        ]
        return cheapest(for: member, own + failingConditions(member, move) { !$0.asksForLocals }) ?? own[0]
    }

    private func failingConditions(_ member: Int, _ move: Int, where isOfUse: (ProcessFootprints.Condition) -> Bool) -> [Reason] {
        let footprints = members[member].footprints
        return footprints.move(move).conditions.compactMap { condition in
            isOfUse(footprints.condition(condition)) && fails(condition, of: member) ? .condition(condition) : nil
        }
    }

    private func fails(_ condition: Int, of member: Int) -> Bool {
        let footprints = members[member].footprints
        // Only what may be asked for by many moves is kept.
        guard condition < footprints.conditionCount else { return fails(footprints.condition(condition).entry, for: member) }
        let index = members[member].firstCondition + condition
        if let known = failing[index] { return known }
        let fails = fails(footprints.condition(condition).entry, for: member)
        failing[index] = fails
        return fails
    }

    private func fails(_ entry: Int, for member: Int) -> Bool {
        machine.enter(member)
        let value = machine.run(entry)
        if !machine.hasFault { return value == 0 }
        _ = machine.takeFault()
        return false
    }

    private func cheapest(for member: Int, _ reasons: [Reason]) -> Reason? {
        reasons.count < 2 ? reasons.first : reasons.map { ($0, cost(of: $0, for: member)) }.min { $0.1 < $1.1 }?.0
    }

    /// Possible moves weigh more than any others.
    private func cost(of reason: Reason, for member: Int) -> Int {
        var result = 0
        forEachWord(of: reason, for: member) { words, word, other in
            let index = members[other].firstWord + word
            let new = words & ~chosen[index]
            result += new.nonzeroBitCount + (new & possible[index]).nonzeroBitCount << 16
        }
        return result
    }

    private func choose(_ reason: Reason, for member: Int) {
        forEachWord(of: reason, for: member) { choose($0, $1, of: $2) }
    }

    /// Calls a function with the moves that may end a reason, by words and processes.
    private func forEachWord(of reason: Reason, for member: Int, _ body: (UInt64, _ word: Int, _ member: Int) -> Void) {
        func each(_ table: MoveTable, _ row: Int, of other: Int) {
            for word in 0..<table.wordCount { body(table.words[row * table.wordCount + word], word, other) }
        }
        func leaveOwn() {
            if let location = members[member].location { each(members[member].footprints.leaving, location, of: member) }
        }
        func each(_ words: UnsafePointer<UInt64>, of other: Int) {
            for word in 0..<members[other].wordCount { body(words[word], word, other) }
        }
        switch reason {
        case .own(let table, let row): each(table, row, of: member)
        case .notStarted:
            for other in members.indices { each(members[other].footprints.starts, members[member].proctype, of: other) }
        case .condition(let condition):
            for other in members.indices {
                if other == member, members[member].footprints.condition(condition).asksForLocals {
                    leaveOwn()
                } else {
                    each(interaction(member, other).enablers(ofCondition: condition), of: other)
                }
            }
        case .move(let move):
            leaveOwn()
            for other in members.indices where other != member {
                each(interaction(member, other).enablers(ofMove: move), of: other)
            }
        }
    }

    // MARK: Moves

    private func isPossible(_ member: Int, _ move: Int) -> Bool {
        possible[members[member].firstWord + move >> 6] >> UInt64(move & 63) & 1 != 0
    }

    private func choose(_ moves: UnsafePointer<UInt64>, of member: Int) {
        for word in 0..<members[member].wordCount { choose(moves[word], word, of: member) }
    }

    private func choose(_ moves: UInt64, _ word: Int, of member: Int) {
        let index = members[member].firstWord + word
        var new = moves & ~chosen[index]
        if new == 0 { return }
        chosen[index] |= new
        if new & possible[index] != 0 { moving |= 1 << UInt64(member) }
        while new != 0 {
            pending.append((member, word << 6 + new.trailingZeroBitCount))
            new &= new - 1
        }
    }

    private func interaction(_ member: Int, _ other: Int) -> Interaction {
        let index = member * members.count + other
        if let known = interactions[index] { return known }
        let interaction = dependence.interaction(of: members[member].footprints, with: members[other].footprints)
        interactions[index] = interaction
        return interaction
    }
}
