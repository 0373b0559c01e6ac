import Promela

/// The formats of Promela's `printf`: `%d %u %c %x %o %e`, and the escapes of C.
enum PrintFormat {
    static func text(_ format: String, _ values: inout ArraySlice<Int64>, _ program: Program) -> String {
        var result = ""
        var characters = Array(format)[...]
        while let character = characters.popFirst() {
            switch character {
            case "\\":
                switch characters.popFirst() {
                case "n": result += "\n"
                case "t": result += "\t"
                case "r": result += "\r"
                case let other?: result.append(other)
                case nil: result += "\\"
                }
            case "%":
                while let next = characters.first, next.isNumber || next == "-" || next == "l" { characters.removeFirst() }
                guard let kind = characters.popFirst() else { return result + "%" }
                if kind == "%" {
                    result += "%"
                    continue
                }
                guard let value = values.popFirst() else { return result + "%\(kind)" }
                switch kind {
                case "c": result.unicodeScalars.append(Unicode.Scalar(UInt8(truncatingIfNeeded: value)))
                case "x": result += String(UInt64(bitPattern: value), radix: 16)
                case "o": result += String(UInt64(bitPattern: value), radix: 8)
                case "u": result += String(UInt64(bitPattern: value))
                case "e": result += name(of: value, program)
                default: result += String(value)
                }
            default: result.append(character)
            }
        }
        return result
    }

    private static func name(of value: Int64, _ program: Program) -> String {
        for set in program.messageTypeSets {
            if let member = set.members.first(where: { Int64($0.value) == value }) { return member.name }
        }
        return String(value)
    }
}
