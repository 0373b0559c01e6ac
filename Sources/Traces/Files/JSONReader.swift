/// A JSON value together with its place in the document, so that an error can say where it is.
struct JSONReader {
    let value: JSONValue
    let place: String

    init(_ value: JSONValue, at place: String) {
        self.value = value
        self.place = place
    }

    private func inner(_ name: String) -> String { place.isEmpty ? name : "\(place).\(name)" }

    private func wrong(_ wanted: String) -> TraceFileError {
        TraceFileError("\(value.kind) stands where \(wanted) should be", at: place.isEmpty ? "the trace" : place)
    }

    func members() throws(TraceFileError) -> [(name: String, value: JSONReader)] {
        guard case .object(let members) = value else { throw wrong("an object") }
        return members.map { ($0.name, JSONReader($0.value, at: inner($0.name))) }
    }

    func optional(_ name: String) throws(TraceFileError) -> JSONReader? {
        guard case .object(let members) = value else { throw wrong("an object") }
        return members.first { $0.name == name }.map { JSONReader($0.value, at: inner(name)) }
    }

    func member(_ name: String) throws(TraceFileError) -> JSONReader {
        guard let result = try optional(name) else {
            throw TraceFileError("there is no member `\(name)`", at: place.isEmpty ? "the trace" : place)
        }
        return result
    }

    /// The member of an object that has no other.
    func onlyMember(_ name: String) -> JSONReader? {
        guard case .object(let members) = value, members.count == 1, members[0].name == name else { return nil }
        return JSONReader(members[0].value, at: inner(name))
    }

    func list() throws(TraceFileError) -> [JSONReader] {
        guard case .array(let elements) = value else { throw wrong("a list") }
        return elements.enumerated().map { JSONReader($1, at: "\(place)[\($0)]") }
    }

    func string() throws(TraceFileError) -> String {
        guard case .string(let text) = value else { throw wrong("a string") }
        return text
    }

    func strings() throws(TraceFileError) -> [String] {
        var result: [String] = []
        for element in try list() { result.append(try element.string()) }
        return result
    }

    func boolean() throws(TraceFileError) -> Bool {
        guard case .boolean(let result) = value else { throw wrong("true or false") }
        return result
    }

    func integer(in range: ClosedRange<Int>) throws(TraceFileError) -> Int {
        guard case .number(let spelling) = value else { throw wrong("a number") }
        guard let result = Int(spelling), range.contains(result) else {
            let wanted =
                range.lowerBound == range.upperBound
                ? "\(range.lowerBound)" : "\(range.lowerBound) to \(range.upperBound)"
            throw TraceFileError("\(spelling.prefix(40)) is not \(wanted)", at: place)
        }
        return result
    }
}
