import Promela

/// A model as the engines see it: process types as automata, a state vector, and for every transition a guard and an effect.
public struct System: Sendable {
    /// One transition of a process type.
    public struct Transition: Sendable {
        public enum Kind: UInt8, Sendable {
            case ordinary
            /// Possible when nothing else is possible at this location.
            case otherwise
            /// The end of the process: possible when no younger process is left.
            case end
            /// One successor for each value of a range.
            case select
        }

        public var kind: Kind
        /// An index into `Program.proctypes`.
        public var proctype: Int
        public var source: Int
        public var target: Int
        /// Whether control stays with the process afterwards.
        public var keepsControl: Bool
        /// Whether this can be the receiving half of a rendezvous.
        public var canReceive: Bool
        /// See `ControlFlowAutomaton.Edge.escapeGroup`.
        public var escapeGroup: Int
        public var action: ControlFlowAutomaton.Action
        public var span: Span
        /// Addresses of the code, or -1: no guard is always true, no effect changes the location only.
        package var guardEntry: Int
        package var effectEntry: Int
    }

    public let program: Program
    public let layout: StateLayout
    public let automata: [ControlFlowAutomaton]
    /// All transitions; those of one location lie together, in the order in which they are tried.
    public private(set) var transitions: [Transition]
    /// For each proctype and location: which transitions leave it.
    public let outgoing: [[Range<Int>]]
    /// Whether `enabled` or priorities make one process look at another's guards.
    package let usesPriorities: Bool
    /// The `trace` or `notrace` assertion that moves with the model, where it was asked for.
    public let trace: TraceAssertion?
    /// Whether an `EventObserver` can be told of sends and receives.
    let isObservable: Bool
    package let code: CodeBox
    /// For each proctype: the code of `provided`, or -1.
    package let providedEntries: [Int]
    /// For each transition, and for the `provided` of each proctype: what all has to hold.
    let conditions: (ofTransitions: [[GuardCondition]], ofProctypes: [[GuardCondition]])
    /// For each proctype: the code that gives its locals their initial values.
    package let initialEntries: [Int]
    let globalInitialEntry: Int
    /// The `ltl` blocks and `never` claims of the program, in its order.
    let formulas: [FormulaCode]
    let neverClaims: [NeverClaimCode]
    /// All that the interpreter reads in its inner loop.
    private(set) var tables: ExecutionTables
}

/// Code is read-only once it is built, so it may be shared.
package final class CodeBox: @unchecked Sendable {
    package let code: Code
    init(_ code: Code) { self.code = code }
}

/// A program that is in order as a text, but from which no system can be built.
public struct SystemError: Error, Sendable {
    public var diagnostic: Diagnostic
}

