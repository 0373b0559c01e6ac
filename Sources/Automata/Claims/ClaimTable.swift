/// A claim as an automaton that reads states: letters, and for each claim state and letter the edges that can be taken.
///
/// Both are worked out when they are first asked for, and kept: there are few of them, whatever the number of states. Several
/// threads use a table each.
public final class ClaimTable {
    /// An edge that can be taken on some letter.
    public struct Edge: Hashable, Sendable {
        public var target: Int32
        /// The marks that it has, as bits; `GeneralizedBuchiAutomaton` says what they mean.
        public var marks: UInt64
    }

    /// The target of an edge that cannot be taken, because what it depends on has no value, or an assertion on it fails.
    public static let faulty: Int32 = -1

    private enum Automaton {
        case buchi(GeneralizedBuchiAutomaton)
        case control(NeverClaimCode, guards: [[Int?]], failures: [[Int?]], acceptance: Int)
    }

    public let evaluator: PropositionEvaluator
    public let initialStates: [Int32]
    public let stateCount: Int
    public let markCount: Int
    /// All marks, as bits.
    public let allMarks: UInt64
    private let automaton: Automaton
    private let isFinal: [Bool]

    // Asked for at every node of a product, by one thread.
    @exclusivity(unchecked) private var letters: [[UInt64]] = []
    private var numbers: [[UInt64]: Int] = [:]
    @exclusivity(unchecked) private var lastLetter = -1
    /// For each letter and claim state where the edges lie: `starts` of them, or -1.
    @exclusivity(unchecked) private var rows: [Int32] = []
    /// Where the edges of each row begin, and at the end where the last ones end.
    @exclusivity(unchecked) private var starts: [Int32] = [0]
    @exclusivity(unchecked) private var edges: [Edge] = []

    /// - Throws: `BuchiTranslationError` if a formula is too large.
    public init(_ system: System, _ claim: Claim) throws {
        switch claim {
        case .formula(let index):
            let code = system.formulas[index]
            let automaton = try BuchiTranslation.automaton(for: .not(code.formula))
            evaluator = PropositionEvaluator(system, formula: index)
            self.automaton = .buchi(automaton)
        case .neverClaim(let index):
            let code = system.neverClaims[index]
            var propositions: [PropositionEvaluator.Proposition] = []
            func add(_ proposition: PropositionEvaluator.Proposition) -> Int {
                propositions.append(proposition)
                return propositions.count - 1
            }
            let guards = code.outgoing.map {
                $0.map { $0.guardEntry < 0 ? nil : add(.value(entry: $0.guardEntry)) }
            }
            let failures = code.outgoing.map {
                $0.map { $0.effectEntry < 0 ? nil : add(.failure(entry: $0.effectEntry)) }
            }
            let acceptance = add(.isAtAcceptLabel)
            evaluator = PropositionEvaluator(system, propositions)
            automaton = .control(code, guards: guards, failures: failures, acceptance: acceptance)
        case .acceptance:
            evaluator = PropositionEvaluator(system, [.isAtAcceptLabel])
            automaton = .buchi(.visitingForEver)
        case .progress:
            evaluator = PropositionEvaluator(system, [.isWithoutProgress])
            automaton = .buchi(.stayingForEver)
        }
        switch automaton {
        case .buchi(let automaton):
            initialStates = automaton.initialStates.map { Int32($0) }
            stateCount = automaton.edges.count
            (markCount, allMarks) = (automaton.markCount, automaton.allMarks)
            isFinal = automaton.acceptsEverything
        case .control(let code, _, _, _):
            initialStates = [Int32(code.automaton.initial)]
            stateCount = code.automaton.locations.count
            (markCount, allMarks) = (1, 1)
            isFinal = code.automaton.locations.map(\.isEnd)
        }
    }

    /// Whether a run that reaches this claim state breaks the claim, however it goes on.
    public func isFinal(_ state: Int32) -> Bool { isFinal[Int(state)] }

    /// The number of the letter that a state is.
    public func letter(of state: UnsafeRawBufferPointer, _ circumstances: PropositionEvaluator.Circumstances) -> Int {
        evaluator.evaluate(state, circumstances)
        let words = UnsafeBufferPointer(start: evaluator.words, count: 2 * evaluator.wordCount)
        if lastLetter >= 0, letters[lastLetter].elementsEqual(words) { return lastLetter }
        let letter = Array(words)
        if let known = numbers[letter] {
            lastLetter = known
        } else {
            lastLetter = letters.count
            numbers[letter] = letters.count
            letters.append(letter)
            rows += Array(repeating: -1, count: stateCount)
        }
        return lastLetter
    }

    /// How many letters there have been; their numbers are those below.
    public var letterCount: Int { letters.count }

