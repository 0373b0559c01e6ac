/// Statements: from what was written to the steps that it stands for.
extension Checker {
    /// A statement with the steps that Spin puts in front of it, such as the first assignment of a `for`.
    struct Lowered {
        var prelude: [Statement] = []
        var statement: Statement
    }

    func checkBlock(_ block: SyntaxBlock, opensScope: Bool, isBody: Bool = false) -> Block {
        if opensScope { process?.scopes.append([:]) }
        defer { if opensScope { process?.scopes.removeLast() } }
        if !isBody { process?.isInitializing = false }
        var statements: [Statement] = []
        for statement in block.statements { checkStep(statement, into: &statements) }
        for statement in opensScope ? statements[...] : statements.dropFirst() where !statement.isImplied {
            guard case .otherwise = statement.kind else { continue }
            report(
                .warning, .misplacedElse, "`else` is always executable here", at: statement.span,
                hint: "`else` is meant to be the first statement of an option: `:: else -> ...`")
        }
        if statements.isEmpty, !isBody, !block.statements.isEmpty, !block.statements.contains(where: \.isInvalid),
            diagnostics.allSatisfy({ $0.severity == .warning })
        {
            report(
                .error, .emptySequence, "a block needs at least one statement", at: block.span,
                hint: "`skip` is the statement that does nothing")
        }
        return Block(statements, span: block.span)
    }

    private func checkStep(_ syntax: SyntaxStatement, into statements: inout [Statement]) {
        switch syntax.kind {
        case .declaration(let declaration):
            statements += declareLocals(declaration)
        case .exclusive(let references):
            for reference in references { _ = try? checkExclusive(reference) }
        case .invalid: break
        default:
            if let lowered = try? check(syntax) {
                statements += lowered.prelude
                statements.append(lowered.statement)
            }
            process?.isInitializing = false
        }
    }

    private func checkExclusive(_ reference: SyntaxReference) throws(CheckFailure) {
        if reference.isPlain, let variable = lookUpVariable(reference.base.text), variable.count != nil,
            variable.type == .scalar(.chan)
        {
            return
        }
        _ = try checkChannel(reference)
    }

    func lookUpVariable(_ name: String) -> Variable? {
        if let process, let index = process.lookUp(name) { return process.locals[index] }
        if case .variable(let index)? = symbols[name]?.meaning { return globals[index] }
        return nil
    }

    // MARK: Declarations

    private func declareLocals(_ declaration: SyntaxDeclaration) -> [Statement] {
        var steps: [Statement] = []
        for item in declaration.items {
            if let step = declareLocal(item, declaration) { steps.append(step) }
        }
        return steps
    }

    /// Declares a local variable.
    /// - Returns: the step that gives it its first value, when it is declared behind the first statement of its process.
    @discardableResult
    func declareLocal(_ item: SyntaxDeclaration.Item, _ declaration: SyntaxDeclaration) -> Statement? {
        guard let scope = process else { return nil }
        if let earlier = scope.lookUp(item.name.text) {
            let isSameBlock = scope.scopes.last?[item.name.text] != nil
            reportDuplicate(item.name, scope.locals[earlier].span, hides: !isSameBlock)
            return nil
        }
        if let earlier = symbols[item.name.text] {
            reportDuplicate(item.name, earlier.span, hides: true)
            return nil
        }
        var variable = (try? makeVariable(item, declaration)) ?? placeholder(item)
        let initializer = variable.initializer
        let becomesStep = !scope.isInitializing
        if becomesStep { variable.initializer = nil }
        guard let index = process?.declare(variable), becomesStep else { return nil }
        let span = item.span
        guard case .scalar(let type) = variable.type else {
            // Spin puts a step here that does nothing.
            return Statement(.condition(Expression(.constant(1), span: span)), span: span, isImplied: true)
        }
        var place = Place(root: .local(index), type: .scalar(type), span: item.name.span)
        if variable.count != nil { place.path = [.index(Expression(.constant(0), span: item.name.span))] }
        switch initializer {
        case nil: return Statement(.assign(place, Expression(.constant(0), span: span)), span: span, isImplied: true)
        case .value(let value): return Statement(.assign(place, value), span: span, isImplied: true)
        case .values:
            report(
                .error, .invalidInitializer, "an array can only be initialized in front of the first statement", at: span,
                hint: "move the declaration of `\(item.name.text)` to the start of the process, or assign its elements")
        case .channel:
            report(
                .error, .invalidInitializer, "a channel can only be initialized in front of the first statement", at: span,
                hint: "move the declaration of `\(item.name.text)` to the start of the process")
        }
        return nil
    }

