import Promela

/// What a process says once names are exchanged, as text: two texts are the same only if they mean the same. Operands of sums, of
/// `&&`, of the smaller of two and the like come in an order of their own where none of them can fail, so that
/// `f[1] + f[2]` is the same as `f[2] + f[1]`.
struct ExchangedForm {
    /// A text, with the parts of it that may come in any order.
    private struct Form {
        var operation: String?
        var parts: [String]
        /// Whether no value can make it fail.
        var isSafe: Bool

        init(_ text: String, isSafe: Bool = true) { (operation, parts, self.isSafe) = (nil, [text], isSafe) }

        /// An operation whose operands commute and associate.
        init(_ operation: String, _ operands: [Form]) {
            isSafe = operands.allSatisfy(\.isSafe)
            self.operation = isSafe ? operation : nil
            parts = isSafe ? operands.flatMap { $0.operation == operation ? $0.parts : [$0.text] } : []
            if !isSafe { parts = ["\(operation)(\(operands.map(\.text).joined(separator: ",")))"] }
        }

        var text: String { operation.map { "\($0)(\(parts.sorted().joined(separator: ",")))" } ?? parts.joined() }
    }

    let classes: ValueClasses
    let exchange: Exchange?
    /// The process that says it; nil for a claim.
    let pid: Int?
    let process: ProcessConfiguration.Process?

    private var proctype: Int? { process?.proctype }

    private func image(of value: Int64, in found: Int?) -> Int64 { exchange?.image(of: value, in: found) ?? value }

    /// The whole of an expression.
    func text(_ expression: Expression) -> String { form(expression, in: nil).text }

    private func form(_ expression: Expression, in found: Int?) -> Form {
        if let value = expression.constantValue { return Form(String(image(of: value, in: found))) }
        let wide = expression.isWide ? "u" : ""
        switch expression.kind {
        case .constant(let value): return Form(String(image(of: value, in: found)))
        case .load(let place): return constant(place).map { Form($0) } ?? form(place, of: proctype)
        case .unary(let operation, let operand):
            let operand = form(operand, in: nil)
            return Form("\(wide)\(operation.rawValue)(\(operand.text))", isSafe: operand.isSafe)
        case .binary(let operation, let left, let right): return form(operation, left, right, wide)
        case .conditional(let condition, let then, let otherwise): return form(condition, then, otherwise, expression, in: found)
        case .length(let channel):
            let channel = form(channel, in: nil)
            return Form("len(\(channel.text))", isSafe: false)
        case .channelTest(let test, let channel): return Form("\(test)(\(form(channel, in: nil).text))", isSafe: false)
        case .poll(let channel, let arguments, let isRandom):
            return Form("\(isRandom ? "??" : "?")[\(text(arguments, of: channel))]", isSafe: false)
        case .timeout: return Form("timeout", isSafe: false)
        case .remoteLabel(let other, let instance, let label):
            // Nobody stands at the label of a process that there is not.
            let instance = instance.map { form($0, in: classes.find(.pid(proctype: other))) }
            return Form("\(other)[\(instance?.text ?? "")]@\(label)", isSafe: instance?.isSafe ?? true)
        case .remoteVariable(let other, let instance, let place):
            let instance = instance.map { form($0, in: classes.find(.pid(proctype: other))).text }
            return Form("\(other)[\(instance ?? "")]:\(form(place, of: other).text)", isSafe: false)
        case .nonProgress: return Form("np_")
        case .run, .enabled, .programCounter, .getPriority, .setPriority:
            // Nothing is exchanged where these occur.
            return Form("\(expression.span.file.index):\(expression.span.start)", isSafe: false)
        }
    }

    private func form(_ operation: Expression.BinaryOperator, _ left: Expression, _ right: Expression, _ wide: String) -> Form {
        let name = "\(wide)\(operation.rawValue)\(left.isWide || right.isWide ? "u" : "")"
        switch operation {
        case .equal, .notEqual:
            let found = classes.find(left, proctype) ?? classes.find(right, proctype)
            let (left, right) = (form(left, in: found), form(right, in: found))
            // Not of three operands: (a == b) == c is another matter.
            guard left.isSafe, right.isSafe else { return Form("\(name)(\(left.text),\(right.text))", isSafe: false) }
            return Form("\(name)(\([left.text, right.text].sorted().joined(separator: ",")))")
        case .add, .multiply, .bitAnd, .bitOr, .bitXor, .and, .or:
            return Form(name, [form(left, in: nil), form(right, in: nil)])
        case .subtract, .shiftLeft, .shiftRight, .less, .lessOrEqual, .greater, .greaterOrEqual, .divide, .remainder:
            let (left, right) = (form(left, in: nil), form(right, in: nil))
            let mayFail = operation == .divide || operation == .remainder
            return Form("\(name)(\(left.text),\(right.text))", isSafe: left.isSafe && right.isSafe && !mayFail)
        }
    }

    private func form(
        _ condition: Expression, _ then: Expression, _ otherwise: Expression, _ expression: Expression, in found: Int?
    ) -> Form {
        let found = found ?? classes.find(expression, proctype)
        let (whole, first, second) = (form(condition, in: nil), form(then, in: found), form(otherwise, in: found))
        if case .binary(let operation, let left, let right) = condition.kind, whole.isSafe, first.isSafe, second.isSafe,
            Set([condition.isWide, left.isWide, right.isWide, then.isWide, otherwise.isWide, expression.isWide]).count == 1
        {
            let (left, right) = (form(left, in: nil).text, form(right, in: nil).text)
            let isStraight = left == first.text && right == second.text
            if isStraight || left == second.text && right == first.text {
                let width = expression.isWide ? "u" : ""
                switch operation {
                case .less, .lessOrEqual: return Form("\(isStraight ? "min" : "max")\(width)", [first, second])
                case .greater, .greaterOrEqual: return Form("\(isStraight ? "max" : "min")\(width)", [first, second])
                default: break
                }
            }
        }
        return Form(
            "if\(expression.isWide ? "u" : "")(\(whole.text),\(first.text),\(second.text))",
            isSafe: whole.isSafe && first.isSafe && second.isSafe)
    }

