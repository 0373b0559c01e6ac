import Promela

/// Compiles the expressions and places of one process type, or of the globals.
struct ExpressionCompiler {
    let program: Program
    let layout: StateLayout
    /// The locations of labels, for remote references; by proctype.
    let locationOfLabel: [[Int?]]
    /// Nil for code that belongs to no process.
    let proctype: Int?
    /// Whether sends and receives are events of a trace assertion.
    let emitsEvents: Bool
    var builder: CodeBuilder

    /// Where a place lies, as far as is known before the model runs.
    private enum Location {
        /// An offset in the globals.
        case global(Storage)
        /// An offset in the block of the process.
        case local(Storage)
        /// An address in a register, and the form of what lies there.
        case address(register: Int, Storage)
    }

    // MARK: Expressions

    /// Emits code that leaves the value in the register that is returned.
    /// - Parameter wide: whether the value is wanted in 64 bits; a 32-bit value is then not cut to `int`.
    mutating func value(_ expression: Expression, wide: Bool = false) -> Int {
        let target = builder.allocate()
        emitValue(expression, into: target, wide: wide)
        return target
    }

    mutating func emitValue(_ expression: Expression, into target: Int, wide: Bool = false) {
        let mark = builder.nextRegister
        defer { builder.release(to: mark) }
        switch expression.kind {
        case .constant(let constant):
            builder.emit(.constant, target: target, immediate: Int(constant))
        case .load(let place):
            emitLoad(place, into: target, wide: wide)
        case .unary(let operation, let operand):
            emitUnary(operation, operand, isWide: expression.isWide, into: target)
            builder.code.arithmeticSites[builder.position - 1] = expression.span
        case .binary(let operation, let left, let right):
            emitBinary(operation, left, right, isWide: expression.isWide, into: target)
            builder.code.arithmeticSites[builder.position - 1] = expression.span
        case .conditional(let condition, let then, let otherwise):
            let test = value(condition)
            let toElse = builder.emitJump(.jumpIfZero, source: test)
            emitValue(then, into: target, wide: wide || expression.isWide)
            let toEnd = builder.emitJump(.jump)
            builder.patch(toElse)
            emitValue(otherwise, into: target, wide: wide || expression.isWide)
            builder.patch(toEnd)
        case .run(let proctype, let arguments, let priority):
            let first = builder.allocate(arguments.count)
            for (index, argument) in arguments.enumerated() {
                emitValue(argument, into: first + index, wide: true)
            }
            builder.code.runSites.append(
                RunSite(
                    proctype: proctype, argumentCount: arguments.count, firstStoreSite: storeSites(of: arguments, proctype),
                    priority: priority ?? 1, source: expression.span))
            builder.emit(.run, target: target, source: first, immediate: builder.code.runSites.count - 1)
        case .length(let channel):
            let register = value(channel)
            builder.emit(.length, target: target, source: register, immediate: faultSite(.uninitializedChannel, expression.span))
        case .channelTest(let test, let channel):
            let register = value(channel)
            let detail: Int
            switch test {
            case .empty: detail = 0
            case .nempty: detail = 1
            case .full: detail = 2
            case .nfull: detail = 3
            }
            builder.emit(
                .channelTest, target: target, source: register,
                immediate: faultSite(.uninitializedChannel, expression.span), detail: detail)
        case .poll(let channel, let arguments, let isRandom):
            let register = value(channel)
            emitCanReceive(
                into: target, channel: register, arguments, isRandom: isRandom, keepsMessage: true, isPoll: true,
                span: expression.span)
        case .timeout:
            builder.emit(.timeout, target: target)
        case .nonProgress:
            builder.emit(.nonProgress, target: target)
        case .enabled(let pid):
            let register = value(pid)
            builder.emit(.enabled, target: target, source: register)
        case .programCounter(let pid):
            let register = value(pid)
            builder.emit(.programCounter, target: target, source: register)
        case .getPriority(let pid):
            let register = value(pid)
            builder.emit(.getPriority, target: target, source: register)
        case .setPriority(let pid, let priority):
            let register = value(pid)
            let newPriority = value(priority)
            builder.emit(
                .setPriority, target: newPriority, source: register,
                immediate: faultSite(.priorityOutOfRange, expression.span))
            builder.emit(.constant, target: target, immediate: 1)
        case .remoteLabel(let proctype, let pid, let label):
            let register = remotePid(proctype, pid)
            builder.code.remoteSites.append(
                RemoteSite(
                    proctype: proctype, location: locationOfLabel[proctype][label] ?? -1, source: expression.span))
            builder.emit(
                .remoteLocation, target: target, source: register, immediate: builder.code.remoteSites.count - 1)
        case .remoteVariable(let proctype, let pid, let place):
            emitRemoteLoad(place, of: proctype, pid: pid, span: expression.span, into: target, wide: wide)
        }
    }

