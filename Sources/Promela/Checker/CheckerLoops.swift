/// `for` and `select`, spelled out as Spin does it.
extension Checker {
    func lowerFor(
        _ variable: SyntaxReference, _ from: SyntaxExpression, _ through: SyntaxExpression, _ body: SyntaxBlock, at span: Span
    ) throws(CheckFailure) -> Lowered {
        let place = try checkLoopVariable(variable, "for")
        let (first, last) = (try checkNumber(from), try checkNumber(through))
        rejectEmptyRange(place, first, last)
        return loop(place, from: first, while: .lessOrEqual, last, body: checkLoopBody(body), at: span)
    }

    func lowerForEach(
        _ variable: SyntaxReference, _ collection: SyntaxReference, _ body: SyntaxBlock, at span: Span
    ) throws(CheckFailure) -> Lowered {
        guard collection.segments.count == 1, let walked = lookUpVariable(collection.base.text) else {
            if collection.segments.count == 1 { throw undeclared(collection.base) }
            throw fail(
                .invalidLoop, "`for` can only walk a whole array or channel", at: collection.span,
                hint: "walk numbers instead: `for (i : first .. last) { ... }`")
        }
        if let holder = lookUpVariable(variable.base.text), variable.isPlain, case .record(let record) = holder.type,
            holder.count == nil
        {
            return try lowerForMessage(variable, record, collection, walked, body, at: span)
        }
        guard let count = walked.count, collection.isPlain else {
            throw fail(
                .invalidLoop, "`\(collection.base.text)` is no array", at: collection.span,
                hint: "a channel is walked with a structure: `for (message in channel)`",
                notes: [.init("declared here", at: walked.span)])
        }
        let place = try checkLoopVariable(variable, "for")
        let zero = Expression(.constant(0), span: variable.span)
        let last = Expression(.constant(Int64(count - 1)), span: collection.span)
        return loop(place, from: zero, while: .lessOrEqual, last, body: checkLoopBody(body), at: span)
    }

    /// `for (message in channel)`: each message is received, sent again, and looked at.
    private func lowerForMessage(
        _ variable: SyntaxReference, _ record: Int, _ collection: SyntaxReference, _ walked: Variable, _ body: SyntaxBlock,
        at span: Span
    ) throws(CheckFailure) -> Lowered {
        let channel = try checkChannel(collection)
        guard case .channel(let capacity, let fields)? = walked.initializer, capacity > 0,
            let parts = try? flatten(.record(record), at: variable.span), parts == fields
        else {
            throw fail(
                .invalidLoop, "`\(collection.base.text)` has to be a channel whose messages are one `\(records[record].name)`",
                at: collection.span, hint: "declare it as `chan \(collection.base.text) = [n] of { \(records[record].name) }`",
                notes: [.init("declared here", at: walked.span)])
        }
        let counter = loopCounter(capacity > 255 ? .short : .byte, at: span)
        let places = try flatten(try checkPlace(variable))
        let receive = Statement(
            .receive(channel: channel, arguments: places.map { .store($0) }, isRandom: false, keepsMessage: false),
            span: collection.span, isImplied: true)
        let send = Statement(
            .send(
                channel: channel,
                arguments: places.map { Expression(.load($0), span: variable.span, isWide: isWide($0.type)) },
                isSorted: false),
            span: collection.span, isImplied: true)
        var inner = checkLoopBody(body)
        inner.statements = [receive, send] + inner.statements
        let zero = Expression(.constant(0), span: span)
        return loop(counter, from: zero, while: .less, Expression(.length(channel), span: collection.span), body: inner, at: span)
    }

    private func isWide(_ type: ValueType) -> Bool {
        if case .scalar(let scalar) = type { return scalar.isWide }
        return false
    }

    /// The hidden variable that counts messages; loops in one block share it, as in Spin.
    private func loopCounter(_ type: ScalarType, at span: Span) -> Place {
        let name = "_f0r_t3mp"
        if let index = process?.scopes.last?[name] {
            return Place(root: .local(index), type: .scalar(type), span: span)
        }
        let index = process?.declare(Variable(name: name, type: .scalar(type), span: span)) ?? 0
        return Place(root: .local(index), type: .scalar(type), span: span)
    }

