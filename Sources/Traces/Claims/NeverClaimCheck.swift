import Automata
import Promela

extension ClaimCheck {
    /// What makes a never claim match the run.
    func breach(ofNeverClaim index: Int) throws(Intact) -> Breach {
        guard system.program.neverClaims.indices.contains(index) else { throw Intact(reason: "there is no never claim \(index)") }
        let claim = system.program.neverClaims[index]
        let table: ClaimTable
        do {
            table = try ClaimTable(system, .neverClaim(index))
        } catch {
            throw Intact(reason: "the never claim cannot be used: \(error)")
        }
        let letters = run.positions.map { position in
            position.bytes.withUnsafeBytes { table.letter(of: $0, position.circumstances) }
        }
        var matching = ClaimMatching(table: table, letters: letters, loopStart: run.loopStart)
        let explanation: String
        switch matching.match() {
        case .end(let position): explanation = "The claim reaches its end \(run.positions[position].time)"
        case .acceptance: explanation = "The claim goes through an `accept` state \(run.staysForEver ? "for ever" : "in every turn of the cycle")"
        case .faulty(let position):
            let (bytes, circumstances) = (run.positions[position].bytes, run.positions[position].circumstances)
            let fault = bytes.withUnsafeBytes { table.fault(in: $0, circumstances) }
            let reason = "\(run.positions[position].time)" + (fault.map { ": \($0.message)" } ?? "")
            guard run.loopStart == nil, position == run.positions.count - 1 else {
                throw Intact(reason: "the never claim fails \(reason)")
            }
            explanation = "The claim itself fails \(reason)"
        case .none:
            throw Intact(reason: "the never claim does not go along with this run")
        }
        let isNamed = claim.name != "never"
        return Breach(
            name: isNamed ? claim.name : nil, location: WrittenText.location(of: claim.span, in: system.program.sources),
            explanation: [explanation] + moves)
    }
}

/// The runs of a claim along the states of a run of the model, all at once.
struct ClaimMatching {
    /// How a claim goes along with a run.
    enum Match: Hashable {
        /// It reaches its end on the state at this position.
        case end(Int)
        /// It goes on for ever, through an accept state again and again.
        case acceptance
        /// It comes to something that has no value on the state at this position.
        case faulty(Int)
        case none
    }

    let table: ClaimTable
    let letters: [Int]
    let loopStart: Int?
    private var fault: Int?

    init(table: ClaimTable, letters: [Int], loopStart: Int?) {
        self.table = table
        self.letters = letters
        self.loopStart = loopStart
    }

    /// A state of the claim, and whether an accept state was passed on the way to it.
    private struct Reached: Hashable {
        var state: Int32
        var isAccepted: Bool
    }

    mutating func match() -> Match {
        var states = Set(table.initialStates)
        let stem = loopStart ?? letters.count
        for position in 0..<stem {
            var next: Set<Int32> = []
            for state in states {
                for edge in edges(from: state, at: position) {
                    if table.isFinal(edge.target) { return .end(position) }
                    next.insert(edge.target)
                }
            }
            states = next
        }
        guard loopStart != nil else { return fault.map { .faulty($0) } ?? .none }
        // From turn to turn: where the claim can be after one more, and whether it can have been accepted in between.
        var turns: [Int32: Set<Reached>] = [:]
        var pending = Array(states)
        while let state = pending.popLast() {
            guard turns[state] == nil else { continue }
            let (reached, end) = turn(from: state)
            if let end { return .end(end) }
            turns[state] = reached
            pending += reached.map(\.state)
        }
        for (state, reached) in turns {
            for target in reached where target.isAccepted && leads(target.state, to: state, turns) { return .acceptance }
        }
        return fault.map { .faulty($0) } ?? .none
    }

    private mutating func edges(from state: Int32, at position: Int) -> [ClaimTable.Edge] {
        let edges = table.edges(from: state, on: letters[position]).map { table[$0] }
        if edges.contains(where: { $0.target == ClaimTable.faulty }) {
            if fault == nil { fault = position }
            return []
        }
        return edges
    }

    private mutating func turn(from state: Int32) -> (reached: Set<Reached>, end: Int?) {
        var current: Set<Reached> = [Reached(state: state, isAccepted: false)]
        for position in (loopStart ?? letters.count)..<letters.count {
            var next: Set<Reached> = []
            for from in current {
                for edge in edges(from: from.state, at: position) {
                    if table.isFinal(edge.target) { return ([], position) }
                    next.insert(Reached(state: edge.target, isAccepted: from.isAccepted || edge.marks != 0))
                }
            }
            current = next
        }
        return (current, nil)
    }

    private func leads(_ start: Int32, to goal: Int32, _ turns: [Int32: Set<Reached>]) -> Bool {
        var seen: Set<Int32> = []
        var pending = [start]
        while let state = pending.popLast() {
            if state == goal { return true }
            guard seen.insert(state).inserted else { continue }
            pending += (turns[state] ?? []).map(\.state)
        }
        return false
    }
}
