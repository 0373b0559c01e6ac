import Promela

/// Closes sets of moves in one state: see `StubbornSets`.
///
/// A set holds moves of the processes there are, and of those that may be started. The possible moves of a process are all in it or
/// none is, for each of them takes the process away from the others; so what is to be taken is told by the processes.
final class StubbornClosure {
    private let generator: SuccessorGenerator
    private let machine: Machine
    private let dependence: Dependence
    /// The state that is looked at, and the set that is made.
    private var work: ClosureMemory
    /// The processes that can move, by their pids as bits; for halves of a rendezvous it is not certain.
    private(set) var movable: UInt64 = 0
    private var visible: UInt64 = 0
    /// Whether a step may fail, now or later.
    private(set) var mayFault = false

    /// See `ClosureMemory.comparisons`.
    var comparisons: Int { work.comparisons }

    init(_ generator: SuccessorGenerator, _ dependence: Dependence) {
        self.generator = generator
        self.dependence = dependence
        machine = generator.machine
        work = ClosureMemory(constantLimit: dependence.constantLimit)
    }

    deinit { work.deallocate() }

    // MARK: The state

    /// Finds out what each process can do in the state that the machine works on.
    /// - Returns: false if that runs into a fault, or cannot be found out.
    func survey() -> Bool {
        var work = work
        defer { self.work = work }
        (movable, visible) = (0, 0)
        guard findMembers(&work) else { return false }
        for pid in 0..<work.processCount {
            guard survey(pid, work) else {
                _ = machine.takeFault()
                return false
            }
        }
        for pid in 0..<work.processCount { surveyRendezvous(pid, work) }
        return true
    }

    private func findMembers(_ work: inout ClosureMemory) -> Bool {
        let count = machine.processCount
        guard count <= ClosureMemory.memberLimit else { return false }
        work.begin(processCount: count)
        mayFault = false
        var starting: UInt64 = 0
        for pid in 0..<count {
            let location = machine.location(ofProcessAt: pid)
            if !dependence.isSame(pid, in: machine, as: work.constants(of: pid)) || work.footprints[pid] == nil {
                work.footprints[pid] = dependence.footprints(of: pid, in: machine).table
            }
            guard let table = work.footprints[pid] else { return false }
            work.add(table, location: location)
            let later = table.pointee.later[location]
            if later.mayFault { mayFault = true }
            starting |= later.starting
        }
        if starting == 0 { return true }
        guard let proctypes = dependence.startable(by: starting) else { return false }
        for proctype in proctypes {
            guard work.memberCount < ClosureMemory.memberLimit else { return false }
            let table = dependence.footprints(ofAny: proctype).table
            work.add(table, location: ClosureMemory.nowhere, proctype: proctype)
            if table.pointee.later[generator.system.automata[proctype].initial].mayFault { mayFault = true }
        }
        return true
    }
}

// MARK: What is possible

extension StubbornClosure {
    private func survey(_ pid: Int, _ work: ClosureMemory) -> Bool {
        if generator.tables.restrictsMoves {
            work.members[pid].isProvided = machine.isProvided(pid)
            if machine.hasFault { return false }
            if !work.members[pid].isProvided { return true }
        }
        let first = work.members[pid].table.pointee.firstTransition
        machine.enter(pid)
        let location = machine.locationRecord(ofProcessAt: pid)
        var isMoving = false
        for index in Int(location.first)..<Int(location.end) {
            let transition = generator.tables.transitions[index]
            let isPossible: Bool
            switch transition.kind {
            case .end: isPossible = pid == work.processCount - 1
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
                notePossible(index - first, of: pid, work)
            }
        }
        return true
    }

    private func notePossible(_ move: Int, of pid: Int, _ work: ClosureMemory) {
        work.notePossible(move, of: pid)
        movable |= 1 << UInt64(pid)
        if work.members[pid].table.pointee.moves[move].isVisible { visible |= 1 << UInt64(pid) }
    }

    /// The halves of rendezvous that a process stands before are possible if another process stands before the other half;
    /// whether the message fits is not looked at.
    private func surveyRendezvous(_ pid: Int, _ work: ClosureMemory) {
        let member = work.members[pid]
        guard member.isProvided else { return }
        let table = member.table.pointee
        for word in 0..<table.wordCount {
            var rest = table.leaving[member.location * table.wordCount + word]
            while rest != 0 {
                let move = word << 6 + rest.trailingZeroBitCount
                rest &= rest - 1
                if table.moves[move].isRendezvous, hasPartner(pid, move, work) { notePossible(move, of: pid, work) }
            }
        }
    }

    private func hasPartner(_ pid: Int, _ move: Int, _ work: ClosureMemory) -> Bool {
        (0..<work.processCount).contains { other in
            let member = work.members[other]
            guard other != pid, member.isProvided, let partners = partners(of: move, pid, other, work) else { return false }
            let leaving = member.table.pointee.leaving + member.location * member.wordCount
            return (0..<member.wordCount).contains { partners[$0] & leaving[$0] != 0 }
        }
    }
}

