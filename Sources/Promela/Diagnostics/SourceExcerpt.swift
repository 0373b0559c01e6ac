/// The part of one line around a span, made fit for a terminal: tabs spaced out, nothing that moves the cursor.
struct SourceExcerpt {
    /// Columns of an excerpt; a longer line is cut around the span.
    private static let mostColumns = 100
    /// Columns kept in front of the span when a line is cut.
    private static let columnsBefore = 40
    private static let tabWidth = 4

    /// One character as it is shown.
    private struct Cell {
        var text: String
        var width: Int
        /// Its first byte in the file.
        var offset: Int
    }

    /// The line, or what of it is shown.
    let text: String
    /// Columns in front of the span.
    let caretColumn: Int
    /// Columns of the span; at least 1.
    let caretWidth: Int

    /// - Parameter line: the line that the span starts on, counted from 1.
    init?(of span: Span, line: Int, in file: SourceFile) {
        guard line >= 1, line <= file.lineStarts.count else { return nil }
        let lineStart = min(Int(file.lineStarts[line - 1]), file.bytes.count)
        var lineEnd = line < file.lineStarts.count ? Int(file.lineStarts[line]) - 1 : file.bytes.count
        if lineEnd > lineStart, file.bytes[lineEnd - 1] == UInt8(ascii: "\r") { lineEnd -= 1 }
        lineEnd = max(lineStart, lineEnd)
        let spanStart = min(max(Int(span.start), lineStart), lineEnd)
        let spanEnd = min(max(Int(span.end), spanStart), lineEnd)

        // Of a line of megabytes only what could be shown is looked at: a column takes at most four bytes.
        let reach = Self.mostColumns * 4
        let first = max(lineStart, spanStart - reach)
        let last = min(lineEnd, spanStart + reach)
        let cells = Self.cells(of: file.bytes, from: first, to: last)

        // Cut to size, so that the start of the span is always in view.
        var from = 0
        var to = cells.count
        if cells.reduce(0, { $0 + $1.width }) > Self.mostColumns || first > lineStart || last < lineEnd {
            let caret = cells.firstIndex { $0.offset >= spanStart } ?? cells.count
            from = caret
            var before = 0
            while from > 0, before + cells[from - 1].width <= Self.columnsBefore {
                from -= 1
                before += cells[from].width
            }
            to = from
            var columns = 0
            while to < cells.count, columns + cells[to].width <= Self.mostColumns - 6 {
                columns += cells[to].width
                to += 1
            }
        }
        let isCutBefore = from > 0 || first > lineStart
        let isCutAfter = to < cells.count || last < lineEnd
        let visible = cells[from..<to]
        text =
            (isCutBefore ? "..." : "") + visible.map(\.text).joined() + (isCutAfter ? "..." : "")
        let columnsBefore = visible.prefix { $0.offset < spanStart }.reduce(0) { $0 + $1.width }
        caretColumn = columnsBefore + (isCutBefore ? 3 : 0)
        let covered = visible.filter { $0.offset >= spanStart && $0.offset < spanEnd }
        caretWidth = max(1, covered.reduce(0) { $0 + $1.width })
    }

    /// Text with everything replaced that would not show, or would show as something else.
    static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars { result.unicodeScalars.append(isPrintable(scalar) ? scalar : "\u{FFFD}") }
        return result
    }

    private static func cells(of bytes: [UInt8], from first: Int, to last: Int) -> [Cell] {
        var result: [Cell] = []
        var offset = first
        var column = 0
        while offset < last {
            let byte = bytes[offset]
            var cell = Cell(text: "\u{FFFD}", width: 1, offset: offset)
            var length = 1
            if byte == UInt8(ascii: "\t") {
                cell.width = tabWidth - column % tabWidth
                cell.text = String(repeating: " ", count: cell.width)
            } else if let scalar = scalar(in: bytes[offset..<min(offset + 4, last)]) {
                length = UTF8.width(scalar)
                if isPrintable(scalar) {
                    cell.text = String(scalar)
                    cell.width = width(of: scalar)
                }
            }
            result.append(cell)
            column += cell.width
            offset += length
        }
        return result
    }

    /// The scalar that `bytes` begin with; nil if they are not valid UTF-8 there.
    private static func scalar(in bytes: ArraySlice<UInt8>) -> Unicode.Scalar? {
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        if case .scalarValue(let scalar) = decoder.decode(&iterator) { return scalar }
        return nil
    }

    /// Neither a control character nor one that turns the direction of the text around it.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }

    /// Columns that terminals give a scalar.
    private static func width(of scalar: Unicode.Scalar) -> Int {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x1F300...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
