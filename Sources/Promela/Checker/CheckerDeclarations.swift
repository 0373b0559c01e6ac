/// Declarations: types, variables, symbolic names.
extension Checker {
    // MARK: Types

    func resolve(_ type: SyntaxDeclaration.TypeName, width: SyntaxExpression?, at span: Span) throws(CheckFailure) -> ValueType {
        if let width, case .unsigned = type {
            let bits = try constant(width, "the width of an `unsigned`")
            guard (1...64).contains(bits) else {
                throw fail(.constantOutOfRange, "a width of \(bits) bits is not possible", at: width.span, hint: "1 to 64 bits")
            }
            return .scalar(.unsigned(width: Int(bits)))
        }
        if let width {
            throw fail(.invalidWidth, "only an `unsigned` has a width", at: width.span, hint: "write `unsigned` for the type")
        }
        switch type {
        case .bit: return .scalar(.bit)
        case .bool: return .scalar(.bool)
        case .byte: return .scalar(.byte)
        case .short: return .scalar(.short)
        case .int: return .scalar(.int)
        case .pid: return .scalar(.pid)
        case .chan: return .scalar(.chan)
        case .unsigned:
            throw fail(
                .invalidWidth, "an `unsigned` needs a width", at: span, hint: "write `unsigned name : bits`, as in `unsigned x : 8`")
        case .mtype(nil): return .scalar(.mtype(set: unnamedSet()))
        case .mtype(let name?):
            guard let set = messageTypeSets.firstIndex(where: { $0.name == name.text }) else {
                let similar = nearestName(to: name.text, among: messageTypeSets.map(\.name))
                throw fail(
                    .unknownMessageTypeSet, "there is no `mtype:\(name.text)`", at: name.span,
                    hint: similar.map { "did you mean `mtype:\($0)`?" } ?? "define it with `mtype:\(name.text) = { ... }`")
            }
            return .scalar(.mtype(set: set))
        case .record(let name):
            if case .record(let index)? = symbols[name.text]?.meaning { return .record(index) }
            if let hint = Keywords.foreign[name.text] {
                throw fail(.notPromela, "`\(name.text)` is no type of Promela", at: name.span, hint: hint)
            }
            let similar = nearestName(to: name.text, among: records.map(\.name) + Array(Keywords.types))
            throw fail(
                .unknownType, "there is no type `\(name.text)`", at: name.span,
                hint: similar.map { "did you mean `\($0)`?" } ?? "define it with `typedef \(name.text) { ... }`")
        }
    }

    /// The set of symbolic names that has no name, made when first needed.
    func unnamedSet() -> Int {
        if let set = messageTypeSets.firstIndex(where: { $0.name.isEmpty }) { return set }
        messageTypeSets.append(MessageTypeSet(name: "", members: []))
        return messageTypeSets.count - 1
    }

    func declareMessageTypes(_ types: SyntaxMessageTypes) {
        let set: Int
        if let name = types.set {
            if let known = messageTypeSets.firstIndex(where: { $0.name == name.text }) {
                set = known
            } else {
                messageTypeSets.append(MessageTypeSet(name: name.text, members: []))
                set = messageTypeSets.count - 1
            }
        } else {
            set = unnamedSet()
        }
        // Spin numbers each list from its end, after what the set has already.
        let base = messageTypeSets[set].members.count
        for (index, member) in types.members.enumerated() {
            let value = base + types.members.count - index
            if let earlier = symbols[member.text] {
                reportDuplicate(member, earlier.span)
                continue
            }
            symbols[member.text] = GlobalSymbol(meaning: .messageType(set: set, value: value), span: member.span)
            messageTypeSets[set].members.append((name: member.text, value: value))
        }
        if messageTypeSets[set].members.count > 255 {
            report(
                .error, .tooManyMessageTypes, "a set of symbolic names has at most 255", at: types.span,
                hint: "spread them over several `mtype:NAME` sets")
        }
    }

