import Promela

/// Taking the transitions of one process after the other.
extension SuccessorGenerator {
    func expandAll(_ source: UnsafeMutableRawPointer, size: Int, _ outcome: inout Outcome) -> Bool {
        currentNode = -1
        machine.index(source, size: size)
        let isAwake = sleepWork.isAwake
        var moved = isAwake && sleepWork.asleep.moves != 0
        if recordsMoves { forgetEnabled() }
        var pid = machine.indexedCount - 1
        while pid >= 0 {
            if isChosen(pid), !isAwake || !isQuiet(pid) {
                if expandProcess(pid, source, size: size, &outcome) {
                    moved = true
                    if recordsMoves { noteEnabled(pid) }
                }
                if isAwake { noteAsked(pid) }
            }
            pid -= 1
        }
        return moved
    }

    @inline(__always)
    private func isChosen(_ pid: Int) -> Bool {
        chosenProcesses == .max || chosenProcesses >> UInt64(pid) & 1 != 0
    }

    /// Whether the process may move at all now.
    @inline(__always)
    func mayMove(_ pid: Int) -> Bool {
        if !tables.restrictsMoves { return true }
        guard machine.isProvided(pid) else { return false }
        // A fault in what another process provides is one too.
        return (!system.usesPriorities || machine.hasHighestPriority(pid)) && !machine.hasFault
    }

    /// Enumerates the moves of one process; the machine is indexed for `source`.
    /// - Returns: whether there was any.
    func expandProcess(
        _ pid: Int, _ source: UnsafeMutableRawPointer, size: Int, _ outcome: inout Outcome
    ) -> Bool {
        machine.use(source, size: size)
        guard mayMove(pid) else {
            _ = takeFault(Step(pid: pid, transition: -1))
            return false
        }
        if machine.isSpecial { takeNotes(Step(pid: pid, transition: -1)) }
        machine.enter(pid)
        var moved = false
        var movedHere = false
        var group: Int32 = 0
        let location = machine.locationRecord(ofProcessAt: pid)
        for index in Int(location.first)..<Int(location.end) {
            let transition = tables.transitions[index]
            if group > 0 && group != transition.escapeGroup { break }
            if sleepWork.isAwake, isAsleep(index - Int(location.first), of: pid) {
                moved = true
                movedHere = true
                group = transition.escapeGroup
                continue
            }
            switch transition.kind {
            case .end:
                guard pid == machine.processCount - 1 else { continue }
                let state = copyToEnd(source, size: size)
                machine.removeLastProcess()
                machine.setLastPid(pid)
                finish(
                    state, size: machine.size,
                    Step(pid: pid, transition: index, isTimeout: machine.allowsTimeout),
                    keepsControl: transition.keepsControl, pid, &outcome)
                machine.use(source, size: size)
                machine.enter(pid)
            case .otherwise:
                if movedHere { continue }
                take(index, transition, pid, source, size, choice: nil, &outcome)
            case .select:
                if !takeSelect(index, transition, pid, source, size, &outcome) { return moved }
            case .ordinary:
                if transition.guardEntry >= 0 {
                    let value = machine.guardValue(of: transition)
                    if machine.isSpecial { takeNotes(Step(pid: pid, transition: index)) }
                    if machine.hasFault {
                        _ = takeFault(Step(pid: pid, transition: index))
                        return true
                    }
                    if value == 0 { continue }
                    if value == 2 && transition.isSend {
                        if takeRendezvous(index, transition, pid, source, size, &outcome) {
                            moved = true
                            movedHere = true
                            group = transition.escapeGroup
                        } else {
                            // As Spin has it: a send that finds no partner also lets go of the escape it belongs to.
                            group = 0
                        }
                        continue
                    }
                }
                take(index, transition, pid, source, size, choice: nil, &outcome)
            }
            moved = true
            movedHere = true
            group = transition.escapeGroup
        }
        return moved
    }

    /// Begins a step: copies a state to where its successor is made, and lets the machine work there.
    @inline(__always)
    private func copyToEnd(_ source: UnsafeMutableRawPointer, size: Int) -> UnsafeMutableRawPointer {
        let state = endOfOutput()
        state.copyMemory(from: source, byteCount: size)
        machine.use(state, size: size)
        beginStep()
        return state
    }

    /// Takes a transition whose guard holds.
    @inline(__always)
    func take(
        _ index: Int, _ transition: TransitionRecord, _ pid: Int, _ source: UnsafeMutableRawPointer, _ size: Int,
        choice: Int64?, _ outcome: inout Outcome
    ) {
        if machine.terms != nil {
            takeForEachAnswer(index, transition, pid, source, size, choice: choice, &outcome)
        } else {
            takeOnce(index, transition, pid, source, size, choice: choice, &outcome)
        }
    }

    /// Questions about terms in an effect concern that effect alone, so it is here that they are answered one way and another.
    @inline(never)
    private func takeForEachAnswer(
        _ index: Int, _ transition: TransitionRecord, _ pid: Int, _ source: UnsafeMutableRawPointer, _ size: Int,
        choice: Int64?, _ outcome: inout Outcome
    ) {
        machine.terms?.forEachAnswer {
            takeOnce(index, transition, pid, source, size, choice: choice, &outcome)
        }
    }

