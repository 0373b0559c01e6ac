import Promela
import Yams

/// The text of a suite, with the places that the YAML library gives.
struct SuiteText {
    let sources: SourceMap
    private let file: FileID

    init(bytes: [UInt8], path: String) {
        var sources = SourceMap()
        file = sources.add(SourceFile(path: path, bytes: bytes))
        self.sources = sources
    }

    var string: String { String(decoding: sources[file].bytes, as: UTF8.self) }

    /// The first byte.
    var start: Span { Span(file: file, start: 0, end: 0) }

    /// What stands at a node: for a text in one line all of it, otherwise its beginning.
    func span(of node: Node) -> Span {
        guard let mark = node.mark else { return start }
        var span = span(at: mark)
        if let scalar = node.scalar {
            let quotes = scalar.style == .plain || scalar.style == .any ? 0 : 2
            span.end = min(span.start + Int32(scalar.string.utf8.count + quotes), endOfLine(at: span.start))
        }
        return span
    }

    /// Whether a mapping is written as `{…}`; the YAML library says of all of them that they are not.
    func isInBraces(_ node: Node) -> Bool { sources.text(of: span(of: node)).hasPrefix("{") }

    /// One character; libYAML counts columns in Unicode scalars.
    private func span(at mark: Mark) -> Span {
        let lines = sources[file].lineStarts
        let line = min(max(1, mark.line), lines.count)
        let text = sources[file].text(ofLine: line)
        let before = String(text.unicodeScalars.prefix(max(0, mark.column - 1)).map(Character.init))
        let start = lines[line - 1] + Int32(before.utf8.count)
        return Span(file: file, start: start, end: min(start + 1, Int32(sources[file].bytes.count)))
    }

    private func endOfLine(at offset: Int32) -> Int32 {
        let bytes = sources[file].bytes
        return Int32(bytes[Int(offset)...].firstIndex { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") } ?? bytes.count)
    }

    /// What the YAML library says of a text that is no YAML.
    func error(for error: any Error) -> SuiteError {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            return SuiteError(message: problem, span: span(at: mark), hint: "a suite is written in YAML")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "`\($0)`" }.joined(separator: ", ")
            return SuiteError(message: "\(names) is given twice", span: span(at: context.mark), hint: nil)
        case .reader(let problem, _, _, _):
            return SuiteError(message: problem, span: start, hint: "a suite is written in UTF-8")
        default:
            return SuiteError(message: "this cannot be read: \(error)", span: start, hint: "a suite is written in YAML")
        }
    }
}
