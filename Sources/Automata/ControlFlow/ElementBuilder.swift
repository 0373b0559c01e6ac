import Promela

/// Turns the statements of one process into elements, linked and marked.
struct ElementBuilder {
    private let proctype: Proctype
    /// Labels that some expression refers to from outside the process.
    private let remotelyReferencedLabels: Set<Int>
    private(set) var elements: [Element] = []
    private(set) var labelled: [Int: Element] = [:]
    private var loopExits: [Element] = []

    init(_ proctype: Proctype, remotelyReferencedLabels: Set<Int>) {
        self.proctype = proctype
        self.remotelyReferencedLabels = remotelyReferencedLabels
    }

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

    private mutating func add(_ statement: Statement, to sequence: ElementSequence) {
        switch statement.kind {
        case .selection(let blocks):
            addChoice(.selection, blocks, statement, to: sequence)
        case .repetition(let blocks):
            addChoice(.repetition, blocks, statement, to: sequence)
        case .unless(let normal, let escape):
            if statement.labels.isEmpty {
                addUnless(normal, escape, statement, to: sequence)
            } else {
                let inner = ElementSequence()
                addUnless(normal, escape, statement, to: inner)
                inner.extent = inner.last
                addBody(.sequence, inner, statement, to: sequence)
            }
        case .sequence(let block):
            let body = self.sequence(block)
            addBody(.sequence, body, statement, to: sequence)
        case .atomic(let block):
            let body = self.sequence(block)
            makeAtomic(body, deterministic: false)
            addBody(.atomic, body, statement, to: sequence)
        case .deterministicStep(let block):
            let body = self.sequence(block)
            makeAtomic(body, deterministic: true)
            addBody(.deterministicStep, body, statement, to: sequence)
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

    /// A jump whose label has a meaning (`end`, `progress`, `accept`), or that is referred to from elsewhere, gets a step of
    /// its own to bear the label.
    private mutating func addJump(_ kind: Element.Kind, _ statement: Statement, to sequence: ElementSequence) {
        let jump = make(kind, span: statement.span)
        let hasMeaning = statement.labels.contains {
            let label = proctype.labels[$0]
            return label.isEnd || label.isProgress || label.isAccept || remotelyReferencedLabels.contains($0)
        }
        if hasMeaning {
            let skip = make(.skip, span: statement.span)
            setLabels(statement.labels, on: skip)
            sequence.append(skip)
        } else {
            setLabels(statement.labels, on: jump)
        }
        sequence.append(jump)
    }

    private mutating func addChoice(
        _ kind: Element.Kind, _ blocks: [Block], _ statement: Statement, to sequence: ElementSequence
    ) {
        var isLoop = false
        if case .repetition = kind { isLoop = true }
        // The exit is needed before it has its number: jumps inside refer to it, but Spin numbers it last.
        let exit = Element(.loopExit, number: 0, span: statement.span)
        if isLoop { loopExits.append(exit) }
        var options = blocks.map { self.sequence($0) }
        if isLoop { loopExits.removeLast() }
        for option in options { dropRepeatedSkips(option) }

        if let index = options.firstIndex(where: { Self.startsWithElse($0) }), index != options.count - 1 {
            options.append(options.remove(at: index))
        }
        let choice = make(kind, span: statement.span)
        let join = make(.join, span: statement.span)
        choice.options = options
        setLabels(statement.labels, on: choice)
        for option in options { option.append(join) }
        if isLoop {
            let numberedExit = Element(.loopExit, number: elements.count + 1, span: statement.span)
            elements.append(numberedExit)
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

    private static func startsWithElse(_ sequence: ElementSequence) -> Bool {
        if case .otherwise = sequence.first?.kind { return true }
        return false
    }

    private mutating func addUnless(
        _ normal: Block, _ escape: Block, _ statement: Statement, to sequence: ElementSequence
    ) {
        let normalSequence = self.sequence(normal)
        let escapeSequence = self.sequence(escape)
        let unless = make(.unless, span: statement.span)
        let join = make(.join, span: statement.span)
        unless.options = [normalSequence, escapeSequence]
        normalSequence.append(join)
        escapeSequence.append(join)
        attach(escapeSequence, to: normalSequence)
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
