import Promela

/// Turns the statements of one process into elements, linked and marked.
struct ElementBuilder {
    private let proctype: Proctype
    private(set) var elements: [Element] = []
    private(set) var labelled: [Int: Element] = [:]
    private var loopExits: [Element] = []

    init(_ proctype: Proctype) { self.proctype = proctype }

    /// The whole body, ending in the `.end` element.
    mutating func build() -> ElementSequence {
        let body = sequence(proctype.body)
        body.append(make(.end, span: proctype.endSpan))
        return body
    }

    private mutating func make(_ kind: Element.Kind, span: Span) -> Element {
        let element = Element(kind, number: elements.count + 1, span: span)
        elements.append(element)
        return element
    }

    private mutating func sequence(_ block: Block) -> ElementSequence {
        let sequence = ElementSequence()
        for statement in block.statements {
            add(statement, to: sequence)
        }
        sequence.extent = sequence.last
        return sequence
    }

    private mutating func setLabels(_ labels: [Int], on element: Element) {
        element.labels += labels
        for label in labels { labelled[label] = element }
    }

    /// What a statement contains, built before the statement itself gets its element: inner elements have lower numbers.
    private enum Contents {
        case none
        case body(ElementSequence)
        case options([ElementSequence], exit: Element)
        case unless(normal: ElementSequence, escape: ElementSequence)
    }

    private mutating func add(_ statement: Statement, to sequence: ElementSequence) {
        complete(statement, with: contents(of: statement), in: sequence)
    }

    private mutating func contents(of statement: Statement) -> Contents {
        switch statement.kind {
        case .selection(let blocks): return options(blocks, isLoop: false, span: statement.span)
        case .repetition(let blocks): return options(blocks, isLoop: true, span: statement.span)
        case .unless(let normal, let escape):
            let sequences = unlessSequences(normal, escape)
            guard !statement.labels.isEmpty else {
                return .unless(normal: sequences.normal, escape: sequences.escape)
            }
            let inner = ElementSequence()
            addUnless(sequences.normal, sequences.escape, span: statement.span, to: inner)
            inner.extent = inner.last
            return .body(inner)
        case .sequence(let block): return .body(sequence(block))
        case .atomic(let block):
            // An `unless` behind a labelled `atomic` moves into it, but its escape does not become atomic.
            if let inner = block.only, case .unless(let normal, let escape) = inner.kind {
                let sequences = unlessSequences(normal, escape)
                makeAtomic(sequences.normal, deterministic: false)
                let body = ElementSequence()
                addUnless(sequences.normal, sequences.escape, span: inner.span, to: body)
                body.extent = body.last
                return .body(body)
            }
            let body = sequence(block)
            makeAtomic(body, deterministic: false)
            return .body(body)
        case .deterministicStep(let block):
            let body = sequence(block)
            makeAtomic(body, deterministic: true)
            return .body(body)
        default: return .none
        }
    }

    private mutating func complete(_ statement: Statement, with contents: Contents, in sequence: ElementSequence) {
        switch contents {
        case .options(let options, let exit):
            addChoice(options, exit: exit, statement, to: sequence)
        case .unless(let normal, let escape):
            addUnless(normal, escape, span: statement.span, to: sequence)
        case .body(let body):
            switch statement.kind {
            case .atomic: addBody(.atomic, body, statement, to: sequence)
            case .deterministicStep: addBody(.deterministicStep, body, statement, to: sequence)
            default: addBody(.sequence, body, statement, to: sequence)
            }
        case .none:
            switch statement.kind {
            case .goto(let label):
                addJump(.goto(label), statement, to: sequence)
            case .break:
                guard let exit = loopExits.last else { return }
                addJump(.leaveLoop(exit), statement, to: sequence)
            case .otherwise:
                addSimple(.otherwise, statement, to: sequence)
            default:
                addSimple(.step(statement), statement, to: sequence)
            }
        }
    }

    /// The two sequences of an `unless`. A statement without braces gets its element after everything in braces has, and the
    /// escape before the statement that it covers.
    private mutating func unlessSequences(
        _ normal: Block, _ escape: Block
    ) -> (normal: ElementSequence, escape: ElementSequence) {
        let normalSequence: ElementSequence
        var normalContents: Contents?
        if let statement = normal.only {
            normalSequence = ElementSequence()
            normalContents = contents(of: statement)
        } else {
            normalSequence = sequence(normal)
        }
        let escapeSequence: ElementSequence
        if let statement = escape.only {
            escapeSequence = ElementSequence()
            add(statement, to: escapeSequence)
            escapeSequence.extent = escapeSequence.last
        } else {
            escapeSequence = sequence(escape)
        }
        if let statement = normal.only, let normalContents {
            complete(statement, with: normalContents, in: normalSequence)
            normalSequence.extent = normalSequence.last
        }
        return (normalSequence, escapeSequence)
    }

    private mutating func addSimple(_ kind: Element.Kind, _ statement: Statement, to sequence: ElementSequence) {
        let element = make(kind, span: statement.span)
        setLabels(statement.labels, on: element)
        sequence.append(element)
    }

    private mutating func addBody(
        _ kind: Element.Kind, _ body: ElementSequence, _ statement: Statement, to sequence: ElementSequence
    ) {
        let element = make(kind, span: statement.span)
        element.body = body
        setLabels(statement.labels, on: element)
        sequence.append(element)
    }

    /// A jump whose label has a meaning (`end`, `progress`, `accept`) gets a step of its own to bear it.
    private mutating func addJump(_ kind: Element.Kind, _ statement: Statement, to sequence: ElementSequence) {
        let hasMeaning = statement.labels.contains {
            let label = proctype.labels[$0]
            return label.isEnd || label.isProgress || label.isAccept
        }
        guard hasMeaning else {
            addSimple(kind, statement, to: sequence)
            return
        }
        let jump = make(kind, span: statement.span)
        let skip = make(.skip, span: statement.span)
        setLabels(statement.labels, on: skip)
        sequence.append(skip)
        sequence.append(jump)
    }

