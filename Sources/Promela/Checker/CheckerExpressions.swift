/// Expressions: from names to places and values.
extension Checker {
    func checkExpression(_ syntax: SyntaxExpression) throws(CheckFailure) -> Expression {
        let span = syntax.span
        switch syntax.kind {
        case .number(let value):
            return Expression(.constant(Int64(bitPattern: value)), span: span, isWide: value > UInt64(Int32.max))
        case .reference(let reference): return try checkValue(of: reference, at: span)
        case .unary(let operation, let operand):
            let value = try checkExpression(operand)
            try requireNumber(value)
            if operation == .negate, !value.isWide, case .constant(let number) = value.kind {
                return Expression(.constant(Int64(Int32(truncatingIfNeeded: 0 &- number))), span: span)
            }
            if operation == .negate, case .constant(2_147_483_648) = value.kind {
                return Expression(.constant(-2_147_483_648), span: span)
            }
            return Expression(.unary(operation, value), span: span, isWide: operation != .not && value.hasWideValue)
        case .binary(let operation, let left, let right): return try checkBinary(operation, left, right, at: span)
        case .conditional(let condition, let first, let second):
            let test = try checkExpression(condition)
            let (a, b) = (try checkExpression(first), try checkExpression(second))
            return Expression(.conditional(test, then: a, else: b), span: span, isWide: a.hasWideValue || b.hasWideValue)
        case .run(let name, let arguments, let priority):
            return try checkRun(name, arguments, priority, at: span)
        case .length(let reference):
            return Expression(.length(try checkChannel(reference)), span: span)
        case .channelTest(let test, let reference):
            return Expression(.channelTest(test, try checkChannel(reference)), span: span)
        case .poll(let reference, let arguments, let isRandom):
            let channel = try checkChannel(reference)
            let fields = try checkReceiveArguments(arguments)
            noteMessage(channel, fields.count, at: span, isSend: false)
            return Expression(.poll(channel: channel, arguments: fields, isRandom: isRandom), span: span)
        case .timeout: return Expression(.timeout, span: span)
        case .nonProgress:
            if let process, process.role != .neverClaim {
                throw fail(.invalidStatement, "`np_` can only be used in a claim or a formula", at: span)
            }
            return Expression(.nonProgress, span: span)
        case .enabled(let pid): return Expression(.enabled(try checkNumber(pid)), span: span)
        case .programCounter(let pid): return Expression(.programCounter(try checkNumber(pid)), span: span)
        case .getPriority(let pid): return Expression(.getPriority(try checkNumber(pid)), span: span)
        case .setPriority(let pid, let priority):
            return Expression(.setPriority(try checkNumber(pid), try checkNumber(priority)), span: span)
        case .remoteLabel(let name, let pid, let label): return try checkRemoteLabel(name, pid, label, at: span)
        case .remoteVariable(let name, let pid, let variable): return try checkRemoteVariable(name, pid, variable, at: span)
        case .temporalUnary, .temporalBinary:
            throw fail(
                .misplacedTemporalOperator, "a temporal operator cannot stand below an operator that is not logical", at: span,
                hint: "temporal operators bind tightly: put a comparison behind one in parentheses, as in `[] (x == 0)`")
        case .invalid: throw CheckFailure()
        }
    }

    func checkNumber(_ syntax: SyntaxExpression) throws(CheckFailure) -> Expression {
        let expression = try checkExpression(syntax)
        try requireNumber(expression)
        return expression
    }

    private func checkBinary(
        _ operation: Expression.BinaryOperator, _ left: SyntaxExpression, _ right: SyntaxExpression, at span: Span
    ) throws(CheckFailure) -> Expression {
        let (a, b) = (try checkExpression(left), try checkExpression(right))
        if operation != .equal, operation != .notEqual {
            try requireNumber(a)
            try requireNumber(b)
        }
        if operation == .divide || operation == .remainder, b.constantValue == 0 {
            report(.warning, .divisionByZero, "this divides by zero", at: b.span)
        }
        let isWide =
            switch operation {
            case .and, .or: false
            default: a.hasWideValue || b.hasWideValue
            }
        return Expression(.binary(operation, a, b), span: span, isWide: isWide)
    }

    // MARK: Names

