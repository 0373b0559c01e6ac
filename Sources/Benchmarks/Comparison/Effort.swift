/// What a program took for a model.
public struct Effort: Sendable, Codable, Equatable {
    /// `holds`, or what else it found.
    public var verdict: String
    /// Those that were stored; with a formula, pairs of a state and a state of its automaton.
    public var states: Int
    /// Of the search, with the model compiled before: the median. Heddle's are of the whole program, with reading the model.
    public var seconds: Double
    /// Of all processors, in the same run as `seconds`.
    public var processorSeconds: Double
    /// From the command line to the verdict, with the model compiled meanwhile: the median. Spin's are `seconds`, and what `spin -a` and the
    /// compiler took.
    public var secondsToVerdict: Double
    /// The largest resident set; nil where it is too small to be seen.
    public var peakBytes: Int?
    /// Of that, what the program has for a model of one state: itself and its libraries.
    public var programBytes = 0
    /// Which of several searches it was: the fastest.
    public var search: String?

    /// States for each second of the search.
    public var statesPerSecond: Double { seconds > 0 ? Double(states) / seconds : 0 }

    /// All memory that a model takes, divided by its states: tables, stacks, and whatever else grows.
    public var bytesPerState: Double? {
        guard let peakBytes, states > 0, peakBytes > programBytes else { return nil }
        return Double(peakBytes - programBytes) / Double(states)
    }
}

/// One model, and what both took for it.
public struct ComparisonRow: Sendable, Codable {
    public var comparison: Comparison
    public var model: String
    public var defines: [String]
    public var heddle: Effort
    /// Nil if Heddle was measured alone.
    public var spin: Effort?

    /// What must not be: another verdict than that the model holds, or other states than Spin's.
    public var faults: [String] {
        var faults: [String] = []
        if heddle.verdict != "holds" { faults.append("Heddle: \(heddle.verdict)") }
        if let spin {
            if spin.verdict != "holds" { faults.append("Spin: \(spin.verdict)") }
            // pan prints eight digits.
            let tolerance = max(spin.states, heddle.states) / 10_000_000
            if comparison.comparesStates, abs(spin.states - heddle.states) > (tolerance > 9 ? tolerance : 0) {
                faults.append("Heddle has \(heddle.states) states, and Spin \(spin.states)")
            }
        }
        return faults
    }
}
