import Automata

/// Translates what instructions do with channels: which channel it is, is only known at run time, but there are few kinds of
/// them, and each gets code of its own.
struct ChannelTranslation {
    private let layout: StateLayout
    private let patterns: [ReceivePattern]
    /// The functions, and their names by all that follows the name.
    private(set) var functions = ""
    private var names: [String: String] = [:]

    init(_ layout: StateLayout, _ patterns: [ReceivePattern]) {
        self.layout = layout
        self.patterns = patterns
    }

    /// The statement for one instruction: a call of a function that all instructions alike share, which keeps the text short.
    mutating func statement(for instruction: Instruction) -> String {
        let target = Int(instruction.target)
        var values: [Int] = []
        switch instruction.operation {
        case .send: values = (0..<Int(instruction.detail)).map { target + $0 }
        case .canReceive, .receive: values = patterns[instruction.second].matches.map(\.register)
        default: break
        }
        let name = function(for: instruction, valueCount: values.count)
        let call = "\(name)(c, (B *)b, r\(instruction.source), h\(values.map { ", r\($0)" }.joined())"
        switch instruction.operation {
        case .send: return "if ((h = \(call))) < 0) goto left;"
        case .receive:
            let count = patterns[instruction.second].fieldCount
            let results = (0..<count).map { "r\(target + $0) = o[\($0)];" }.joined(separator: " ")
            return "{ I o[\(max(1, count))]; if (\(call), o) < 0) goto left; h = 0; \(results) }"
        default: return "if ((r\(target) = \(call))) < 0) goto left;"
        }
    }

    /// The name of a function that carries out an instruction for a channel `x` and values `v0`, `v1`, and so on.
    private mutating func function(for instruction: Instruction, valueCount: Int) -> String {
        // `q` counts the channels from 0, `a` is where it lies.
        var body = "(C *c, B *b, I x, I h" + (0..<valueCount).map { ", I v\($0)" }.joined()
        body += instruction.operation == .receive ? ", I *o) {\n" : ") {\n"
        body += "const U q = (U)x - 1; if (q >= (U)c->channelCount) goto left;\n"
        body += "const I a = c->channels[q]; I k, r = 0; switch (c->kinds[q]) {\n"
        for (number, type) in layout.channelTypes.enumerated() {
            guard let statements = statements(for: instruction, type) else { continue }
            body += "case \(number): {\n" + statements.joined(separator: "\n") + "\nbreak; }\n"
        }
        body += "default: goto left; } return r; left: return -1; }\n"
        if let known = names[body] { return known }
        let name = "channel\(names.count)"
        names[body] = name
        functions += "static I \(name)\(body)"
        return name
    }

    /// Nil for what the interpreter has to say of it.
    private func statements(for instruction: Instruction, _ type: StateLayout.ChannelType) -> [String]? {
        let length = length(of: type)
        switch instruction.operation {
        case .length: return ["r = \(length);"]
        case .channelTest:
            let test =
                switch instruction.detail {
                case 0: "== 0"
                case 1: "!= 0"
                case 2: "== \(type.capacity)"
                default: "!= \(type.capacity)"
                }
            return ["r = \(length) \(test);"]
        case .canSend:
            return ["r = \(type.isRendezvous ? "h == 0 ? 2 : 0" : "\(length) < \(type.capacity)");"]
        case .send:
            guard Int(instruction.detail) == type.fields.count else { return nil }
            return send(to: type, isSorted: instruction.flags != 0)
        case .canReceive: return canReceive(instruction, type)
        case .receive:
            let pattern = patterns[Int(instruction.immediate)]
            guard pattern.fieldCount == type.fields.count else { return nil }
            return receive(pattern, from: type)
        default: return nil
        }
    }

    private func length(of type: StateLayout.ChannelType) -> String {
        switch type.countSize {
        case 0: "(h == (I)q + 1)"
        case 1: "b[a]"
        default: "u16(b + a)"
        }
    }

    private func setLength(_ value: String, of type: StateLayout.ChannelType) -> String {
        CText.store(type.countSize == 1 ? .unsigned8 : .unsigned16, at: "a", value)
    }

    // MARK: Sending

