import Promela

/// Closes sets of moves in one state: see `StubbornSets`.
///
/// A set holds moves of the processes there are, and of those that may be started. The possible moves of a process are all in it or
/// none is, for each of them takes the process away from the others; so what is to be taken is told by the processes.
final class StubbornClosure {
    let generator: SuccessorGenerator
    let machine: Machine
    let dependence: Dependence
    /// The state that is looked at, and the set that is made.
    var work: ClosureMemory
    var lineUp: LineUp?
    /// The process types that may be started in the state that was looked at last: see `FootprintTable.LaterRecord`.
    var lastStarting: UInt64 = 0
    /// The processes that can move, by their pids as bits; for halves of a rendezvous it is not certain.
    var movable: UInt64 = 0
    var visible: UInt64 = 0
    /// Whether a step may fail, now or later.
    var mayFault = false

    private let remembered = RememberedSets()
    private var key: [UInt64] = []
    /// Where the tree is that is added to.
    private var place = RememberedSets.Place()
    /// What it takes to find out what the processes of a state can do, for each of them: by themselves, and again for what they can do
    /// with each other.
    static let comparisonsPerSurvey = 64
    private static let notRefinedYet: Int32 = -1

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

    /// Sets of processes, as bits, whose moves are enough in the state that was surveyed; none where nothing can be left out.
    func sets() -> [UInt64] {
        guard let lineUp else { return [] }
        makeKey(lineUp)
        var isWhole = false
        let seeds =
            remembered.seeds(for: key)
            ?? {
                surveyTogether(lineUp)
                isWhole = true
                return remembered.add(key, seeds: usefulSeeds())
            }()
        var found: [UInt64] = []
        for seed in seeds {
            let set: UInt64?
            if case .set(let known) = follow(seed) {
                set = known
            } else {
                if !isWhole { surveyTogether(lineUp) }
                isWhole = true
                set = close(seed, lineUp)
            }
            if let set, !found.contains(set) { found.append(set) }
        }
        return found
    }

    /// What the state means to each set that may be found in it, but for conditions that are asked for.
    private func makeKey(_ lineUp: LineUp) {
        key.removeAll(keepingCapacity: true)
        key.append(UInt64(truncatingIfNeeded: lineUp.number))
        // Locations first: they tell how many refinements follow.
        var (provided, locations) = (0 as UInt64, 0 as UInt64)
        for pid in 0..<work.processCount {
            if work.members[pid].isProvided { provided |= 1 << UInt64(pid) }
            locations = locations << 16 | UInt64(truncatingIfNeeded: work.members[pid].location)
            if pid & 3 == 3 { key.append(locations) }
        }
        key.append(locations)
        key.append(provided)
        for pid in 0..<work.processCount {
            let (member, table) = (work.members[pid], work.members[pid].table.pointee)
            for word in 0..<member.wordCount {
                key.append(work.possible[member.firstWord + word])
                var rest = work.leaving[member.firstWord + word] & table.refinable[word]
                while rest != 0 {
                    let move = word << 6 + rest.trailingZeroBitCount
                    rest &= rest - 1
                    work.refinements[member.firstWord << 6 + move] = Self.notRefinedYet
                    // The others are asked for where they matter.
                    if isInKey(move, of: pid, work) { key.append(UInt64(truncatingIfNeeded: refinement(of: move, pid, work))) }
                }
            }
        }
    }

    /// Whether it is part of the key how a move is refined, for who somebody's companions are may depend on it.
    private func isInKey(_ move: Int, of pid: Int, _ work: ClosureMemory) -> Bool {
        work.isPossible(pid, move) || work.members[pid].table.pointee.moves[move].isRendezvous
    }

    /// Finds out what processes can do with each other, and who their companions are.
    private func surveyTogether(_ lineUp: LineUp) {
        let work = work
        for pid in 0..<work.processCount { surveyRendezvous(pid, lineUp, work) }
        findCompanions(lineUp, work)
        self.work.comparisons &+= work.memberCount * Self.comparisonsPerSurvey
    }

    /// Finds the companions of processes: what is not possible is not looked at, so that there is no choice.
    private func findCompanions(_ lineUp: LineUp, _ work: ClosureMemory) {
        let (pids, companions) = (0..<work.processCount, work.companions)
        for pid in pids {
            let isMovable = movable >> UInt64(pid) & 1 != 0
            companions[pid] = isMovable ? movers(dependingOn: pid, lineUp, work).map { $0 | 1 << UInt64(pid) } ?? movable : 0
        }
        for middle in pids {
            for pid in pids where companions[pid] >> UInt64(middle) & 1 != 0 { companions[pid] |= companions[middle] }
        }
    }

    /// Processes with all their companions, unless these are all that can move, or a claim sees one of them.
    private func usefulSeeds() -> [UInt64] {
        var found: [UInt64] = []
        for pid in 0..<work.processCount {
            let set = work.companions[pid]
            if set != 0, set != movable, set & visible == 0, !found.contains(set) { found.append(set) }
        }
        return found
    }

}

// MARK: Sets

