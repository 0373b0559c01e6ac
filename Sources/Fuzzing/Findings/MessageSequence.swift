import Foundation
import TimeTravel
import Traces

/// The messages of a conversation between a calendar and its clients, in order.
public struct MessageSequence: Hashable, Sendable {
    /// A message as somebody reads it.
    public struct Entry: Hashable, Sendable, CustomStringConvertible {
        public var client: String
        public var isFromClient: Bool
        public var operation: String
        public var time: String

        /// `1 ─▶ GET`; the calendar is on the right.
        public var description: String { "\(client) \(isFromClient ? "─▶" : "◀─") \(operation) \(time)" }

        func isLike(_ other: Entry) -> Bool { (isFromClient, operation) == (other.isFromClient, other.operation) }
    }

    public private(set) var entries: [Entry]

    public init(_ entries: [Entry]) { self.entries = entries }

    /// The messages of a calendar's log; lines that are none are left out.
    public init(log: String) {
        struct Line: Decodable {
            var event: String
            var client: Int
            var operation: String
            var time: String
        }
        let decoder = JSONDecoder()
        entries = log.split(separator: "\n").compactMap { text in
            guard let line = try? decoder.decode(Line.self, from: Data(text.utf8)) else { return nil }
            return Entry(client: "\(line.client)", isFromClient: line.event == "received", operation: line.operation, time: line.time)
        }
    }

    /// The messages that are put into the channels `to_calendar` and `from_calendar` of a model.
    public init(trace: Trace) {
        entries = trace.steps.flatMap(\.messages).compactMap { message in
            guard message.direction == .sent, let match = message.channel.wholeMatch(of: #/(to|from)_calendar\[(\d+)\]/#) else { return nil }
            let words = message.text.split(separator: " ").map(String.init)
            guard let operation = words.first else { return nil }
            return Entry(
                client: String(match.output.2), isFromClient: match.output.1 == "to", operation: operation,
                time: words.dropFirst().joined(separator: " "))
        }
    }

    /// A row of two sequences side by side; messages in one row are of the same kind.
    public typealias Row = (left: Entry?, right: Entry?)

    /// Two sequences, with as many messages as possible beside one like it: a longest common subsequence (Wagner and Fischer, 1974).
    public static func aligned(_ left: MessageSequence, _ right: MessageSequence) -> [Row] {
        let (one, other) = (left.entries, right.entries)
        var lengths = Array(repeating: Array(repeating: 0, count: other.count + 1), count: one.count + 1)
        for row in one.indices.reversed() {
            for column in other.indices.reversed() {
                lengths[row][column] =
                    one[row].isLike(other[column])
                    ? lengths[row + 1][column + 1] + 1 : max(lengths[row + 1][column], lengths[row][column + 1])
            }
        }
        var rows: [Row] = []
        var (row, column) = (0, 0)
        while row < one.count || column < other.count {
            if row < one.count, column < other.count, one[row].isLike(other[column]) {
                rows.append((one[row], other[column]))
                row += 1
                column += 1
            } else if column == other.count || row < one.count && lengths[row + 1][column] >= lengths[row][column + 1] {
                rows.append((one[row], nil))
                row += 1
            } else {
                rows.append((nil, other[column]))
                column += 1
            }
        }
        return rows
    }

    /// Rows as text in two columns, with the middle of long stretches of one side left out.
    /// - Parameter columns: how wide it may be.
    public static func text(_ rows: [Row], titles: (String, String), columns: Int) -> String {
        let width = max(20, (columns - 5) / 2)
        func line(_ left: String, _ right: String, _ mark: String) -> String {
            let text = left.count > width ? left.prefix(width - 1) + "…" : left + String(repeating: " ", count: width - left.count)
            return "  \(text) \(mark) \(right)".trimmed + "\n"
        }
        var result = line(titles.0, titles.1, " ")
        var start = 0
        while start < rows.count {
            let isPaired = rows[start].left != nil && rows[start].right != nil
            var end = start + 1
            while !isPaired, end < rows.count, (rows[end].left == nil, rows[end].right == nil) == (rows[start].left == nil, rows[start].right == nil) {
                end += 1
            }
            for index in start..<end {
                if end - start > 8, index >= start + 3, index < end - 3 {
                    if index == start + 3 {
                        let text = "… \(end - start - 6) more"
                        result += rows[start].left == nil ? line("", text, "│") : line(text, "", "│")
                    }
                    continue
                }
                result += line(rows[index].left?.description ?? "", rows[index].right?.description ?? "", isPaired ? "┿" : "│")
            }
            start = end
        }
        return result
    }
}

extension String {
    fileprivate var trimmed: String { String(reversed().drop { $0 == " " }.reversed()) }
}