    private mutating func options(_ blocks: [Block], isLoop: Bool, span: Span) -> Contents {
        // The exit is needed before it has its number: jumps inside refer to it, but Spin numbers it last.
        let exit = Element(.loopExit, number: 0, span: span)
        if isLoop { loopExits.append(exit) }
        var options = blocks.map { self.sequence($0) }
        if isLoop { loopExits.removeLast() }
        if !Self.standsForForLoop(blocks, span: span) {
            for option in options { dropRepeatedSkips(option) }
        }
        if let index = options.firstIndex(where: { Self.startsWithElse($0) }), index != options.count - 1 {
            options.append(options.remove(at: index))
        }
        return .options(options, exit: exit)
    }

    private mutating func addChoice(
        _ options: [ElementSequence], exit: Element, _ statement: Statement, to sequence: ElementSequence
    ) {
        var isLoop = false
        if case .repetition = statement.kind { isLoop = true }
        let choice = make(isLoop ? .repetition : .selection, span: statement.span)
        let join = make(.join, span: statement.span)
        choice.options = options
        setLabels(statement.labels, on: choice)
        for option in options { option.append(join) }
        if isLoop {
            let numberedExit = make(.loopExit, span: statement.span)
            exit.next = numberedExit
            sequence.append(join)
            sequence.append(choice)
            sequence.append(numberedExit)
        } else {
            sequence.append(choice)
            sequence.append(join)
        }
    }

    /// Of several statements in a row in an option that do nothing but go on, Spin keeps the first (and the last of the
    /// option); without this, there would be more states than Spin has.
    private func dropRepeatedSkips(_ option: ElementSequence) {
        var previous: Element?
        var count = 0
        for element in option.elements(through: option.last) {
            guard let kind = SkipKind(element), element.labels.isEmpty else {
                count = 0
                previous = element
                continue
            }
            count += 1
            if count > 1, kind == .nothing, element !== option.last, let previous {
                previous.next = element.next
            } else {
                previous = element
            }
        }
    }

    private enum SkipKind {
        case nothing, print

        init?(_ element: Element) {
            switch element.kind {
            case .skip: self = .nothing
            case .step(let statement):
                switch statement.kind {
                case .condition(let condition):
                    guard case .constant(1) = condition.kind else { return nil }
                    self = .nothing
                case .print, .printName: self = .print
                default: return nil
                }
            default: return nil
            }
        }
    }

    /// Whether a loop is what became of a `for`, which Spin leaves as it is: it then ends with an `else` that nobody wrote,
    /// and that stands for all of the `for`.
    private static func standsForForLoop(_ blocks: [Block], span: Span) -> Bool {
        guard let last = blocks.last?.statements.first, case .otherwise = last.kind else { return false }
        return last.isImplied && last.span == span
    }

    private static func startsWithElse(_ sequence: ElementSequence) -> Bool {
        if case .otherwise = sequence.first?.kind { return true }
        return false
    }

    private mutating func addUnless(
        _ normal: ElementSequence, _ escape: ElementSequence, span: Span, to sequence: ElementSequence
    ) {
        let unless = make(.unless, span: span)
        let join = make(.join, span: span)
        unless.options = [normal, escape]
        normal.append(join)
        escape.append(join)
        attach(escape, to: normal)
        sequence.append(unless)
        sequence.append(join)
    }

    private func attach(_ escape: ElementSequence, to sequence: ElementSequence) {
        for element in sequence.elements(through: sequence.extent) {
            attach(escape, to: element)
        }
    }

    private func attach(_ escape: ElementSequence, to element: Element) {
        if element.escapes.contains(where: { $0 === escape }) { return }
        for inner in element.escapes { attach(escape, to: inner) }
        element.escapes.insert(escape, at: 0)
        switch element.kind {
        case .unless:
            attach(escape, to: element.options[0])
        case .selection, .repetition:
            for option in element.options { attach(escape, to: option) }
        case .deterministicStep:
            if let first = element.body?.first { attach(escape, to: first) }
        case .atomic, .sequence:
            if let body = element.body { attach(escape, to: body) }
        default:
            break
        }
    }

    private func makeAtomic(_ sequence: ElementSequence, deterministic: Bool) {
        markAtomic(sequence, deterministic: deterministic)
        guard let last = sequence.last else { return }
        switch last.kind {
        case .sequence, .atomic:
            if let body = last.body { makeAtomic(body, deterministic: deterministic) }
        case .unless:
            makeAtomic(last.options[0], deterministic: deterministic)
        default:
            last.keepsControl = false
            last.endsAtomic = true
        }
    }

    private func markAtomic(_ sequence: ElementSequence, deterministic: Bool) {
        for element in sequence.elements(through: sequence.last) {
            element.keepsControl = true
            if deterministic { element.isInDeterministicStep = true }
            switch element.kind {
            case .atomic, .sequence:
                element.kind = .sequence
                if let body = element.body { markAtomic(body, deterministic: deterministic) }
            case .deterministicStep where deterministic:
                element.kind = .sequence
                if let body = element.body { markAtomic(body, deterministic: deterministic) }
            default:
                break
            }
            for option in element.options { markAtomic(option, deterministic: deterministic) }
        }
    }
}

extension Block {
    /// The statement that was written without braces where a block is expected.
    fileprivate var only: Statement? {
        guard statements.count == 1, let first = statements.first, first.span == span else { return nil }
        return first
    }
}
