import Promela

/// The loop that carries out instructions.
extension Machine {
    /// Runs code to its end.
    /// - Returns: the value that it finished with; 0 if it failed, and then `fault` says why.
    func run(_ entry: Int) -> Int64 {
        if isSpecial {
            if let terms { return run(entry, TermValues(terms: terms, machine: self)) }
            return notesWrapAround ? run(entry, CheckedValues(machine: self)) : run(entry, NotedValues())
        }
        return run(entry, ConcreteValues())
    }

    @inline(__always)
    private func run<Values: ValueSemantics>(_ entry: Int, _ values: Values) -> Int64 {
        let registers = self.registers
        let instructions = tables.instructions
        var position = entry
        var budget = jumpBudget
        while true {
            let instruction = instructions[position]
            position &+= 1
            let target = Int(instruction.target)
            let source = Int(instruction.source)
            switch instruction.operation {
            case .constant: registers[target] = values.literal(instruction.immediate)
            case .copy: registers[target] = registers[source]
            case .narrow: registers[target] = values.result(.narrow, registers[source], 0, position)
            case .loadGlobal8:
                registers[target] = byte(at: Int(instruction.immediate), values)
            case .loadLocal8:
                registers[target] = byte(at: frame + Int(instruction.immediate), values)
            case .loadGlobalBits:
                registers[target] = bits(at: Int(instruction.immediate), instruction.detail, instruction.width, values)
            case .loadLocalBits:
                registers[target] = bits(at: frame + Int(instruction.immediate), instruction.detail, instruction.width, values)
            case .loadGlobal:
                registers[target] = value(form(instruction.detail), at: Int(instruction.immediate), values)
            case .loadLocal:
                registers[target] = value(form(instruction.detail), at: frame + Int(instruction.immediate), values)
            case .equalGlobal8: registers[target] = byte(at: source, values) == instruction.immediate ? 1 : 0
            case .notEqualGlobal8: registers[target] = byte(at: source, values) != instruction.immediate ? 1 : 0
            case .lessOrEqualGlobal8: registers[target] = byte(at: source, values) <= instruction.immediate ? 1 : 0
            case .greaterGlobal8: registers[target] = byte(at: source, values) > instruction.immediate ? 1 : 0
            case .equalLocal8: registers[target] = byte(at: frame &+ source, values) == instruction.immediate ? 1 : 0
            case .notEqualLocal8: registers[target] = byte(at: frame &+ source, values) != instruction.immediate ? 1 : 0
            case .lessOrEqualLocal8: registers[target] = byte(at: frame &+ source, values) <= instruction.immediate ? 1 : 0
            case .greaterLocal8: registers[target] = byte(at: frame &+ source, values) > instruction.immediate ? 1 : 0
            case .setGlobal8:
                state.storeBytes(
                    of: UInt8(truncatingIfNeeded: source), toByteOffset: Int(instruction.immediate), as: UInt8.self)
            case .setLocal8:
                state.storeBytes(
                    of: UInt8(truncatingIfNeeded: source), toByteOffset: frame &+ Int(instruction.immediate),
                    as: UInt8.self)
            case .setGlobalBits:
                storeBits(
                    Int64(source), at: Int(instruction.immediate), shift: Int(instruction.detail),
                    width: Int(instruction.width))
            case .setLocalBits:
                storeBits(
                    Int64(source), at: frame &+ Int(instruction.immediate), shift: Int(instruction.detail),
                    width: Int(instruction.width))
            case .storeGlobal8:
                let value = values.concrete(registers[source])
                let kept = value & Int64((1 &<< UInt64(instruction.width)) &- 1)
                if kept != value {
                    truncationLog.note(site: target, value: value, stored: kept)
                    values.didCut(value, site: target)
                }
                state.storeBytes(of: UInt8(truncatingIfNeeded: kept), toByteOffset: Int(instruction.immediate), as: UInt8.self)
            case .storeLocal8:
                let value = values.concrete(registers[source])
                let kept = value & Int64((1 &<< UInt64(instruction.width)) &- 1)
                if kept != value {
                    truncationLog.note(site: target, value: value, stored: kept)
                    values.didCut(value, site: target)
                }
                state.storeBytes(
                    of: UInt8(truncatingIfNeeded: kept), toByteOffset: frame + Int(instruction.immediate), as: UInt8.self)
            case .storeGlobalBits, .storeLocalBits:
                let value = values.concrete(registers[source])
                let kept = value & ((1 &<< Int64(instruction.width)) &- 1)
                if kept != value {
                    truncationLog.note(site: target, value: value, stored: kept)
                    values.didCut(value, site: target)
                }
                let base = instruction.operation == .storeLocalBits ? frame : 0
                storeBits(
                    kept, at: base + Int(instruction.immediate), shift: Int(instruction.detail),
                    width: Int(instruction.width))
            case .storeGlobal, .storeLocal:
                let base = instruction.operation == .storeLocal ? frame : 0
                let form = form(instruction.detail)
                store(
                    values.kept(registers[source], form, width: Int(instruction.width), site: target, truncationLog), form,
                    at: base + Int(instruction.immediate))
            case .addressGlobal: registers[target] = instruction.immediate
            case .addressLocal: registers[target] = Int64(frame) &+ instruction.immediate
            case .advance: registers[target] = registers[target] &+ instruction.immediate
            case .index:
                let bounds = tables.arrays[Int(instruction.immediate)]
                let index = values.index(registers[source], below: bounds.count)
                guard index >= 0, index < bounds.count else {
                    failIndex(index, site: Int(instruction.immediate))
                    return 0
                }
                registers[target] = registers[target] &+ index &* bounds.stride
            case .loadAddress:
                registers[target] = form(instruction.detail) == .bits
                    ? bits(at: Int(registers[source]), instruction.flags, instruction.width, values)
                    : value(form(instruction.detail), at: Int(registers[source]), values)
            case .storeAddress:
                let form = form(instruction.detail)
                store(
                    values.kept(registers[source], form, width: Int(instruction.width), site: target, truncationLog), form,
                    at: Int(registers[instruction.second]))
            case .addressRemote:
                guard let base = remoteFrame(values.concrete(registers[source]), site: Int(instruction.immediate)) else {
                    if hasFault { return 0 }
                    registers[target] = 0
                    continue
                }
                registers[target] = Int64(base)
            case .remoteLocation:
                registers[target] = isProcess(values.concrete(registers[source]), atSite: Int(instruction.immediate)) ? 1 : 0
            case .selfPid: registers[target] = Int64(pid)
            case .lastPid:
                registers[target] = byte(at: StateLayout.lastPidOffset, values)
            case .processCount: registers[target] = Int64(processCount)
            case .selfPriority: registers[target] = Int64(priority(ofProcessAt: pid))
            case .ownChannel:
                let base = frame == 0 ? 0 : channelStarts[pid]
                registers[target] = Int64(base) + instruction.immediate + 1
            case .getPriority:
                let other = values.concrete(registers[source])
                registers[target] = other >= 0 && other < Int64(processCount) ? Int64(priority(ofProcessAt: Int(other))) : 0
            case .setPriority:
                let priority = values.concrete(registers[target])
                if !setPriority(priority, of: values.concrete(registers[source]), site: Int(instruction.immediate)) { return 0 }
            case .programCounter:
                let other = values.concrete(registers[source])
                registers[target] = other >= 0 && other < Int64(processCount) ? Int64(location(ofProcessAt: Int(other))) : 0
            case .enabled:
                let other = values.concrete(registers[source])
                registers[target] = isEnabled(other) ? 1 : 0
                if hasFault { return 0 }
            case .timeout: registers[target] = allowsTimeout ? 1 : 0
            case .nonProgress: registers[target] = isStuttering || isAtProgress() ? 0 : 1
            case .notInHandshake: registers[target] = handshake == 0 ? 1 : 0

            case .add: registers[target] = values.result(.add, registers[source], operand(instruction, values), position)
            case .subtract: registers[target] = values.result(.subtract, registers[source], operand(instruction, values), position)
            case .multiply: registers[target] = values.result(.multiply, registers[source], operand(instruction, values), position)
            case .divide: registers[target] = values.result(.divide, registers[source], operand(instruction, values), position)
            case .remainder: registers[target] = values.result(.remainder, registers[source], operand(instruction, values), position)
            case .shiftLeft: registers[target] = values.result(.shiftLeft, registers[source], operand(instruction, values), position)
            case .shiftRight:
                registers[target] = values.result(.shiftRight, registers[source], operand(instruction, values), position)
            case .negate: registers[target] = values.result(.negate, registers[source], 0, position)
            case .complement:
                registers[target] = values.result(.complement, registers[source], 0, position)
            case .addWide: registers[target] = values.result(.addWide, registers[source], operand(instruction, values), position)
            case .subtractWide:
                registers[target] = values.result(.subtractWide, registers[source], operand(instruction, values), position)
            case .multiplyWide:
                registers[target] = values.result(.multiplyWide, registers[source], operand(instruction, values), position)
            case .divideWide:
                registers[target] = values.result(.divideWide, registers[source], operand(instruction, values), position)
            case .remainderWide:
                registers[target] = values.result(.remainderWide, registers[source], operand(instruction, values), position)
            case .shiftLeftWide:
                registers[target] = values.result(.shiftLeftWide, registers[source], operand(instruction, values), position)
            case .shiftRightWide:
                registers[target] = values.result(.shiftRightWide, registers[source], operand(instruction, values), position)
            case .bitAnd: registers[target] = values.result(.bitAnd, registers[source], operand(instruction, values), position)
            case .bitOr: registers[target] = values.result(.bitOr, registers[source], operand(instruction, values), position)
            case .bitXor: registers[target] = values.result(.bitXor, registers[source], operand(instruction, values), position)
            case .complementWide:
                registers[target] = values.result(.complementWide, registers[source], 0, position)
            case .equal: registers[target] = values.result(.equal, registers[source], operand(instruction, values), position)
            case .notEqual: registers[target] = values.result(.notEqual, registers[source], operand(instruction, values), position)
            case .less: registers[target] = values.result(.less, registers[source], operand(instruction, values), position)
            case .lessOrEqual:
                registers[target] = values.result(.lessOrEqual, registers[source], operand(instruction, values), position)
            case .lessUnsigned:
                registers[target] = values.result(.lessUnsigned, registers[source], operand(instruction, values), position)
            case .lessOrEqualUnsigned:
                registers[target] = values.result(.lessOrEqualUnsigned, registers[source], operand(instruction, values), position)
            case .not: registers[target] = values.isZero(registers[source]) ? 1 : 0

            case .jump:
                position = Int(instruction.immediate)
                budget &-= 1
                if budget == 0 {
                    failEndlessStep()
                    return 0
                }
            // The hint is not about what is likely: it keeps the compiler from a conditional move, with which the processor would
            // wait for the register before it looks at any next instruction.
            case .jumpIfZero: if _fastPath(values.isZero(registers[source])) { position = Int(instruction.immediate) }
            case .jumpIfNotZero: if _fastPath(!values.isZero(registers[source])) { position = Int(instruction.immediate) }
            case .finish: return registers[source]
            case .fail:
                failAt(site: Int(instruction.immediate))
                return 0
            case .assert:
                if values.isZero(registers[source]) { noteFailedAssertion(site: Int(instruction.immediate)) }

            case .length, .channelTest, .canSend, .send, .canReceive, .receive:
                registers[source] = values.concrete(registers[source])
                if !runChannelOperation(instruction, registers) { return 0 }
            case .event:
                let isSend = instruction.flags != 0
                if !observe(isSend: isSend, channel: registers[source], site: Int(instruction.immediate)) { return 0 }
            case .run:
                guard let newPid = start(site: Int(instruction.immediate), arguments: registers + source) else { return 0 }
                registers[target] = Int64(newPid)
            case .print:
                if let onPrint { onPrint(printed(Int(instruction.immediate), registers)) }
            }
        }
    }

