import Promela
import Traces

/// A record of what happened, as `heddle calendar --record` writes it: a line of JSON for each event.
///
/// Each line is an object with a member `event`, and others that are numbers, names, or again objects; numbers of 64 bits are strings.
/// Lines without `event` say something about the whole record, and are passed over.
public struct EventLog: Sendable {
    /// What a member holds.
    public enum Value: Hashable, Sendable, CustomStringConvertible {
        case number(UInt64)
        case name(String)

        public var description: String {
            switch self {
            case .number(let number): "\(number)"
            case .name(let name): name
            }
        }
    }

    /// An event.
    public struct Line: Sendable {
        /// Counted from 1.
        public var number: Int
        public var event: String
        /// By their names, such as `time`, `memory.free_until`, or `memory.clients[2].req_time`: elements of a list go by their
        /// member `id`, or are counted from 0.
        public var values: [String: Value]

        /// What it says, without what is inside objects.
        public var summary: String {
            let first = [event, values["operation"]?.description].compactMap(\.self).joined(separator: " ")
            let others = ["slot", "time"].compactMap { name in values[name].map { "\(name) \($0)" } }
            return ([first] + others).joined(separator: ", ")
        }
    }

    public var path: String
    public var lines: [Line]

    /// - Throws: if there is no such file, or a line of it is not what it should be.
    public init(path: String) throws(ConformanceError) {
        let bytes: [UInt8]
        do {
            bytes = try SourceReader.bytes(ofFileAt: path, allowsPipes: true)
        } catch {
            throw ConformanceError("the log cannot be read: \(error.reason)", at: path)
        }
        try self.init(path: path, bytes: bytes)
    }

    /// - Parameter path: what the log is called in messages.
    public init(path: String, bytes: [UInt8]) throws(ConformanceError) {
        self.path = path
        lines = []
        for (index, text) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated() {
            if text.allSatisfy({ $0 <= UInt8(ascii: " ") }) { continue }
            if let line = try Self.line(Array(text), number: index + 1, path) { lines.append(line) }
        }
        nameSlots()
    }

    private static func line(_ text: [UInt8], number: Int, _ path: String) throws(ConformanceError) -> Line? {
        let value: JSONValue
        do {
            value = try JSONParser.parse(text)
        } catch {
            throw ConformanceError(
                "this is no line of JSON: \(error.reason)", at: "\(path):\(number)", hint: "`heddle calendar --record` writes such logs")
        }
        guard case .object(let members) = value else {
            throw ConformanceError("a line of a log is an object, `{...}`", at: "\(path):\(number)")
        }
        guard case .string(let event)? = members.first(where: { $0.name == "event" })?.value else { return nil }
        var values: [String: Value] = [:]
        for (name, value) in members where name != "event" { collect(value, name, into: &values) }
        return Line(number: number, event: event, values: values)
    }

    private static func collect(_ value: JSONValue, _ name: String, into values: inout [String: Value]) {
        switch value {
        case .null: break
        case .boolean(let truth): values[name] = .number(truth ? 1 : 0)
        case .number(let text): values[name] = UInt64(text).map { .number($0) } ?? .name(text)
        case .string(let text): values[name] = UInt64(text).map { .number($0) } ?? .name(text)
        case .object(let members): for member in members { collect(member.value, "\(name).\(member.name)", into: &values) }
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                var key = "\(index)"
                if case .object(let members) = element, case .number(let id)? = members.first(where: { $0.name == "id" })?.value {
                    key = id
                }
                collect(element, "\(name)[\(key)]", into: &values)
            }
        }
    }

    /// A client of a calendar gets its number after it has sent START; here, all its lines have that number. One that has gone without is
    /// left out.
    private mutating func nameSlots() {
        var slots: [Value: Value] = [:]
        for line in lines {
            if let client = line.values["client"], let slot = line.values["slot"], slot != .number(0) { slots[client] = slot }
        }
        for index in lines.indices where lines[index].values["slot"] == .number(0) {
            lines[index].values["slot"] = lines[index].values["client"].flatMap { slots[$0] }
        }
        let ends = lines.filter { ["disconnected", "refused"].contains($0.event) && $0.values["slot"] == nil }
        let gone = Set(ends.compactMap { $0.values["client"] })
        lines.removeAll { $0.values["slot"] == nil && $0.values["client"].map(gone.contains) == true }
    }
}
