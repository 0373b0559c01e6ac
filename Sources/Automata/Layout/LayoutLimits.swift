import Promela

/// What a model must not exceed, found without laying anything out: arrays of arrays grow beyond any number, and their
/// elements beyond any time to count them.
struct LayoutLimits {
    /// A state of 64 MiB is out of reach of any search.
    static let bytes = 64 << 20
    /// Room is set aside for the largest state that there could be.
    static let vectorBytes = 1 << 30
    static let channels = 255
    /// The length of a message is one byte of an instruction.
    static let fields = 255
    /// An instruction names a register in two bytes.
    static let registers = 65_536
    /// Locations are kept in two bytes at most, types of processes in one.
    static let locations = 65_536
    static let proctypes = 256

    /// Bytes and channels of something, exact as long as they are within the limits.
    private struct Demand {
        var bytes = 0
        var channels = 0

        static func + (one: Demand, other: Demand) -> Demand {
            Demand(bytes: one.bytes + other.bytes, channels: one.channels + other.channels).capped
        }

        static func * (one: Demand, count: Int) -> Demand {
            // Both are far below the square root of the largest integer.
            Demand(bytes: one.bytes * count, channels: one.channels * count).capped
        }

        private var capped: Demand { Demand(bytes: min(bytes, 1 << 30), channels: min(channels, 1 << 20)) }
    }

    private var records: [Demand] = []

    /// - Throws: `SystemError` if the model exceeds a limit.
    static func check(_ program: Program, _ automata: [ControlFlowAutomaton]) throws {
        var limits = LayoutLimits()
        for record in program.records {
            limits.records.append(record.fields.reduce(Demand()) { $0 + limits.demand(of: $1) })
        }
        for record in program.records { try checkMessages(of: record.fields) }
        try limits.check(program.globals, "the variables of the model")
        for (proctype, automaton) in zip(program.proctypes, automata) {
            try limits.check(proctype.locals, "the variables of `\(proctype.name)`")
            try check(proctype, automaton)
        }
        if program.proctypes.count > Self.proctypes {
            throw SystemError(
                diagnostic: Diagnostic(
                    .error, .tooManyProctypes,
                    "this model has \(program.proctypes.count) types of processes; \(Self.proctypes) are possible",
                    at: program.proctypes[Self.proctypes].span, hint: "give one type parameters instead"))
        }
    }

    /// - Throws: `SystemError` if there are more places than a location can name.
    static func check(_ proctype: Proctype, _ automaton: ControlFlowAutomaton) throws {
        guard automaton.locations.count > Self.locations else { return }
        throw SystemError(
            diagnostic: Diagnostic(
                .error, .processTooLong,
                "`\(proctype.name)` has \(automaton.locations.count) places to stand at; \(Self.locations) are possible",
                at: proctype.span, hint: "split it into several processes"))
    }

    private static func checkMessages(of variables: [Variable]) throws {
        for variable in variables {
            guard case .channel(_, let fields)? = variable.initializer, fields.count > Self.fields else { continue }
            throw SystemError(
                diagnostic: Diagnostic(
                    .error, .messageTooLong, "messages of \(fields.count) fields are not possible", at: variable.span,
                    hint: "at most \(Self.fields); keep the rest in a variable that both sides see"))
        }
    }

    private func check(_ variables: [Variable], _ description: String) throws {
        try Self.checkMessages(of: variables)
        let demands = variables.map { demand(of: $0) }
        let total = demands.reduce(Demand()) { $0 + $1 }
        func largest(_ size: (Demand) -> Int) -> Span? {
            zip(variables, demands).max { size($0.1) < size($1.1) }?.0.span
        }
        if total.bytes > Self.bytes, let span = largest(\.bytes) {
            throw SystemError(
                diagnostic: Diagnostic(
                    .error, .stateTooLarge, "\(description) take more than the limit of \(Self.bytes >> 20) MiB", at: span,
                    hint: "make the arrays and channels smaller"))
        }
        if total.channels > Self.channels, let span = largest(\.channels) {
            throw SystemError(
                diagnostic: Diagnostic(
                    .error, .tooManyChannels, "\(description) create more than \(Self.channels) channels", at: span))
        }
    }

    private func demand(of variable: Variable) -> Demand {
        let one: Demand
        switch variable.type {
        case .record(let index): one = records[index]
        case .scalar(let type):
            var single = Demand(bytes: Storage.size(of: Storage.form(of: type, termWidth: nil)))
            if case .channel(let capacity, let fields)? = variable.initializer {
                let channel = StateLayout.ChannelType(capacity: capacity, scalarTypes: fields, termWidth: nil)
                single = single + Demand(bytes: min(channel.size, 1 << 30), channels: 1)
            }
            one = single
        }
        return one * (variable.count ?? 1)
    }
}
