import Automata
import Promela

/// What can be checked of a model.
public enum Property: Hashable, Sendable {
    /// No `assert` fails.
    case assertions
    /// No state is reached in which nothing can move, but some process has not come to its end or an `end` label.
    case endStates
    /// No index is out of its array's bounds.
    case arrayBounds
    /// Nothing is divided by zero.
    case divisionByZero
    /// Nothing else goes wrong: channels are created before use, messages have the right number of fields, a `d_step` does
    /// not block, there are never more than 255 processes.
    case execution
    /// No result of arithmetic, and no value that is stored, is cut to size.
    case wrapAround
    /// What is sent and received follows the `trace` assertion, or is never all that the `notrace` one describes. It needs a
    /// system that was built for it.
    case trace
    /// Something about whole runs.
    case claim(Claim)

    /// What is checked of every model, in the order of a report.
    public static let ofStates: [Property] = [.assertions, .endStates, .arrayBounds, .divisionByZero, .execution]

    /// Whether a user may leave it out. Where one of the others fails, there is no telling how the model would go on, so a
    /// verdict on anything would be worth nothing.
    public var isOptional: Bool {
        switch self {
        case .arrayBounds, .divisionByZero, .execution: false
        default: true
        }
    }

    /// Every property that a model has, in the order of a report.
    public static func all(of program: Program) -> [Property] {
        ofStates + [.wrapAround] + (program.traceAssertions.isEmpty ? [] : [.trace]) + program.formulas.indices.map { .claim(.formula($0)) }
            + program.neverClaims.indices.map { .claim(.neverClaim($0)) } + [.claim(.acceptance), .claim(.progress)]
    }

    /// What is checked unless a user asks for something else: all but values that are cut to size, as Promela's are, and but
    /// non-progress cycles, which most models have, and cycles
    /// through `accept` labels only where there are any, and no `never` claim that speaks of them.
    public static func standard(of program: Program) -> [Property] {
        all(of: program).filter { property in
            switch property {
            case .claim(.progress), .wrapAround: false
            case .claim(.acceptance):
                program.neverClaims.isEmpty && program.proctypes.contains { $0.labels.contains(where: \.isAccept) }
            default: true
            }
        }
    }

    /// What is checked of a system, in the order of a report: what was asked for, and what cannot be left out.
    /// - Parameter wanted: nil for `standard`.
    public static func checked(_ wanted: Set<Property>?, of system: System) -> [Property] {
        let wanted = wanted ?? Set(standard(of: system.program))
        return all(of: system.program).filter { property in
            if property == .trace, system.trace == nil { return false }
            return !property.isOptional || wanted.contains(property)
        }
    }

    /// The name that users know the property by, in reports and on the command line.
    public func name(in program: Program) -> String {
        switch self {
        case .assertions: "assertions"
        case .endStates: "end-states"
        case .arrayBounds: "array-bounds"
        case .divisionByZero: "division-by-zero"
        case .execution: "execution"
        case .wrapAround: "wrap-around"
        case .trace: program.traceAssertions.first?.name ?? "trace"
        case .claim(.acceptance): "acceptance"
        case .claim(.progress): "progress"
        case .claim(.neverClaim(let index)):
            program.neverClaims[index].name == "never" ? "never" : "never " + program.neverClaims[index].name
        case .claim(.formula(let index)): "ltl " + program.formulaName(index)
        }
    }

    /// What holds when the property holds, in a sentence.
    public func summary(in program: Program) -> String {
        switch self {
        case .assertions: "no assertion fails"
        case .endStates: "no deadlock: every end state is a valid one"
        case .arrayBounds: "no array index is out of bounds"
        case .divisionByZero: "no division by zero"
        case .execution: "no other error of execution"
        case .wrapAround: "no value is cut to size"
        case .trace:
            program.traceAssertions.first?.role == .trace
                ? "what is sent and received follows the assertion" : "what the assertion describes never happens"
        case .claim(.acceptance): "no run goes through an accept label for ever"
        case .claim(.progress): "every run goes through progress labels for ever, or ends"
        case .claim(.neverClaim): "no run is matched by the claim"
        case .claim(.formula(let index)): program.formulaText(index)
        }
    }
}

extension Program {
    /// The name of an `ltl` block; those without are called `ltl_0` and so on, as in Spin.
    public func formulaName(_ index: Int) -> String {
        if !formulas[index].name.isEmpty { return formulas[index].name }
        return "ltl_\(formulas[..<index].count { $0.name.isEmpty })"
    }

    /// An `ltl` block as it is written, in one line.
    func formulaText(_ index: Int) -> String {
        sources.text(of: formulas[index].rootSpan).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

extension Fault.Kind {
    /// The property that a fault violates.
    public var property: Property {
        switch self {
        case .assertionFailed: .assertions
        case .indexOutOfBounds: .arrayBounds
        case .divisionByZero: .divisionByZero
        case .wrapAround: .wrapAround
        case .traceMismatch, .notraceMatched, .unfinishedTrace, .nondeterministicTrace: .trace
        default: .execution
        }
    }
}
