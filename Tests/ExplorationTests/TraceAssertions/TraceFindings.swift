import Automata
import Exploration
import Promela
import TestSupport

/// What checking a trace assertion finds in a model, in the terms in which it is compared with Spin.
struct TraceFindings: Equatable, CustomStringConvertible {
    /// Nil where the search ends early, and so its counts depend on its order.
    var statesStored: Int?
    var failsAssertion: Bool
    /// A deadlock, or an assertion that still waits where nothing can move: Spin has one word for both.
    var hasInvalidEnd: Bool
    var hasMismatch: Bool
    var hasMatchedAll: Bool
    var isNondeterministic: Bool

    var description: String {
        let found = [
            (failsAssertion, "assertion"), (hasInvalidEnd, "invalid end"), (hasMismatch, "mismatch"),
            (hasMatchedAll, "all matched"), (isNondeterministic, "nondeterminism"),
        ].filter(\.0).map(\.1)
        return "\(statesStored.map(String.init) ?? "?") states, \(found.isEmpty ? "nothing wrong" : found.joined(separator: ", "))"
    }

    init(ofModel text: String) throws {
        let result = ModelReader.read(text: text, path: "model.pml", options: ReadOptions(expandsSelect: true))
        guard let program = result.program else {
            throw ModelRejected(description: DiagnosticRenderer(sources: result.sources).render(result.diagnostics))
        }
        let found = try Search(
            System(program, tracing: 0), options: SearchOptions(memoryLimit: 1 << 30, violationLimit: .max)
        ).run()
        func has(_ kind: Fault.Kind) -> Bool { found.violations.contains { $0.fault?.kind == kind } }
        failsAssertion = has(.assertionFailed)
        hasInvalidEnd = found.violations.contains { $0.property == .endStates } || has(.unfinishedTrace)
        hasMismatch = has(.traceMismatch)
        hasMatchedAll = has(.notraceMatched)
        isNondeterministic = has(.nondeterministicTrace)
        statesStored = found.statistics.statesStored
        if isNondeterministic { forgetTheRest() }
    }

    /// Spin ends its search at once where a trace assertion has two ways on.
    private mutating func forgetTheRest() {
        statesStored = nil
        (failsAssertion, hasInvalidEnd, hasMismatch, hasMatchedAll) = (false, false, false, false)
    }

    init(of spin: SpinResult) {
        func has(_ text: String) -> Bool { spin.violations.contains { $0.contains(text) } }
        failsAssertion = has("assertion violated")
        hasInvalidEnd = has("invalid end state")
        hasMismatch = has("no matching event")
        hasMatchedAll = has("all events matched")
        isNondeterministic = has("non-determinism")
        statesStored = spin.statesStored
        if isNondeterministic { forgetTheRest() }
    }
}