    private func checkValue(of reference: SyntaxReference, at span: Span) throws(CheckFailure) -> Expression {
        if reference.isPlain {
            if case .messageType(_, let value)? = symbols[reference.base.text]?.meaning {
                return Expression(.constant(Int64(value)), span: span, symbol: reference.base.text)
            }
            if reference.base.text == "_" {
                throw fail(
                    .valueOfDiscard, "`_` has no value", at: span, hint: "it can only take what a receive drops")
            }
        }
        let place = try checkPlace(reference)
        guard case .scalar(let type) = place.type else { throw wholeStructure(place) }
        return Expression(.load(place), span: span, isWide: type.isWide)
    }

    func wholeStructure(_ place: Place) -> CheckFailure {
        var hint: String?
        if case .record(let index) = place.type, let field = records[index].fields.first {
            hint = "name a field of it, such as `.\(field.name)`"
        }
        return fail(.wholeStructure, "a whole structure cannot be used as a number", at: place.span, hint: hint)
    }

    /// The place that `reference` names.
    func checkPlace(_ reference: SyntaxReference) throws(CheckFailure) -> Place {
        let name = reference.base
        if faultyVariables.contains(name.text) { throw CheckFailure() }
        if let process, let index = process.lookUp(name.text) {
            return try checkPath(reference, root: .local(index), process.locals[index])
        }
        let predefined: (Place.Root, ScalarType)? =
            switch name.text {
            case "_": (.discard, .int)
            case "_pid": (.selfPid, .pid)
            case "_last": (.lastPid, .pid)
            case "_nr_pr": (.processCount, .byte)
            case "_priority": (.selfPriority, .byte)
            default: nil
            }
        if let (root, type) = predefined {
            guard reference.isPlain else {
                throw fail(
                    .unexpectedIndex, "`\(name.text)` is a number, without index or fields", at: reference.span,
                    hint: "write `\(name.text)` alone")
            }
            return Place(root: root, type: .scalar(type), span: reference.span)
        }
        switch symbols[name.text]?.meaning {
        case .variable(let index)?: return try checkPath(reference, root: .global(index), globals[index])
        case .messageType?:
            throw fail(
                .notAssignable, "`\(name.text)` is a constant of an `mtype`", at: name.span,
                hint: "use a variable: `mtype x`")
        case .proctype?:
            throw fail(
                .undeclaredName, "`\(name.text)` is a process, not a variable", at: name.span,
                hint: "start it with `run \(name.text)(...)`, or refer to it as `\(name.text)[pid]@label`")
        case .record?:
            throw fail(
                .undeclaredName, "`\(name.text)` is a type, not a variable", at: name.span,
                hint: "declare a variable of it: `\(name.text) x`")
        case nil: throw undeclared(name)
        }
    }

    /// Resolves indices and fields behind a variable.
    func checkPath(
        _ reference: SyntaxReference, root: Place.Root, _ variable: Variable
    ) throws(CheckFailure) -> Place {
        var place = Place(root: root, type: variable.type, span: reference.span)
        var declared = variable
        for (number, segment) in reference.segments.enumerated() {
            if number > 0 {
                guard case .record(let record) = place.type else {
                    throw fail(
                        .notAStructure, "`\(declared.name)` is no structure, and has no field `\(segment.name.text)`",
                        at: segment.name.span, notes: [.init("declared here", at: declared.span)])
                }
                let fields = records[record].fields
                guard let field = fields.firstIndex(where: { $0.name == segment.name.text }) else {
                    let similar = nearestName(to: segment.name.text, among: fields.map(\.name))
                    throw fail(
                        .unknownField, "`\(records[record].name)` has no field `\(segment.name.text)`", at: segment.name.span,
                        hint: similar.map { "did you mean `\($0)`?" }
                            ?? "it has " + fields.prefix(6).map { "`\($0.name)`" }.joined(separator: ", "))
                }
                place.path.append(.field(field))
                declared = fields[field]
                place.type = declared.type
            }
            if let index = segment.index {
                place.path.append(.index(try checkIndex(index, of: declared)))
            } else if let count = declared.count {
                throw fail(
                    .missingIndex, "`\(declared.name)` is an array of \(count), and needs an index", at: segment.name.span,
                    hint: "write `\(declared.name)[...]`", notes: [.init("declared here", at: declared.span)])
            }
        }
        return place
    }

