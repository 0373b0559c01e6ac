import TimeTravel

/// How a run ended, so that two runs that show the same are the same.
public enum FuzzOutcome: Hashable, Sendable {
    /// All clients ended with exit code 0.
    case finished
    /// The kernel says that something is wrong with it. Numbers are replaced by `#`.
    case failed(String)
    /// The calendar has refused a client.
    case refused(String)
    /// Nothing was sent or printed any more, and nobody ended.
    case hung
    /// A client prints without end.
    case babbles
    /// A client ended otherwise, and said nothing about it.
    case ended(ProcessTree.Ending)
}

extension FuzzOutcome: CustomStringConvertible {
    public var description: String {
        switch self {
        case .finished: "came to its end"
        case .failed(let line): line
        case .refused(let reason): "refused, for it \(reason)"
        case .hung: "hangs"
        case .babbles: "prints without end"
        case .ended(let ending): "\(ending)"
        }
    }
}

extension FuzzOutcome {
    /// What a line of the console says is wrong: nil for other lines.
    static func failure(in line: String) -> String? {
        for sign in ["BUG: ", "Kernel panic - not syncing: ", "WARNING: "] {
            guard let range = line.range(of: sign) else { continue }
            return withoutNumbers(String(line[range.lowerBound...]))
        }
        return nil
    }

    /// The text with `#` for numbers, so that two runs that differ in times only say the same; lines of source files stay.
    static func withoutNumbers(_ text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.contains(".c:") ? word : word.replacing(#/-?\b(0x[0-9a-f]+|[0-9]+(\.[0-9]+)?)\b/#, with: "#")
        }.joined(separator: " ")
    }
}
