/// Reads JSON that anybody may have written: any input gives a value or one error, within bounds.
package struct JSONParser {
    /// Deeper than any trace; what nests deeper is an attack on the stack.
    static let depthLimit = 128

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    package static func parse(_ bytes: [UInt8]) throws(TraceFileError) -> JSONValue {
        var parser = JSONParser(bytes)
        // A byte order mark is not JSON, but editors put it there.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
        parser.skipBlanks()
        let result = try parser.value()
        parser.skipBlanks()
        guard parser.position == bytes.count else { throw parser.error("something follows the end of the trace") }
        return result
    }

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = current, byte == 32 || byte == 9 || byte == 10 || byte == 13 { position += 1 }
    }

    private func error(_ reason: String) -> TraceFileError { error(reason, at: position) }

    private func error(_ reason: String, at offset: Int) -> TraceFileError {
        let before = bytes[..<min(offset, bytes.count)]
        let line = before.count { $0 == 10 } + 1
        let start = before.lastIndex(of: 10).map { $0 + 1 } ?? 0
        return TraceFileError(reason, at: "line \(line), column \(before.count - start + 1)")
    }

    private func unexpected(_ wanted: String) -> TraceFileError {
        guard let byte = current else { return error("the file ends where \(wanted) should be") }
        let isPrintable = (33...126).contains(byte)
        let found = isPrintable ? "`\(Character(UnicodeScalar(byte)))`" : "byte \(byte)"
        return error("\(found) stands where \(wanted) should be")
    }

    private mutating func value() throws(TraceFileError) -> JSONValue {
        guard let byte = current else { throw unexpected("a value") }
        switch byte {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .boolean(true))
        case UInt8(ascii: "f"): return try word("false", .boolean(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw unexpected("a value")
        }
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(TraceFileError) -> JSONValue {
        guard bytes[position...].starts(with: text.utf8) else { throw unexpected("a value") }
        position += text.utf8.count
        return value
    }

    private mutating func enter() throws(TraceFileError) {
        depth += 1
        guard depth <= Self.depthLimit else { throw error("this nests more than \(Self.depthLimit) levels deep") }
        position += 1
        skipBlanks()
    }

    private mutating func array() throws(TraceFileError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var elements: [JSONValue] = []
        if current == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            elements.append(try value())
            skipBlanks()
            if try isLast(closing: UInt8(ascii: "]"), "`,` or `]`") { return .array(elements) }
        }
    }

    private mutating func object() throws(TraceFileError) -> JSONValue {
        try enter()
        defer { depth -= 1 }
        var members: [(name: String, value: JSONValue)] = []
        var names: Set<String> = []
        if current == UInt8(ascii: "}") {
            position += 1
            return .object([])
        }
        while true {
            guard current == UInt8(ascii: "\"") else { throw unexpected("the name of a member") }
            let start = position
            let name = try string()
            guard names.insert(name).inserted else { throw error("there are two members `\(name)`", at: start) }
            skipBlanks()
            guard current == UInt8(ascii: ":") else { throw unexpected("`:`") }
            position += 1
            skipBlanks()
            members.append((name, try value()))
            skipBlanks()
            if try isLast(closing: UInt8(ascii: "}"), "`,` or `}`") { return .object(members) }
        }
    }

    private mutating func isLast(closing: UInt8, _ wanted: String) throws(TraceFileError) -> Bool {
        guard let byte = current, byte == closing || byte == UInt8(ascii: ",") else { throw unexpected(wanted) }
        position += 1
        if byte == closing { return true }
        skipBlanks()
        return false
    }

    private mutating func number() throws(TraceFileError) -> JSONValue {
        let start = position
        func digits(_ parser: inout JSONParser) -> Int {
            let from = parser.position
            while let byte = parser.current, (48...57).contains(byte) { parser.position += 1 }
            return parser.position - from
        }
        if current == UInt8(ascii: "-") { position += 1 }
        let leadsWithZero = current == UInt8(ascii: "0")
        let count = digits(&self)
        guard count > 0, !leadsWithZero || count == 1 else { throw error("this is no number", at: start) }
        if current == UInt8(ascii: ".") {
            position += 1
            guard digits(&self) > 0 else { throw error("this is no number", at: start) }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            position += 1
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
            guard digits(&self) > 0 else { throw error("this is no number", at: start) }
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func string() throws(TraceFileError) -> String {
        let start = position
        position += 1
        var collected: [UInt8] = []
        while true {
            guard let byte = current else { throw error("this string does not end", at: start) }
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: collected, as: UTF8.self) else {
                    throw error("this string is not UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"): collected += Array(String(Character(try escape())).utf8)
            case 0..<32: throw error("a control character stands in a string", at: position - 1)
            default: collected.append(byte)
            }
        }
    }

    private mutating func escape() throws(TraceFileError) -> UnicodeScalar {
        guard let byte = current else { throw error("the file ends inside a string") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UnicodeScalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{c}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let start = position
            let first = try codeUnit()
            var value = UInt32(first)
            if (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: "\\u".utf8) {
                position += 2
                let second = try codeUnit()
                guard (0xDC00..<0xE000).contains(second) else { throw error("this is half of a character", at: start) }
                value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            }
            guard let scalar = UnicodeScalar(value) else { throw error("this is half of a character", at: start) }
            return scalar
        default: throw error("there is no such escape in a string", at: position - 1)
        }
    }

    private mutating func codeUnit() throws(TraceFileError) -> UInt16 {
        var result: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw unexpected("a hexadecimal digit")
            }
            result = result << 4 | UInt16(digit)
            position += 1
        }
        return result
    }
}
