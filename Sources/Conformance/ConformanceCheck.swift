import Automata
import Exploration
import Promela
import Symbolic
import Traces

/// Finds out whether a log is a behaviour of a model.
public struct ConformanceCheck {
    /// What came of it.
    public enum Result: Sendable {
        /// Some behaviour of the model begins as the log says.
        case conforms
        case diverges(Divergence)
        /// Nothing is known of the log beyond its first events.
        case stopped(after: Int, Limit)
    }

    /// Where a log ceases to be a behaviour of the model.
    public struct Divergence: Sendable {
        /// So many events of the log, of those that the model has, are the beginning of a behaviour.
        public var matched: Int
        /// The line that cannot come next.
        public var line: EventLog.Line
        /// The same in the model's terms.
        public var expected: String
        /// What could come next.
        public var alternatives: [Alternative]
        /// Where each process can stand then, and what it waits for: in one of the states in which the model can be.
        public var waits: [Trace.Wait]
    }

    /// What a model could do in place of what a log says.
    public struct Alternative: Hashable, Sendable {
        /// The send or the receive, with the message.
        public var text: String
        /// Why it is not what the log says, where it is nearly that.
        public var differences: [String]
        public var location: SourceLocation

        /// How much it is unlike what the log says: what is nearly that comes first.
        fileprivate var distance: Int { differences.isEmpty ? .max : differences.count }
    }

    private let system: System
    private let translation: LogTranslation

    /// The events that are looked at: those lines of the log that are something in the model.
    private let events: ArraySlice<LogTranslation.Event>

    /// - Parameter count: how many events to look at; nil for all.
    /// - Throws: `ConformanceError`, or `SystemError` if no system can be built of the model.
    public init(_ program: Program, _ log: EventLog, firstEvents count: Int? = nil) throws {
        system = try ObservedSearch.system(of: program)
        translation = try LogTranslation(log, rules: ObservationRules(in: program.sources), system: system)
        events = translation.events.prefix(count ?? .max)
    }

    /// How many events are looked at.
    public var eventCount: Int { events.count }

    /// - Parameters:
    ///   - memoryLimit: bytes that the states may take: those after one event and the next, if all have to be searched.
    ///   - monitor: told from time to time; false ends the search.
    /// - Throws: `UnsupportedModel`.
    public func run(
        memoryLimit: Int = 1 << 30, monitor: @escaping (ObservedSearch.Progress) -> Bool = { _ in true }
    ) throws -> (result: Result, progress: ObservedSearch.Progress) {
        let search = ObservedSearch(system, sends: translation.sends, receives: translation.receives, memoryLimit: memoryLimit)
        let result: Result
        switch try search.run(events.map(\.observation), monitor: monitor) {
        case .matched: result = .conforms
        case .stopped(let count, let limit): result = .stopped(after: count, limit)
        case .diverged(let divergence): result = .diverges(explained(divergence))
        }
        return (result, search.progress)
    }

    private func explained(_ divergence: ObservedOutcome.Divergence) -> Divergence {
        let event = events[divergence.matched]
        let alternatives = divergence.moves.map { alternative($0, to: event) }.uniqued()
        return Divergence(
            matched: divergence.matched, line: event.line, expected: text(of: event.observation),
            alternatives: alternatives.sorted { ($0.distance, $0.text) < ($1.distance, $1.text) },
            waits: divergence.state.map(waits) ?? [])
    }

    private func waits(in state: [UInt8]) -> [Trace.Wait] {
        let locations = state.withUnsafeBytes { StateReader(system).snapshot($0) }.processes.map(\.location)
        return WaitExplanation(system: system, state: StateDescriber(system).state(state)).waits(at: locations, includesEnds: true)
    }

    // MARK: Words

    private func text(of observation: Observation) -> String {
        let channel = observation.channels.sorted().map { translation.names.name(ofChannel: $0) }.joined(separator: " or ")
        return operation(channel, observation.isSend, observation.channels.min(), observation.fields.map { $0.map { $0...$0 } })
    }

    private func alternative(_ move: ObservedMove, to event: LogTranslation.Event) -> Alternative {
        let types = fieldTypes(ofChannel: move.channel)
        let differences = move.mismatches.compactMap { mismatch -> String? in
            switch mismatch {
            case .operation: return nil
            case .field(let index, let range):
                let seen = event.observation.fields[index].map { translation.names.text(of: $0, as: types[index]) } ?? "_"
                return "\(event.fields[index] ?? "field \(index + 1)") is \(words(range, types[index])), not \(seen)"
            case .reading(let index, let range):
                return "\(event.readings[index]) is \(words(range, nil)), not \(event.observation.readings[index].value)"
            case .combination: return "what the log says of it cannot be true together"
            }
        }
        return Alternative(
            text: operation(translation.names.name(ofChannel: move.channel), move.isSend, move.channel, move.fields),
            differences: differences, location: WrittenText.location(of: move.span, in: system.program.sources))
    }

    private func fieldTypes(ofChannel number: Int) -> [ScalarType] {
        system.layout.channelTypes[system.layout.globalChannels[number - 1].type].types
    }

    private func operation(_ channel: String, _ isSend: Bool, _ number: Int?, _ fields: [ClosedRange<Int128>?]) -> String {
        let types = number.map { fieldTypes(ofChannel: $0) } ?? []
        let texts = zip(fields, types).map { range, type in range.map { words($0, type) } ?? "_" }
        var message = texts.joined(separator: ", ")
        if let first = texts.first, case .mtype? = types.first, texts.count > 1 {
            message = "\(first)(\(texts.dropFirst().joined(separator: ", ")))"
        }
        return channel + (isSend ? "!" : "?") + message
    }

    private func words(_ range: ClosedRange<Int128>, _ type: ScalarType?) -> String {
        func text(_ number: Int128) -> String { type.map { translation.names.text(of: number, as: $0) } ?? "\(number)" }
        return range.lowerBound == range.upperBound ? text(range.lowerBound) : "\(text(range.lowerBound)) to \(text(range.upperBound))"
    }
}

extension Array where Element: Hashable {
    /// Each element once, where it comes first.
    fileprivate func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
