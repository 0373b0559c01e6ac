import Promela

/// The state vector: a header, the globals, the global channels, and one block for each process in the order of their pids.
/// A block holds the process type, the location, the locals, and the channels that the process declared.
///
/// Blocks have the size of their process type, so everything is found by walking over the blocks; where processes come and
/// go, the vector grows and shrinks at its end.
public struct StateLayout: Sendable {
    /// One kind of channel: its capacity and the form of its messages.
    public struct ChannelType: Hashable, Sendable {
        /// Zero for a rendezvous channel, which takes no room in the vector.
        public var capacity: Int
        public var fields: [Storage]
        public var types: [ScalarType]
        /// Bytes of one message.
        public var messageSize: Int

        /// Bytes of the message count.
        public var countSize: Int { capacity == 0 ? 0 : capacity < 256 ? 1 : 2 }
        /// Bytes in the vector.
        public var size: Int { countSize + capacity * messageSize }
        public var isRendezvous: Bool { capacity == 0 }
    }

    /// A channel declared by a global or a local, and where it lies in its section.
    public struct ChannelDeclaration: Sendable {
        /// An index into `channelTypes`.
        public var type: Int
        /// Bytes from the start of the section that holds it.
        public var offset: Int
        /// The variable that declares it, and which element of it.
        public var variable: Int
        public var element: Int
    }

    public struct ProcessLayout: Sendable {
        public var locals: SectionLayout
        /// The scalars of the parameters, in the order of the arguments of `run`.
        package var parameters: [Storage]
        public var channels: [ChannelDeclaration]
        /// Bytes of the block, channels included.
        public var size: Int
    }

    /// What a state vector holds besides variables, channels and process types.
    public struct Options: Sendable {
        /// `_last` is asked for.
        public var keepsLastPid: Bool
        /// Processes have priorities.
        public var keepsPriorities: Bool
        /// Bytes of a location: one or two.
        public var locationSize: Int
        /// Bytes of the location of a `trace` or `notrace` assertion: one or two, or none where there is none to check.
        public var traceLocationSize = 0
        /// Numbers of at least so many bits may be terms; nil if none may.
        public var termWidth: Int?

        /// Bytes in front of the globals.
        var headerSize: Int { traceLocationOffset + traceLocationSize }
        var traceLocationOffset: Int { keepsLastPid ? 2 : 1 }
        /// Bytes in front of the locals.
        var processHeaderSize: Int { 1 + locationSize + (keepsPriorities ? 1 : 0) }
    }

    /// The number of processes is the first byte of the vector, the type of a process the first of its block.
    static let processCountOffset = 0
    package static let lastPidOffset = 1
    package static let locationOffset = 1

    public let options: Options
    var priorityOffset: Int { 1 + options.locationSize }

    public var records: [SectionLayout]
    public var globals: SectionLayout
    /// Bytes of `hidden` variables: they are not part of a state, so every state has their initial values.
    public var hiddenBytes: [Range<Int>]
    public var channelTypes: [ChannelType]
    public var globalChannels: [ChannelDeclaration]
    public var processes: [ProcessLayout]
    /// Where the first process block starts.
    public var processesOffset: Int
    /// The most bytes that a state vector can take.
    public var maximumSize: Int

    init(_ program: Program, options: Options) {
        self.options = options
        var records: [SectionLayout] = []
        for record in program.records {
            records.append(
                SectionLayout(record.fields, records: records, start: 0, packsBits: false, termWidth: options.termWidth))
        }
        self.records = records
        channelTypes = []
        globals = SectionLayout(
            program.globals, records: records, start: options.headerSize, packsBits: true, termWidth: options.termWidth)
        hiddenBytes = []
        for (index, variable) in program.globals.enumerated() where variable.visibility == .hidden {
            let slot = globals.slots[index]
            let bytes = slot.stride * (variable.count ?? 1)
            hiddenBytes.append(slot.storage.offset..<slot.storage.offset + bytes)
        }
        var offset = globals.size
        globalChannels = []
        globalChannels = Self.channels(
            of: program.globals, program: program, termWidth: options.termWidth, offset: &offset, types: &channelTypes)
        processesOffset = offset
        processes = []
        for proctype in program.proctypes {
            let locals = SectionLayout(
                proctype.locals, records: records, start: options.processHeaderSize, packsBits: true,
                termWidth: options.termWidth)
            var size = locals.size
            let channels = Self.channels(
                of: proctype.locals, program: program, termWidth: options.termWidth, offset: &size, types: &channelTypes)
            let parameters = locals.scalars(
                of: proctype.locals.prefix(proctype.parameterCount), base: 0, program, records)
            processes.append(
                ProcessLayout(locals: locals, parameters: parameters, channels: channels, size: size))
        }
        maximumSize = processesOffset + 255 * (processes.map(\.size).max() ?? 0)
    }