extension System {
    /// Builds the system of a program.
    /// - Parameters:
    ///   - tracing: which of `Program.traceAssertions` moves with it, and is violated by a fault. Where it stands is
    ///     part of every state, so there are more states than without.
    ///   - termWidth: numbers of at least so many bits may be terms, for an engine that works with `TermArithmetic`; every
    ///     value of an `unsigned` that wide then takes eight bytes.
    ///   - isObservable: whether somebody is to be told of sends and receives, with `SuccessorGenerator.observe(with:)`.
    /// - Throws: `SystemError` if control can get lost in jumps, or a limit of `LayoutLimits` is exceeded.
    public init(_ program: Program, tracing: Int? = nil, termWidth: Int? = nil, isObservable: Bool = false) throws {
        let automata = try program.proctypes.map { try Self.automaton(of: $0) }
        let traced = tracing.map { program.traceAssertions[$0] }
        let usage = ModelUsage(program, tracing: traced)
        let traceAutomaton = try traced.map { try Self.automaton(of: $0) }
        try LayoutLimits.check(program, automata)
        if let traced, let traceAutomaton { try LayoutLimits.check(traced, traceAutomaton) }
        let locationCount = automata.map(\.locations.count).max() ?? 0
        let layout = StateLayout(
            program,
            options: .init(
                keepsLastPid: usage.usesLastPid, keepsPriorities: usage.usesPriorities,
                locationSize: locationCount <= 256 ? 1 : 2,
                traceLocationSize: traceAutomaton.map { $0.locations.count <= 256 ? 1 : 2 } ?? 0, termWidth: termWidth))
        if let largest = layout.processes.indices.max(by: { layout.processes[$0].size < layout.processes[$1].size }),
            layout.maximumSize > LayoutLimits.vectorBytes
        {
            throw SystemError(
                diagnostic: Diagnostic(
                    .error, .stateTooLarge,
                    "a state with 255 processes could take \(layout.maximumSize >> 20) MiB, more than the limit of \(LayoutLimits.vectorBytes >> 20) MiB",
                    at: program.proctypes[largest].span, hint: "make its arrays and channels smaller"))
        }
        self.program = program
        self.automata = automata
        self.layout = layout
        self.isObservable = isObservable
        usesPriorities = usage.usesPriorities

        var code = Code()
        let locationOfLabel = automata.map(\.locationOfLabel)
        var transitions: [Transition] = []
        var outgoing: [[Range<Int>]] = []
        var providedEntries: [Int] = []
        var initialEntries: [Int] = []
        /// Takes the code out of `code`, so that it is not copied when it grows.
        func compiler(_ proctype: Int?) -> ExpressionCompiler {
            let builder = CodeBuilder(code)
            code = Code()
            return ExpressionCompiler(
                program: program, layout: layout, locationOfLabel: locationOfLabel, proctype: proctype,
                emitsEvents: traced != nil || isObservable, builder: builder)
        }
        for (index, automaton) in automata.enumerated() {
            var ranges: [Range<Int>] = []
            for (source, location) in automaton.locations.enumerated() {
                let start = transitions.count
                for edge in location.edges {
                    var own = compiler(index)
                    transitions.append(
                        own.transition(for: edge, from: source, proctype: index, automaton: automaton))
                    code = own.builder.code
                    guard code.registerCount <= LayoutLimits.registers else {
                        throw SystemError(
                            diagnostic: Diagnostic(
                                .error, .statementTooLong,
                                "this statement has more values than can be worked with at once", at: edge.span,
                                hint: "split it into several statements"))
                    }
                }
                ranges.append(start..<transitions.count)
            }
            outgoing.append(ranges)

            let proctype = program.proctypes[index]
            if let provided = proctype.provided {
                var own = compiler(index)
                providedEntries.append(own.condition(provided))
                code = own.builder.code
            } else {
                providedEntries.append(-1)
            }
            var own = compiler(index)
            initialEntries.append(own.builder.position)
            own.emitInitialValues(of: proctype.locals, firstIndex: 0, isGlobal: false)
            own.builder.emit(.finish)
            code = own.builder.code
        }
        var own = compiler(nil)
        globalInitialEntry = own.builder.position
        own.emitInitialValues(of: program.globals, firstIndex: 0, isGlobal: true)
        own.builder.emit(.finish)
        if let traced, let traceAutomaton {
            trace = TraceAssertion(traced, traceAutomaton, with: &own)
        } else {
            trace = nil
        }
        code = own.builder.code

        func conditions(_ proctype: Int, _ expression: Expression?) -> [GuardCondition] {
            (expression?.conjuncts ?? []).map { conjunct in
                var own = compiler(proctype)
                let condition = GuardCondition(expression: conjunct, entry: own.condition(conjunct))
                code = own.builder.code
                return condition
            }
        }
        self.conditions = (
            transitions.map { conditions($0.proctype, $0.action.condition(in: automata[$0.proctype])) },
            program.proctypes.enumerated().map { conditions($0.offset, $0.element.provided) }
        )

        formulas = program.formulas.map { formula in
            var propositions = PropositionTable()
            let linear = LinearFormula(formula.root, of: program, propositions: &propositions)
            let entries = propositions.expressions.map { expression in
                var own = compiler(nil)
                let entry = own.condition(expression)
                code = own.builder.code
                return entry
            }
            return FormulaCode(formula: linear, propositions: propositions, entries: entries)
        }
        neverClaims = try program.neverClaims.map { claim in
            let automaton = try Self.automaton(of: claim)
            let outgoing = automaton.locations.enumerated().map { source, location in
                location.edges.map { edge in
                    var own = compiler(nil)
                    let transition = own.transition(for: edge, from: source, proctype: -1, automaton: automaton)
                    code = own.builder.code
                    return transition
                }
            }
            return NeverClaimCode(automaton: automaton, outgoing: outgoing)
        }
        self.transitions = transitions
        self.outgoing = outgoing
        self.providedEntries = providedEntries
        self.initialEntries = initialEntries
        self.code = CodeBox(code)
        tables = ExecutionTables(
            code: code, layout: layout, automata: automata, transitions: transitions, outgoing: outgoing,
            providedEntries: providedEntries, initialEntries: initialEntries, usesPriorities: usage.usesPriorities)
    }
}

