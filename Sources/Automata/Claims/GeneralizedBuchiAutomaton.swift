/// An automaton on infinite words whose acceptance is on its edges: a run is accepted when it takes edges with each of the marks
/// for ever.
///
/// A letter is a valuation of the propositions: bit `i` is set where proposition `i` is true.
public struct GeneralizedBuchiAutomaton: Sendable {
    public struct Edge: Hashable, Sendable {
        /// Propositions that have to be true, as bits.
        public var positive: UInt64
        /// Propositions that have to be false, as bits.
        public var negative: UInt64
        public var target: Int
        /// The marks, as bits.
        public var marks: UInt64

        public init(positive: UInt64, negative: UInt64, target: Int, marks: UInt64) {
            self.positive = positive
            self.negative = negative
            self.target = target
            self.marks = marks
        }

        /// Whether the edge can be taken on a letter.
        public func matches(_ letter: UInt64) -> Bool { letter & positive == positive && letter & negative == 0 }
    }

    /// The edges of each state.
    public var edges: [[Edge]]
    public var initialStates: [Int]
    /// How many marks there are; with none, every infinite run is accepted.
    public var markCount: Int
    /// For each state, whether it is known to accept every word: a run that gets there is as good as accepted.
    public var acceptsEverything: [Bool]

    public init(edges: [[Edge]], initialStates: [Int], markCount: Int, acceptsEverything: [Bool]) {
        self.edges = edges
        self.initialStates = initialStates
        self.markCount = markCount
        self.acceptsEverything = acceptsEverything
    }
}

/// A word that goes on for ever: letters, the last of which is followed by the one at `loopStart` again.
public struct LassoWord: Hashable, Sendable {
    /// Valuations of the propositions, as in `GeneralizedBuchiAutomaton`; never empty.
    public var letters: [UInt64]
    /// An index into `letters`.
    public var loopStart: Int

    public init(letters: [UInt64], loopStart: Int) {
        self.letters = letters
        self.loopStart = loopStart
    }
}
