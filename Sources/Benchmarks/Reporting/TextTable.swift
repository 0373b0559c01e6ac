/// A table for a terminal: columns as wide as they must be, names to the left and numbers to the right.
public struct TextTable {
    /// The heads of the columns; the first is that of the rows' names.
    public var head: [String]
    /// As many cells each as there are columns.
    public var rows: [[String]] = []

    /// A table without rows.
    public init(head: [String]) { self.head = head }

    /// One line for each row, with the head before them.
    public var text: String {
        let lines = [head] + rows
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        return lines.map { line in
            let cells = line.indices.map { column in
                let space = String(repeating: " ", count: widths[column] - line[column].count)
                return column == 0 ? line[column] + space : space + line[column]
            }
            let text = cells.joined(separator: "  ")
            return text.prefix(upTo: text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex) + "\n"
        }.joined()
    }
}