    func declareRecord(_ record: SyntaxRecord) {
        if let earlier = symbols[record.name.text] { return reportDuplicate(record.name, earlier.span) }
        var fields: [Variable] = []
        var names: [String: Span] = [:]
        for declaration in record.fields {
            for item in declaration.items {
                if let earlier = names[item.name.text] {
                    reportDuplicate(item.name, earlier)
                    continue
                }
                names[item.name.text] = item.name.span
                if let variable = try? makeVariable(item, declaration) { fields.append(variable) }
            }
        }
        symbols[record.name.text] = GlobalSymbol(meaning: .record(records.count), span: record.name.span)
        records.append(RecordType(name: record.name.text, fields: fields))
    }

    // MARK: Variables

    func declareGlobals(_ declaration: SyntaxDeclaration) {
        for item in declaration.items {
            if let earlier = symbols[item.name.text] {
                reportDuplicate(item.name, earlier.span)
                continue
            }
            let variable = (try? makeVariable(item, declaration)) ?? placeholder(item)
            symbols[item.name.text] = GlobalSymbol(meaning: .variable(globals.count), span: item.name.span)
            globals.append(variable)
        }
    }

    /// What stands for a variable whose declaration was reported, so that its uses are not reported too.
    func placeholder(_ item: SyntaxDeclaration.Item) -> Variable {
        faultyVariables.insert(item.name.text)
        return Variable(name: item.name.text, type: .scalar(.int), count: item.count == nil ? nil : 1, span: item.name.span)
    }

    func makeVariable(
        _ item: SyntaxDeclaration.Item, _ declaration: SyntaxDeclaration
    ) throws(CheckFailure) -> Variable {
        let type = try resolve(declaration.type, width: item.width, at: item.name.span)
        var variable = Variable(
            name: item.name.text, type: type, visibility: declaration.visibility, span: item.name.span)
        if let count = item.count { variable.count = try arraySize(count) }
        try checkVisibility(of: variable, declaration)
        if let initializer = item.initializer { variable.initializer = try resolve(initializer, for: variable) }
        return variable
    }

    private func checkVisibility(of variable: Variable, _ declaration: SyntaxDeclaration) throws(CheckFailure) {
        guard declaration.visibility == .hidden else { return }
        let reason: String? =
            switch variable.type {
            case _ where process != nil: "a local variable"
            case .scalar(.bit), .scalar(.bool): "a `bit`"
            case .scalar(.chan): "a channel"
            default: nil
            }
        guard let reason else { return }
        throw fail(.invalidDeclaration, "\(reason) cannot be hidden", at: declaration.span, hint: "leave out `hidden`")
    }

    /// The size of an array. Spin takes a variable too, for the value that it starts with.
    private func arraySize(_ count: SyntaxExpression) throws(CheckFailure) -> Int {
        var size: Int64
        if case .reference(let reference) = count.kind, reference.isPlain, let variable = variable(named: reference.base.text) {
            var start: Int64 = 0
            if case .value(let value)? = variable.initializer { start = value.constantValue ?? 0 }
            size = start > 0 ? start : 8
            report(
                .warning, .constantRequired, "a variable as the size of an array counts as \(size), whatever it holds later",
                at: count.span, hint: "use a number, or `#define`")
        } else {
            size = try constant(count, "the size of an array")
        }
        guard (1...16_777_216).contains(size) else {
            throw fail(
                .constantOutOfRange, "an array of \(size) elements is not possible", at: count.span,
                hint: "choose a number from 1 to 16777216")
        }
        return Int(size)
    }

    private func variable(named name: String) -> Variable? {
        if let process, let index = process.lookUp(name) { return process.locals[index] }
        if case .variable(let index)? = symbols[name]?.meaning { return globals[index] }
        return nil
    }

