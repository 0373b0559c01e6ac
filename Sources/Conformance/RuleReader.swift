/// Reads one line of the rules.
struct RuleReader {
    private typealias Rules = ObservationRules

    private struct Word {
        var text: Substring
        var isName: Bool
        var place: String
    }

    private var words: [Word] = []
    private var position = 0
    private let end: String

    init(_ text: Substring, line: Int, path: String) {
        func place(_ index: Substring.Index) -> String {
            "\(path):\(line):\(text.base.utf8.distance(from: text.base.startIndex, to: index) + 1)"
        }
        end = place(text.endIndex)
        var rest = text
        while let first = rest.first {
            if first.isWhitespace {
                rest = rest.dropFirst()
                continue
            }
            let isName = first.isLetter || first.isNumber || first == "_"
            let word = isName ? rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" } : rest.prefix(1)
            words.append(Word(text: word, isName: isName, place: place(word.startIndex)))
            rest = rest[word.endIndex...]
        }
    }

    var isAtEnd: Bool { position == words.count }

    private var place: String { isAtEnd ? end : words[position].place }

    private func wrong(_ wanted: String) -> ConformanceError {
        let found = isAtEnd ? "the end of the line" : "`\(words[position].text)`"
        return ConformanceError(
            "\(wanted) should stand here, not \(found)", at: place, hint: "a rule is written as `received WAIT: to_calendar[slot]?WAIT(_)`")
    }

    private mutating func take(_ text: String) -> Bool {
        guard !isAtEnd, words[position].text == text else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ text: String) throws(ConformanceError) { if !take(text) { throw wrong("`\(text)`") } }

    private mutating func name(_ wanted: String) throws(ConformanceError) -> ObservationRules.Located<String> {
        guard !isAtEnd, words[position].isName else { throw wrong(wanted) }
        defer { position += 1 }
        return .init(value: String(words[position].text), place: words[position].place)
    }

    private mutating func argument() throws(ConformanceError) -> ObservationRules.Located<ObservationRules.Argument> {
        var word = try name("a member of the log's lines, a number, or `_`")
        while take(".") { word.value += "." + (try name("a member").value) }
        if word.value == "_" { return .init(value: .any, place: word.place) }
        return .init(value: Int(word.value).map { .constant($0) } ?? .name(word.value), place: word.place)
    }

    mutating func readRule(into rules: inout ObservationRules) throws(ConformanceError) {
        let start = place
        let event = try name("an event")
        if event.value == "field" {
            rules.fields.append(try fieldRule(start))
        } else {
            var operations: [String] = []
            while !take(":") {
                operations.append(try name("an operation, or `:`").value)
                if !take(","), !isAtEnd, words[position].text != ":" { throw wrong("`,` or `:`") }
            }
            let operation = take("nothing") ? nil : try operation()
            rules.events.append(.init(event: event.value, operations: operations, operation: operation, place: start))
        }
        if !isAtEnd { throw wrong("the end of the line") }
    }

    private mutating func operation() throws(ConformanceError) -> ObservationRules.Operation {
        let channel = try name("a channel, or `nothing`")
        var index: ObservationRules.Located<ObservationRules.Argument>?
        if take("[") {
            index = try argument()
            try expect("]")
        }
        let isSend = take("!")
        if !isSend { try expect("?") }
        var arguments = [try argument()]
        if take("(") {
            repeat { arguments.append(try argument()) } while take(",")
            try expect(")")
        } else {
            while take(",") { arguments.append(try argument()) }
        }
        return .init(channel: channel, index: index, isSend: isSend, arguments: arguments)
    }

    private mutating func fieldRule(_ start: String) throws(ConformanceError) -> ObservationRules.FieldRule {
        var (prefix, suffix) = (try name("a member of the log's lines").value, "")
        var index: String?
        while !take(":") {
            var part = ""
            if index == nil, take("[") {
                index = try name("a name for the index").value
                try expect("]")
            } else {
                try expect(".")
                part = "." + (try name("a member").value)
            }
            if index == nil { prefix += part } else { suffix += part }
        }
        var path = ObservationRules.Path(name: try name("a global variable"), accessors: [])
        while !isAtEnd {
            if take("[") {
                path.accessors.append(.index(try argument()))
                try expect("]")
            } else {
                try expect(".")
                path.accessors.append(.member(try name("a member")))
            }
        }
        return .init(prefix: prefix, suffix: suffix, index: index, path: path, place: start)
    }
}
