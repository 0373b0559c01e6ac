import CZ3

/// Z3, asked one question after another about a growing and shrinking set of assertions.
///
/// Each solver has a context of its own, and so have its terms: a solver and its terms belong to one thread.
public final class Solver {
    /// What kind of questions will be asked: Z3 is faster where it knows.
    public enum Logic: String, Sendable {
        /// Bit vectors and truth values only, as circuits. Fast on few hard questions; of each question inside a `push`, Z3
        /// keeps about a kilobyte for as long as the solver lives.
        case bitVectors = "QF_BV"
        /// Anything. Keeps nothing of questions past.
        case all = "ALL"
    }

    let context: SolverContext
    private let raw: Z3_solver
    private let signal = StopSignal.current
    private lazy var watchdog = Watchdog(context, signal: signal)
    /// How many milliseconds Z3 may think about one question; nil for as long as it likes.
    public var timeLimit: Int?
    /// What was asked so far.
    public private(set) var statistics = SolverStatistics()
    /// How many times `push` was called that no `pop` undid.
    public private(set) var depth = 0

    /// - Parameter timeLimit: milliseconds for each question.
    public convenience init(_ logic: Logic = .all, timeLimit: Int? = nil) {
        self.init(logic, in: SolverContext(), timeLimit)
    }

    /// A solver of its own for the terms of another.
    convenience init(_ logic: Logic, sharingTermsOf other: Solver, timeLimit: Int?) {
        self.init(logic, in: other.context, timeLimit)
    }

    private init(_ logic: Logic, in context: SolverContext, _ timeLimit: Int?) {
        self.context = context
        self.timeLimit = timeLimit
        // Not the solver that Z3 would choose: that one tries one tactic after the other, with a timer that can lock up.
        let made =
            switch logic {
            case .all: Z3_mk_simple_solver(context.raw)
            case .bitVectors:
                Z3_mk_solver_for_logic(context.raw, Z3_mk_string_symbol(context.raw, logic.rawValue))
            }
        guard let made else { preconditionFailure("Z3 could not be set up: \(context.error?.message ?? "")") }
        raw = made
        Z3_solver_inc_ref(context.raw, raw)
        // While it thinks, Z3 would take Ctrl-C for itself.
        setParameter("ctrl_c") { Z3_params_set_bool($0, $1, $2, false) }
        if logic == .bitVectors {
            setParameter("solver2_unknown") { Z3_params_set_uint($0, $1, $2, 0) }
            // Inside a push, the incremental half of the solver is used, and no tactic.
            Z3_solver_push(context.raw, raw)
        }
    }

    private func setParameter(_ name: String, _ set: (Z3_context?, Z3_params?, Z3_symbol?) -> Void) {
        let parameters = Z3_mk_params(context.raw)
        Z3_params_inc_ref(context.raw, parameters)
        defer { Z3_params_dec_ref(context.raw, parameters) }
        set(context.raw, parameters, Z3_mk_string_symbol(context.raw, name))
        Z3_solver_set_params(context.raw, raw, parameters)
        requireSuccess()
    }

    deinit { Z3_solver_dec_ref(context.raw, raw) }

    // MARK: Assertions

    /// Demands that a term holds, until a `pop` takes it back.
    public func assert(_ term: Term) {
        precondition(term.context === context, "terms of different solvers do not mix")
        Z3_solver_assert(context.raw, raw, term.ast)
        requireSuccess()
    }

    /// Remembers what is asserted, for `pop` to return to.
    public func push() {
        Z3_solver_push(context.raw, raw)
        requireSuccess()
        depth += 1
    }

    /// Forgets what was asserted since as many calls of `push`.
    public func pop(_ count: Int = 1) {
        precondition(count <= depth, "there is no push to return to")
        Z3_solver_pop(context.raw, raw, UInt32(count))
        requireSuccess()
        depth -= count
    }

    /// Does something, and forgets what it asserted.
    public func scoped<Result>(_ body: () throws -> Result) rethrows -> Result {
        push()
        defer { pop() }
        return try body()
    }

    private func requireSuccess() {
        if let error = context.error { preconditionFailure(error.description) }
    }

    // MARK: Questions

    /// Whether some values make true all that is asserted, and the assumptions too.
    public func check(assuming assumptions: [Term] = []) -> Answer {
        let operands: [Z3_ast?] = assumptions.map(\.ast)
        return measured {
            let result =
                operands.isEmpty
                ? Z3_solver_check(context.raw, raw)
                : Z3_solver_check_assumptions(context.raw, raw, UInt32(operands.count), operands)
            return (result, { [context, raw] in Z3_solver_get_reason_unknown(context.raw, raw) })
        }
    }

    /// Asks Z3 something, within the time limit.
    /// - Parameter ask: gives Z3's answer, and a way to ask why there is none.
    func measured(_ ask: () -> (Z3_lbool, reason: () -> Z3_string?)) -> Answer {
        let start = ContinuousClock.now
        watchdog.arm(milliseconds: timeLimit)
        let (result, reason) = ask()
        let failure = context.error
        let isLate = watchdog.disarm()
        statistics.queries += 1
        statistics.seconds += (ContinuousClock.now - start) / .seconds(1)
        switch result {
        // An answer that came as the time ran out is of no use: Z3 would refuse to give its model.
        case _ where isLate: break
        case Z3_L_TRUE where failure == nil: return .satisfiable
        case Z3_L_FALSE where failure == nil: return .unsatisfiable
        default: break
        }
        statistics.unknowns += 1
        if isLate {
            forgetInterrupt()
            return .unknown(reasonForInterrupt)
        }
        return .unknown(failure?.message ?? reason().map { String(cString: $0) } ?? "no reason given")
    }

    /// Whether somebody has asked for the end.
    var isStopped: Bool { signal?.isGiven == true }

    /// Why the watchdog interrupted Z3, in words.
    private var reasonForInterrupt: String {
        if isStopped { return "interrupted" }
        return "the time limit of \(timeLimit ?? 0) ms was reached"
    }

    /// Lets Z3 forget an interrupt that came when the question was answered already: it would refuse whatever comes next,
    /// until another question is asked.
    func forgetInterrupt() {
        guard let empty = Z3_mk_simple_solver(context.raw) else { return }
        Z3_solver_inc_ref(context.raw, empty)
        _ = Z3_solver_check(context.raw, empty)
        Z3_solver_dec_ref(context.raw, empty)
    }

    /// Values that make everything true.
    /// - Throws: `SolverError` unless the last answer was `satisfiable`.
    public func model() throws -> Model {
        guard let model = Z3_solver_get_model(context.raw, raw) else {
            throw context.error ?? SolverError(message: "there is no model")
        }
        return Model(model, context)
    }

    /// Some of the assumptions that cannot all hold; the last answer was `unsatisfiable`.
    /// - Throws: `SolverError` if Z3 kept none.
    public func conflictingAssumptions() throws -> [Term] {
        guard let core = Z3_solver_get_unsat_core(context.raw, raw) else {
            throw context.error ?? SolverError(message: "there is no conflict")
        }
        Z3_ast_vector_inc_ref(context.raw, core)
        defer { Z3_ast_vector_dec_ref(context.raw, core) }
        return (0..<Z3_ast_vector_size(context.raw, core)).map {
            context.term(Z3_ast_vector_get(context.raw, core, $0), .boolean)
        }
    }
}
