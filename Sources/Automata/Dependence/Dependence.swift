import Promela

/// Which processes of a system depend on which: what each may do from where it stands, found out once for each process that
/// differs from those before in its pid or in what never changes of it, such as a parameter `me`. So `client[me].waiting` is a
/// part of the state that no other process shares.
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
    private static let profileLimit = 2048

    private let system: System
    private let tags: TagTable
    private let visible: TagSet?
    /// For each process type, what all of its processes may do, and those that they start.
    private var spawned: [TagSet] = []
    private var templates: [ProcessFootprints] = []
    /// For each process type, the scalars that never change.
    private let constants: [[(local: Int, storage: Storage)]]
    private var profiles: [[Int64]: ProcessFootprints] = [:]
    /// What was found last for each pid.
    private var recent: [(key: [Int64], profile: ProcessFootprints)?] = []
    private var key: [Int64] = []

    /// Whether some step may violate a property by failing.
    let mayFault: Bool
    /// See `ProcessFootprints.testsRendezvous`.
    var testsRendezvous: Bool { templates.contains(where: \.testsRendezvous) }
    var wordCount: Int { (tags.count + 63) / 64 }

    init(_ system: System, observed: Observed) {
        self.system = system
        let tags = TagTable(system, observed: observed.locations)
        self.tags = tags
        var reader = FootprintReader(tags, proctype: nil)
        for expression in observed.propositions { reader.read(expression) }
        for case let remote in observed.locations {
            if let cell = tags.cell(of: remote) { reader.footprint.read(cell, tags) }
        }
        visible = observed.isEmpty ? nil : reader.footprint.minds
        constants = system.program.proctypes.indices.map { proctype in
            let locals = system.program.proctypes[proctype].locals
            return locals.indices.compactMap { index in
                let local = locals[index]
                guard case .scalar = local.type, local.count == nil, !tags.assignedLocals[proctype].contains(index) else {
                    return nil
                }
                return (index, system.layout.processes[proctype].locals.slots[index].storage)
            }
        }
        let proctypes = system.program.proctypes.indices
        func all(_ spawned: [TagSet]) -> [ProcessFootprints] {
            proctypes.map {
                ProcessFootprints(
                    system, tags, proctype: $0, pid: nil, constants: [:], spawned: spawned, visible: nil)
            }
        }
        templates = all([])
        mayFault = templates.contains { $0.moves.contains { $0.footprint.mayFault } }
        spawned = proctypes.map { templates[$0].futures[system.automata[$0].initial] }
        // A process may start others that start others again.
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for proctype in proctypes {
                let before = spawned[proctype]
                for move in templates[proctype].moves {
                    for other in move.footprint.spawned { spawned[proctype].formUnion(spawned[other]) }
                }
                if spawned[proctype] != before { isGrowing = true }
            }
        }
        let spawned = spawned
        templates = proctypes.map {
            ProcessFootprints(system, tags, proctype: $0, pid: nil, constants: [:], spawned: spawned, visible: visible)
        }
    }

    /// What a process of the state that the machine works on may do.
    func footprints(of pid: Int, in machine: Machine) -> ProcessFootprints {
        let proctype = machine.proctype(ofProcessAt: pid)
        let base = machine.frames[pid]
        key.removeAll(keepingCapacity: true)
        key.append(Int64(pid))
        key.append(Int64(proctype))
        for constant in constants[proctype] { key.append(machine.load(constant.storage, base: base)) }
        while recent.count <= pid { recent.append(nil) }
        if let last = recent[pid], last.key == key { return last.profile }
        let profile: ProcessFootprints
        if let known = profiles[key] {
            profile = known
        } else if profiles.count >= Self.profileLimit {
            profile = templates[proctype]
        } else {
            profile = ProcessFootprints(
                system, tags, proctype: proctype, pid: Int64(pid),
                constants: Dictionary(uniqueKeysWithValues: zip(constants[proctype].map(\.local), key.dropFirst(2))),
                spawned: spawned, visible: visible)
            profiles[key] = profile
        }
        recent[pid] = (key, profile)
        return profile
    }
}