// MARK: Sets

extension StubbornClosure {
    /// A reason why a move is not possible: without one of the moves that end it, it lasts.
    private enum Reason {
        /// Moves of the process itself.
        case own(UnsafePointer<UInt64>)
        /// One of its conditions.
        case condition(Int)
        /// Something else about one of its moves.
        case move(Int)
        /// It has not been started.
        case notStarted
    }

    /// The processes that move in the set that is closed from the moves of one process; nil if it is no use.
    func set(from seed: Int) -> UInt64? {
        var work = work
        defer { self.work = work }
        work.removeAll()
        work.choose(UnsafePointer(work.possible + work.members[seed].firstWord), of: seed)
        while let (member, move) = work.next() {
            guard close(member, move, &work), work.moving & visible == 0, work.moving != movable else { return nil }
        }
        return work.moving
    }

    /// Chooses what must not be left out where a move is in the set.
    /// - Returns: false if that cannot be found out.
    private func close(_ number: Int, _ move: Int, _ work: inout ClosureMemory) -> Bool {
        let member = work.members[number]
        let table = member.table
        let own = table.pointee.moves[move]
        if own.waitsForTimeout { return true }
        guard member.location == Int(own.source) else { return choose(reasonElsewhere(number, move, work), for: number, &work) }
        let here =
            own.isRefinable
            ? table.pointee.owner.takeUnretainedValue().refinement(of: move, machine, base: machine.frames[number]) : move
        if work.isPossible(number, move) {
            work.choose(leaving(member), of: number)
            for other in 0..<work.memberCount where other != number {
                guard let dependents = dependents(of: here, number, other, work) else { return false }
                work.choose(dependents, of: other)
            }
        } else if !member.isProvided {
            return choose(reasonHere(number, here, work), for: number, &work)
        } else if own.isEnd {
            let youngest = work.processCount - 1
            work.choose(work.members[youngest].table.pointee.ends, of: youngest)
        } else if own.mayStandAlone {
            guard choose(reasonHere(number, here, work), for: number, &work) else { return false }
        }
        return own.isRendezvous ? closePartners(of: number, move, &work) : true
    }

    /// Chooses the other halves that are ready, and what makes the others ready.
    private func closePartners(of number: Int, _ move: Int, _ work: inout ClosureMemory) -> Bool {
        for other in 0..<work.memberCount where other != number {
            guard let partners = partners(of: move, number, other, work) else { return false }
            let member = work.members[other]
            for word in 0..<member.wordCount {
                var rest = partners[word]
                while rest != 0 {
                    let partner = word << 6 + rest.trailingZeroBitCount
                    rest &= rest - 1
                    if member.location != Int(member.table.pointee.moves[partner].source) {
                        guard choose(reasonElsewhere(other, partner, work), for: other, &work) else { return false }
                    } else if !member.isProvided {
                        guard choose(reasonHere(other, partner, work), for: other, &work) else { return false }
                    } else {
                        work.choose(1 << UInt64(partner & 63), word, of: other)
                    }
                }
            }
        }
        return true
    }

    private func leaving(_ member: ClosureMemory.Member) -> UnsafePointer<UInt64> {
        member.table.pointee.leaving + member.location * member.wordCount
    }

    /// Why a move is not possible although the process stands before it.
    private func reasonHere(_ number: Int, _ move: Int, _ work: ClosureMemory) -> Reason {
        var best: (reason: Reason, cost: Int)?
        weighConditions(of: number, move, work, evenLocal: true, &best)
        return best?.reason ?? .move(move)
    }

    /// Why a move is not possible: the process stands elsewhere, for one thing.
    private func reasonElsewhere(_ number: Int, _ move: Int, _ work: ClosureMemory) -> Reason {
        let member = work.members[number]
        if member.location == ClosureMemory.nowhere { return .notStarted }
        let table = member.table.pointee
        let entering = table.entering + Int(table.moves[move].source) * table.wordCount
        var best = (reason: Reason.own(entering), cost: work.cost(of: entering, of: number))
        let leaving = leaving(member)
        let cost = work.cost(of: leaving, of: number)
        if cost < best.cost { best = (.own(leaving), cost) }
        if best.cost == 0 { return best.reason }
        var found: (reason: Reason, cost: Int)? = best
        weighConditions(of: number, move, work, evenLocal: false, &found)
        return found?.reason ?? best.reason
    }

