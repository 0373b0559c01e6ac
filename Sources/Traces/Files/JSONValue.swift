/// JSON with the order of members kept, so that what is written reads well in a diff.
package indirect enum JSONValue: Hashable {
    case null
    case boolean(Bool)
    /// The number as it is spelled.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([(name: String, value: JSONValue)])

    static func integer(_ value: Int) -> JSONValue { .number(String(value)) }

    static func strings(_ values: [String]) -> JSONValue { .array(values.map { .string($0) }) }

    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let one), .boolean(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.string(let one), .string(let other)): one == other
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)):
            one.count == other.count && zip(one, other).allSatisfy { $0.name == $1.name && $0.value == $1.value }
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(text) }

    /// What kind of value this is, for messages.
    var kind: String {
        switch self {
        case .null: "null"
        case .boolean: "a truth value"
        case .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The whole value, with two blanks for each level, and short leaves on one line.
    var text: String {
        var result = ""
        write(into: &result, indentation: 0)
        return result
    }

    private func write(into result: inout String, indentation: Int) {
        switch self {
        case .null: result += "null"
        case .boolean(let value): result += value ? "true" : "false"
        case .number(let spelling): result += spelling
        case .string(let text): Self.write(text, into: &result)
        case .array(let elements):
            if elements.isEmpty {
                result += "[]"
            } else if let line = shortForm {
                result += line
            } else {
                Self.writeLines(elements, "[", "]", into: &result, indentation) { element, result in
                    element.write(into: &result, indentation: indentation + 1)
                }
            }
        case .object(let members):
            if members.isEmpty {
                result += "{}"
            } else if let line = shortForm {
                result += line
            } else {
                Self.writeLines(members, "{", "}", into: &result, indentation) { member, result in
                    Self.write(member.name, into: &result)
                    result += ": "
                    member.value.write(into: &result, indentation: indentation + 1)
                }
            }
        }
    }

    private static func writeLines<Element>(
        _ elements: [Element], _ opening: String, _ closing: String, into result: inout String, _ indentation: Int,
        write: (Element, inout String) -> Void
    ) {
        result += opening
        for (index, element) in elements.enumerated() {
            result += index == 0 ? "\n" : ",\n"
            result += String(repeating: "  ", count: indentation + 1)
            write(element, &result)
        }
        result += "\n" + String(repeating: "  ", count: indentation) + closing
    }

    /// The value on one line, if it is short and not deep: one line a value is what diffs well.
    private var shortForm: String? {
        guard depth <= 4 else { return nil }
        let line = line
        return line.utf8.count <= 76 ? line : nil
    }

    private var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.prefix(40).map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.prefix(40).map(\.value.depth).max() ?? 0)
        default: 0
        }
    }

    private var line: String {
        switch self {
        case .array(let elements): return "[" + elements.map(\.line).joined(separator: ", ") + "]"
        case .object(let members):
            let list = members.map { member in
                var name = ""
                Self.write(member.name, into: &name)
                return "\(name): \(member.value.line)"
            }
            return "{" + list.joined(separator: ", ") + "}"
        default:
            var result = ""
            write(into: &result, indentation: 0)
            return result
        }
    }

    private static func write(_ text: String, into result: inout String) {
        result += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where scalar.value < 0x20 || scalar.value == 0x7f || scalar.value == 0x2028 || scalar.value == 0x2029:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        result += "\""
    }
}