    private mutating func emitUnary(
        _ operation: Expression.UnaryOperator, _ operand: Expression, isWide: Bool, into target: Int
    ) {
        let register = value(operand, wide: isWide)
        switch operation {
        case .not: builder.emit(.not, target: target, source: register)
        case .complement: builder.emit(isWide ? .complementWide : .complement, target: target, source: register)
        case .negate:
            if isWide {
                let zero = builder.allocate()
                builder.emit(.constant, target: zero, immediate: 0)
                builder.emit(.subtractWide, target: target, source: zero, immediate: register)
            } else {
                builder.emit(.negate, target: target, source: register)
            }
        }
    }

    private mutating func emitBinary(
        _ operation: Expression.BinaryOperator, _ left: Expression, _ right: Expression, isWide: Bool,
        into target: Int
    ) {
        switch operation {
        case .and, .or:
            emitTruth(left, into: target)
            let shortcut = builder.emitJump(operation == .and ? .jumpIfZero : .jumpIfNotZero, source: target)
            emitTruth(right, into: target)
            builder.patch(shortcut)
            return
        default: break
        }
        if !isWide, emitByteComparison(operation, left, right, into: target) { return }
        var instruction = Self.instruction(operation, isWide: isWide)
        var first = left
        var second = right
        if operation == .greater || operation == .greaterOrEqual {
            instruction = operation == .greater
                ? (isWide ? .lessUnsigned : .less) : (isWide ? .lessOrEqualUnsigned : .lessOrEqual)
            swap(&first, &second)
        }
        let leftRegister = value(first, wide: isWide)
        let detail = operation == .divide || operation == .remainder
            ? faultSite(.divisionByZero, right.span) : 0
        if case .constant(let constant) = second.kind, detail == 0 {
            builder.emit(instruction, target: target, source: leftRegister, immediate: Int(constant), flags: 1)
        } else {
            let rightRegister = value(second, wide: isWide)
            if detail != 0 {
                let fine = builder.emitJump(.jumpIfNotZero, source: rightRegister)
                builder.emit(.fail, immediate: detail)
                builder.patch(fine)
            }
            builder.emit(instruction, target: target, source: leftRegister, immediate: rightRegister)
        }
    }

    private static func instruction(_ operation: Expression.BinaryOperator, isWide: Bool) -> Operation {
        switch operation {
        case .add: isWide ? .addWide : .add
        case .subtract: isWide ? .subtractWide : .subtract
        case .multiply: isWide ? .multiplyWide : .multiply
        case .divide: isWide ? .divideWide : .divide
        case .remainder: isWide ? .remainderWide : .remainder
        case .shiftLeft: isWide ? .shiftLeftWide : .shiftLeft
        case .shiftRight: isWide ? .shiftRightWide : .shiftRight
        case .bitAnd: .bitAnd
        case .bitOr: .bitOr
        case .bitXor: .bitXor
        case .equal: .equal
        case .notEqual: .notEqual
        case .less, .greater: isWide ? .lessUnsigned : .less
        case .lessOrEqual, .greaterOrEqual: isWide ? .lessOrEqualUnsigned : .lessOrEqual
        case .and, .or: .bitAnd
        }
    }