    private func resolve(
        _ initializer: SyntaxDeclaration.Item.Initializer, for variable: Variable
    ) throws(CheckFailure) -> Variable.Initializer {
        switch initializer {
        case .value(let syntax):
            let value = try checkExpression(syntax)
            guard case .scalar(let type) = variable.type else {
                throw fail(
                    .invalidInitializer, "a structure cannot be initialized as a whole", at: syntax.span,
                    hint: "assign its fields, or initialize them in the `typedef`")
            }
            if let run = firstRun(in: value) {
                throw fail(
                    .misplacedRun, "`run` cannot initialize a variable", at: run, hint: "declare it first, and assign it then")
            }
            try checkAssignment(of: value, to: type, named: variable.name, at: syntax.span)
            return .value(value)
        case .values(let syntax, let span):
            guard variable.count != nil else {
                throw fail(
                    .invalidInitializer, "`\(variable.name)` is no array, and takes one value", at: span,
                    hint: "give it a size: `\(variable.name)[\(syntax.count)]`")
            }
            var values: [Expression] = []
            for element in syntax {
                _ = try constant(element, "an element of an array's initial values")
                values.append(try checkExpression(element))
                if case .scalar(let type) = variable.type { warnIfTruncated(values[values.count - 1], type) }
            }
            return .values(values)
        case .channel(let capacity, let fields, let span):
            guard variable.type == .scalar(.chan) else {
                throw fail(
                    .invalidInitializer, "only a `chan` can hold a channel", at: span, hint: "declare `chan \(variable.name)`")
            }
            let size = try constant(capacity, "the capacity of a channel")
            guard (0...32_767).contains(size) else {
                throw fail(.constantOutOfRange, "a capacity of \(size) is not possible", at: capacity.span, hint: "0 to 32767")
            }
            var types: [ScalarType] = []
            for field in fields {
                let type = try resolve(field.type, width: field.width, at: field.span)
                types += try flatten(type, at: field.span)
            }
            return .channel(capacity: Int(size), fields: types)
        }
    }

    // MARK: Structures

    /// The scalars that a type consists of, in order; arrays count with each element.
    func flatten(_ type: ValueType, at span: Span) throws(CheckFailure) -> [ScalarType] {
        guard case .record(let index) = type else {
            if case .scalar(let scalar) = type { return [scalar] }
            return []
        }
        var result: [ScalarType] = []
        for field in records[index].fields {
            if case .record = field.type, field.count != nil {
                throw fail(
                    .wholeStructure, "`\(records[index].name)` contains an array of structures, which no message can carry",
                    at: span)
            }
            for _ in 0..<(field.count ?? 1) {
                result += try flatten(field.type, at: span)
                guard result.count <= 65_536 else {
                    throw fail(.constantOutOfRange, "a message of more than 65536 fields is not possible", at: span)
                }
            }
        }
        return result
    }

    /// The scalars that `place` consists of.
    func flatten(_ place: Place) throws(CheckFailure) -> [Place] {
        guard case .record(let index) = place.type else { return [place] }
        // Bounds the work, and reports what cannot be.
        _ = try flatten(place.type, at: place.span)
        var result: [Place] = []
        for (number, field) in records[index].fields.enumerated() {
            for element in 0..<(field.count ?? 1) {
                var part = place
                part.path.append(.field(number))
                if field.count != nil {
                    part.path.append(.index(Expression(.constant(Int64(element)), span: place.span)))
                }
                part.type = field.type
                result += try flatten(part)
            }
        }
        return result
    }

    // MARK: Constants

    func constant(_ syntax: SyntaxExpression, _ purpose: String) throws(CheckFailure) -> Int64 {
        let expression = try checkExpression(syntax)
        guard let value = expression.constantValue else {
            throw fail(
                .constantRequired, "\(purpose) must be a constant", at: syntax.span, hint: "use a number, or `#define`")
        }
        return value
    }

    func warnIfTruncated(_ value: Expression, _ type: ScalarType) {
        guard let constant = value.constantValue, !type.holds(constant), type != .chan else { return }
        let kept = UInt64(bitPattern: constant) & (type.width >= 64 ? .max : (1 << UInt64(type.width)) - 1)
        var shown = Int64(bitPattern: kept)
        if type.isSigned, kept >> UInt64(type.width - 1) != 0 { shown -= 1 << Int64(type.width) }
        report(
            .warning, .constantTruncated, "\(constant) does not fit `\(type.spelling)`, and becomes \(shown)", at: value.span,
            hint: "use a wider type")
    }
}