    /// The fault that makes a claim `faulty` in a state.
    public func fault(
        in state: UnsafeRawBufferPointer, _ circumstances: PropositionEvaluator.Circumstances
    ) -> Fault? {
        evaluator.fault(in: state, circumstances)
    }

    /// The edges that can be taken in a claim state on a letter, as positions for the subscript.
    @inline(__always)
    public func edges(from state: Int32, on letter: Int) -> Range<Int> {
        let row = Int(rows[letter &* stateCount &+ Int(state)])
        if row >= 0 { return Int(starts[row])..<Int(starts[row + 1]) }
        return workOut(state, letter)
    }

    @inline(__always)
    public subscript(position: Int) -> Edge { edges[position] }

    private func workOut(_ state: Int32, _ letter: Int) -> Range<Int> {
        let found: [Edge]
        switch automaton {
        case .buchi(let automaton): found = Self.edges(of: automaton, from: Int(state), on: letters[letter])
        case .control(let code, let guards, let failures, let acceptance):
            found = edges(
                of: code, guards: guards, failures: failures, acceptance: acceptance, from: Int(state), on: letters[letter])
        }
        rows[letter * stateCount + Int(state)] = Int32(starts.count - 1)
        // What leads on comes first: a depth-first search that waited for long would be far from where it is to begin.
        edges += found.filter { $0.target != state } + found.filter { $0.target == state }
        starts.append(Int32(edges.count))
        return (edges.count - found.count)..<edges.count
    }

    private static func edges(of automaton: GeneralizedBuchiAutomaton, from state: Int, on letter: [UInt64]) -> [Edge] {
        let (values, faults) = (letter[0], letter[1])
        var result: [Edge] = []
        for edge in automaton.edges[state] {
            if (edge.positive | edge.negative) & faults != 0 { return [Edge(target: faulty, marks: 0)] }
            guard edge.matches(values) else { continue }
            result.append(Edge(target: Int32(edge.target), marks: edge.marks))
        }
        return result
    }

    /// The edges of a `never` claim: inside `atomic` it moves on in the same state.
    private func edges(
        of code: NeverClaimCode, guards: [[Int?]], failures: [[Int?]], acceptance: Int, from start: Int, on letter: [UInt64]
    ) -> [Edge] {
        func isTrue(_ proposition: Int) -> Bool { letter[proposition >> 6] >> UInt64(proposition & 63) & 1 != 0 }
        func isFaulty(_ proposition: Int) -> Bool {
            letter[evaluator.wordCount + proposition >> 6] >> UInt64(proposition & 63) & 1 != 0
        }
        let isAccepting = code.automaton.locations[start].isAccept || isTrue(acceptance)
        var result: [Edge] = []
        var seen: Set<Int> = [start]
        var pending = [start]
        while let location = pending.popLast() {
            var hasMoved = false
            var group = 0
            for (number, transition) in code.outgoing[location].enumerated() {
                if group > 0 && group != transition.escapeGroup { break }
                // The end of a claim is its last state: there is nothing to go on to.
                if transition.kind == .end || (transition.kind == .otherwise && hasMoved) { continue }
                if transition.kind != .otherwise, let own = guards[location][number] {
                    if isFaulty(own) { return [Edge(target: Self.faulty, marks: 0)] }
                    if !isTrue(own) { continue }
                }
                if let failure = failures[location][number], isTrue(failure) || isFaulty(failure) {
                    return [Edge(target: Self.faulty, marks: 0)]
                }
                hasMoved = true
                group = transition.escapeGroup
                if transition.keepsControl, !isFinal(Int32(transition.target)) {
                    if seen.insert(transition.target).inserted { pending.append(transition.target) }
                } else {
                    let edge = Edge(target: Int32(transition.target), marks: isAccepting ? 1 : 0)
                    if !result.contains(edge) { result.append(edge) }
                }
            }
        }
        return result
    }
}

extension GeneralizedBuchiAutomaton {
    /// Proposition 0 is true again and again.
    static let visitingForEver = GeneralizedBuchiAutomaton(
        edges: [
            [
                Edge(positive: 1, negative: 0, target: 0, marks: 1), Edge(positive: 0, negative: 1, target: 0, marks: 0),
            ]
        ],
        initialStates: [0], markCount: 1, acceptsEverything: [false])

    /// Proposition 0 is true from some point on.
    static let stayingForEver = GeneralizedBuchiAutomaton(
        edges: [
            [Edge(positive: 0, negative: 0, target: 0, marks: 0), Edge(positive: 1, negative: 0, target: 1, marks: 0)],
            [Edge(positive: 1, negative: 0, target: 1, marks: 1)],
        ],
        initialStates: [0], markCount: 1, acceptsEverything: [false, false])
}