    mutating func faultSite(_ kind: Fault.Kind, _ span: Span) -> Int {
        // Site 0 is never used, so that 0 can mean "none".
        if builder.code.faultSites.isEmpty {
            builder.code.faultSites.append(FaultSite(kind: kind, source: span))
        }
        builder.code.faultSites.append(FaultSite(kind: kind, source: span))
        return builder.code.faultSites.count - 1
    }

    // MARK: Places

    private func slot(of root: Place.Root) -> SectionLayout.Slot? {
        switch root {
        case .global(let index): return layout.globals.slots[index]
        case .local(let index): return proctype.map { layout.processes[$0].locals.slots[index] }
        default: return nil
        }
    }

    private func variable(of root: Place.Root, in proctype: Int?) -> Variable? {
        switch root {
        case .global(let index): return program.globals[index]
        case .local(let index): return proctype.map { program.proctypes[$0].locals[index] }
        default: return nil
        }
    }

    /// The place as the model would name it, for messages.
    func name(of place: Place) -> String { program.sources.text(of: place.span) }

    private mutating func locate(_ place: Place) -> Location? {
        guard let slot = slot(of: place.root), let variable = variable(of: place.root, in: proctype) else { return nil }
        var isLocal = false
        if case .local = place.root { isLocal = true }
        return locate(place.path, from: slot, variable, span: place.span) { compiler, offset in
            let register = compiler.builder.allocate()
            compiler.builder.emit(isLocal ? .addressLocal : .addressGlobal, target: register, immediate: offset)
            return register
        } direct: { isLocal ? .local($0) : .global($0) }
    }

    /// Where a variable lies whose place is known before the model runs, and whether in the block of the process; nil for others.
    func fixedStorage(of place: Place) -> (isLocal: Bool, storage: Storage)? {
        guard place.path.isEmpty, let slot = slot(of: place.root),
            let variable = variable(of: place.root, in: proctype), variable.count == nil, case .scalar = variable.type
        else { return nil }
        if case .local = place.root { return (true, slot.storage) }
        return (false, slot.storage)
    }

    /// Follows a path from a variable: constant parts are folded into the offset, the rest becomes address arithmetic.
    private mutating func locate(
        _ path: [Place.Accessor], from slot: SectionLayout.Slot, _ variable: Variable, span: Span,
        address makeAddress: (inout ExpressionCompiler, Int) -> Int, direct: (Storage) -> Location
    ) -> Location {
        var storage = slot.storage
        var stride = slot.stride
        var variable = variable
        var register: Int?
        var pending = 0
        for accessor in path {
            switch accessor {
            case .field(let field):
                guard case .record(let record) = variable.type else { continue }
                let fieldSlot = layout.records[record].slots[field]
                variable = program.records[record].fields[field]
                let base = register == nil ? storage.offset : pending
                storage = fieldSlot.storage
                stride = fieldSlot.stride
                if register == nil { storage.offset += base } else { pending = base + fieldSlot.storage.offset }
            case .index(let index):
                let count = variable.count ?? 1
                if case .constant(let constant) = index.kind, constant >= 0, constant < count {
                    if register == nil { storage.offset += Int(constant) * stride } else { pending += Int(constant) * stride }
                    continue
                }
                let address: Int
                if let known = register {
                    address = known
                } else {
                    address = makeAddress(&self, storage.offset)
                    register = address
                    pending = 0
                }
                let mark = builder.nextRegister
                let indexRegister = value(index, wide: true)
                builder.code.arraySites.append(
                    ArraySite(
                        count: Int64(count), stride: Int64(stride), isWide: index.isWide, name: variable.displayName,
                        source: index.span))
                builder.emit(
                    .index, target: address, source: indexRegister, immediate: builder.code.arraySites.count - 1)
                builder.release(to: mark)
            }
        }
        guard let register else { return direct(storage) }
        if pending != 0 { builder.emit(.advance, target: register, immediate: pending) }
        return .address(register: register, storage)
    }