extension System {
    /// Whether it is this very system, not one like it.
    package func isSame(as other: System) -> Bool { tables === other.tables }

    /// The same system with other transitions, as many for each location.
    func replacing(_ transitions: [Transition]) -> System {
        var result = self
        result.transitions = transitions
        result.tables = ExecutionTables(
            code: code.code, layout: layout, automata: automata, transitions: transitions, outgoing: outgoing,
            providedEntries: providedEntries, initialEntries: initialEntries, usesPriorities: usesPriorities)
        return result
    }

    /// Where in the model a term was worked with; the whole model where that is not known.
    public func span(of place: TermPlace) -> Span {
        switch place {
        case .instruction(let position): code.code.arithmeticSites[position] ?? whole
        case .store(let site): code.code.storeSites.indices.contains(site) ? code.code.storeSites[site].source : whole
        case .transition(let index): transitions[index].span
        case .unknown: whole
        }
    }

    private var whole: Span { program.proctypes.first?.span ?? Span(file: FileID(0), start: 0, end: 0) }

    /// Whether what the `select` of a transition chooses is a number without a sign.
    public func choosesUnsigned(_ transition: Int) -> Bool { chosenType(of: transition).isWide }

    /// The type of what a `select` chooses for.
    func chosenType(of transition: Int) -> ScalarType {
        if case .statement(let statement) = transitions[transition].action, case .select(let place, _, _) = statement.kind,
            case .scalar(let type) = place.type
        {
            return type
        }
        return .int
    }

    /// - Throws: `SystemError` if control can get lost in jumps.
    private static func automaton(of proctype: Proctype) throws -> ControlFlowAutomaton {
        do {
            return try ControlFlowBuilder.build(proctype)
        } catch let error as ControlFlowError {
            throw SystemError(
                diagnostic: Diagnostic(
                    .error, .endlessJump, error.message, at: error.span,
                    hint: "put a statement, such as `skip`, between the label and the jump"))
        }
    }
}

extension ExpressionCompiler {
    /// Emits code that computes an expression, and returns its address.
    fileprivate mutating func condition(_ expression: Expression) -> Int {
        let entry = builder.position
        let register = value(expression)
        builder.emit(.finish, source: register)
        builder.release(to: register)
        return entry
    }

    fileprivate mutating func transition(
        for edge: ControlFlowAutomaton.Edge, from source: Int, proctype: Int, automaton: ControlFlowAutomaton
    ) -> System.Transition {
        var transition = System.Transition(
            kind: .ordinary, proctype: proctype, source: source, target: edge.target,
            keepsControl: edge.keepsControl, canReceive: false, escapeGroup: edge.escapeGroup, action: edge.action,
            span: edge.span, guardEntry: -1, effectEntry: -1)
        switch edge.action {
        case .skip: break
        case .otherwise: transition.kind = .otherwise
        case .end: transition.kind = .end
        case .statement(let statement):
            if case .select(let place, let from, let through) = statement.kind {
                transition.kind = .select
                // The bounds are left in the first two registers; the effect finds the value in the first.
                transition.guardEntry = builder.position
                let bounds = builder.allocate(2)
                emitValue(from, into: bounds)
                emitValue(through, into: bounds + 1)
                builder.emit(.finish)
                transition.effectEntry = builder.position
                emitStore(bounds, to: place)
                builder.emit(.finish)
                return transition
            }
            transition.canReceive = statement.isReceive
            let entry = builder.position
            let register = builder.allocate()
            if emitGuard(of: statement, into: register) {
                builder.emit(.finish, source: register)
                transition.guardEntry = entry
            }
            builder.release(to: register)
            let effect = builder.position
            if emitEffect(of: statement) {
                builder.emit(.finish)
                transition.effectEntry = effect
            }
        case .deterministicStep(let index):
            let step = automaton.deterministicSteps[index]
            transition.canReceive = DeterministicStepCompiler.canReceive(step)
            transition.guardEntry = builder.position
            let register = builder.allocate()
            DeterministicStepCompiler.emitGuard(of: step, into: register, with: &self)
            builder.emit(.finish, source: register)
            builder.release(to: register)
            transition.effectEntry = builder.position
            DeterministicStepCompiler.emitEffect(of: step, with: &self)
        }
        return transition
    }
}