    // MARK: Statements

    private func check(_ syntax: SyntaxStatement) throws(CheckFailure) -> Lowered {
        let labels = syntax.labels.compactMap { process?.meet(label: $0) }
        for label in syntax.labels {
            guard let variable = lookUpVariable(label.text) else { continue }
            report(
                .error, .duplicateDeclaration, "`\(label.text)` is a variable already, and cannot be a label", at: label.span,
                hint: "rename the label", notes: [.init("declared here", at: variable.span)])
        }
        rejectNonEvent(syntax)
        var lowered = try lower(syntax)
        if case .select(_, let from, let through, .literalBounds) = syntax.kind, options.expandsSelect,
            case .number(let first) = from.kind, case .number(let last) = through.kind, last >= first, last - first > 32,
            !lowered.prelude.isEmpty
        {
            // Here Spin's lexer writes the loop out as text, so a label is in front of all of it.
            lowered.prelude[0].labels = labels
            return lowered
        }
        let isJump =
            switch lowered.statement.kind {
            case .goto, .break: true
            default: false
            }
        if isJump, labels.contains(where: { isLookedAt($0) }) {
            // A jump is no state of its own, so it takes a step in front of it to be seen there.
            let step = Expression(.constant(1), span: syntax.span)
            lowered.prelude.append(Statement(.condition(step), span: syntax.span, labels: labels, isImplied: true))
            return lowered
        }
        // An `unless` bears the label of the block that it moved into.
        lowered.statement.labels = labels + lowered.statement.labels
        return lowered
    }

    /// Whether a remote reference looks at a label.
    private func isLookedAt(_ index: Int) -> Bool {
        guard let process else { return false }
        return model.remoteLabels.contains("\(process.name)@\(process.labels.entries[index].name.text)")
    }

    /// A trace speaks of sends and receives only, a claim of anything else.
    private func rejectNonEvent(_ syntax: SyntaxStatement) {
        guard let role = process?.role else { return }
        if role == .neverClaim {
            switch syntax.kind {
            case .send, .receive:
                report(
                    .error, .invalidStatement, "a claim cannot send or receive", at: syntax.span,
                    hint: "it can look at messages: `channel?[...]`")
            case .assign, .select, .forRange, .forEach:
                report(
                    .error, .invalidStatement, "a claim only watches: it cannot change a variable", at: syntax.span,
                    hint: "let a process do that, and look at the variable here")
            default: break
            }
        }
        guard role == .trace || role == .notrace else { return }
        switch syntax.kind {
        case .send, .receive, .selection, .repetition, .goto, .break, .invalid: return
        default:
            report(
                .error, .invalidStatement, "a `\(role == .trace ? "trace" : "notrace")` can only contain sends and receives",
                at: syntax.span, hint: "besides these `if`, `do`, `goto` and `break` are possible")
        }
    }