    func lowerSelect(
        _ variable: SyntaxReference, _ from: SyntaxExpression, _ through: SyntaxExpression,
        _ form: SyntaxStatement.SelectForm, at span: Span
    ) throws(CheckFailure) -> Lowered {
        let place = try checkLoopVariable(variable, "select")
        let (first, last) = (try checkNumber(from), try checkNumber(through))
        rejectEmptyRange(place, first, last)
        guard options.expandsSelect else {
            return Lowered(statement: Statement(.select(place, from: first, through: last), span: span))
        }
        if form == .literalBounds, let low = first.constantValue, let high = last.constantValue, high >= low,
            UInt64(bitPattern: high &- low) <= 32
        {
            let options = (low...high).map { value in
                Block([implied(.assign(place, Expression(.constant(value), span: span)), at: span)], span: span)
            }
            return Lowered(statement: Statement(.selection(options), span: span))
        }
        let start = implied(.assign(place, first), at: span)
        let step = Block([condition(place, .less, last, at: span), increment(place, at: span)], span: span)
        let leave = Block([implied(.break, at: span)], span: span)
        let options = form == .literalBounds ? [step, leave] : [leave, step]
        return Lowered(prelude: [start], statement: Statement(.repetition(options), span: span))
    }

    // MARK: Parts

    private func checkLoopVariable(_ reference: SyntaxReference, _ word: String) throws(CheckFailure) -> Place {
        let place = try checkPlace(reference)
        guard reference.isPlain, case .scalar(let type) = place.type, type != .chan else {
            throw fail(
                .invalidLoop, "`\(word)` needs a plain variable to count with", at: reference.span,
                hint: "use a variable that is no array, no field and no channel")
        }
        try requireAssignable(place)
        return place
    }

    private func checkLoopBody(_ body: SyntaxBlock) -> Block {
        process?.beginLoop()
        defer { process?.loops.removeLast() }
        return checkBlock(body, opensScope: true)
    }

    private func rejectEmptyRange(_ place: Place, _ first: Expression, _ last: Expression) {
        guard case .constant(let low) = first.kind, case .constant(let high) = last.kind else { return }
        let isUnsigned = isWide(place.type)
        guard isUnsigned ? UInt64(bitPattern: low) > UInt64(bitPattern: high) : low > high else { return }
        func text(_ value: Int64) -> String { isUnsigned ? "\(UInt64(bitPattern: value))" : "\(value)" }
        report(
            .error, .emptyRange, "the first value, \(text(low)), is above the last, \(text(high))",
            at: sources.span(from: first.span, through: last.span), hint: "write the lower value first")
    }

    /// `place = from; do :: place < limit -> body; place = place + 1 :: else -> break od`
    private func loop(
        _ place: Place, from: Expression, while operation: Expression.BinaryOperator, _ limit: Expression, body: Block,
        at span: Span
    ) -> Lowered {
        let start = implied(.assign(place, from), at: span)
        var steps = [condition(place, operation, limit, at: span)]
        steps += body.statements
        steps.append(increment(place, at: span))
        let leave = Block([implied(.otherwise, at: span), implied(.break, at: span)], span: span)
        return Lowered(
            prelude: [start], statement: Statement(.repetition([Block(steps, span: body.span), leave]), span: span))
    }

    private func implied(_ kind: Statement.Kind, at span: Span) -> Statement {
        Statement(kind, span: span, isImplied: true)
    }

    private func condition(
        _ place: Place, _ operation: Expression.BinaryOperator, _ limit: Expression, at span: Span
    ) -> Statement {
        let value = Expression(.load(place), span: span, isWide: isWide(place.type))
        let test = Expression(
            .binary(operation, value, limit), span: span, isWide: value.hasWideValue || limit.hasWideValue)
        return implied(.condition(test), at: span)
    }

    private func increment(_ place: Place, at span: Span) -> Statement {
        let wide = isWide(place.type)
        let value = Expression(.load(place), span: span, isWide: wide)
        let sum = Expression(.binary(.add, value, Expression(.constant(1), span: span)), span: span, isWide: wide)
        return implied(.assign(place, sum), at: span)
    }
}