    private func checkIndex(_ syntax: SyntaxExpression, of variable: Variable) throws(CheckFailure) -> Expression {
        let index = try checkNumber(syntax)
        guard let count = variable.count else {
            throw fail(
                .unexpectedIndex, "`\(variable.name)` is no array, and takes no index", at: syntax.span,
                hint: "write `\(variable.name)` alone, or declare it with `[size]`",
                notes: [.init("declared here", at: variable.span)])
        }
        if let value = index.constantValue, value < 0 || value >= Int64(count) {
            report(
                .warning, .indexOutOfBounds, "index \(value) is outside `\(variable.name)`, which has \(count) elements",
                at: syntax.span, hint: "the last element is \(count - 1)", notes: [.init("declared here", at: variable.span)])
        }
        return index
    }

    // MARK: Channels and numbers

    /// Whether the value is a channel.
    func isChannel(_ expression: Expression) -> Bool {
        switch expression.kind {
        case .load(let place), .remoteVariable(_, _, let place): place.type == .scalar(.chan)
        case .conditional(_, let first, let second): isChannel(first) && isChannel(second)
        default: false
        }
    }

    func requireNumber(_ expression: Expression) throws(CheckFailure) {
        guard isChannel(expression) else { return }
        throw fail(
            .channelAsNumber, "a channel is no number", at: expression.span, hint: "`len(channel)` is how many messages it holds")
    }

    func checkChannel(_ reference: SyntaxReference) throws(CheckFailure) -> Expression {
        let place = try checkPlace(reference)
        guard place.type == .scalar(.chan) else {
            throw fail(
                .notAChannel, "`\(sources.text(of: reference.span))` is no channel", at: reference.span,
                notes: declaration(of: place).map { [.init("declared here", at: $0)] } ?? [])
        }
        return Expression(.load(place), span: reference.span)
    }

    func declaration(of place: Place) -> Span? {
        switch place.root {
        case .global(let index): globals[index].span
        case .local(let index): process?.locals[index].span
        default: nil
        }
    }

    // MARK: Other processes

    private func checkRemoteProcess(_ name: Name, _ pid: SyntaxExpression?) throws(CheckFailure) -> (Int, Expression?) {
        guard let index = headers.firstIndex(where: { $0.syntax.role == .process && $0.syntax.name.text == name.text }) else {
            throw unknownProctype(name)
        }
        guard let pid else { return (index, nil) }
        return (index, try checkNumber(pid))
    }

    func unknownProctype(_ name: Name) -> CheckFailure {
        let similar = nearestName(to: name.text, among: headers.map(\.syntax.name.text))
        return fail(
            .unknownProctype, "there is no `proctype \(name.text)`", at: name.span,
            hint: similar.map { "did you mean `\($0)`?" })
    }

    private func checkRemoteLabel(
        _ name: Name, _ pid: SyntaxExpression?, _ label: Name, at span: Span
    ) throws(CheckFailure) -> Expression {
        let (index, value) = try checkRemoteProcess(name, pid)
        let labels = headers[index].labels
        guard let number = labels.index(of: label.text) else {
            let similar = nearestName(to: label.text, among: labels.entries.map(\.name.text))
            throw fail(
                .unknownLabel, "`\(name.text)` has no label `\(label.text)`", at: label.span,
                hint: similar.map { "did you mean `\($0)`?" },
                notes: [.init("`\(name.text)` is defined here", at: headers[index].syntax.name.span)])
        }
        return Expression(.remoteLabel(proctype: index, pid: value, label: number), span: span)
    }

    private func checkRemoteVariable(
        _ name: Name, _ pid: SyntaxExpression?, _ reference: SyntaxReference, at span: Span
    ) throws(CheckFailure) -> Expression {
        let (index, value) = try checkRemoteProcess(name, pid)
        let locals: [Variable]
        if let process, process.index == index, process.role == .process {
            locals = process.locals
        } else if index < proctypes.count {
            locals = proctypes[index].locals
        } else {
            throw fail(
                .undeclaredName, "the variables of `\(name.text)` are only known further down", at: span,
                hint: "move `\(name.text)` in front of this process")
        }
        guard let variable = locals.firstIndex(where: { $0.name == reference.base.text }) else {
            let similar = nearestName(to: reference.base.text, among: locals.map(\.name))
            throw fail(
                .undeclaredName, "`\(name.text)` has no variable `\(reference.base.text)`", at: reference.base.span,
                hint: similar.map { "did you mean `\($0)`?" })
        }
        let place = try checkPath(reference, root: .local(variable), locals[variable])
        guard case .scalar(let type) = place.type else { throw wholeStructure(place) }
        return Expression(.remoteVariable(proctype: index, pid: value, place), span: span, isWide: type.isWide)
    }
}