    mutating func emitLoad(_ place: Place, into target: Int, wide: Bool) {
        switch place.root {
        case .discard: builder.emit(.constant, target: target, immediate: 0)
        case .selfPid: builder.emit(.selfPid, target: target)
        case .lastPid: builder.emit(.lastPid, target: target)
        case .processCount: builder.emit(.processCount, target: target)
        case .selfPriority: builder.emit(.selfPriority, target: target)
        case .global, .local:
            if let location = locate(place) { emitLoad(location, into: target, wide: wide) }
        }
    }

    private mutating func emitLoad(_ location: Location, into target: Int, wide: Bool) {
        let storage: Storage
        switch location {
        case .global(let place):
            storage = place
            emitLoad(place, .loadGlobal8, .loadGlobalBits, .loadGlobal, into: target)
        case .local(let place):
            storage = place
            emitLoad(place, .loadLocal8, .loadLocalBits, .loadLocal, into: target)
        case .address(let register, let place):
            storage = place
            builder.emit(.loadAddress, target: target, source: register, detail: Int(place.form.rawValue))
        }
        if !wide && (storage.form == .unsigned32 || (storage.form == .unsignedTerm && storage.width == 32)) { builder.emit(.narrow, target: target, source: target) }
    }

    private mutating func emitLoad(
        _ storage: Storage, _ byte: Operation, _ bits: Operation, _ any: Operation, into target: Int
    ) {
        switch storage.form {
        case .unsigned8: builder.emit(byte, target: target, immediate: storage.offset)
        case .bits:
            builder.emit(
                bits, target: target, immediate: storage.offset, width: storage.width, detail: storage.shift)
        default:
            builder.emit(any, target: target, immediate: storage.offset, detail: Int(storage.form.rawValue))
        }
    }

    /// Names the parameters that the arguments of `run` are stored in.
    /// - Returns: the site of the first.
    private mutating func storeSites(of arguments: [Expression], _ proctype: Int) -> Int {
        let callee = program.proctypes[proctype]
        let first = builder.code.storeSites.count
        for (index, argument) in arguments.enumerated() {
            // A structure takes several arguments, so the parameters cannot be counted off then.
            guard arguments.count == callee.parameterCount, case .scalar(let type) = callee.locals[index].type else {
                builder.code.storeSites.append(
                    StoreSite(name: "argument \(index + 1) of \(callee.name)", typeName: "parameter", source: argument.span))
                continue
            }
            builder.code.storeSites.append(
                StoreSite(name: callee.locals[index].displayName, typeName: type.spelling, source: argument.span))
        }
        return first
    }

    /// Emits a store of a register.
    mutating func emitStore(_ register: Int, to place: Place) {
        if case .selfPriority = place.root {
            let pid = builder.allocate()
            builder.emit(.selfPid, target: pid)
            builder.emit(
                .setPriority, target: register, source: pid, immediate: faultSite(.priorityOutOfRange, place.span))
            return
        }
        guard let location = locate(place) else { return }
        var typeName = ""
        if case .scalar(let type) = place.type { typeName = type.spelling }
        // The initial values of an array share a site: an instruction has two bytes to name one.
        let last = builder.code.storeSites.last
        if last?.source != place.span || last?.typeName != typeName {
            builder.code.storeSites.append(
                StoreSite(name: name(of: place), typeName: typeName, source: place.span))
        }
        emitStore(register, to: location, site: builder.code.storeSites.count - 1)
    }