extension StubbornClosure {
    /// The processes with possible moves that do not accord with one of these; nil if that cannot be found out.
    private func movers(dependingOn pid: Int, _ lineUp: LineUp, _ work: ClosureMemory) -> UInt64? {
        let member = work.members[pid]
        var result: UInt64 = 0
        for word in 0..<member.wordCount {
            var rest = work.possible[member.firstWord + word]
            while rest != 0 {
                let move = word << 6 + rest.trailingZeroBitCount
                rest &= rest - 1
                if member.table.pointee.moves[move].waitsForTimeout { continue }
                guard let dependents = lineUp.row(.dependents, of: refinement(of: move, pid, work), pid) else { return nil }
                result |= work.movers(in: dependents)
            }
        }
        return result
    }

    /// A move of a process that stands before it, as exactly as it is known what it uses.
    private func refinement(of move: Int, _ number: Int, _ work: ClosureMemory) -> Int {
        let member = work.members[number]
        guard member.isRefinable(move) else { return move }
        let index = member.firstWord << 6 + move
        if work.refinements[index] == Self.notRefinedYet {
            let owner = member.table.pointee.owner.takeUnretainedValue()
            let refinement = owner.refinement(of: move, machine, base: machine.frames[number])
            work.refinements[index] = Int32(truncatingIfNeeded: refinement)
        }
        return Int(work.refinements[index])
    }

    /// The same; that this was asked for is remembered, if it is not part of the key.
    private func askRefinement(of move: Int, _ number: Int, _ work: ClosureMemory) -> Int {
        let refinement = refinement(of: move, number, work)
        guard work.members[number].isRefinable(move), !isInKey(move, of: number, work) else { return refinement }
        while true {
            switch remembered.step(at: place) {
            case .question(let question) where question.isOther(than: refinement):
                place = remembered.place(after: place, fails: true)
                continue
            case .unknown:
                remembered.note(
                    RememberedSets.Question(
                        member: Int32(truncatingIfNeeded: number), number: Int32(truncatingIfNeeded: move),
                        kind: .refinement(Int32(truncatingIfNeeded: refinement))), at: place)
            case .question, .set: break
            }
            place = remembered.place(after: place, fails: false)
            return refinement
        }
    }

    /// What came of the set that is closed from seeds, or that it is not known: no state was like this one.
    private func follow(_ seed: Int) -> RememberedSets.Step {
        var work = work
        defer { self.work = work }
        var place = remembered.beginning(of: seed)
        while true {
            let step = remembered.step(at: place)
            guard case .question(let question) = step else { return step }
            work.comparisons &+= work.memberCount
            let (member, number) = (Int(question.member), Int(question.number))
            let fails =
                switch question.kind {
                case .condition: fails(number, of: member, work)
                case .refinement(let value): refinement(of: number, member, work) != Int(value)
                }
            place = remembered.place(after: place, fails: fails)
        }
    }

    /// Closes a set from seeds.
    /// - Returns: the processes that move in it; nil if it is no use.
    private func close(_ seed: Int, _ lineUp: LineUp) -> UInt64? {
        var work = work
        defer { self.work = work }
        place = remembered.beginning(of: seed)
        work.begin(with: remembered.pids(of: seed))
        while let (member, move) = work.next() {
            guard close(member, move, lineUp, &work), work.moving & visible == 0, work.moving != movable else {
                remembered.note(nil, at: place)
                return nil
            }
        }
        remembered.note(work.moving, at: place)
        return work.moving
    }

    /// Chooses what must not be left out where a move is in the set.
    /// - Returns: false if that cannot be found out.
    private func close(_ number: Int, _ move: Int, _ lineUp: LineUp, _ work: inout ClosureMemory) -> Bool {
        let member = work.members[number]
        let table = member.table
        let own = table.pointee.moves[move]
        if own.waitsForTimeout { return true }
        guard member.location == Int(own.source) else { return chooseReasonElsewhere(number, move, lineUp, &work) }
        let here = askRefinement(of: move, number, work)
        if work.isPossible(number, move) {
            work.chooseLeaving(number)
            guard let dependents = lineUp.row(.dependents, of: here, number) else { return false }
            work.choose(dependents)
        } else if !member.isProvided {
            return chooseReasonHere(number, here, lineUp, &work)
        } else if own.isEnd {
            let youngest = work.processCount - 1
            work.choose(work.members[youngest].table.pointee.ends, of: youngest)
        } else if own.mayStandAlone {
            guard chooseReasonHere(number, here, lineUp, &work) else { return false }
        }
        return own.isRendezvous ? closePartners(of: number, move, lineUp, &work) : true
    }

    /// Chooses the other halves that are ready, and what makes the others ready.
    private func closePartners(of number: Int, _ move: Int, _ lineUp: LineUp, _ work: inout ClosureMemory) -> Bool {
        guard let partners = lineUp.row(.partners, of: move, number) else { return false }
        for other in 0..<work.memberCount {
            let member = work.members[other]
            for word in 0..<member.wordCount {
                var rest = partners[member.firstWord + word]
                while rest != 0 {
                    let partner = word << 6 + rest.trailingZeroBitCount
                    rest &= rest - 1
                    if member.location != Int(member.table.pointee.moves[partner].source) {
                        guard chooseReasonElsewhere(other, partner, lineUp, &work) else { return false }
                    } else if !member.isProvided {
                        guard chooseReasonHere(other, partner, lineUp, &work) else { return false }
                    } else {
                        work.choose(1 << UInt64(partner & 63), member.firstWord + word)
                    }
                }
            }
        }
        return true
    }
}