    /// What a place always holds.
    private func constant(_ place: Place) -> String? {
        switch place.root {
        case .selfPid:
            guard let pid, let proctype else { return nil }
            return String(exchange == nil ? Int64(pid) : image(of: Int64(pid), in: classes.find(.pid(proctype: proctype))))
        case .local(let index):
            guard place.path.isEmpty, let proctype, let value = process?.constant(index) else { return nil }
            return String(image(of: value, in: classes.find(.local(proctype: proctype, index))))
        default: return nil
        }
    }

    /// - Parameter owner: the process type whose local it may be.
    private func form(_ place: Place, of owner: Int?) -> Form {
        var text: String
        switch place.root {
        case .global(let index): text = "g\(index)"
        case .local(let index): text = "l\(index)"
        case .discard: return Form("_")
        case .selfPid: text = "_pid"
        case .lastPid, .selfPriority: text = "_last"
        case .processCount: return Form("_nr_pr")
        }
        guard var holder = ValueClasses.Holder(place.root, owner) else { return Form(text, isSafe: false) }
        var isSafe = true
        for accessor in place.path {
            switch accessor {
            case .index(let index):
                let own = form(index, in: holder.index.flatMap { classes.find($0) })
                text += "[\(own.text)]"
                let count = holder.variable(in: classes.program)?.count ?? 0
                if !(Int(own.text).map { $0 >= 0 && $0 < count } ?? false) { isSafe = false }
            case .field(let field):
                text += ".\(field)"
                if case .record(let record)? = holder.type(in: classes.program) { holder = .field(record: record, field) }
            }
        }
        return Form(text, isSafe: isSafe)
    }
}

// MARK: Statements

extension ExchangedForm {
    /// The whole of a statement.
    func text(_ statement: Statement) -> String {
        switch statement.kind {
        case .condition(let expression): return form(expression, in: nil).text
        case .assert(let expression): return "assert \(form(expression, in: nil).text)"
        case .assign(let place, let value):
            return "\(form(place, of: proctype).text) = \(form(value, in: classes.find(place, proctype)).text)"
        case .send(let channel, let arguments, let isSorted):
            let fields = channelClass(channel).map(classes.fields(ofMessagesIn:)) ?? []
            let texts = arguments.enumerated().map { form($1, in: fields.indices.contains($0) ? fields[$0] : nil).text }
            return "\(form(channel, in: nil).text)\(isSorted ? "!!" : "!")\(texts.joined(separator: ","))"
        case .receive(let channel, let arguments, let isRandom, let keepsMessage):
            return "\(isRandom ? "??" : "?")\(keepsMessage ? "<>" : "")\(text(arguments, of: channel))"
        case .select(let place, let from, let through):
            return "select \(form(place, of: proctype).text) \(form(from, in: nil).text) \(form(through, in: nil).text)"
        case .print(_, let arguments):
            let forms = arguments.map { form($0, in: nil) }
            return forms.allSatisfy(\.isSafe) ? "print" : "print " + forms.map(\.text).joined(separator: ",")
        case .printName(let argument): return "print " + form(argument, in: nil).text
        case .otherwise: return "else"
        case .selection, .repetition, .goto, .break, .unless, .atomic, .deterministicStep, .sequence: return "?"
        }
    }

    private func channelClass(_ channel: Expression) -> Int? { classes.find(channel, proctype) }

    private func text(_ arguments: [ReceiveArgument], of channel: Expression) -> String {
        let fields = channelClass(channel).map(classes.fields(ofMessagesIn:)) ?? []
        let texts = arguments.enumerated().map { index, argument in
            switch argument {
            case .store(let place): "=\(form(place, of: proctype).text)"
            case .match(let expression): form(expression, in: fields.indices.contains(index) ? fields[index] : nil).text
            }
        }
        return "\(form(channel, in: nil).text)?\(texts.joined(separator: ","))"
    }

    /// What an edge of the process does.
    func text(_ action: ControlFlowAutomaton.Action, in automaton: ControlFlowAutomaton) -> String {
        switch action {
        case .statement(let statement): text(statement)
        case .otherwise: "else"
        case .skip: "skip"
        case .end: "end"
        case .deterministicStep(let index): text(automaton.deterministicSteps[index])
        }
    }

    /// A graph as text: its nodes in the order in which they are reached.
    private func text(_ step: DeterministicStep) -> String {
        var order: [Int: Int] = [:]
        var queue: [Int] = []
        func name(_ node: Int?) -> String {
            guard let node else { return "." }
            if order[node] == nil {
                order[node] = order.count
                queue.append(node)
            }
            return String(order[node] ?? 0)
        }
        var result = "d{" + name(step.first)
        var next = 0
        while next < queue.count {
            switch step.nodes[queue[next]] {
            case .statement(let statement, let following): result += ";\(text(statement))>\(name(following))"
            case .skip(let following): result += ";skip>\(name(following))"
            case .otherwise(let following): result += ";else>\(name(following))"
            case .choice(let options, _): result += ";" + options.map(name).joined(separator: "|")
            }
            next += 1
        }
        return result + "}"
    }
}
