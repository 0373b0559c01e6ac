import Promela

/// Numbers for all that processes can do to each other: a tag stands for one way to use one part of a state.
///
/// What a transition does is a set of tags, and so is what it minds: two transitions depend on each other where one does what
/// the other minds. So a send and a receive on the same buffered channel are independent, though each writes the channel.
/// It is read for every part of every transition, and so is passed around as a reference.
final class TagTable: Sendable {
    /// The ways to use a channel.
    enum ChannelUse: Int, CaseIterable {
        case send, receive, test
        /// The two sides of a rendezvous.
        case offer, accept
    }

    /// A part of a process that others can see: a label that is a location, or a variable.
    enum Remote: Hashable {
        case location(proctype: Int, Int)
        case variable(proctype: Int, Int)
    }

    /// Arrays with more parts are one cell.
    private static let cellLimit = 256
    private static let tagsPerCell = 3

    let program: Program
    let layout: StateLayout
    let locationOfLabel: [[Int?]]
    /// The first cell of each global, and whether it has but one.
    private let globals: [(first: Int, isWhole: Bool)]
    /// For each type of record, the cells of each of its fields, counted from its first one, and behind them how many they all are.
    private let fields: [[Int]]
    private let remotes: [Remote: Int]
    private let firstChannelTag: Int
    /// Globals that some statement stores into.
    let assignedGlobals: Set<Int>
    /// For each proctype, the locals that some statement stores into.
    let assignedLocals: [Set<Int>]
    let count: Int

    /// - Parameter observed: locations of processes that somebody looks at, besides those that the program itself names.
    init(_ system: System, observed: [Remote]) {
        let (program, usage) = (system.program, ReferenceUsage(system.program))
        self.program = program
        layout = system.layout
        locationOfLabel = system.automata.map(\.locationOfLabel)
        assignedGlobals = usage.assignedGlobals
        assignedLocals = usage.assignedLocals
        var fields: [[Int]] = []
        for record in program.records {
            // Types of records that it has are declared before it.
            fields.append(record.fields.reduce(into: [0]) { $0.append($0[$0.count - 1] + Self.cellCount($1, fields)) })
        }
        self.fields = fields
        var (globals, remotes, cells) = ([(first: Int, isWhole: Bool)](), [Remote: Int](), 0)
        for variable in program.globals {
            let size = Self.cellCount(variable, fields)
            globals.append((cells, size > Self.cellLimit))
            cells += size > Self.cellLimit ? 1 : size
        }
        let labels = usage.labels.compactMap { label in
            system.automata[label.proctype].locationOfLabel[label.label].map { Remote.location(proctype: label.proctype, $0) }
        }
        for remote in observed + labels + usage.variables where remotes[remote] == nil {
            remotes[remote] = cells
            cells += 1
        }
        (self.globals, self.remotes) = (globals, remotes)
        firstChannelTag = cells * Self.tagsPerCell
        count = firstChannelTag + (layout.globalChannels.count + 1) * ChannelUse.allCases.count + 3
    }

    // MARK: Tags

    func read(_ cell: Int) -> Int { cell * Self.tagsPerCell }
    func write(_ cell: Int) -> Int { cell * Self.tagsPerCell + 1 }
    /// A number is added to the value, whatever it is: in which order this is done makes no difference.
    func add(_ cell: Int) -> Int { cell * Self.tagsPerCell + 2 }
    func tag(_ use: ChannelUse, _ channel: Int) -> Int { firstChannelTag + channel * ChannelUse.allCases.count + use.rawValue }
    /// A process starts, one ends, and somebody counts them.
    var run: Int { count - 3 }
    var end: Int { count - 2 }
    var countProcesses: Int { count - 1 }

    /// Whether one offers a message on a channel where the other accepts one.
    func canMeet(_ one: Footprint, _ other: Footprint) -> Bool {
        (0...localChannels).contains { channel in
            let (offer, accept) = (tag(.offer, channel), tag(.accept, channel))
            return one.does.contains(offer) && other.does.contains(accept) || one.does.contains(accept) && other.does.contains(offer)
        }
    }

    /// All channels that processes declare count as one, behind the global ones.
    var localChannels: Int { layout.globalChannels.count }

    /// The kinds that a channel may be of.
    func types(of channel: Int) -> [StateLayout.ChannelType] {
        channel < localChannels
            ? [layout.channelTypes[layout.globalChannels[channel].type]]
            : layout.processes.flatMap(\.channels).map { layout.channelTypes[$0.type] }
    }

    // MARK: Cells

    /// The cell of a part of a process that others look at; nil if nobody does.
    func cell(of remote: Remote) -> Int? { remotes[remote] }

    /// The cells of a process type that others look at.
    func remoteCells(of proctype: Int) -> [Int] {
        remotes.compactMap { remote, cell in
            switch remote {
            case .location(proctype, _), .variable(proctype, _): cell
            default: nil
            }
        }
    }

    /// Whether each of the parts of a global is a cell of its own.
    func isSplit(global: Int) -> Bool { !globals[global].isWhole }

    /// The cells that a place in a global may be.
    /// - Parameter value: gives the value of an index, where it is known.
    /// - Returns: the cells, and whether an index may be out of bounds.
    func cells(of place: Place, global: Int, value: (Expression) -> Int64?) -> (cells: [Int], mayFault: Bool) {
        let (first, isWhole) = globals[global]
        var mayFault = false
        var bases = [first]
        var variable = program.globals[global]
        var path = place.path[...]
        while true {
            let size = Self.elementSize(variable.type, fields)
            if let count = variable.count {
                if case .index(let expression)? = path.first {
                    path = path.dropFirst()
                    if let index = value(expression), index >= 0, index < Int64(count) {
                        bases = bases.map { $0 + Int(index) * size }
                    } else {
                        mayFault = true
                        if !isWhole { bases = bases.flatMap { base in (0..<count).map { base + $0 * size } } }
                    }
                } else if !isWhole {
                    bases = bases.flatMap { base in (0..<count).map { base + $0 * size } }
                }
            }
            guard case .record(let record) = variable.type, case .field(let field)? = path.first else {
                if isWhole { return ([first], mayFault) }
                return (bases.flatMap { Array($0..<$0 + size) }, mayFault)
            }
            path = path.dropFirst()
            bases = bases.map { $0 + fields[record][field] }
            variable = program.records[record].fields[field]
        }
    }

    private static func cellCount(_ variable: Variable, _ fields: [[Int]]) -> Int {
        (variable.count ?? 1) * elementSize(variable.type, fields)
    }

    private static func elementSize(_ type: ValueType, _ fields: [[Int]]) -> Int {
        guard case .record(let record) = type else { return 1 }
        return fields[record].last ?? 0
    }
}