// MARK: Reasons

extension StubbornClosure {
    /// A reason why a move is not possible: without one of the moves that end it, it lasts.
    private enum Reason {
        /// The process has to come to where the move is.
        case entering(UnsafePointer<UInt64>)
        /// It has to leave the place where it is.
        case leaving
        /// One of its conditions.
        case condition(Int)
        /// Something else about one of its moves.
        case move(Int)
    }

    /// Chooses what may make a move possible although the process stands before it.
    private func chooseReasonHere(_ number: Int, _ move: Int, _ lineUp: LineUp, _ work: inout ClosureMemory) -> Bool {
        choose(cheapestCondition(of: number, move, evenLocal: true, (.move(move), .max), lineUp, work), for: number, lineUp, &work)
    }

    /// Chooses what may make a move possible, for one thing because the process stands elsewhere.
    private func chooseReasonElsewhere(_ number: Int, _ move: Int, _ lineUp: LineUp, _ work: inout ClosureMemory) -> Bool {
        let member = work.members[number]
        if let proctype = member.proctype {
            for other in 0..<work.memberCount {
                let table = work.members[other].table
                work.choose(table.pointee.starts + proctype * table.pointee.wordCount, of: other)
            }
            return true
        }
        let entering = member.table.pointee.entering + Int(member.table.pointee.moves[move].source) * member.wordCount
        var best = (reason: Reason.entering(entering), cost: work.cost(of: entering, of: number))
        if best.cost == 0 { return true }
        let cost = work.costOfLeaving(number)
        if cost == 0 { return true }
        if cost < best.cost { best = (.leaving, cost) }
        return choose(cheapestCondition(of: number, move, evenLocal: false, best, lineUp, work), for: number, lineUp, &work)
    }

    /// Looks for a condition of a move that fails and is cheaper to follow than what was found before.
    private func cheapestCondition(
        of number: Int, _ move: Int, evenLocal: Bool, _ found: (reason: Reason, cost: Int), _ lineUp: LineUp, _ work: ClosureMemory
    ) -> Reason {
        let table = work.members[number].table
        let own = table.pointee.moves[move]
        var best = found
        func weigh(_ conditions: Range<Int>) {
            for condition in conditions {
                if !evenLocal, table.pointee.conditions[condition].asksForLocals { continue }
                guard let cost = cost(ofCondition: condition, number, lineUp, work), cost < best.cost else { continue }
                if ask(condition, of: number, work) { best = (.condition(condition), cost) }
            }
        }
        if own.asksForProvided { weigh(0..<table.pointee.providedCount) }
        weigh(Int(own.firstCondition)..<Int(own.firstCondition + own.conditionCount))
        return best.reason
    }

    @inline(__always)
    private func cost(ofCondition condition: Int, _ number: Int, _ lineUp: LineUp, _ work: ClosureMemory) -> Int? {
        guard let enablers = lineUp.row(.conditionEnablers, of: condition, number) else { return nil }
        let member = work.members[number]
        let asksForLocals = member.table.pointee.conditions[condition].asksForLocals
        return work.cost(of: enablers) + (asksForLocals ? work.costOfLeaving(number) : 0)
    }

    /// Whether a condition fails; that this was asked for is remembered.
    private func ask(_ condition: Int, of number: Int, _ work: ClosureMemory) -> Bool {
        let (fails, member) = (fails(condition, of: number, work), work.members[number])
        if condition < member.table.pointee.conditionCount, !work.isNew(member.firstCondition + condition) { return fails }
        if case .unknown = remembered.step(at: place) {
            let (member, condition) = (Int32(truncatingIfNeeded: number), Int32(truncatingIfNeeded: condition))
            remembered.note(RememberedSets.Question(member: member, number: condition), at: place)
        }
        place = remembered.place(after: place, fails: fails)
        return fails
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

    private func choose(_ reason: Reason, for number: Int, _ lineUp: LineUp, _ work: inout ClosureMemory) -> Bool {
        let member = work.members[number]
        switch reason {
        case .entering(let moves): work.choose(moves, of: number)
        case .leaving: work.chooseLeaving(number)
        case .condition(let condition):
            guard let enablers = lineUp.row(.conditionEnablers, of: condition, number) else { return false }
            if member.table.pointee.conditions[condition].asksForLocals {
                work.choose(enablers, ofMembers: 0..<number)
                work.chooseLeaving(number)
                work.choose(enablers, ofMembers: number + 1..<work.memberCount)
            } else {
                work.choose(enablers)
            }
        case .move(let move):
            guard let enablers = lineUp.row(.moveEnablers, of: move, number) else { return false }
            work.chooseLeaving(number)
            work.choose(enablers)
        }
        return true
    }
}
