/// What the inner loop has to know of a transition.
struct TransitionRecord {
    var kind: System.Transition.Kind
    var keepsControl: Bool
    var canReceive: Bool
    var isSend: Bool
    /// Whether the guard is one comparison of a byte with a constant, and so need not be run as code.
    var hasByteGuard: Bool
    var target: Int32
    var escapeGroup: Int32
    /// Addresses of code, or -1.
    var guardEntry: Int32
    var effectEntry: Int32
}

/// A location of a process type: the transitions that leave it.
struct LocationRecord {
    var first: Int32
    var end: Int32
    var isEnd: Bool
    var isProgress: Bool
    var isAccept: Bool
}

/// A process type.
struct ProcessRecord {
    /// Bytes of its block.
    var size: Int
    /// Where its locations and its channels start in their tables.
    var firstLocation: Int
    var initialLocation: Int
    var firstChannel: Int
    var channelCount: Int
    /// Addresses of code; -1 for no `provided`.
    var providedEntry: Int
    var initialEntry: Int
}

/// A channel that the globals or a process type declare.
struct ChannelRecord {
    var type: Int
    var offset: Int
}

/// A kind of channel.
struct ChannelTypeRecord {
    var capacity: Int
    var countSize: Int
    var messageSize: Int
    var firstField: Int
    var fieldCount: Int

    var isRendezvous: Bool { capacity == 0 }
}

/// What a receive looks for: `ReceivePattern` with its matches in a table.
struct PatternRecord {
    var firstMatch: Int
    var matchCount: Int
    var fieldCount: Int
    var isRandom: Bool
    var keepsMessage: Bool
}

/// A field of a message that must equal a register.
struct MatchRecord {
    var field: Int
    var register: Int
}

/// What a check of an index needs to know.
struct ArrayBounds {
    var count: Int64
    var stride: Int64
}

/// Everything that the inner loop reads of a system, as plain records in flat tables. Arrays of structs with references in
/// them would have their elements retained and released on each access.
///
/// The tables never change once they are made, so threads may share them.
final class ExecutionTables: @unchecked Sendable {
    let instructions: FlatTable<Instruction>
    let transitions: FlatTable<TransitionRecord>
    let locations: FlatTable<LocationRecord>
    let processes: FlatTable<ProcessRecord>
    /// The channels of the process types, one type after the other.
    let channels: FlatTable<ChannelRecord>
    let channelTypes: FlatTable<ChannelTypeRecord>
    /// The fields of messages, one channel type after the other.
    let fields: FlatTable<Storage>
    let patterns: FlatTable<PatternRecord>
    let matches: FlatTable<MatchRecord>
    let arrays: FlatTable<ArrayBounds>
    /// The most fields that a message has.
    let messageFieldLimit: Int
    /// Whether a process may be kept from moving by more than its guards: by `provided` or by priorities.
    let restrictsMoves: Bool

    init(
        code: Code, layout: StateLayout, automata: [ControlFlowAutomaton], transitions: [System.Transition],
        outgoing: [[Range<Int>]], providedEntries: [Int], initialEntries: [Int], usesPriorities: Bool
    ) {
        instructions = FlatTable(code.instructions)
        self.transitions = FlatTable(transitions.map { TransitionRecord($0, code: code) })
        var locations: [LocationRecord] = []
        var channels: [ChannelRecord] = []
        var processes: [ProcessRecord] = []
        for (index, process) in layout.processes.enumerated() {
            processes.append(
                ProcessRecord(
                    size: process.size, firstLocation: locations.count, initialLocation: automata[index].initial,
                    firstChannel: channels.count, channelCount: process.channels.count,
                    providedEntry: providedEntries[index], initialEntry: initialEntries[index]))
            for (range, location) in zip(outgoing[index], automata[index].locations) {
                locations.append(
                    LocationRecord(
                        first: Int32(range.lowerBound), end: Int32(range.upperBound), isEnd: location.isEnd,
                        isProgress: location.isProgress, isAccept: location.isAccept))
            }
            channels += process.channels.map { ChannelRecord(type: $0.type, offset: $0.offset) }
        }
        self.locations = FlatTable(locations)
        self.processes = FlatTable(processes)
        self.channels = FlatTable(channels)
        var fields: [Storage] = []
        var channelTypes: [ChannelTypeRecord] = []
        for type in layout.channelTypes {
            channelTypes.append(
                ChannelTypeRecord(
                    capacity: type.capacity, countSize: type.countSize, messageSize: type.messageSize,
                    firstField: fields.count, fieldCount: type.fields.count))
            fields += type.fields
        }
        self.channelTypes = FlatTable(channelTypes)
        self.fields = FlatTable(fields)
        var matches: [MatchRecord] = []
        var patterns: [PatternRecord] = []
        for pattern in code.patterns {
            patterns.append(
                PatternRecord(
                    firstMatch: matches.count, matchCount: pattern.matches.count, fieldCount: pattern.fieldCount,
                    isRandom: pattern.isRandom, keepsMessage: pattern.keepsMessage))
            matches += pattern.matches.map { MatchRecord(field: $0.field, register: $0.register) }
        }
        self.patterns = FlatTable(patterns)
        self.matches = FlatTable(matches)
        arrays = FlatTable(code.arraySites.map { ArrayBounds(count: $0.count, stride: $0.stride) })
        messageFieldLimit = layout.channelTypes.map(\.fields.count).max() ?? 0
        restrictsMoves = usesPriorities || providedEntries.contains { $0 >= 0 }
    }

    deinit {
        instructions.deallocate()
        transitions.deallocate()
        locations.deallocate()
        processes.deallocate()
        channels.deallocate()
        channelTypes.deallocate()
        fields.deallocate()
        patterns.deallocate()
        matches.deallocate()
        arrays.deallocate()
    }
}

extension TransitionRecord {
    init(_ transition: System.Transition, code: Code) {
        var isSend = false
        if case .statement(let statement) = transition.action { isSend = statement.isSend }
        var hasByteGuard = false
        let entry = transition.guardEntry
        if entry >= 0, entry + 1 < code.instructions.count {
            let (test, end) = (code.instructions[entry], code.instructions[entry + 1])
            hasByteGuard = test.operation.comparesByte && end.operation == .finish && end.source == test.target
        }
        self.init(
            kind: transition.kind, keepsControl: transition.keepsControl, canReceive: transition.canReceive,
            isSend: isSend, hasByteGuard: hasByteGuard, target: Int32(transition.target),
            escapeGroup: Int32(transition.escapeGroup), guardEntry: Int32(transition.guardEntry),
            effectEntry: Int32(transition.effectEntry))
    }
}
