import Promela

/// Which moves of the processes of a system depend on which: what each process may do, found out once for each that differs from
/// those before in its pid or in what never changes of it, such as a parameter `me`. So `client[me].waiting` is a part of the
/// state that no other process shares.
final class Dependence {
    /// What is to be kept by a reduction besides deadlocks and faults.
    struct Observed {
        /// The propositions of formulas.
        var propositions: [Expression] = []
        /// Locations that a claim looks at.
        var locations: [TagTable.Remote] = []
        var isEmpty: Bool { propositions.isEmpty && locations.isEmpty }
    }

    /// Processes that come and go with ever new parameters are looked at as one after so many.
    private static let footprintLimit = 2048
    /// Pairs of processes that are kept.
    private static let interactionLimit = 1 << 14
    /// Line-ups that are kept: each has some hundred kilobytes, once much was asked of it.
    private static let lineUpLimit = 1 << 7

    private let system: System
    private let tags: TagTable
    private let visible: NumberSet?
    /// For each process type, what any of its processes may do.
    private var templates: [ProcessFootprints] = []
    /// For each process type, the scalars that never change.
    private let constants: [[(local: Int, storage: Storage)]]
    private var known: [[Int64]: ProcessFootprints] = [:]
    private var key: [Int64] = []
    private var interactions: [SIMD2<Int32>: Interaction] = [:]
    private var lineUps: [[Int32]: LineUp] = [:]
    private var lineUpCount = 0

    /// See `ProcessFootprints.testsRendezvous`.
    let testsRendezvous: Bool
    /// For each process type, those that a process of that type and those that it starts may start.
    private let startable: [Set<Int>]
    private var startableTogether: [UInt64: [Int]] = [:]

    init(_ system: System, observed: Observed) {
        self.system = system
        let tags = TagTable(system, observed: observed.locations)
        self.tags = tags
        var reader = FootprintReader(tags, proctype: nil)
        for expression in observed.propositions { reader.read(expression) }
        for remote in observed.locations {
            if let cell = tags.cell(of: remote) { reader.footprint.read(cell, tags) }
        }
        let visible = observed.isEmpty ? nil : reader.footprint.minds
        self.visible = visible
        let proctypes = system.program.proctypes.indices
        constants = Self.constants(of: system, tags)
        let templates = proctypes.map {
            ProcessFootprints(
                MoveReader(system: system, tags: tags, proctype: $0, pid: nil, constants: [:]), number: $0, visible: visible)
        }
        self.templates = templates
        testsRendezvous = templates.contains(where: \.testsRendezvous)
        var startable = proctypes.map { templates[$0].mayStart[system.automata[$0].initial] }
        for _ in proctypes {
            for index in startable.indices {
                for other in startable[index] { startable[index].formUnion(startable[other]) }
            }
        }
        self.startable = startable
    }

    /// The process types that may be started where these are, in order; nil if there are too many to tell.
    /// - Parameter starting: see `FootprintTable.LaterRecord`.
    func startable(by starting: UInt64) -> [Int]? {
        if let known = startableTogether[starting] { return known }
        if startable.count > 64, starting >> 63 != 0 { return nil }
        let direct = startable.indices.filter { $0 < 64 && starting >> UInt64($0) & 1 != 0 }
        let all = direct.reduce(into: Set(direct)) { $0.formUnion(startable[$1]) }.sorted()
        startableTogether[starting] = all
        return all
    }

    /// For each process type, the scalars that never change.
    static func constants(of system: System, _ tags: TagTable) -> [[(local: Int, storage: Storage)]] {
        system.program.proctypes.indices.map { proctype in
            let locals = system.program.proctypes[proctype].locals
            return locals.indices.compactMap { index in
                let local = locals[index]
                guard case .scalar = local.type, local.count == nil, !tags.assignedLocals[proctype].contains(index) else {
                    return nil
                }
                return (index, system.layout.processes[proctype].locals.slots[index].storage)
            }
        }
    }

    /// How many scalars that never change a process has at most.
    var constantLimit: Int { constants.lazy.map(\.count).max() ?? 0 }

    /// Whether what never changes of a process is as it was when its footprints were found.
    /// - Parameter last: the process type and the scalars; brought up to date.
    func isSame(_ pid: Int, in machine: Machine, as last: UnsafeMutablePointer<Int64>) -> Bool {
        let proctype = machine.proctype(ofProcessAt: pid)
        var isSame = last[0] == Int64(proctype)
        last[0] = Int64(proctype)
        let base = machine.frames[pid]
        for (index, constant) in constants[proctype].enumerated() {
            let value = machine.load(constant.storage, base: base)
            if last[index + 1] != value { isSame = false }
            last[index + 1] = value
        }
        return isSame
    }

    /// What any process of a type may do.
    func footprints(ofAny proctype: Int) -> ProcessFootprints { templates[proctype] }

    /// What a process of the state that the machine works on may do.
    func footprints(of pid: Int, in machine: Machine) -> ProcessFootprints {
        let proctype = machine.proctype(ofProcessAt: pid)
        let base = machine.frames[pid]
        key.removeAll(keepingCapacity: true)
        key.append(Int64(pid))
        key.append(Int64(proctype))
        for constant in constants[proctype] { key.append(machine.load(constant.storage, base: base)) }
        let footprints: ProcessFootprints
        if let found = known[key] {
            footprints = found
        } else if known.count >= Self.footprintLimit {
            footprints = templates[proctype]
        } else {
            footprints = ProcessFootprints(
                MoveReader(
                    system: system, tags: tags, proctype: proctype, pid: Int64(pid),
                    constants: Dictionary(uniqueKeysWithValues: zip(constants[proctype].map(\.local), key.dropFirst(2)))),
                number: templates.count + known.count, visible: visible)
            known[key] = footprints
        }
        return footprints
    }

    /// What one process means to another one, or to itself; nil if there are too many processes to find that out.
    func interaction(
        of one: UnsafeMutablePointer<FootprintTable>, with other: UnsafeMutablePointer<FootprintTable>
    ) -> Interaction? {
        let key = SIMD2(one.pointee.number, other.pointee.number)
        if let known = interactions[key] { return known }
        if interactions.count >= Self.interactionLimit { return nil }
        let interaction = Interaction(of: one.pointee.owner.takeUnretainedValue(), with: other.pointee.owner.takeUnretainedValue(), tags)
        interactions[key] = interaction
        return interaction
    }

    /// What these processes mean to each other, and to those that may be started; see `LineUp`.
    func lineUp(of processes: [UnsafeMutablePointer<FootprintTable>], startable proctypes: [Int]) -> LineUp {
        // Those that may be started have numbers of their own.
        let key = processes.map(\.pointee.number) + proctypes.map { ~Int32(truncatingIfNeeded: $0) }
        if let known = lineUps[key] { return known }
        if lineUps.count >= Self.lineUpLimit { lineUps.removeAll() }
        let lineUp = LineUp(processes, startable: proctypes, number: lineUpCount, self)
        (lineUps[key], lineUpCount) = (lineUp, lineUpCount + 1)
        return lineUp
    }
}
