/// Assignments, and messages through channels.
extension Checker {
    func checkAssign(
        _ target: SyntaxReference, _ value: SyntaxExpression
    ) throws(CheckFailure) -> (Place, Expression) {
        let place = try checkPlace(target)
        try requireAssignable(place)
        guard case .scalar(let type) = place.type else {
            throw fail(
                .wholeStructure, "a whole structure cannot be assigned", at: target.span, hint: "assign its fields one by one")
        }
        let expression = try checkExpression(value)
        if target.segments.count > 1 {
            // Spin looks at no assignment to a field, so what it would refuse elsewhere is only suspicious here.
            if type == .chan, !isChannel(expression) {
                report(.warning, .channelAsNumber, "this field is a channel, and takes a number", at: value.span)
            }
            warnIfTruncated(expression, type)
        } else {
            try checkAssignment(of: expression, to: type, named: target.base.text, at: value.span)
        }
        if type == .chan, let key = channelKey(of: place) { assignedChannels.insert(key) }
        return (place, expression)
    }

    /// Checks that a variable of `type` can take `value`.
    func checkAssignment(
        of value: Expression, to type: ScalarType, named name: String, at span: Span
    ) throws(CheckFailure) {
        if type == .chan {
            guard value.constantValue == nil else {
                throw fail(
                    .channelAsNumber, "`\(name)` is a channel, and cannot take a number", at: span,
                    hint: "assign another channel, or initialize it with `[capacity] of { ... }`")
            }
            if !isChannel(value) {
                report(.warning, .channelAsNumber, "`\(name)` is a channel, and this is none", at: span)
            }
        }
        if case .mtype(let set) = type, !messageTypeSets[set].name.isEmpty, let symbol = value.symbol,
            case .messageType(let other, _)? = symbols[symbol]?.meaning, other != set
        {
            let belongs = messageTypeSets[other].name.isEmpty ? "mtype" : "mtype:\(messageTypeSets[other].name)"
            throw fail(
                .messageTypeMismatch, "`\(name)` is `mtype:\(messageTypeSets[set].name)`, but `\(symbol)` is `\(belongs)`",
                at: span)
        }
        warnIfTruncated(value, type)
    }

    func requireAssignable(_ place: Place) throws(CheckFailure) {
        let name: String
        switch place.root {
        case .selfPid: name = "_pid"
        case .processCount: name = "_nr_pr"
        case .lastPid: name = "_last"
        case .global, .local, .discard, .selfPriority: return
        }
        throw fail(.notAssignable, "`\(name)` cannot be assigned", at: place.span, hint: "its value is kept by the system")
    }

    // MARK: Messages

    /// The values that an argument stands for: a structure counts with each of its fields.
    func checkParts(_ syntax: SyntaxExpression) throws(CheckFailure) -> [Expression] {
        if case .reference(let reference) = syntax.kind, let variable = lookUpVariable(reference.base.text),
            case .record = variable.type
        {
            let place = try checkPlace(reference)
            if case .record = place.type {
                return try flatten(place).map { part in
                    var wide = false
                    if case .scalar(let type) = part.type { wide = type.isWide }
                    return Expression(.load(part), span: syntax.span, isWide: wide)
                }
            }
        }
        return [try checkExpression(syntax)]
    }

    func checkSend(
        _ reference: SyntaxReference, _ arguments: [SyntaxExpression], isSorted: Bool, at span: Span
    ) throws(CheckFailure) -> Statement.Kind {
        let channel = try checkChannel(reference)
        var values: [Expression] = []
        for argument in arguments {
            if isEvent, case .reference(let reference) = argument.kind, reference.isPlain, reference.base.text == "_" {
                values.append(Expression(.load(try checkPlace(reference)), span: argument.span))
            } else {
                values += try checkParts(argument)
            }
        }
        for value in values {
            if let run = firstRun(in: value) {
                throw fail(.misplacedRun, "`run` cannot stand in a message", at: run, hint: "assign the new pid first")
            }
        }
        noteMessage(channel, values.count, at: span, isSend: true)
        return .send(channel: channel, arguments: values, isSorted: isSorted)
    }