    private mutating func emitStore(_ register: Int, to location: Location, site: Int) {
        let isLocal: Bool
        let storage: Storage
        switch location {
        case .address(let address, let storage):
            builder.emit(
                .storeAddress, target: site, source: register, immediate: address, width: storage.width,
                detail: Int(storage.form.rawValue))
            return
        case .global(let place): (isLocal, storage) = (false, place)
        case .local(let place): (isLocal, storage) = (true, place)
        }
        switch storage.form {
        case .unsigned8:
            builder.emit(
                isLocal ? .storeLocal8 : .storeGlobal8, target: site, source: register, immediate: storage.offset,
                width: storage.width)
        case .bits:
            builder.emit(
                isLocal ? .storeLocalBits : .storeGlobalBits, target: site, source: register,
                immediate: storage.offset, width: storage.width, detail: storage.shift)
        default:
            builder.emit(
                isLocal ? .storeLocal : .storeGlobal, target: site, source: register, immediate: storage.offset,
                width: storage.width, detail: Int(storage.form.rawValue))
        }
    }

    // MARK: Other processes

    /// The pid in a remote reference, or the only instance of the proctype where none is given.
    private mutating func remotePid(_ proctype: Int, _ pid: Expression?) -> Int {
        if let pid { return value(pid) }
        let register = builder.allocate()
        let instance = program.initialProcesses.firstIndex(of: proctype) ?? 0
        builder.emit(.constant, target: register, immediate: instance)
        return register
    }

    private mutating func emitRemoteLoad(
        _ place: Place, of proctype: Int, pid: Expression?, span: Span, into target: Int, wide: Bool
    ) {
        let pidRegister = remotePid(proctype, pid)
        guard case .local(let index) = place.root else { return }
        builder.code.remoteSites.append(RemoteSite(proctype: proctype, location: -1, source: span))
        let site = builder.code.remoteSites.count - 1
        let address = builder.allocate()
        // A process that does not exist reads as zero: the address is then negative.
        builder.emit(.addressRemote, target: address, source: pidRegister, immediate: site)
        builder.emit(.constant, target: target, immediate: 0)
        let absent = builder.emitJump(.jumpIfZero, source: address)
        let slot = layout.processes[proctype].locals.slots[index]
        let variable = program.proctypes[proctype].locals[index]
        if slot.storage.form == .bits {
            builder.emit(.advance, target: address, immediate: slot.storage.offset)
            builder.emit(
                .loadAddress, target: target, source: address, width: slot.storage.width,
                detail: Int(Storage.Form.bits.rawValue), flags: slot.storage.shift)
        } else {
            var isAdvanced = false
            let location = locate(place.path, from: slot, variable, span: span) { compiler, offset in
                compiler.builder.emit(.advance, target: address, immediate: offset)
                isAdvanced = true
                return address
            } direct: { storage in
                .address(register: address, storage)
            }
            if case .address(_, let storage) = location, !isAdvanced {
                builder.emit(.advance, target: address, immediate: storage.offset)
            }
            emitLoad(location, into: target, wide: wide)
        }
        builder.patch(absent)
    }

    // MARK: Receives

    /// Emits code that tests whether a message could be received.
    mutating func emitCanReceive(
        into target: Int, channel: Int, _ arguments: [ReceiveArgument], isRandom: Bool, keepsMessage: Bool,
        isPoll: Bool, span: Span
    ) {
        let pattern = emitPattern(arguments, isRandom: isRandom, keepsMessage: keepsMessage, span: span)
        builder.emit(.canReceive, target: target, source: channel, immediate: pattern, flags: isPoll ? 1 : 0)
    }

    /// Evaluates what a receive must match, and returns the index of the pattern.
    mutating func emitPattern(
        _ arguments: [ReceiveArgument], isRandom: Bool, keepsMessage: Bool, span: Span
    ) -> Int {
        var matches: [(field: Int, register: Int)] = []
        for (field, argument) in arguments.enumerated() {
            if case .match(let expression) = argument {
                matches.append((field, value(expression, wide: true)))
            }
        }
        builder.code.patterns.append(
            ReceivePattern(
                matches: matches, fieldCount: arguments.count, isRandom: isRandom, keepsMessage: keepsMessage,
                source: span))
        return builder.code.patterns.count - 1
    }
}
