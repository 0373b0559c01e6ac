/// Makes a program that fails some check smaller while it keeps failing it.
///
/// Lines are taken away: runs of them, as in Zeller and Hildebrandt's delta debugging, and what a block's first line,
/// last line or body is. The predicate decides alone, so it must reject programs that no longer parse.
public struct Shrinker {
    /// Whether a smaller program still shows the failure.
    public typealias Predicate = (String) throws -> Bool

    private let isFailing: Predicate
    /// The most programs to try.
    private let attempts: Int

    /// A shrinker for the failure that this predicate recognizes.
    public init(attempts: Int = 2_000, isFailing: @escaping Predicate) {
        self.attempts = attempts
        self.isFailing = isFailing
    }

    /// The smallest failing program that was found; the given one, if nothing can be taken away.
    public func shrink(_ program: String) throws -> String {
        var search = Search(lines: program.split(separator: "\n").map(String.init), left: attempts)
        var before = 0
        repeat {
            before = search.lines.count
            try removeRuns(&search)
            try removeBlocks(&search)
        } while search.lines.count < before && search.left > 0
        return search.text(of: search.lines)
    }

    private struct Search {
        var lines: [String]
        var left: Int

        func text(of lines: [String]) -> String { lines.joined(separator: "\n") + "\n" }
    }

    /// Tries without these lines and keeps the outcome if it still fails.
    private func remove(_ indices: Set<Int>, _ search: inout Search) throws -> Bool {
        guard search.left > 0, !indices.isEmpty else { return false }
        search.left -= 1
        let rest = search.lines.indices.filter { !indices.contains($0) }.map { search.lines[$0] }
        guard try isFailing(search.text(of: rest)) else { return false }
        search.lines = rest
        return true
    }

    /// Takes away runs of lines, first long ones, from the end, for what is used is declared before.
    private func removeRuns(_ search: inout Search) throws {
        var length = max(1, search.lines.count / 2)
        while true {
            var end = search.lines.count
            while end > 0 {
                let start = max(0, end - length)
                _ = try remove(Set(start..<end), &search)
                end = min(start, search.lines.count)
            }
            guard length > 1 else { return }
            length /= 2
        }
    }

    /// Takes away whole blocks, or their first and last lines so that their contents stay.
    private func removeBlocks(_ search: inout Search) throws {
        var start = 0
        while start < search.lines.count {
            var isRemoved = false
            if let end = Self.endOfBlock(from: start, in: search.lines) {
                isRemoved = try remove(Set(start...end), &search) || remove([start, end], &search)
                if !isRemoved, let options = Self.options(from: start, to: end, in: search.lines) {
                    // One option alone, with what chooses between them gone.
                    for option in options where !isRemoved {
                        let others = Set(start...end).subtracting(option)
                        isRemoved = try remove(others, &search)
                    }
                    for option in options.reversed() where !isRemoved {
                        isRemoved = try remove(Set(option), &search)
                    }
                }
            }
            if !isRemoved { start += 1 }
        }
    }

    private static func trimmed(_ line: String) -> Substring {
        line[...].drop { $0 == " " || $0 == "\t" }
    }

    private static func opens(_ line: String) -> Bool {
        let text = trimmed(line)
        return text.hasSuffix("{") || text == "if" || text == "do"
    }

    private static func closes(_ line: String) -> Bool {
        let text = trimmed(line)
        return text.hasPrefix("}") || text.hasPrefix("fi") || text.hasPrefix("od")
    }

    /// The line on which the block that begins on this line ends.
    private static func endOfBlock(from start: Int, in lines: [String]) -> Int? {
        guard opens(lines[start]) else { return nil }
        var depth = 0
        for index in start..<lines.count {
            if index > start, closes(lines[index]) {
                depth -= 1
                if depth == 0 { return index }
            }
            if opens(lines[index]) { depth += 1 }
        }
        return nil
    }

    /// The options of a choice or loop, as ranges of lines, or nil if the block is none.
    private static func options(from start: Int, to end: Int, in lines: [String]) -> [Range<Int>]? {
        guard ["if", "do"].contains(trimmed(lines[start])) else { return nil }
        var starts: [Int] = []
        var depth = 0
        for index in (start + 1)..<end {
            if closes(lines[index]) { depth -= 1 }
            if depth == 0, trimmed(lines[index]).hasPrefix("::") { starts.append(index) }
            if opens(lines[index]) { depth += 1 }
        }
        return zip(starts, starts.dropFirst() + [end]).map { $0..<$1 }
    }
}