    /// Where the scalars of a local lie in the bytes of its process.
    func storages(ofLocal index: Int, of proctype: Int, in program: Program) -> [Storage] {
        SectionLayout(slots: [processes[proctype].locals.slots[index]], size: 0)
            .scalars(of: program.proctypes[proctype].locals[index...index], base: 0, program, records)
    }

    /// Whether a variable of this type may hold terms.
    public func mayHoldTerm(_ type: ScalarType) -> Bool { Storage.form(of: type, termWidth: options.termWidth).mayHoldTerm }

    /// The channels that variables declare, in order; records may hold channels too.
    private static func channels(
        of variables: [Variable], program: Program, termWidth: Int?, offset: inout Int, types: inout [ChannelType]
    ) -> [ChannelDeclaration] {
        var result: [ChannelDeclaration] = []
        for (index, variable) in variables.enumerated() where Self.hasChannels(variable, program) {
            var element = 0
            for _ in 0..<(variable.count ?? 1) {
                appendChannels(
                    of: variable, variableIndex: index, element: &element, program: program, termWidth: termWidth, offset: &offset,
                    types: &types, to: &result)
            }
        }
        return result
    }

    /// Whether to look for channels in a variable: the elements of large arrays are not worth the time.
    private static func hasChannels(_ variable: Variable, _ program: Program) -> Bool {
        switch variable.type {
        case .record(let record): program.records[record].fields.contains { hasChannels($0, program) }
        case .scalar(let type): type == .chan
        }
    }

    private static func appendChannels(
        of variable: Variable, variableIndex: Int, element: inout Int, program: Program, termWidth: Int?, offset: inout Int,
        types: inout [ChannelType], to result: inout [ChannelDeclaration]
    ) {
        switch variable.type {
        case .record(let record):
            for field in program.records[record].fields where Self.hasChannels(field, program) {
                for _ in 0..<(field.count ?? 1) {
                    appendChannels(
                        of: field, variableIndex: variableIndex, element: &element, program: program,
                        termWidth: termWidth, offset: &offset, types: &types, to: &result)
                }
            }
        case .scalar:
            guard case .channel(let capacity, let fields)? = variable.initializer else { return }
            let type = ChannelType(capacity: capacity, scalarTypes: fields, termWidth: termWidth)
            let typeIndex: Int
            if let known = types.firstIndex(of: type) {
                typeIndex = known
            } else {
                typeIndex = types.count
                types.append(type)
            }
            result.append(
                ChannelDeclaration(type: typeIndex, offset: offset, variable: variableIndex, element: element))
            element += 1
            offset += type.size
        }
    }
}

extension StateLayout.ChannelType {
    init(capacity: Int, scalarTypes: [ScalarType], termWidth: Int?) {
        self.capacity = capacity
        types = scalarTypes
        fields = []
        var offset = 0
        for type in scalarTypes {
            let form = Storage.form(of: type, termWidth: termWidth)
            // As in Spin's verifier, a bit that is the only field of a message has a byte to itself, and keeps all of it.
            let width = scalarTypes.count == 1 ? max(8, type.width) : type.width
            fields.append(Storage(form: form, offset: offset, shift: 0, width: width))
            offset += Storage.size(of: form)
        }
        messageSize = offset
    }
}