    private func send(to type: StateLayout.ChannelType, isSorted: Bool) -> [String] {
        let kept = type.fields.enumerated().map { index, field in
            CText.cut("v\(index)", width: field.width, isSigned: field.isSigned)
        }
        if type.isRendezvous {
            return kept.enumerated().map { "c->message[\($0)] = \($1);" } + ["r = (I)q + 1;"]
        }
        var lines = ["const I n = \(length(of: type)); B *m = b + a + \(type.countSize);"]
        if isSorted { lines.append(remember(type)) }
        if isSorted {
            // Behind all that do not come after it, field by field, as they were sent and not as they are kept.
            var after = "0"
            for (index, field) in type.fields.enumerated().reversed() {
                let value = CText.load(field.form, "m + \(field.offset)")
                after = "(\(value) != v\(index) ? \(value) > v\(index) : \(after))"
            }
            lines.append("for (k = 0; k < n && !\(after); k++) m += \(type.messageSize);")
            lines.append("__builtin_memmove(m + \(type.messageSize), m, (n - k) * \(type.messageSize));")
            lines.append(compare(type))
        } else {
            lines.append("m += n * \(type.messageSize);")
        }
        for (field, value) in zip(type.fields, kept) {
            lines.append("{ const I v = \(value); \(CText.store(field.form, at: "m - b + \(field.offset)", "v")) }")
        }
        lines.append(setLength("n + 1", of: type))
        return lines
    }

    // MARK: Receiving

    /// Statements that leave the slot of the message that a receive would take in `k`, or -1.
    private func find(_ pattern: ReceivePattern, in type: StateLayout.ChannelType) -> [String] {
        func fits(_ value: (Int) -> String) -> String {
            let tests = pattern.matches.enumerated().filter { $0.element.field < type.fields.count }
                .map { "\(value($0.element.field)) == v\($0.offset)" }
            return tests.isEmpty ? "1" : tests.joined(separator: " && ")
        }
        if type.isRendezvous { return ["k = h == (I)q + 1 && \(fits { "c->message[\($0)]" }) ? 0 : -1;"] }
        let test = fits { CText.load(type.fields[$0].form, "m + \(type.fields[$0].offset)") }
        let first = "k = -1; if (h == 0) { const I n = \(length(of: type)); const B *m = b + a + \(type.countSize);"
        return pattern.isRandom
            ? [first, "for (I i = 0; i < n; i++, m += \(type.messageSize)) if (\(test)) { k = i; break; } }"]
            : [first, "if (n && \(test)) k = 0; }"]
    }

    private func canReceive(_ instruction: Instruction, _ type: StateLayout.ChannelType) -> [String] {
        let pattern = patterns[Int(instruction.immediate)]
        let isPoll = instruction.flags != 0
        if isPoll && type.isRendezvous { return [] }
        let doesFit = pattern.fieldCount == type.fields.count || (isPoll && pattern.fieldCount < type.fields.count)
        return find(pattern, in: type) + [doesFit ? "r = k >= 0;" : "if (k >= 0) goto left;"]
    }

    private func receive(_ pattern: ReceivePattern, from type: StateLayout.ChannelType) -> [String] {
        var lines = find(pattern, in: type) + ["if (k < 0) goto left;"]
        if type.isRendezvous {
            return lines + type.fields.indices.map { "o[\($0)] = c->message[\($0)];" }
        }
        lines.append("B *m = b + a + \(type.countSize) + k * \(type.messageSize);")
        for (index, field) in type.fields.enumerated() {
            lines.append("o[\(index)] = \(CText.load(field.form, "m + \(field.offset)"));")
        }
        if pattern.keepsMessage { return lines }
        lines.append("const I n = \(length(of: type)) - 1;")
        lines.append(remember(type))
        if type.capacity > 1 {
            lines.append("__builtin_memmove(m, m + \(type.messageSize), (n - k) * \(type.messageSize));")
        }
        lines.append("__builtin_memset(b + a + \(type.countSize) + n * \(type.messageSize), 0, \(type.messageSize));")
        lines.append(compare(type))
        lines.append(setLength("n", of: type))
        return lines
    }

    // MARK: Moving messages

    /// Keeps all messages, to tell afterwards what has changed.
    private func remember(_ type: StateLayout.ChannelType) -> String {
        let size = type.capacity * type.messageSize
        return "B old[\(max(1, size))]; if (c->notesChanges) __builtin_memcpy(old, b + a + \(type.countSize), \(size));"
    }

    private func compare(_ type: StateLayout.ChannelType) -> String {
        "if (c->notesChanges) c->compare(c, b, a + \(type.countSize), old, \(type.capacity * type.messageSize));"
    }
}
