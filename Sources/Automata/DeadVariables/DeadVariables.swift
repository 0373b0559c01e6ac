import Promela

/// Makes one state of those that differ only in what nobody reads any more: locals that are dead where their process stands become 0
/// (Bozga, Fernandez and Ghirvu, "State space reduction based on live variables analysis", 1999). What can follow on such
/// states is the same, and differs as little, so no verdict changes, whatever the fairness.
///
/// Locals stay what they are that other processes or claims read, and those that nothing is stored into: by them `Symmetry` knows
/// processes. Each thread needs one of these.
public final class DeadVariables {
    /// What is to be done to a byte of a process.
    private struct Reset {
        var offset: Int
        /// The bits that stay.
        var mask: UInt8
    }

    /// The locals that are reset somewhere, such as `Client:who`, in the order of the model.
    public let names: [String]
    private let machine: Machine
    /// For each process type and location.
    private let resets: [[[Reset]]]

    public init(_ system: System) {
        machine = Machine(system)
        let program = system.program
        let usage = LocalUsage(program)
        var names: [String] = []
        resets = program.proctypes.enumerated().map { index, proctype in
            let liveness = VariableLiveness(system.automata[index])
            let candidates = proctype.locals.indices.filter { local in
                if case .channel? = proctype.locals[local].initializer { return false }
                return usage.stored[index].contains(local) && !usage.readElsewhere[index].contains(local)
                    && liveness.live.indices.contains { liveness.isReachable[$0] && !liveness.live[$0].contains(local) }
            }
            names += candidates.map { "\(proctype.name):\(proctype.locals[$0].displayName)" }
            let storages = candidates.map { system.layout.storages(ofLocal: $0, of: index, in: program) }
            return liveness.live.map { live in
                Self.resets(zip(candidates, storages).filter { !live.contains($0.0) }.flatMap(\.1))
            }
        }
        self.names = names
    }

    private static func resets(_ storages: [Storage]) -> [Reset] {
        var masks: [Int: UInt8] = [:]
        for storage in storages {
            if storage.form == .bits {
                masks[storage.offset, default: .max] &= ~UInt8(truncatingIfNeeded: (1 << storage.width - 1) << storage.shift)
            } else {
                for byte in 0..<Storage.size(of: storage.form) { masks[storage.offset + byte] = 0 }
            }
        }
        return masks.sorted { $0.key < $1.key }.map { Reset(offset: $0.key, mask: $0.value) }
    }
}

// MARK: States

extension DeadVariables {
    /// Resets what is dead in each state in a buffer, from one on.
    public func reset(_ buffer: SuccessorBuffer, from first: Int) {
        buffer.update(from: first) { reset($0, size: $1) }
    }

    /// Resets what is dead in a state.
    public func reset(_ state: inout [UInt8]) {
        state.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { reset(start, size: bytes.count) }
        }
    }

    private func reset(_ state: UnsafeMutableRawPointer, size: Int) {
        machine.index(state, size: size)
        for pid in 0..<machine.processCount {
            let process = state + machine.frames[pid]
            for reset in resets[machine.proctype(ofProcessAt: pid)][machine.location(ofProcessAt: pid)] {
                let byte = process.load(fromByteOffset: reset.offset, as: UInt8.self)
                process.storeBytes(of: byte & reset.mask, toByteOffset: reset.offset, as: UInt8.self)
            }
        }
    }
}

// MARK: Usage

/// Which locals are stored into, and which other processes and claims read. A `provided` clause reads none.
private struct LocalUsage: ProgramVisitor {
    private(set) var stored: [Set<Int>]
    private(set) var readElsewhere: [Set<Int>]
    private var proctype: Int?

    init(_ program: Program) {
        stored = program.proctypes.map { _ in [] }
        readElsewhere = stored
        for (index, process) in program.proctypes.enumerated() {
            proctype = index
            visit(process.body)
        }
        proctype = nil
        for claim in program.neverClaims { visit(claim.body) }
        for formula in program.formulas { formula.root.propositions.forEach { visit($0) } }
    }

    mutating func store(_ place: Place) {
        if let proctype, case .local(let index) = place.root { stored[proctype].insert(index) }
        visitParts(of: place)
    }

    mutating func visit(_ expression: Expression) {
        if case .remoteVariable(let other, _, let place) = expression.kind, case .local(let index) = place.root {
            readElsewhere[other].insert(index)
        }
        visitParts(of: expression)
    }
}
