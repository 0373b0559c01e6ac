import Promela

/// The register machine: evaluates guards and carries out effects on one state vector in raw memory.
///
/// It works on the vector that `state` points to, in the name of the process that `enter` was called for. The caller owns the
/// vectors; the machine owns its registers, its tables of where each process and channel lies, and its copy of the code.
final class Machine {
    let system: System
    let layout: StateLayout
    private let instructions: UnsafeMutablePointer<Instruction>
    private let registerFile: UnsafeMutablePointer<Int64>
    private let registerCount: Int
    /// How deep `run` and `enabled` may nest evaluations.
    private static let windows = 4

    /// The registers in use.
    private(set) var registers: UnsafeMutablePointer<Int64>
    /// The vector being worked on.
    var state: UnsafeMutableRawPointer
    /// Bytes of the vector in use.
    var size = 0
    /// Where the block of the current process starts.
    private var frame = 0
    private(set) var pid = 0
    /// Where the block of each process starts, by pid, and how many channels exist before it.
    let frames: UnsafeMutablePointer<Int>
    let channelStarts: UnsafeMutablePointer<Int>
    /// Where each channel lies, and its type; by its number less one.
    let channelOffsets: UnsafeMutablePointer<Int>
    let channelTypeIndices: UnsafeMutablePointer<Int>

    /// Whether `timeout` is true: nothing else can be done.
    var allowsTimeout = false
    /// The number of the rendezvous channel that a sender waits at, or 0.
    var handshake = 0
    /// The message of that sender, or the last message that was sent or received.
    var message: [Int64] = []
    /// The channel of that message.
    var messageChannel = 0

    /// How many jumps a piece of code may make before it counts as endless.
    var jumpBudget = 50_000_000
    /// What went wrong since this was last cleared.
    var fault: Fault?
    private(set) var truncations: [Int: Truncation] = [:]
    /// Told what `printf` prints, where somebody wants to know.
    var onPrint: ((String) -> Void)?
    /// Whether `enabled(pid)` looks at this process's guards right now.
    private var nesting = 0

    init(_ system: System) {
        self.system = system
        layout = system.layout
        let code = system.code.code
        instructions = .allocate(capacity: max(1, code.instructions.count))
        instructions.initialize(from: code.instructions, count: code.instructions.count)
        registerCount = max(4, code.registerCount + 1)
        registerFile = .allocate(capacity: registerCount * Self.windows)
        registerFile.initialize(repeating: 0, count: registerCount * Self.windows)
        registers = registerFile
        state = UnsafeMutableRawPointer(registerFile)
        frames = .allocate(capacity: 257)
        frames.initialize(repeating: 0, count: 257)
        channelStarts = .allocate(capacity: 257)
        channelStarts.initialize(repeating: 0, count: 257)
        channelOffsets = .allocate(capacity: 512)
        channelOffsets.initialize(repeating: 0, count: 512)
        channelTypeIndices = .allocate(capacity: 512)
        channelTypeIndices.initialize(repeating: 0, count: 512)
        for (index, channel) in layout.globalChannels.enumerated() {
            channelOffsets[index] = channel.offset
            channelTypeIndices[index] = channel.type
        }
    }

    deinit {
        instructions.deallocate()
        registerFile.deallocate()
        frames.deallocate()
        channelStarts.deallocate()
        channelOffsets.deallocate()
        channelTypeIndices.deallocate()
    }

    // MARK: The state vector

    @inline(__always)
    var processCount: Int { Int(state.load(fromByteOffset: StateLayout.processCountOffset, as: UInt8.self)) }

    /// The number of channels that exist.
    var channelCount: Int { channelStarts[processCount] }

    @inline(__always)
    func proctype(ofProcessAt pid: Int) -> Int { Int(state.load(fromByteOffset: frames[pid], as: UInt8.self)) }