    @inline(__always)
    private func takeOnce(
        _ index: Int, _ transition: TransitionRecord, _ pid: Int, _ source: UnsafeMutableRawPointer, _ size: Int,
        choice: Int64?, _ outcome: inout Outcome
    ) {
        let step = Step(pid: pid, transition: index, choice: choice, isTimeout: machine.allowsTimeout)
        let state = copyToEnd(source, size: size)
        if let choice { machine.registers[0] = choice }
        if perform(transition, pid, step) {
            finish(state, size: machine.size, step, keepsControl: transition.keepsControl, pid, &outcome)
        }
        machine.use(source, size: size)
        machine.enter(pid)
    }

    /// Carries out an effect on the machine's current vector; false if a fault ended it.
    @inline(__always)
    func perform(_ transition: TransitionRecord, _ pid: Int, _ step: Step) -> Bool {
        if transition.effectEntry >= 0 {
            _ = machine.run(Int(transition.effectEntry))
            if machine.hasFault || machine.hasNotes, !takeFault(step) { return false }
        }
        if transition.target > 0 { machine.setLocation(Int(transition.target), ofProcessAt: pid) }
        machine.setLastPid(pid)
        return true
    }

    /// Reports what was noted and a fault, if there are any; returns whether the step goes on all the same, as it does after a
    /// failed assertion.
    func takeFault(_ step: Step) -> Bool {
        if machine.hasNotes { for note in machine.takeNotes() { report(note, step) } }
        guard machine.hasFault, var fault = machine.takeFault() else { return true }
        // Code that does not end is not at any one place: the whole `d_step` is.
        if fault.kind == .endlessDeterministicStep { fault.span = system.transitions[step.receiver?.transition ?? step.transition].span }
        report(fault, step)
        return false
    }

    /// Reports what was noted outside an effect, so that it is not taken for part of the next one.
    @inline(never)
    private func takeNotes(_ step: Step) {
        if machine.hasNotes { for note in machine.takeNotes() { report(note, step) } }
    }

    func takeSelect(
        _ index: Int, _ transition: TransitionRecord, _ pid: Int, _ source: UnsafeMutableRawPointer, _ size: Int,
        _ outcome: inout Outcome
    ) -> Bool {
        _ = machine.run(Int(transition.guardEntry))
        if machine.isSpecial { takeNotes(Step(pid: pid, transition: index)) }
        if machine.hasFault {
            _ = takeFault(Step(pid: pid, transition: index))
            return false
        }
        let type = system.chosenType(of: index)
        if system.layout.mayHoldTerm(type), let terms = machine.terms {
            let value = terms.choice(
                from: TermValue(bits: machine.registers[0]), through: TermValue(bits: machine.registers[1]),
                isWide: type.isWide, at: .transition(index))
            take(index, transition, pid, source, size, choice: value.bits, &outcome)
            return true
        }
        let low = machine.number(machine.registers[0])
        // Without a sign, large values come last, not first.
        let flip = type.isWide ? Int64.min : 0
        let high = max(low ^ flip, machine.number(machine.registers[1]) ^ flip) ^ flip
        if let sample = selectSample, takeSampled(index, transition, pid, source, size, from: low, through: high, sample, &outcome) {
            return true
        }
        let (span, overflow) = (high ^ flip).subtractingReportingOverflow(low ^ flip)
        guard !overflow, span < 1 << 20 else {
            if let choice = givenChoice, choice ^ flip >= low ^ flip, choice ^ flip <= high ^ flip {
                take(index, transition, pid, source, size, choice: choice, &outcome)
                return true
            }
            let range = type.isWide ? "\(UInt64(bitPattern: low)) to \(UInt64(bitPattern: high))" : "\(low) to \(high)"
            machine.fail(
                .selectRangeTooLarge, "`select` from \(range) has more values than can be tried one by one",
                system.transitions[index].span)
            _ = takeFault(Step(pid: pid, transition: index))
            return true
        }
        var value = low
        while true {
            take(index, transition, pid, source, size, choice: value, &outcome)
            if value == high { break }
            value &+= 1
        }
        return true
    }

    /// Takes the first, the last and a few more values of a `select` that has many.
    /// - Returns: false if it has few.
    private func takeSampled(
        _ index: Int, _ transition: TransitionRecord, _ pid: Int, _ source: UnsafeMutableRawPointer, _ size: Int,
        from low: Int64, through high: Int64, _ sample: SelectSample, _ outcome: inout Outcome
    ) -> Bool {
        let distance = UInt64(bitPattern: high &- low)
        guard distance > sample.limit else { return false }
        var values = [low, low &+ 1, high &- 1, high]
        for _ in 0..<4 { values.append(low &+ Int64(bitPattern: sample.value(distance))) }
        for (position, value) in values.enumerated() where !values[..<position].contains(value) {
            take(index, transition, pid, source, size, choice: value, &outcome)
        }
        return true
    }
}
