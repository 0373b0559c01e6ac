import enum Exploration.NumberText
import Foundation

/// The rows of one comparison as a table, with the means of the ratios below.
public struct ComparisonTable {
    private struct Column {
        var title: String
        var text: (ComparisonRow) -> String
        /// For those that compare: how many times better Heddle is.
        var ratio: ((ComparisonRow) -> Double?)?
    }

    private let comparison: Comparison
    private let rows: [ComparisonRow]

    /// - Parameter rows: all of this comparison.
    public init(_ comparison: Comparison, _ rows: [ComparisonRow]) {
        self.comparison = comparison
        self.rows = rows
    }

    /// The heading, the table, and what is wrong with its rows.
    public var text: String {
        let columns = self.columns
        var table = TextTable(head: ["model"] + columns.map(\.title))
        for row in rows {
            let name = ([row.model] + row.defines).joined(separator: " ")
            table.rows.append([(row.faults.isEmpty ? "" : "! ") + name] + columns.map { $0.text(row) })
        }
        if rows.count > 1, rows.contains(where: { $0.spin != nil }) {
            table.rows.append(means("geometric mean", columns, Statistics.geometricMean))
            table.rows.append(means("median", columns, Statistics.median))
        }
        let faults = rows.filter { !$0.faults.isEmpty }.map { row in
            "! \(([row.model] + row.defines).joined(separator: " ")): \(row.faults.joined(separator: "; "))\n"
        }
        return "\(comparison.title)\n\n" + table.text + (faults.isEmpty ? "" : "\n" + faults.joined())
    }

    private func means(_ name: String, _ columns: [Column], _ mean: ([Double]) -> Double?) -> [String] {
        [name] + columns.map { column in
            guard let ratio = column.ratio else { return "" }
            return Self.ratioText(mean(rows.compactMap(ratio)))
        }
    }

    // MARK: Columns

    private var columns: [Column] {
        let states = [
            Column(title: "states") { NumberText.grouped($0.heddle.states) }
        ]
        let bothStates = states + [
            Column(title: "Spin") { $0.spin.map { NumberText.grouped($0.states) } ?? "-" },
            Self.ratio { Double($0.states) },
        ]
        let memory = [
            Column(title: "bytes/state") { Self.bytes($0.heddle) },
            Column(title: "Spin") { $0.spin.map(Self.bytes) ?? "-" },
            Self.ratio(\.bytesPerState),
        ]
        switch comparison {
        case .states:
            return states + Self.times(\.seconds) + [
                Column(title: "by") { $0.heddle.search ?? "-" },
                Column(title: "states/s") { NumberText.grouped(Int($0.heddle.statesPerSecond)) },
                Column(title: "Spin") { $0.spin.map { NumberText.grouped(Int($0.statesPerSecond)) } ?? "-" },
                Column(title: "by") { $0.spin?.search ?? "-" },
            ] + memory + Self.times(\.secondsToVerdict, title: "to verdict")
        case .reduction: return bothStates + Self.times(\.seconds)
        case .collapse: return states + memory + Self.times(\.seconds)
        case .liveness: return bothStates + Self.times(\.seconds) + memory + Self.times(\.secondsToVerdict, title: "to verdict")
        case .verdict: return bothStates.dropLast() + Self.times(\.secondsToVerdict, title: "to verdict")
        }
    }

    private static func times(_ seconds: @escaping (Effort) -> Double, title: String = "seconds") -> [Column] {
        [
            Column(title: title) { text(seconds: seconds($0.heddle)) },
            Column(title: "Spin") { $0.spin.map { text(seconds: seconds($0)) } ?? "-" },
            ratio(seconds),
        ]
    }

    /// How many times as much Spin takes.
    private static func ratio(_ value: @escaping (Effort) -> Double?) -> Column {
        let ratio: (ComparisonRow) -> Double? = { row in
            guard row.faults.isEmpty, let spin = row.spin.flatMap(value), let heddle = value(row.heddle), heddle > 0, spin > 0
            else { return nil }
            return spin / heddle
        }
        return Column(title: "ratio", text: { ratioText(ratio($0)) }, ratio: ratio)
    }

    /// Three digits are enough.
    private static func text(seconds: Double) -> String { String(format: seconds < 0.1 ? "%.3f" : "%.2f", seconds) }

    private static func ratioText(_ value: Double?) -> String { value.map { String(format: $0 < 99.995 ? "%.2f" : "%.1f", $0) } ?? "-" }

    private static func bytes(_ effort: Effort) -> String {
        effort.bytesPerState.map { String(format: "%.1f", $0) } ?? "-"
    }
}