    private func lower(_ syntax: SyntaxStatement) throws(CheckFailure) -> Lowered {
        let span = syntax.span
        func plain(_ kind: Statement.Kind) -> Lowered { Lowered(statement: Statement(kind, span: span)) }
        switch syntax.kind {
        case .expression(let expression): return plain(.condition(try checkCondition(expression)))
        case .otherwise: return plain(.otherwise)
        case .assign(let target, let value):
            let (place, expression) = try checkAssign(target, value)
            return plain(.assign(place, expression))
        case .send(let channel, let arguments, let isSorted):
            return plain(try checkSend(channel, arguments, isSorted: isSorted, at: span))
        case .receive(let channel, let arguments, let isRandom, let keepsMessage):
            return plain(try checkReceive(channel, arguments, isRandom, keepsMessage, at: span))
        case .assert(let expression): return plain(.assert(try checkExpression(expression)))
        case .print(let format, let arguments):
            var values: [Expression] = []
            for argument in arguments { values.append(try checkExpression(argument)) }
            checkFormat(format, values.count, at: span)
            return plain(.print(format: format, arguments: values))
        case .printName(let expression): return plain(.printName(try checkExpression(expression)))
        case .select(let place, let from, let through, let form):
            return try lowerSelect(place, from, through, form, at: span)
        case .forRange(let variable, let from, let through, let body):
            return try lowerFor(variable, from, through, body, at: span)
        case .forEach(let variable, let collection, let body): return try lowerForEach(variable, collection, body, at: span)
        case .selection(let options): return plain(.selection(checkOptions(options)))
        case .repetition(let options):
            process?.beginLoop()
            defer { process?.loops.removeLast() }
            return plain(.repetition(checkOptions(options)))
        case .goto(let target): return plain(.goto(try checkGoto(target)))
        case .break:
            try checkBreak(at: span)
            return plain(.break)
        case .unless(let main, let escape): return try lowerUnless(main, escape, at: span)
        case .atomic(let block): return plain(.atomic(try checkLabelFree(block, "atomic")))
        case .deterministicStep(let block):
            process?.stepDepth += 1
            defer { process?.stepDepth -= 1 }
            return plain(.deterministicStep(try checkLabelFree(block, "d_step")))
        case .block(let block): return plain(.sequence(try checkLabelFree(block, "")))
        case .declaration, .exclusive, .invalid: throw CheckFailure()
        }
    }

    private func checkCondition(_ syntax: SyntaxExpression) throws(CheckFailure) -> Expression {
        let expression = try checkExpression(syntax)
        if case .run = expression.kind { return expression }
        if let run = firstRun(in: expression) {
            throw fail(
                .misplacedRun, "`run` must be the only operator of a condition", at: run,
                hint: "assign the new process's pid first: `p = run ...`")
        }
        if isChannel(expression) {
            throw fail(.channelAsNumber, "a channel is no condition", at: expression.span, hint: "use `len`, `empty` or `full`")
        }
        return expression
    }

    private func checkOptions(_ options: [SyntaxBlock]) -> [Block] {
        var earlierElse: Span?
        let blocks = options.map { option in
            let block = checkBlock(option, opensScope: false)
            guard let guardStatement = block.statements.first else { return block }
            switch guardStatement.kind {
            case .otherwise:
                if let earlierElse {
                    report(
                        .error, .duplicateElse, "a second `else`", at: guardStatement.span, hint: "merge the two options",
                        notes: [.init("the first stands here", at: earlierElse)])
                }
                earlierElse = guardStatement.span
            case .condition(let expression) where expression.constantValue == 0 && expression.isSpelledOut:
                report(
                    .warning, .unreachableOption, "this option can never be taken: its guard is always false",
                    at: guardStatement.span, hint: "remove the option, or correct its guard")
            default: break
            }
            if let label = guardStatement.labels.first, !guardStatement.bearsLabelAnywhere, let process {
                let entry = process.labels.entries[label]
                report(
                    .warning, .misplacedLabel, "a label in front of the guard of an option is no place of its own",
                    at: entry.name.span, hint: "put the label in front of the `if` or `do`")
            }
            return block
        }
        warnAboutIdleElse(blocks)
        return blocks
    }

    /// An `else` beside an option that can always be taken is never taken.
    private func warnAboutIdleElse(_ options: [Block]) {
        let guards = options.compactMap(\.statements.first)
        let always = guards.first { statement in
            guard statement.span.expansion == .none, !statement.isImplied else { return false }
            switch statement.kind {
            case .condition(let expression): return expression.isSpelledOut && (expression.constantValue ?? 0) != 0
            case .assign, .print, .goto, .break: return true
            default: return false
            }
        }
        guard let always else { return }
        for statement in guards {
            guard case .otherwise = statement.kind, statement.span.expansion == .none else { continue }
            report(
                .warning, .unreachableOption, "this `else` can never be taken", at: statement.span,
                hint: "another option can always be taken", notes: [.init("this one", at: always.span)])
        }
    }

