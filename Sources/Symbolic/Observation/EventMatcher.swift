import Automata
import Promela

/// Compares what moves send and receive with what was observed, and makes what was observed known to the moves.
final class EventMatcher: EventObserver {
    /// Which operations on a channel are observed.
    struct Watch {
        var sends = false
        var receives = false
        /// The fields of its messages.
        var fields: [Storage]
    }

    /// The mark of a move that does not fit.
    static let misfit = -1

    private var observations: [Observation] = []
    private let watches: [Int: Watch]
    private let oracle: DecisionOracle
    /// Observations before the move.
    var position = 0
    /// The most observations that a behaviour was found for.
    private(set) var furthest = 0
    /// How many observations have made a difference so far; one more than there are if it was their end that did.
    private(set) var looked = 0
    /// What could be done there that was not observed.
    private(set) var moves: [ObservedMove] = []
    private var matched = 0
    private var fits = true

    init(watches: [Int: Watch], oracle: DecisionOracle) {
        self.watches = watches
        self.oracle = oracle
    }

    /// Begins with other observations.
    /// - Parameters:
    ///   - furthest: of these, how many are known to be matched by a behaviour.
    ///   - looked: how many have made a difference for what is known.
    func begin(_ observations: [Observation], furthest: Int, looked: Int) {
        self.observations = observations
        (self.furthest, self.looked, moves) = (furthest, looked, [])
    }

    func stepBegins() { (matched, fits) = (0, true) }

    var markOfStep: Int { fits ? matched : Self.misfit }

    func observe(_ event: ChannelEvent) {
        guard fits, let watch = watches[event.channel], event.isSend ? watch.sends : watch.receives else { return }
        looked = max(looked, position + matched + 1)
        // What comes after the end of the log is not known.
        guard position + matched < observations.count else { return }
        let observation = observations[position + matched]
        let before = oracle.constraints
        fits = event.isSend == observation.isSend && observation.channels.contains(event.channel)
            && zip(values(of: event, watch), observation.fields).allSatisfy { value, seen in seen.map { demand(value, is: $0) } ?? true }
            && observation.readings.allSatisfy { demand(value(of: $0, event), is: $0.value) }
        if fits {
            matched += 1
            if position + matched > furthest {
                furthest = position + matched
                moves = []
            }
        } else if position + matched == furthest {
            note(event, watch, observation, before)
        }
    }

    private func values(of event: ChannelEvent, _ watch: Watch) -> [LinearExpression] {
        zip(event.fields, watch.fields).map { expression($0, $1) }
    }

    private func value(of reading: Observation.Reading, _ event: ChannelEvent) -> LinearExpression {
        expression(event.value(of: reading.storage), reading.storage)
    }

    private func expression(_ bits: Int64, _ storage: Storage) -> LinearExpression {
        let value = TermValue(bits: bits)
        if value.isTerm { return oracle.terms.expression(of: value) }
        return LinearExpression(storage.isSigned ? Int128(bits) : Int128(UInt64(bitPattern: bits)))
    }

    /// Has a value be what was observed, if it can be.
    private func demand(_ value: LinearExpression, is seen: Int128) -> Bool {
        let difference = value + -seen
        for bound in [difference, -difference] {
            guard oracle.constraints.allows(bound, oracle.solver) else { return false }
            oracle.constraints.assume(bound)
        }
        return true
    }

    /// The values of one part that a move allows, if what was seen is not one of them.
    private func misfit(_ value: LinearExpression, _ seen: Int128, _ constraints: ConstraintSet) -> ClosedRange<Int128>? {
        oracle.constraints = constraints
        return demand(value, is: seen) ? nil : constraints.range(of: value)
    }

    private func note(_ event: ChannelEvent, _ watch: Watch, _ observation: Observation, _ constraints: ConstraintSet) {
        let after = oracle.constraints
        defer { oracle.constraints = after }
        let values = values(of: event, watch)
        var move = ObservedMove(
            isSend: event.isSend, channel: event.channel, fields: values.map { constraints.range(of: $0) }, span: event.span,
            mismatches: [])
        if event.isSend != observation.isSend || !observation.channels.contains(event.channel) {
            move.mismatches = [.operation]
        } else {
            for (index, (value, seen)) in zip(values, observation.fields).enumerated() {
                if let seen, let range = misfit(value, seen, constraints) { move.mismatches.append(.field(index, range)) }
            }
            for (index, reading) in observation.readings.enumerated() {
                if let range = misfit(value(of: reading, event), reading.value, constraints) {
                    move.mismatches.append(.reading(index, range))
                }
            }
            if move.mismatches.isEmpty { move.mismatches = [.combination] }
        }
        if !moves.contains(move) { moves.append(move) }
    }
}
