/// One line of a drawing: characters that are put at columns, one over the other.
struct TextLine {
    enum Style: Hashable {
        case plain, process, change, faint, failure

        /// The escape sequence that turns it on.
        var code: String {
            switch self {
            case .plain: ""
            case .process: "\u{1b}[1m"
            case .change: "\u{1b}[33m"
            case .faint: "\u{1b}[2m"
            case .failure: "\u{1b}[1;31m"
            }
        }
    }

    private var cells: [(character: Character, style: Style)] = []

    /// How many columns are in use.
    var width: Int { (cells.lastIndex { $0.character != " " } ?? -1) + 1 }

    subscript(column: Int) -> Character { cells.indices.contains(column) ? cells[column].character : " " }

    mutating func put(_ text: String, at column: Int, _ style: Style = .plain) {
        for (offset, character) in text.enumerated() { put(character, at: column + offset, style) }
    }

    mutating func put(_ character: Character, at column: Int, _ style: Style = .plain) {
        guard column >= 0 else { return }
        while cells.count <= column { cells.append((" ", .plain)) }
        cells[column] = (character, style)
    }

    /// Cuts off what goes beyond the last column, and shows that something is missing.
    mutating func clip(to columns: Int, _ ellipsis: String) {
        guard width > columns else { return }
        cells.removeLast(cells.count - columns)
        put(ellipsis, at: columns - ellipsis.count, .faint)
    }

    /// The line, without blanks at its end.
    func text(usesColor: Bool) -> String {
        var result = ""
        var style = Style.plain
        for cell in cells.prefix(width) {
            if usesColor, cell.style != style {
                if style != .plain { result += "\u{1b}[0m" }
                result += cell.style.code
                style = cell.style
            }
            result.append(cell.character)
        }
        return style == .plain ? result : result + "\u{1b}[0m"
    }
}

/// Text made fit for lines.
enum TextWrapping {
    /// Breaks text at blanks; what has no blank in time is cut.
    static func lines(_ text: String, width: Int) -> [String] {
        let width = max(8, width)
        var result: [String] = []
        var line = ""
        for word in text.split(separator: " ", omittingEmptySubsequences: true) {
            var rest = Substring(word)
            if !line.isEmpty, line.count + 1 + rest.count <= width {
                line += " " + rest
                continue
            }
            if !line.isEmpty { result.append(line) }
            while rest.count > width {
                result.append(String(rest.prefix(width)))
                rest = rest.dropFirst(width)
            }
            line = String(rest)
        }
        if !line.isEmpty { result.append(line) }
        return result
    }

    /// Joins items with commas into lines, breaking between items where it can.
    static func lines(items: [String], width: Int) -> [String] {
        var result: [String] = []
        var line = ""
        for (index, item) in items.enumerated() {
            let item = index + 1 < items.count ? item + "," : item
            if line.isEmpty {
                line = item
            } else if line.count + 2 + item.count <= width {
                line += "  " + item
            } else {
                result.append(line)
                line = item
            }
        }
        if !line.isEmpty { result.append(line) }
        return result.flatMap { $0.count <= width ? [$0] : lines($0, width: width) }
    }

    /// Text that cannot move the cursor, whatever a file says: control characters are spelled out.
    static func printable(_ text: String, isASCII: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            let value = scalar.value
            let isControl = value < 0x20 || (0x7f..<0xa0).contains(value) || (0x200b...0x200f).contains(value)
                || (0x2028...0x202e).contains(value) || (0x2066...0x2069).contains(value) || value == 0xfeff
            if isASCII, value == 0x2026 {
                result += "..."
            } else if isControl || (isASCII && value > 0x7e) {
                result += "\\u{" + String(value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