    private func checkGoto(_ name: Name) throws(CheckFailure) -> Int {
        guard let jump = process?.meet(jumpTo: name), let scope = process else { throw CheckFailure() }
        guard let target = scope.labels.target(of: jump) else {
            let similar = nearestName(to: name.text, among: scope.labels.entries.map(\.name.text))
            throw fail(
                .unknownLabel, "there is no label `\(name.text)` in this process", at: name.span,
                hint: similar.map { "did you mean `\($0)`?" } ?? "labels of other processes cannot be reached")
        }
        let entry = scope.labels.entries[target]
        guard entry.step == jump.step else {
            throw fail(
                .jumpAcrossStep, jump.step == 0 ? "this jumps into a `d_step`" : "this jumps out of a `d_step`", at: name.span,
                hint: jump.step == 0 ? "jump to a label in front of it" : "use `atomic`, or let the `d_step` end first",
                notes: [.init("the label stands here", at: entry.name.span)])
        }
        return target
    }

    private func checkBreak(at span: Span) throws(CheckFailure) {
        guard let process, let loop = process.loops.last else {
            throw fail(.breakOutsideLoop, "`break` outside every loop", at: span, hint: "`break` leaves a `do` or a `for`")
        }
        guard loop == process.stepDepth else {
            throw fail(
                .jumpAcrossStep, "this `break` leaves a `d_step`", at: span, hint: "use `atomic`, or let the `d_step` end first")
        }
    }

    /// A block whose first statement must bear no label, because that would be no state of its own.
    private func checkLabelFree(_ block: SyntaxBlock, _ word: String) throws(CheckFailure) -> Block {
        let result = checkBlock(block, opensScope: true)
        rejectLeadingLabel(result, hint: "put the label in front of \(word.isEmpty ? "the block" : "`\(word)`")")
        return result
    }

    private func rejectLeadingLabel(_ block: Block, hint: String) {
        guard let first = block.statements.first, let label = first.labels.first, !first.bearsLabelAnywhere, let process else {
            return
        }
        let entry = process.labels.entries[label]
        report(
            .error, .misplacedLabel, "the label `\(entry.name.text)` stands in front of the first statement of a block",
            at: entry.name.span, hint: hint)
    }

    // MARK: unless

    private func lowerUnless(
        _ main: SyntaxStatement, _ escape: SyntaxStatement, at span: Span
    ) throws(CheckFailure) -> Lowered {
        if let process, process.stepDepth > 0 {
            throw fail(.invalidInStep, "`unless` cannot stand in a `d_step`", at: span, hint: "use `atomic`")
        }
        let body = try check(main)
        let interruption = try check(escape)
        let prelude = body.prelude + interruption.prelude
        var statement = body.statement
        let labels = statement.labels
        statement.labels = []
        let second = interruption.statement
        let escapeBlock: Block
        if case .sequence(let block) = second.kind, second.labels.isEmpty {
            escapeBlock = block
        } else {
            escapeBlock = Block([second], span: second.span)
            rejectLeadingLabel(escapeBlock, hint: "an escape cannot be jumped to")
        }
        func unless(_ block: Block) -> Statement { Statement(.unless(block, escape: escapeBlock), span: span) }
        guard !labels.isEmpty else {
            if case .sequence(let block) = statement.kind {
                return Lowered(prelude: prelude, statement: unless(block))
            }
            return Lowered(prelude: prelude, statement: unless(Block([statement], span: statement.span)))
        }
        // Spin lifts the label off a block, and puts the `unless` inside.
        switch statement.kind {
        case .sequence(let block):
            return Lowered(
                prelude: prelude,
                statement: Statement(.sequence(Block([unless(block)], span: span)), span: statement.span, labels: labels))
        case .atomic(let block):
            return Lowered(
                prelude: prelude,
                statement: Statement(.atomic(Block([unless(block)], span: span)), span: statement.span, labels: labels))
        case _ where statement.bearsLabelAnywhere:
            statement.labels = labels
            return Lowered(prelude: prelude, statement: unless(Block([statement], span: statement.span)))
        default:
            statement.labels = labels
            rejectLeadingLabel(Block([statement], span: span), hint: "write `label: { statement unless { ... } }`")
            throw CheckFailure()
        }
    }
}

extension Statement {
    /// Whether the statement can bear a label even where others cannot: a loop is a place of its own, for its end leads back
    /// to it. Spin takes `select` for a loop too, unless it can write out the values.
    fileprivate var bearsLabelAnywhere: Bool {
        switch kind {
        case .repetition: true
        case .select(_, let from, let through): from.constantValue == nil || through.constantValue == nil
        default: false
        }
    }
}
