import Promela

/// What a model says about logs, in a comment: which of its sends and receives are which lines of a log.
///
///     /* observe
///      *   received WAIT, GET: to_calendar[slot]?operation(_)
///      *   received: to_calendar[slot]?operation(time)
///      *   sent: from_calendar[slot]!operation(time)
///      *   connected: nothing
///      *   field memory.free_until: free_until
///      *   field memory.clients[id].req_time: slot[id].req_time
///      */
///
/// To the left of the colon stands the event of a line, and its operations if it is not about all of them; the first rule that fits is
/// it. To the right stands what the model does then: a send or a receive, with members of the line in place of numbers, `_` for what is
/// not compared, and numbers or names of the model for what is always the same. A rule for a `field` says which global variable holds
/// that member of every line that has it, at that moment.
struct ObservationRules: Sendable {
    /// What stands for a number in a rule.
    enum Argument: Hashable, Sendable {
        case any
        case constant(Int)
        /// A name: of a member of the line, or of the model.
        case name(String)
    }

    /// A part of a rule, and where it is.
    struct Located<Value: Sendable>: Sendable {
        var value: Value
        var place: String
    }

    struct Operation: Sendable {
        var channel: Located<String>
        var index: Located<Argument>?
        var isSend: Bool
        var arguments: [Located<Argument>]
    }

    struct EventRule: Sendable {
        var event: String
        /// Empty for all.
        var operations: [String]
        /// Nil for what the model leaves out.
        var operation: Operation?
        var place: String
    }

    /// A variable, an element of one, or a member of a record.
    struct Path: Sendable {
        var name: Located<String>
        var accessors: [Accessor]

        enum Accessor: Sendable {
            case index(Located<Argument>)
            case member(Located<String>)
        }
    }

    struct FieldRule: Sendable {
        /// The name of the member, up to an index and behind it.
        var prefix: String
        var suffix: String
        /// The name of the index; nil if there is none.
        var index: String?
        var path: Path
        var place: String

        /// Whether the rule is about a member, and its index.
        func matches(_ member: String) -> (isMatch: Bool, index: Int?) {
            guard index != nil else { return (member == prefix, nil) }
            guard member.hasPrefix(prefix + "["), member.hasSuffix("]" + suffix) else { return (false, nil) }
            let number = Int(member.dropFirst(prefix.count + 1).dropLast(suffix.count + 1))
            return (number != nil, number)
        }
    }

    var events: [EventRule] = []
    var fields: [FieldRule] = []

    /// The rules in all files of a model.
    /// - Throws: if there are none, or one cannot be read.
    init(in sources: SourceMap) throws(ConformanceError) {
        for file in sources.files { try read(file) }
        guard !events.isEmpty else {
            throw ConformanceError(
                "the model does not say which of its messages are which lines of a log", at: sources.files.first?.path ?? "the model",
                hint: "write it in a comment that begins with `/* observe`, as `heddle conform --help` has it; a model that has one for "
                    + "a variant needs that variant's -D")
        }
    }

    private mutating func read(_ file: SourceFile) throws(ConformanceError) {
        var isInside = false
        for number in 1...file.lineStarts.count {
            var text = file.text(ofLine: number)[...]
            if !isInside {
                isInside = text.split(whereSeparator: \.isWhitespace) == ["/*", "observe"]
                continue
            }
            if let end = text.firstRange(of: "*/") {
                isInside = false
                text = text[..<end.lowerBound]
            }
            let blanks = text.prefix { $0 == " " || $0 == "\t" }
            if text.dropFirst(blanks.count).first == "*" { text = text.dropFirst(blanks.count + 1) }
            var reader = RuleReader(text, line: number, path: file.path)
            if !reader.isAtEnd { try reader.readRule(into: &self) }
        }
    }
}
