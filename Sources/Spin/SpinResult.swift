import Foundation

/// What a run of Spin's verifier `pan` reported.
public struct SpinResult: Sendable, Equatable {
    /// The distinct states that were stored.
    public var statesStored = 0
    /// Those of them that are not within an atomic sequence, where the verifier tells them apart: breadth first it stores
    /// both.
    public var nominalStates: Int?
    /// How often a step led to a stored state.
    public var statesMatched = 0
    /// The steps that were taken: stored plus matched, which counts the initial state as one.
    public var transitions = 0
    /// The steps that ran inside an atomic sequence without giving other processes a chance.
    public var atomicSteps = 0
    /// The length of the longest path of the depth-first search.
    public var depthReached = 0
    /// The bytes of the state vector.
    public var stateVectorBytes = 0
    /// How often an error was met, on different paths to it too.
    public var errors = 0
    /// The different errors as `pan` names them, in the order of their first occurrence: `invalid end state`,
    /// `assertion violated (x==1)`.
    public var violations: [String] = []
    /// Whether the search covered every reachable state: it was not cut off by the depth limit or an error.
    public var isComplete = true
    /// What `spin -a` warned about, though it accepted the model.
    public var warnings: [String] = []
    /// All that `pan` wrote, but for the repetitions of the same violation.
    public var output = ""

    /// A result with nothing in it.
    public init() {}
}

/// Reads `pan`'s output as it comes.
///
/// With all violations on, `pan` may write millions of lines that differ only in a running number; they are counted, not
/// kept.
public struct PanOutputParser {
    /// What has been read so far.
    public private(set) var result = SpinResult()
    /// Whether the search went deeper than `-m` allows.
    public private(set) var isDepthExceeded = false
    /// Whether states are longer than `-DVECTORSZ` allows.
    public private(set) var isVectorTooSmall = false
    /// Whether the numbers at the end were there.
    public private(set) var hasStatistics = false
    private var partialLine: [UInt8] = []
    private var seen: Set<String> = []
    /// The difference of the states stored and of the atomic steps, as it was written.
    private var nominalText: String?

    /// A parser that has read nothing yet.
    public init() {}

    /// Takes the next part of the output.
    public mutating func receive(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            partialLine.append(contentsOf: rest[..<end])
            takeLine()
            rest = rest[(end + 1)...]
        }
        partialLine.append(contentsOf: rest)
    }

    /// The result, once there is no more output.
    public mutating func finish() -> SpinResult {
        if !partialLine.isEmpty { takeLine() }
        // The difference was written with six digits only.
        let difference = result.statesStored - result.atomicSteps
        if nominalText == String(format: "%g", Double(difference)) { result.nominalStates = difference }
        return result
    }

    private mutating func takeLine() {
        let line = String(decoding: partialLine, as: UTF8.self)
        partialLine.removeAll(keepingCapacity: true)
        if let violation = Self.violation(in: line) {
            guard seen.insert(violation).inserted else { return }
            result.violations.append(violation)
        }
        result.output += line + "\n"
        let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
        if line.hasPrefix("State-vector"), words.count > 2 {
            result.stateVectorBytes = Int(words[1]) ?? 0
            if let index = words.firstIndex(of: "reached"), index + 1 < words.count {
                result.depthReached = Int(words[index + 1].prefix { $0 != "," }) ?? 0
            }
            if let last = words.last { result.errors = Int(last) ?? 0 }
        } else if line.hasSuffix(" states, stored") || line.contains(" states, stored (") {
            result.statesStored = Self.count(words)
            hasStatistics = true
        } else if line.contains(" nominal states (stored-atomic)") {
            (result.nominalStates, nominalText) = (Self.count(words), words.first.map(String.init))
        } else if line.hasSuffix(" states, matched") {
            result.statesMatched = Self.count(words)
        } else if line.contains(" transitions (= ") {
            result.transitions = Self.count(words)
        } else if line.hasSuffix(" atomic steps") {
            result.atomicSteps = Self.count(words)
        } else if line.contains("max search depth too small") {
            result.isComplete = false
            isDepthExceeded = true
        } else if line.contains("VECTORSZ") {
            result.isComplete = false
            isVectorTooSmall = true
        } else if line.contains("Search not completed") || line.contains("out of memory") {
            result.isComplete = false
        }
    }

    /// `pan` prints counts with `%g`, so large ones come as `1.2345678e+08`.
    private static func count(_ words: [Substring]) -> Int {
        words.first.flatMap { Double($0) }.map { Int($0) } ?? 0
    }

    /// The error in a line such as `pan:12: assertion violated (x==1) (at depth 7)`.
    private static func violation(in line: String) -> String? {
        guard line.hasPrefix("pan:"), let end = line.range(of: " (at depth ", options: .backwards) else { return nil }
        let rest = line[line.index(line.startIndex, offsetBy: 4)...]
        let number = rest.prefix { $0.isNumber }
        guard !number.isEmpty, rest.dropFirst(number.count).hasPrefix(": ") else { return nil }
        return String(line[rest.index(number.endIndex, offsetBy: 2)..<end.lowerBound])
    }
}
