import Promela

/// Compiles statements to a guard, which says whether the statement can be executed, and an effect.
extension ExpressionCompiler {
    /// Emits a test of whether the statement can be executed into `target`; returns false, and emits nothing, for a statement
    /// that always can. A send that needs a partner gives 2.
    mutating func emitGuard(of statement: Statement, into target: Int) -> Bool {
        switch statement.kind {
        case .condition(let condition):
            if condition.hasSideEffect { return false }
            if case .constant(let value) = condition.kind, value != 0 { return false }
            emitValue(condition, into: target)
            return true
        case .send(let channel, _, _):
            let register = value(channel)
            builder.emit(
                .canSend, target: target, source: register, immediate: faultSite(.uninitializedChannel, statement.span))
            return true
        case .receive(let channel, let arguments, let isRandom, let keepsMessage):
            let register = value(channel)
            emitCanReceive(
                into: target, channel: register, arguments, isRandom: isRandom, keepsMessage: keepsMessage,
                isPoll: false, span: statement.span)
            return true
        default:
            return false
        }
    }

    /// Emits what the statement does; the guard holds. Returns whether it does anything.
    @discardableResult
    mutating func emitEffect(of statement: Statement) -> Bool {
        let mark = builder.nextRegister
        defer { builder.release(to: mark) }
        switch statement.kind {
        case .condition(let condition):
            guard condition.hasSideEffect else { return false }
            _ = value(condition)
        case .assign(let place, let expression):
            if case .scalar = place.type {
                if emitConstantStore(expression, to: place) { return true }
                let register = value(expression, wide: true)
                if case .discard = place.root { return true }
                emitStore(register, to: place)
            }
        case .assert(let condition):
            let register = value(condition)
            builder.emit(.assert, source: register, immediate: faultSite(.assertionFailed, condition.span))
        case .print(let format, let arguments):
            emitPrint(format, arguments)
        case .printName(let expression):
            emitPrint("%e", [expression])
        case .send(let channel, let arguments, let isSorted):
            let site = faultSite(.wrongMessageLength, statement.span)
            if arguments.count > LayoutLimits.fields {
                builder.emit(.fail, immediate: site)
                break
            }
            let first = builder.allocate(arguments.count)
            for (index, argument) in arguments.enumerated() {
                emitValue(argument, into: first + index, wide: true)
            }
            let register = value(channel)
            builder.emit(
                .send, target: first, source: register, immediate: site,
                detail: arguments.count, flags: isSorted ? 1 : 0)
            if emitsEvents { emitEvent(isSend: true, channel: register, statement.span) }
        case .receive(let channel, let arguments, let isRandom, let keepsMessage):
            let first = builder.allocate(arguments.count)
            let pattern = emitPattern(
                arguments, isRandom: isRandom, keepsMessage: keepsMessage, span: statement.span)
            let register = value(channel)
            builder.emit(.receive, target: first, source: register, immediate: pattern)
            for (index, argument) in arguments.enumerated() {
                if emitsEvents, !keepsMessage, index == arguments.count - 1 {
                    emitEvent(isSend: false, channel: register, statement.span)
                }
                if case .store(let place) = argument {
                    if case .discard = place.root { continue }
                    emitStore(first + index, to: place)
                }
            }
        case .select(let place, let from, let through):
            // Only within d_step, where the first option is taken as long as it can be: the highest value.
            let low = value(from)
            let high = value(through)
            let test = builder.allocate()
            builder.emit(.less, target: test, source: low, immediate: high)
            let isEmpty = builder.emitJump(.jumpIfZero, source: test)
            builder.emit(.copy, target: low, source: high)
            builder.patch(isEmpty)
            emitStore(low, to: place)
        default:
            return false
        }
        return true
    }

    private mutating func emitEvent(isSend: Bool, channel: Int, _ span: Span) {
        builder.emit(
            .event, source: channel, immediate: faultSite(.traceMismatch, span), flags: isSend ? 1 : 0)
    }

    private mutating func emitPrint(_ format: String, _ arguments: [Expression]) {
        let first = builder.allocate(arguments.count)
        for (index, argument) in arguments.enumerated() {
            emitValue(argument, into: first + index, wide: true)
        }
        builder.code.printSites.append(
            PrintSite(format: format, firstRegister: first, argumentCount: arguments.count))
        builder.emit(.print, immediate: builder.code.printSites.count - 1)
    }

    // MARK: Initial values

    /// Emits the initial values of variables; `isGlobal` says in which section they lie.
    mutating func emitInitialValues(of variables: [Variable], firstIndex: Int, isGlobal: Bool) {
        var channelCount = 0
        for (offset, variable) in variables.enumerated() {
            let root: Place.Root = isGlobal ? .global(firstIndex + offset) : .local(firstIndex + offset)
            emitInitialValues(
                of: variable, place: Place(root: root, type: variable.type, span: variable.span),
                channelCount: &channelCount)
        }
    }

    private mutating func emitInitialValues(of variable: Variable, place: Place, channelCount: inout Int) {
        for element in 0..<(variable.count ?? 1) {
            var elementPlace = place
            if variable.count != nil {
                elementPlace.path.append(.index(Expression(.constant(Int64(element)), span: variable.span)))
            }
            switch variable.type {
            case .record(let record):
                for (index, field) in program.records[record].fields.enumerated() {
                    var fieldPlace = elementPlace
                    fieldPlace.path.append(.field(index))
                    fieldPlace.type = field.type
                    emitInitialValues(of: field, place: fieldPlace, channelCount: &channelCount)
                }
            case .scalar:
                emitInitialValue(
                    variable.initializer, element: element, place: elementPlace, channelCount: &channelCount)
            }
        }
    }

    private mutating func emitInitialValue(
        _ initializer: Variable.Initializer?, element: Int, place: Place, channelCount: inout Int
    ) {
        let mark = builder.nextRegister
        defer { builder.release(to: mark) }
        switch initializer {
        case nil: return
        case .value(let expression):
            emitStore(value(expression, wide: true), to: place)
        case .values(let expressions):
            guard let expression = element < expressions.count ? expressions[element] : expressions.last else { return }
            emitStore(value(expression, wide: true), to: place)
        case .channel:
            let register = builder.allocate()
            builder.emit(.ownChannel, target: register, immediate: channelCount)
            channelCount += 1
            emitStore(register, to: place)
        }
    }
}

extension Expression {
    /// Whether evaluating it changes the state: it starts a process, or sets a priority.
    var hasSideEffect: Bool {
        switch kind {
        case .run, .setPriority: true
        case .unary(_, let operand): operand.hasSideEffect
        case .binary(_, let left, let right): left.hasSideEffect || right.hasSideEffect
        case .conditional(let condition, let then, let otherwise):
            condition.hasSideEffect || then.hasSideEffect || otherwise.hasSideEffect
        default: false
        }
    }
}

extension Statement {
    var isReceive: Bool {
        if case .receive = kind { return true }
        return false
    }

    var isSend: Bool {
        if case .send = kind { return true }
        return false
    }
}
