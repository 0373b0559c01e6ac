import Automata
import Promela

/// One scalar of a symbolic state.
struct Cell {
    var name: String
    var width: Int
    var isSigned: Bool
}

/// A channel that exists from the start, or as long as some process does.
struct ChannelInstance {
    /// An index into `StateLayout.channelTypes`.
    var type: Int
    /// The process that declares it; nil for a global channel.
    var owner: Int?
    /// The cell with the number of messages, and that of the first field of the first message.
    var length: Int
    var messages: Int
}

/// Which cells a symbolic state has, and what they mean.
///
/// A process is known by its slot, which is its pid. Where a slot may be taken by processes of several types one after the
/// other, it has the variables of each.
struct StateSchema {
    let system: System
    var program: Program { system.program }
    var layout: StateLayout { system.layout }

    private(set) var cells: [Cell] = []
    /// The number of processes.
    private(set) var processCount = 0
    /// Zero, or one more than the pid of the process inside an atomic sequence.
    private(set) var control = 0
    private(set) var lastPid = 0
    private(set) var globals: [VariableCells] = []
    private(set) var slots: [ProcessSlot] = []
    private(set) var channels: [ChannelInstance] = []
    /// The cells of hidden variables, with their initial values.
    private var hidden: [(cell: Int, value: SymbolicValue)] = []

    /// Where the scalars of a variable lie: those of one element after the other.
    struct VariableCells {
        var first: Int
        /// Cells of one element.
        var stride: Int
    }

    struct ProcessSlot {
        /// The types of the processes that may be there.
        var types: [Int]
        /// The cell with the type, and that with the location.
        var type: Int
        var location: Int
        /// By type: the variables.
        var locals: [Int: [VariableCells]] = [:]
        /// By type: the numbers of the channels that the process declares.
        var channels: [Int: Range<Int>] = [:]
    }

    init(_ system: System, slotTypes: [[Int]]) throws {
        self.system = system
        processCount = add("_nr_pr", 8)
        control = add("control", 8)
        lastPid = add("_last", 8)
        for (variable, slot) in zip(system.program.globals, system.layout.globals.slots) {
            globals.append(add(variable, slot))
        }
        addChannels(system.layout.globalChannels, owner: nil)
        for (pid, types) in slotTypes.enumerated() { try addSlot(pid, types) }
        if system.program.globals.contains(where: { $0.visibility == .hidden }) { hidden = try initialValuesOfHidden() }
    }

    private func initialValuesOfHidden() throws -> [(cell: Int, value: SymbolicValue)] {
        let algebra = Algebra(Solver())
        var execution = Execution(
            self, algebra, pid: nil, type: nil, cells: cells.map { _ in .constant(0) }, path: algebra.yes,
            timeout: algebra.no)
        var channel = 0
        try execution.initialize(program.globals, globals, nextChannel: &channel)
        return zip(program.globals, globals).filter { $0.0.visibility == .hidden }.flatMap { variable, place in
            (place.first..<place.first + cellCount(of: variable)).map { ($0, execution.cells[$0]) }
        }
    }

    /// A state as it is once no process has control: hidden variables have their initial values there.
    func storedForm(of cells: [SymbolicValue]) -> [SymbolicValue] {
        var result = cells
        for (cell, value) in hidden { result[cell] = value }
        return result
    }

    private mutating func addSlot(_ pid: Int, _ types: [Int]) throws {
        var slot = ProcessSlot(types: types, type: add("type[\(pid)]", 8), location: 0)
        let locationCount = types.map { system.automata[$0].locations.count }.max() ?? 1
        slot.location = add("location[\(pid)]", 64 - (locationCount - 1).leadingZeroBitCount)
        let firstChannel = channels.count
        for type in types {
            let process = layout.processes[type]
            slot.locals[type] = zip(program.proctypes[type].locals, process.locals.slots).map { add($0, $1) }
            if !process.channels.isEmpty {
                // Channels are numbered in the order of the processes that declare them.
                let isFixed = types.count == 1 && slots.allSatisfy { $0.types.count == 1 }
                guard isFixed else {
                    throw UnsupportedModel(
                        "a channel of a process whose pid others can have", at: program.proctypes[type].span,
                        hint: "declare the channel outside of the process")
                }
                addChannels(process.channels, owner: pid)
            }
            slot.channels[type] = firstChannel..<channels.count
        }
        slots.append(slot)
    }

    private mutating func add(_ name: String, _ width: Int, isSigned: Bool = false) -> Int {
        cells.append(Cell(name: name, width: max(1, width), isSigned: isSigned))
        return cells.count - 1
    }

    private mutating func add(_ variable: Variable, _ slot: SectionLayout.Slot) -> VariableCells {
        let first = cells.count
        for _ in 0..<(variable.count ?? 1) {
            switch variable.type {
            case .scalar: _ = add(variable.displayName, slot.storage.width, isSigned: slot.storage.isSigned)
            case .record(let record):
                for (field, fieldSlot) in zip(program.records[record].fields, layout.records[record].slots) {
                    _ = add(field, fieldSlot)
                }
            }
        }
        return VariableCells(first: first, stride: (cells.count - first) / max(1, variable.count ?? 1))
    }

    private mutating func addChannels(_ declarations: [StateLayout.ChannelDeclaration], owner: Int?) {
        for declaration in declarations {
            let type = layout.channelTypes[declaration.type]
            let length = add("length", 64 - type.capacity.leadingZeroBitCount)
            let first = cells.count
            for _ in 0..<type.capacity {
                for field in type.fields { _ = add("message", field.width, isSigned: field.isSigned) }
            }
            channels.append(ChannelInstance(type: declaration.type, owner: owner, length: length, messages: first))
        }
    }

    /// How many cells a record takes, up to one of its fields.
    func cellCount(ofFieldsBefore field: Int, in record: Int) -> Int {
        program.records[record].fields[..<field].reduce(0) { $0 + cellCount(of: $1) }
    }

    func cellCount(of variable: Variable) -> Int { (variable.count ?? 1) * cellCount(ofElement: variable) }

    func cellCount(ofElement variable: Variable) -> Int {
        switch variable.type {
        case .scalar: 1
        case .record(let record): cellCount(ofFieldsBefore: program.records[record].fields.count, in: record)
        }
    }
}