    /// The value of a guard, for the process that was entered.
    @inline(__always)
    func guardValue(of transition: TransitionRecord) -> Int64 {
        let entry = Int(transition.guardEntry)
        if !transition.hasByteGuard || isSpecial { return truth(of: run(entry)) }
        let test = tables.instructions[entry]
        let (offset, plain) = (Int(test.source), ConcreteValues())
        let holds =
            switch test.operation {
            case .equalGlobal8: byte(at: offset, plain) == test.immediate
            case .notEqualGlobal8: byte(at: offset, plain) != test.immediate
            case .lessOrEqualGlobal8: byte(at: offset, plain) <= test.immediate
            case .greaterGlobal8: byte(at: offset, plain) > test.immediate
            case .equalLocal8: byte(at: frame &+ offset, plain) == test.immediate
            case .notEqualLocal8: byte(at: frame &+ offset, plain) != test.immediate
            case .lessOrEqualLocal8: byte(at: frame &+ offset, plain) <= test.immediate
            default: byte(at: frame &+ offset, plain) > test.immediate
            }
        return holds ? 1 : 0
    }

    @inline(__always)
    private func byte<Values: ValueSemantics>(at address: Int, _ values: Values) -> Int64 {
        if Values.notesReads { readLog?.note(address, bytes: 1) }
        return Int64(state.load(fromByteOffset: address, as: UInt8.self))
    }