    /// Looks for a condition of a move that fails and is cheaper to follow than what was found before.
    private func weighConditions(
        of number: Int, _ move: Int, _ work: ClosureMemory, evenLocal: Bool, _ best: inout (reason: Reason, cost: Int)?
    ) {
        let table = work.members[number].table.pointee
        let own = table.moves[move]
        func weigh(_ condition: Int) {
            guard evenLocal || !table.conditions[condition].asksForLocals, fails(condition, of: number, work) else { return }
            guard let cost = cost(ofCondition: condition, number, work) else { return }
            if best.map({ cost < $0.cost }) ?? true { best = (.condition(condition), cost) }
        }
        if own.asksForProvided { for condition in 0..<table.providedCount { weigh(condition) } }
        for condition in Int(own.firstCondition)..<Int(own.firstCondition + own.conditionCount) { weigh(condition) }
    }

    private func cost(ofCondition condition: Int, _ number: Int, _ work: ClosureMemory) -> Int? {
        let member = work.members[number]
        var result = 0
        for other in 0..<work.memberCount {
            if other == number, member.table.pointee.conditions[condition].asksForLocals {
                result += work.cost(of: leaving(member), of: number)
            } else {
                guard let enablers = enablers(ofCondition: condition, number, other, work) else { return nil }
                result += work.cost(of: enablers, of: other)
            }
        }
        return result
    }

    private func fails(_ condition: Int, of number: Int, _ work: ClosureMemory) -> Bool {
        let member = work.members[number]
        let table = member.table.pointee
        // Only what may be asked for by many moves is kept.
        let isKept = condition < table.conditionCount
        let index = member.firstCondition + condition
        if isKept, work.conditionValues[index] != .unknown { return work.conditionValues[index] == .fails }
        machine.enter(number)
        let value = machine.run(Int(table.conditions[condition].entry))
        var fails = value == 0
        if machine.hasFault {
            _ = machine.takeFault()
            fails = false
        }
        if isKept { work.conditionValues[index] = fails ? .fails : .holds }
        return fails
    }

    private func choose(_ reason: Reason, for number: Int, _ work: inout ClosureMemory) -> Bool {
        let member = work.members[number]
        switch reason {
        case .own(let moves): work.choose(moves, of: number)
        case .notStarted:
            for other in 0..<work.memberCount {
                let table = work.members[other].table.pointee
                work.choose(table.starts + member.proctype * table.wordCount, of: other)
            }
        case .condition(let condition):
            for other in 0..<work.memberCount {
                if other == number, member.table.pointee.conditions[condition].asksForLocals {
                    work.choose(leaving(member), of: number)
                } else {
                    guard let enablers = enablers(ofCondition: condition, number, other, work) else { return false }
                    work.choose(enablers, of: other)
                }
            }
        case .move(let move):
            work.choose(leaving(member), of: number)
            for other in 0..<work.memberCount where other != number {
                guard let enablers = enablers(ofMove: move, number, other, work) else { return false }
                work.choose(enablers, of: other)
            }
        }
        return true
    }
}

// MARK: What two processes mean to each other

extension StubbornClosure {
    private func dependents(of move: Int, _ number: Int, _ other: Int, _ work: ClosureMemory) -> UnsafePointer<UInt64>? {
        guard let table = interaction(number, other, work) else { return nil }
        return table.pointee.dependents[move] ?? table.pointee.owner.takeUnretainedValue().findDependents(of: move)
    }

    private func enablers(ofCondition condition: Int, _ number: Int, _ other: Int, _ work: ClosureMemory) -> UnsafePointer<UInt64>? {
        guard let table = interaction(number, other, work) else { return nil }
        return table.pointee.conditionEnablers[condition]
            ?? table.pointee.owner.takeUnretainedValue().findEnablers(ofCondition: condition)
    }

    private func enablers(ofMove move: Int, _ number: Int, _ other: Int, _ work: ClosureMemory) -> UnsafePointer<UInt64>? {
        guard let table = interaction(number, other, work) else { return nil }
        return table.pointee.moveEnablers[move] ?? table.pointee.owner.takeUnretainedValue().findEnablers(ofMove: move)
    }

    private func partners(of move: Int, _ number: Int, _ other: Int, _ work: ClosureMemory) -> UnsafePointer<UInt64>? {
        guard let table = interaction(number, other, work) else { return nil }
        return table.pointee.partners[move] ?? table.pointee.owner.takeUnretainedValue().findPartners(of: move)
    }

    @inline(__always)
    private func interaction(_ number: Int, _ other: Int, _ work: ClosureMemory) -> UnsafeMutablePointer<InteractionTable>? {
        work.interaction(number, other) ?? findInteraction(number, other, work)
    }

    @inline(never)
    private func findInteraction(_ number: Int, _ other: Int, _ work: ClosureMemory) -> UnsafeMutablePointer<InteractionTable>? {
        let (one, another) = (work.members[number].table.pointee.owner, work.members[other].table.pointee.owner)
        guard let found = dependence.interaction(of: one.takeUnretainedValue(), with: another.takeUnretainedValue()) else { return nil }
        work.keep(found.table, number, other)
        return found.table
    }
}
