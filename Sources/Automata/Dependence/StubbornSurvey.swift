import Promela

/// What the processes of a state can do, each by itself and with others.
extension StubbornClosure {
    /// Finds out what each process can do by itself in the state that the machine works on.
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
        work.comparisons &+= work.memberCount * Self.comparisonsPerSurvey
        return true
    }

    private func findMembers(_ work: inout ClosureMemory) -> Bool {
        let count = machine.processCount
        guard count <= LineUp.memberLimit else { return false }
        mayFault = false
        var starting: UInt64 = 0
        var isSame = count == work.processCount
        for pid in 0..<count {
            if !dependence.isSame(pid, in: machine, as: work.constants(of: pid)) || work.footprints[pid] == nil {
                work.footprints[pid] = dependence.footprints(of: pid, in: machine).table
                isSame = false
            }
            guard let table = work.footprints[pid] else { return false }
            let later = table.pointee.later[machine.location(ofProcessAt: pid)]
            if later.mayFault { mayFault = true }
            starting |= later.starting
        }
        if !isSame || starting != lastStarting {
            work.forgetMembers()
            guard let lineUp = findLineUp(count, starting, work) else { return false }
            work.begin(lineUp, processCount: count)
            (self.lineUp, lastStarting) = (lineUp, starting)
        }
        work.clear()
        for pid in 0..<count { work.place(pid, at: machine.location(ofProcessAt: pid)) }
        for member in count..<work.memberCount {
            guard let proctype = work.members[member].proctype else { continue }
            let initial = generator.system.automata[proctype].initial
            if work.members[member].table.pointee.later[initial].mayFault { mayFault = true }
        }
        return true
    }

    /// Those of the processes, and of what may be started; nil if that cannot be told, or if there are too many.
    private func findLineUp(_ processCount: Int, _ starting: UInt64, _ work: ClosureMemory) -> LineUp? {
        guard let proctypes = starting == 0 ? [] : dependence.startable(by: starting) else { return nil }
        guard processCount + proctypes.count <= LineUp.memberLimit else { return nil }
        return dependence.lineUp(of: (0..<processCount).compactMap { work.footprints[$0] }, startable: proctypes)
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
    func surveyRendezvous(_ pid: Int, _ lineUp: LineUp, _ work: ClosureMemory) {
        let member = work.members[pid]
        guard member.isProvided else { return }
        let table = member.table.pointee
        for word in 0..<table.wordCount {
            var rest = work.leaving[member.firstWord + word]
            while rest != 0 {
                let move = word << 6 + rest.trailingZeroBitCount
                rest &= rest - 1
                if table.moves[move].isRendezvous, hasPartner(pid, move, lineUp, work) { notePossible(move, of: pid, work) }
            }
        }
    }

    private func hasPartner(_ pid: Int, _ move: Int, _ lineUp: LineUp, _ work: ClosureMemory) -> Bool {
        guard let partners = lineUp.row(.partners, of: move, pid) else { return false }
        return (0..<work.processCount).contains { other in
            let member = work.members[other]
            guard other != pid, member.isProvided else { return false }
            return (member.firstWord..<member.firstWord + member.wordCount).contains { partners[$0] & work.leaving[$0] != 0 }
        }
    }
}