    @inline(__always)
    private func bits<Values: ValueSemantics>(at address: Int, _ shift: UInt8, _ width: UInt8, _ values: Values) -> Int64 {
        if Values.notesReads { readLog?.note(address, shift: Int(shift), width: Int(width)) }
        return Int64(state.load(fromByteOffset: address, as: UInt8.self)) &>> Int64(shift) & ((1 &<< Int64(width)) &- 1)
    }

    @inline(__always)
    private func value<Values: ValueSemantics>(_ form: Storage.Form, at address: Int, _ values: Values) -> Int64 {
        Values.notesReads ? loadNoting(form, at: address) : load(form, at: address)
    }

    @inline(__always)
    private func form(_ rawValue: UInt8) -> Storage.Form { unsafeBitCast(rawValue, to: Storage.Form.self) }

    @inline(__always)
    private func operand<Values: ValueSemantics>(_ instruction: Instruction, _ values: Values) -> Int64 {
        instruction.flags == 0 ? registers[instruction.second] : values.literal(instruction.immediate)
    }

    @inline(never)
    private func printed(_ index: Int, _ registers: UnsafeMutablePointer<Int64>) -> String {
        let site = system.code.code.printSites[index]
        var values = (0..<site.argumentCount).map { registers[site.firstRegister + $0] }[...]
        return PrintFormat.text(site.format, &values, system.program)
    }