    func checkReceive(
        _ reference: SyntaxReference, _ arguments: [SyntaxReceiveArgument], _ isRandom: Bool, _ keepsMessage: Bool, at span: Span
    ) throws(CheckFailure) -> Statement.Kind {
        let channel = try checkChannel(reference)
        let fields = try checkReceiveArguments(arguments)
        noteMessage(channel, fields.count, at: span, isSend: false)
        return .receive(channel: channel, arguments: fields, isRandom: isRandom, keepsMessage: keepsMessage)
    }

    func checkReceiveArguments(_ arguments: [SyntaxReceiveArgument]) throws(CheckFailure) -> [ReceiveArgument] {
        var result: [ReceiveArgument] = []
        for argument in arguments {
            switch argument {
            case .evaluate(let syntax), .constant(let syntax): result.append(.match(try checkExpression(syntax)))
            case .reference(let reference):
                if reference.isPlain, case .messageType? = symbols[reference.base.text]?.meaning {
                    result.append(
                        .match(try checkExpression(SyntaxExpression(.reference(reference), span: reference.span))))
                    continue
                }
                let place = try checkPlace(reference)
                try requireAssignable(place)
                for part in try flatten(place) {
                    if let key = channelKey(of: part) { assignedChannels.insert(key) }
                    result.append(.store(part))
                }
            }
        }
        return result
    }

    /// Whether what is being checked belongs to a trace assertion.
    private var isEvent: Bool { process?.role == .trace || process?.role == .notrace }

    // MARK: Arity

    /// The variable that holds the channel at `place`; nil if it is none that is known.
    private func channelKey(of place: Place) -> ChannelKey? {
        guard place.type == .scalar(.chan) else { return nil }
        var record: Int?
        var key: ChannelKey?
        switch place.root {
        case .global(let index):
            key = .global(index)
            if case .record(let type) = globals[index].type { record = type }
        case .local(let index):
            guard let process else { return nil }
            key = .local(process: process.index, index)
            if case .record(let type) = process.locals[index].type { record = type }
        default: return nil
        }
        for case .field(let field) in place.path {
            guard let current = record else { return nil }
            key = .field(record: current, field)
            record = nil
            if case .record(let inner) = records[current].fields[field].type { record = inner }
        }
        return key
    }

    func noteMessage(_ channel: Expression, _ count: Int, at span: Span, isSend: Bool) {
        guard case .load(let place) = channel.kind, let key = channelKey(of: place) else { return }
        if case .local(let index, _) = key, index < 0 { return }
        messageUses.append(MessageUse(channel: key, count: count, span: span, isSend: isSend, isEvent: isEvent))
    }

    /// Compares messages with the channels that they go through, where these are known.
    func checkMessageUses() {
        for use in messageUses where !assignedChannels.contains(use.channel) {
            let variable: Variable? =
                switch use.channel {
                case .global(let index): globals[index]
                case .local(let process, let index):
                    process < proctypes.count && index >= proctypes[process].parameterCount ? proctypes[process].locals[index] : nil
                case .field(let record, let index): records[record].fields[index]
                }
            guard let variable, case .channel(_, let fields)? = variable.initializer, fields.count != use.count else { continue }
            let tooMany = use.count > fields.count
            let consequence =
                use.isEvent ? "the fields that are missing fit any value"
                : use.isSend ? "the fields that are missing are sent as zero" : "the other fields are dropped"
            report(
                tooMany ? .error : .warning, .channelArity,
                "a message of `\(variable.name)` has \(count(fields.count, "field")), not \(use.count)", at: use.span,
                hint: tooMany ? nil : consequence,
                notes: [.init("declared here", at: variable.span)])
        }
    }

    // MARK: printf

    func checkFormat(_ format: String, _ arguments: Int, at span: Span) {
        var expected = 0
        var bytes = Array(format.utf8)[...]
        while let byte = bytes.popFirst() {
            guard byte == UInt8(ascii: "%") else { continue }
            if let next = bytes.popFirst(), next != UInt8(ascii: "%") { expected += 1 }
        }
        guard expected != arguments else { return }
        report(
            .warning, .formatArguments, "the format takes \(count(expected, "value")), but \(arguments) are given", at: span)
    }
}