    @inline(__always)
    func location(ofProcessAt pid: Int) -> Int {
        let offset = frames[pid] + StateLayout.locationOffset
        return layout.options.locationSize == 1
            ? Int(state.load(fromByteOffset: offset, as: UInt8.self))
            : Int(state.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    @inline(__always)
    func setLocation(_ location: Int, ofProcessAt pid: Int) {
        let offset = frames[pid] + StateLayout.locationOffset
        if layout.options.locationSize == 1 {
            state.storeBytes(of: UInt8(truncatingIfNeeded: location), toByteOffset: offset, as: UInt8.self)
        } else {
            state.storeBytes(of: UInt16(truncatingIfNeeded: location), toByteOffset: offset, as: UInt16.self)
        }
    }

    @inline(__always)
    func setLastPid(_ pid: Int) {
        if layout.options.keepsLastPid {
            state.storeBytes(of: UInt8(truncatingIfNeeded: pid), toByteOffset: StateLayout.lastPidOffset, as: UInt8.self)
        }
    }

    func priority(ofProcessAt pid: Int) -> Int {
        guard layout.options.keepsPriorities else { return 1 }
        return Int(state.load(fromByteOffset: frames[pid] + layout.priorityOffset, as: UInt8.self))
    }

    /// Finds where the processes and channels of a vector lie.
    func index(_ vector: UnsafeMutableRawPointer, size: Int) {
        state = vector
        self.size = size
        var offset = layout.processesOffset
        var channels = layout.globalChannels.count
        let count = processCount
        for pid in 0..<count {
            frames[pid] = offset
            channelStarts[pid] = channels
            let process = layout.processes[Int(state.load(fromByteOffset: offset, as: UInt8.self))]
            for channel in process.channels {
                channelOffsets[channels] = offset + channel.offset
                channelTypeIndices[channels] = channel.type
                channels += 1
            }
            offset += process.size
        }
        frames[count] = offset
        channelStarts[count] = channels
    }

    /// Works on another vector that has the same processes as the one indexed.
    @inline(__always)
    func use(_ vector: UnsafeMutableRawPointer, size: Int) {
        state = vector
        self.size = size
    }

    @inline(__always)
    func enter(_ pid: Int) {
        self.pid = pid
        frame = frames[pid]
    }

    /// Makes the vector the state before anything runs: no process, globals with their initial values.
    func makeGlobals(in vector: UnsafeMutableRawPointer) {
        vector.initializeMemory(as: UInt8.self, repeating: 0, count: layout.processesOffset)
        state = vector
        size = layout.processesOffset
        frames[0] = size
        channelStarts[0] = layout.globalChannels.count
        frame = 0
        pid = 0
        _ = run(system.globalInitialEntry)
    }

    /// Adds a process at the end of the vector.
    /// - Returns: its pid, or nil when there are 255 already.
    func addProcess(_ proctype: Int, arguments: UnsafePointer<Int64>?, count: Int, priority: Int, span: Span) -> Int? {
        let newPid = processCount
        guard newPid < 255 else {
            fail(.tooManyProcesses, "there are 255 processes already", span)
            return nil
        }
        let process = layout.processes[proctype]
        let base = size
        let channels = channelStarts[newPid]
        guard channels + process.channels.count <= 255 else {
            fail(.tooManyChannels, "there are \(channels) channels already, and 255 can exist", span)
            return nil
        }
        (state + base).initializeMemory(as: UInt8.self, repeating: 0, count: process.size)
        size += process.size
        frames[newPid] = base
        frames[newPid + 1] = size
        for (index, channel) in process.channels.enumerated() {
            channelOffsets[channels + index] = base + channel.offset
            channelTypeIndices[channels + index] = channel.type
        }
        channelStarts[newPid + 1] = channels + process.channels.count
        state.storeBytes(of: UInt8(newPid + 1), toByteOffset: StateLayout.processCountOffset, as: UInt8.self)
        state.storeBytes(of: UInt8(truncatingIfNeeded: proctype), toByteOffset: base, as: UInt8.self)
        setLocation(system.automata[proctype].initial, ofProcessAt: newPid)
        if layout.options.keepsPriorities {
            state.storeBytes(of: UInt8(truncatingIfNeeded: priority), toByteOffset: base + layout.priorityOffset, as: UInt8.self)
        }
        for index in 0..<count {
            guard let arguments, index < process.locals.slots.count else { break }
            store(arguments[index], process.locals.slots[index].storage, base: base)
        }
        let (callerPid, callerFrame) = (pid, frame)
        enter(newPid)
        _ = nested { machine in machine.run(machine.system.initialEntries[proctype]) }
        pid = callerPid
        frame = callerFrame
        return newPid
    }

    /// Takes the youngest process off the end of the vector.
    func removeLastProcess() {
        let last = processCount - 1
        size = frames[last]
        state.storeBytes(of: UInt8(last), toByteOffset: StateLayout.processCountOffset, as: UInt8.self)
    }

    /// Evaluates with registers of its own.
    private func nested(_ body: (Machine) -> Int64) -> Int64 {
        guard nesting < Self.windows - 1 else { return 0 }
        nesting += 1
        registers += registerCount
        defer {
            nesting -= 1
            registers -= registerCount
        }
        return body(self)
    }

    // MARK: Loads and stores

    @inline(__always)
    func load(_ form: Storage.Form, at address: Int) -> Int64 {
        switch form {
        case .bits, .unsigned8: Int64(state.load(fromByteOffset: address, as: UInt8.self))
        case .unsigned16: Int64(state.loadUnaligned(fromByteOffset: address, as: UInt16.self))
        case .unsigned32: Int64(state.loadUnaligned(fromByteOffset: address, as: UInt32.self))
        case .unsigned64: state.loadUnaligned(fromByteOffset: address, as: Int64.self)
        case .signed16: Int64(state.loadUnaligned(fromByteOffset: address, as: Int16.self))
        case .signed32: Int64(state.loadUnaligned(fromByteOffset: address, as: Int32.self))
        }
    }

    @inline(__always)
    func store(_ value: Int64, _ form: Storage.Form, at address: Int) {
        switch form {
        case .bits, .unsigned8: state.storeBytes(of: UInt8(truncatingIfNeeded: value), toByteOffset: address, as: UInt8.self)
        case .unsigned16, .signed16:
            state.storeBytes(of: UInt16(truncatingIfNeeded: value), toByteOffset: address, as: UInt16.self)
        case .unsigned32, .signed32:
            state.storeBytes(of: UInt32(truncatingIfNeeded: value), toByteOffset: address, as: UInt32.self)
        case .unsigned64: state.storeBytes(of: value, toByteOffset: address, as: Int64.self)
        }
    }

    /// Reads a scalar that lies in a section.
    func load(_ storage: Storage, base: Int) -> Int64 {
        let value = load(storage.form, at: base + storage.offset)
        return storage.form == .bits ? (value >> Int64(storage.shift)) & ((1 << Int64(storage.width)) - 1) : value
    }

    /// Writes a scalar that lies in a section, cut to its width.
    func store(_ value: Int64, _ storage: Storage, base: Int) {
        let kept = Storage.truncate(value, width: storage.width, isSigned: storage.isSigned)
        if storage.form == .bits {
            storeBits(kept, at: base + storage.offset, shift: storage.shift, width: storage.width)
        } else {
            store(kept, storage.form, at: base + storage.offset)
        }
    }

    @inline(__always)
    private func storeBits(_ value: Int64, at address: Int, shift: Int, width: Int) {
        let mask = UInt8(truncatingIfNeeded: ((1 << width) - 1) << shift)
        let old = state.load(fromByteOffset: address, as: UInt8.self)
        state.storeBytes(
            of: (old & ~mask) | (UInt8(truncatingIfNeeded: value << Int64(shift)) & mask), toByteOffset: address,
            as: UInt8.self)
    }

    // MARK: Faults

    func fail(_ kind: Fault.Kind, _ message: String, _ span: Span) {
        if fault == nil { fault = Fault(kind: kind, message: message, span: span, pid: pid) }
    }

    @inline(never)
    private func noteTruncation(site: Int, value: Int64, stored: Int64) {
        if truncations[site] != nil {
            truncations[site]?.count += 1
            return
        }
        guard site < system.code.code.storeSites.count else { return }
        let place = system.code.code.storeSites[site]
        truncations[site] = Truncation(
            name: place.name, typeName: place.typeName, value: value, stored: stored, span: place.source, count: 1)
    }

    /// Forgets every truncation.
    func clearTruncations() { truncations = [:] }

    // MARK: Running code

    /// Runs code to its end.
    /// - Returns: the value that it finished with; 0 if it failed, and then `fault` says why.
    func run(_ entry: Int) -> Int64 {
        let registers = self.registers
        var position = entry
        var budget = jumpBudget
        while true {
            let instruction = instructions[position]
            position += 1
            let target = Int(instruction.target)
            let source = Int(instruction.source)
            switch instruction.operation {
            case .constant: registers[target] = instruction.immediate
            case .copy: registers[target] = registers[source]
            case .narrow: registers[target] = Int64(Int32(truncatingIfNeeded: registers[source]))
            case .loadGlobal8:
                registers[target] = Int64(state.load(fromByteOffset: Int(instruction.immediate), as: UInt8.self))
            case .loadLocal8:
                registers[target] = Int64(state.load(fromByteOffset: frame + Int(instruction.immediate), as: UInt8.self))
            case .loadGlobalBits:
                let byte = Int64(state.load(fromByteOffset: Int(instruction.immediate), as: UInt8.self))
                registers[target] = (byte &>> Int64(instruction.detail)) & ((1 &<< Int64(instruction.width)) &- 1)
            case .loadLocalBits:
                let byte = Int64(state.load(fromByteOffset: frame + Int(instruction.immediate), as: UInt8.self))
                registers[target] = (byte &>> Int64(instruction.detail)) & ((1 &<< Int64(instruction.width)) &- 1)
            case .loadGlobal:
                registers[target] = load(form(instruction.detail), at: Int(instruction.immediate))
            case .loadLocal:
                registers[target] = load(form(instruction.detail), at: frame + Int(instruction.immediate))
            case .storeGlobal8:
                let value = registers[source]
                let kept = value & Int64((1 &<< UInt64(instruction.width)) &- 1)
                if kept != value { noteTruncation(site: target, value: value, stored: kept) }
                state.storeBytes(of: UInt8(truncatingIfNeeded: kept), toByteOffset: Int(instruction.immediate), as: UInt8.self)
            case .storeLocal8:
                let value = registers[source]
                let kept = value & Int64((1 &<< UInt64(instruction.width)) &- 1)
                if kept != value { noteTruncation(site: target, value: value, stored: kept) }
                state.storeBytes(
                    of: UInt8(truncatingIfNeeded: kept), toByteOffset: frame + Int(instruction.immediate), as: UInt8.self)
            case .storeGlobalBits, .storeLocalBits:
                let value = registers[source]
                let kept = value & ((1 &<< Int64(instruction.width)) &- 1)
                if kept != value { noteTruncation(site: target, value: value, stored: kept) }
                let base = instruction.operation == .storeLocalBits ? frame : 0
                storeBits(
                    kept, at: base + Int(instruction.immediate), shift: Int(instruction.detail),
                    width: Int(instruction.width))
            case .storeGlobal, .storeLocal:
                let base = instruction.operation == .storeLocal ? frame : 0
                let form = form(instruction.detail)
                store(
                    checked(registers[source], form, width: Int(instruction.width), site: target), form,
                    at: base + Int(instruction.immediate))
            case .addressGlobal: registers[target] = instruction.immediate
            case .addressLocal: registers[target] = Int64(frame) &+ instruction.immediate
            case .advance: registers[target] = registers[target] &+ instruction.immediate
            case .index:
                let site = system.code.code.arraySites[Int(instruction.immediate)]
                let index = registers[source]
                guard index >= 0, index < site.count else {
                    fail(
                        .indexOutOfBounds,
                        "`\(system.program.sources.text(of: site.source))` is \(index), but `\(site.name)` has \(site.count) element\(site.count == 1 ? "" : "s")",
                        site.source)
                    return 0
                }
                registers[target] = registers[target] &+ index &* site.stride
            case .loadAddress:
                let value = load(form(instruction.detail), at: Int(registers[source]))
                registers[target] = form(instruction.detail) == .bits
                    ? (value &>> Int64(instruction.flags)) & ((1 &<< Int64(instruction.width)) &- 1) : value
            case .storeAddress:
                let form = form(instruction.detail)
                store(
                    checked(registers[source], form, width: Int(instruction.width), site: target), form,
                    at: Int(registers[instruction.second]))
            case .addressRemote:
                let site = system.code.code.remoteSites[Int(instruction.immediate)]
                guard let base = remoteFrame(registers[source], site) else {
                    if fault != nil { return 0 }
                    registers[target] = 0
                    continue
                }
                registers[target] = Int64(base)
            case .remoteLocation:
                let site = system.code.code.remoteSites[Int(instruction.immediate)]
                let other = registers[source]
                let isThere = other >= 0 && other < Int64(processCount)
                    && proctype(ofProcessAt: Int(other)) == site.proctype
                    && location(ofProcessAt: Int(other)) == site.location
                registers[target] = isThere ? 1 : 0
            case .selfPid: registers[target] = Int64(pid)
            case .lastPid:
                registers[target] = Int64(state.load(fromByteOffset: StateLayout.lastPidOffset, as: UInt8.self))
            case .processCount: registers[target] = Int64(processCount)
            case .selfPriority: registers[target] = Int64(priority(ofProcessAt: pid))
            case .ownChannel:
                let base = frame == 0 ? 0 : channelStarts[pid]
                registers[target] = Int64(base) + instruction.immediate + 1
            case .getPriority:
                let other = registers[source]
                registers[target] = other >= 0 && other < Int64(processCount) ? Int64(priority(ofProcessAt: Int(other))) : 0
            case .setPriority:
                if !setPriority(registers[target], of: registers[source], site: Int(instruction.immediate)) { return 0 }
            case .programCounter:
                let other = registers[source]
                registers[target] = other >= 0 && other < Int64(processCount) ? Int64(location(ofProcessAt: Int(other))) : 0
            case .enabled:
                let other = registers[source]
                registers[target] = isEnabled(other) ? 1 : 0
                if fault != nil { return 0 }
            case .timeout: registers[target] = allowsTimeout ? 1 : 0
            case .nonProgress: registers[target] = isAtProgress() ? 0 : 1
            case .notInHandshake: registers[target] = handshake == 0 ? 1 : 0

            case .add: registers[target] = narrow(registers[source] &+ operand(instruction, registers))
            case .subtract: registers[target] = narrow(registers[source] &- operand(instruction, registers))
            case .multiply: registers[target] = narrow(registers[source] &* operand(instruction, registers))
            case .divide: registers[target] = narrow(registers[source] / operand(instruction, registers))
            case .remainder: registers[target] = narrow(registers[source] % operand(instruction, registers))
            case .shiftLeft:
                registers[target] = Int64(
                    Int32(truncatingIfNeeded: registers[source]) &<< Int32(truncatingIfNeeded: operand(instruction, registers)))
            case .shiftRight:
                registers[target] = Int64(
                    Int32(truncatingIfNeeded: registers[source]) &>> Int32(truncatingIfNeeded: operand(instruction, registers)))
            case .negate: registers[target] = narrow(0 &- registers[source])
            case .complement: registers[target] = narrow(~registers[source])
            case .addWide: registers[target] = registers[source] &+ operand(instruction, registers)
            case .subtractWide: registers[target] = registers[source] &- operand(instruction, registers)
            case .multiplyWide: registers[target] = registers[source] &* operand(instruction, registers)
            case .divideWide:
                registers[target] = Int64(
                    bitPattern: UInt64(bitPattern: registers[source]) / UInt64(bitPattern: operand(instruction, registers)))
            case .remainderWide:
                registers[target] = Int64(
                    bitPattern: UInt64(bitPattern: registers[source]) % UInt64(bitPattern: operand(instruction, registers)))
            case .shiftLeftWide: registers[target] = registers[source] &<< operand(instruction, registers)
            case .shiftRightWide:
                registers[target] = Int64(
                    bitPattern: UInt64(bitPattern: registers[source]) &>> UInt64(bitPattern: operand(instruction, registers)))
            case .bitAnd: registers[target] = registers[source] & operand(instruction, registers)
            case .bitOr: registers[target] = registers[source] | operand(instruction, registers)
            case .bitXor: registers[target] = registers[source] ^ operand(instruction, registers)
            case .complementWide: registers[target] = ~registers[source]
            case .equal: registers[target] = registers[source] == operand(instruction, registers) ? 1 : 0
            case .notEqual: registers[target] = registers[source] != operand(instruction, registers) ? 1 : 0
            case .less: registers[target] = registers[source] < operand(instruction, registers) ? 1 : 0
            case .lessOrEqual: registers[target] = registers[source] <= operand(instruction, registers) ? 1 : 0
            case .lessUnsigned:
                registers[target] = UInt64(bitPattern: registers[source])
                    < UInt64(bitPattern: operand(instruction, registers)) ? 1 : 0
            case .lessOrEqualUnsigned:
                registers[target] = UInt64(bitPattern: registers[source])
                    <= UInt64(bitPattern: operand(instruction, registers)) ? 1 : 0
            case .not: registers[target] = registers[source] == 0 ? 1 : 0

            case .jump:
                position = Int(instruction.immediate)
                budget -= 1
                if budget == 0 {
                    fail(.endlessDeterministicStep, "this `d_step` does not come to an end", system.program.proctypes.first?.span ?? Span(file: FileID(0), start: 0, end: 0))
                    return 0
                }
            case .jumpIfZero: if registers[source] == 0 { position = Int(instruction.immediate) }
            case .jumpIfNotZero: if registers[source] != 0 { position = Int(instruction.immediate) }
            case .finish: return registers[source]
            case .fail:
                let site = system.code.code.faultSites[Int(instruction.immediate)]
                fail(site.kind, FaultMessage.text(for: site, in: system), site.source)
                return 0
            case .assert:
                if registers[source] == 0 {
                    let site = system.code.code.faultSites[Int(instruction.immediate)]
                    fail(.assertionFailed, FaultMessage.text(for: site, in: system), site.source)
                }

            case .length, .channelTest, .canSend, .send, .canReceive, .receive:
                if !runChannelOperation(instruction, registers) { return 0 }
            case .run:
                let site = system.code.code.runSites[Int(instruction.immediate)]
                guard
                    let newPid = addProcess(
                        site.proctype, arguments: registers + source, count: site.argumentCount,
                        priority: site.priority, span: site.source)
                else { return 0 }
                registers[target] = Int64(newPid)
            case .print:
                if let onPrint { onPrint(printed(Int(instruction.immediate), registers)) }
            }
        }
    }

    @inline(__always)
    private func form(_ rawValue: UInt8) -> Storage.Form { unsafeBitCast(rawValue, to: Storage.Form.self) }

    @inline(__always)
    private func narrow(_ value: Int64) -> Int64 { Int64(Int32(truncatingIfNeeded: value)) }

    @inline(__always)
    private func operand(_ instruction: Instruction, _ registers: UnsafeMutablePointer<Int64>) -> Int64 {
        instruction.flags == 0 ? registers[instruction.second] : instruction.immediate
    }

    @inline(__always)
    private func checked(_ value: Int64, _ form: Storage.Form, width: Int, site: Int) -> Int64 {
        let kept = Storage.truncate(value, width: width, isSigned: form == .signed16 || form == .signed32)
        if kept != value { noteTruncation(site: site, value: value, stored: kept) }
        return kept
    }

    // MARK: Other processes

    private func remoteFrame(_ other: Int64, _ site: RemoteSite) -> Int? {
        guard other >= 0, other < Int64(processCount) else { return nil }
        guard proctype(ofProcessAt: Int(other)) == site.proctype else {
            let name = system.program.proctypes[site.proctype].name
            fail(
                .remoteReferenceToOtherType, "process \(other) is not a `\(name)`", site.source)
            return nil
        }
        return frames[Int(other)]
    }

    private func setPriority(_ priority: Int64, of other: Int64, site: Int) -> Bool {
        guard other >= 0, other < Int64(processCount) else { return true }
        guard priority >= 1, priority <= 255 else {
            fail(
                .priorityOutOfRange, "priority \(priority) is not in 1 to 255",
                system.code.code.faultSites[site].source)
            return false
        }
        state.storeBytes(
            of: UInt8(priority), toByteOffset: frames[Int(other)] + layout.priorityOffset, as: UInt8.self)
        return true
    }

    private func isAtProgress() -> Bool {
        for pid in 0..<processCount
        where system.automata[proctype(ofProcessAt: pid)].locations[location(ofProcessAt: pid)].isProgress {
            return true
        }
        return false
    }

    /// Whether some transition of another process could be taken, as `enabled(pid)` asks: `provided` is not looked at.
    private func isEnabled(_ other: Int64) -> Bool {
        guard other >= 0, other < Int64(processCount), nesting < Self.windows - 1 else { return false }
        let (callerPid, callerFrame) = (pid, frame)
        defer {
            pid = callerPid
            frame = callerFrame
        }
        let candidate = Int(other)
        enter(candidate)
        for index in system.outgoing[proctype(ofProcessAt: candidate)][location(ofProcessAt: candidate)] {
            let transition = system.transitions[index]
            switch transition.kind {
            case .otherwise, .select: return true
            case .end: if candidate == processCount - 1 { return true }
            case .ordinary:
                if transition.guardEntry < 0 { return true }
                if nested({ $0.run(transition.guardEntry) }) != 0 { return true }
                if fault != nil { return false }
            }
        }
        return false
    }

    /// Whether no process of higher priority could run instead.
    func hasHighestPriority(_ candidate: Int) -> Bool {
        let own = priority(ofProcessAt: candidate)
        for other in 0..<processCount where other != candidate && priority(ofProcessAt: other) > own {
            if isProvided(other) && isEnabled(Int64(other)) { return false }
        }
        return true
    }

    /// Whether the `provided` clause of a process holds.
    @inline(__always)
    func isProvided(_ candidate: Int) -> Bool {
        let entry = system.providedEntries[proctype(ofProcessAt: candidate)]
        if entry < 0 { return true }
        let (callerPid, callerFrame) = (pid, frame)
        enter(candidate)
        defer {
            pid = callerPid
            frame = callerFrame
        }
        return run(entry) != 0
    }

    // MARK: Printing

    private func printed(_ index: Int, _ registers: UnsafeMutablePointer<Int64>) -> String {
        let site = system.code.code.printSites[index]
        var values = (0..<site.argumentCount).map { registers[site.firstRegister + $0] }[...]
        return PrintFormat.text(site.format, &values, system.program)
    }
}