    // MARK: What happens rarely

    // Kept out of the loop, so that it stays small and counts no references.

    @inline(never)
    private func failIndex(_ index: Int64, site number: Int) {
        let site = system.code.code.arraySites[number]
        let value = site.isWide ? String(UInt64(bitPattern: index)) : String(index)
        fail(
            .indexOutOfBounds,
            "`\(system.program.sources.text(of: site.source))` is \(value), but `\(site.name)` has \(site.count) element\(site.count == 1 ? "" : "s")",
            site.source)
    }

    @inline(never)
    private func failEndlessStep() {
        fail(
            .endlessDeterministicStep, "this `d_step` does not come to an end within ten million jumps",
            system.program.proctypes.first?.span ?? Span(file: FileID(0), start: 0, end: 0))
    }

    @inline(never)
    private func failAt(site number: Int) {
        let site = system.code.code.faultSites[number]
        fail(site.kind, FaultMessage.text(for: site, in: system), site.source)
    }

    @inline(never)
    private func noteFailedAssertion(site number: Int) {
        let site = system.code.code.faultSites[number]
        note(.assertionFailed, FaultMessage.text(for: site, in: system), site.source)
    }

    @inline(never)
    private func start(site number: Int, arguments: UnsafePointer<Int64>) -> Int? {
        let site = system.code.code.runSites[number]
        return addProcess(
            site.proctype, arguments: arguments, count: site.argumentCount, firstStoreSite: site.firstStoreSite,
            priority: site.priority, span: site.source)
    }
}
