import Promela

/// Makes one state of all those that differ only in who is who: processes of one type that say the same, but for their names, may
/// change places, and with them the elements of arrays and the channels that are theirs.
///
/// Which can be exchanged is found out, and proved, from the model, once for each set of processes that there are for good; states
/// before that (as long as processes may still be started) stay as they are. Of the states that become each other, the one with the smallest bytes
/// stands for all (Clarke, Enders, Filkorn, Jha, "Exploiting symmetry in temporal logic model checking", 1996). Where there are too many of
/// them to try all, processes are exchanged as long as that makes the bytes smaller: then several may stand for them, which
/// costs states, but no verdict.
public final class Symmetry {
    /// The most exchanges that are tried of each state.
    static let groupLimit = 1024

    private let system: System
    private let machine: Machine
    private let region: QuietRegion
    private let classes: ValueClasses
    private let claims: [ClaimReading]
    /// The scalars of each process type that never change in the quiet region.
    private let constants: [[(local: Int, storage: Storage)]]
    private var groups: [ProcessConfiguration: SymmetryGroup] = [:]
    private var last: SymmetryGroup?
    private var scratch = SymmetryGroup.Scratch()

    /// - Parameter claims: what is checked besides single states, and must not tell apart what is exchanged.
    public init(_ system: System, keeping claims: [Claim] = []) {
        self.system = system
        self.claims = claims.map { ClaimReading($0, of: system) }
        machine = Machine(system)
        region = QuietRegion(system)
        classes = ValueClasses(system, region, expressions: self.claims.flatMap(\.propositions))
        let assigned = classes.assignedLocals
        constants = system.program.proctypes.enumerated().map { proctype, process in
            process.locals.indices.compactMap { index in
                guard case .scalar(let type) = process.locals[index].type, process.locals[index].count == nil,
                    !assigned[proctype].contains(index), !system.layout.mayHoldTerm(type)
                else { return nil }
                return (index, system.layout.processes[proctype].locals.slots[index].storage)
            }
        }
    }

    deinit { scratch.deallocate() }

    /// Why nothing can be exchanged, whatever processes there are, in words.
    public var obstacle: String? {
        if system.usesPriorities { return "processes have priorities" }
        if system.layout.options.keepsLastPid { return "the model asks for `_last`" }
        if system.trace != nil { return "a trace assertion names channels" }
        if system.layout.processes.contains(where: { !$0.channels.isEmpty }) { return "processes declare channels of their own" }
        let hasChannels = system.program.records.contains { record in
            record.fields.contains { if case .channel? = $0.initializer { true } else { false } }
        }
        if hasChannels { return "channels are declared within a `typedef`" }
        return classes.obstacle?.text
    }

    /// What can be exchanged in the states that were seen, in words, such as `Client(1) and Client(2)`; empty if nothing can be.
    public var exchanges: [String] {
        groups.values.flatMap { group in
            group.generators.map { exchange in
                exchange.pids.indices.filter { exchange.pids[$0] > $0 }.map { pid in
                    let name = system.program.proctypes[group.configuration.processes[pid].proctype].name
                    return "\(name)(\(pid)) and \(name)(\(exchange.pids[pid]))"
                }.joined(separator: ", ")
            }
        }.sorted()
    }

    /// Why processes of one type could not be exchanged, with the place that tells them apart, and the claim that does if it is one.
    public var failures: [(text: String, span: Span, claim: Claim?)] {
        groups.values.flatMap { $0.failures.map { ($0.text, $0.span, $0.claim) } }
    }
}

// MARK: States

extension Symmetry {
    /// Makes of each state in a buffer, from one on, that which stands for it.
    public func canonicalize(_ buffer: SuccessorBuffer, from first: Int) {
        buffer.update(from: first) { canonicalize($0, size: $1) }
    }

    /// Makes of a state that which stands for it.
    public func canonicalize(_ state: inout [UInt8]) {
        state.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { canonicalize(start, size: bytes.count) }
        }
    }

    /// Makes of a state that which stands for it.
    private func canonicalize(_ state: UnsafeMutableRawPointer, size: Int) {
        guard let group = group(of: state, size: size), !group.isTrivial else { return }
        group.canonicalize(state, size: size, machine, &scratch)
    }

    private func group(of state: UnsafeMutableRawPointer, size: Int) -> SymmetryGroup? {
        machine.index(state, size: size)
        let count = machine.processCount
        guard count > 1 else { return nil }
        for pid in 0..<count {
            let proctype = machine.proctype(ofProcessAt: pid)
            if !region.isQuiet[proctype][machine.location(ofProcessAt: pid)] { return nil }
        }
        let youngest = machine.proctype(ofProcessAt: count - 1)
        if region.mayEnd[youngest][machine.location(ofProcessAt: count - 1)] { return nil }
        if let last, isSame(last.configuration, count) { return last }
        let configuration = configuration(count)
        if let known = groups[configuration] {
            last = known
            return known
        }
        let group = makeGroup(configuration)
        groups[configuration] = group
        last = group
        return group
    }

    private func isSame(_ configuration: ProcessConfiguration, _ count: Int) -> Bool {
        guard configuration.processes.count == count else { return false }
        for pid in 0..<count {
            let process = configuration.processes[pid]
            guard process.proctype == machine.proctype(ofProcessAt: pid) else { return false }
            for (position, constant) in constants[process.proctype].enumerated() {
                if machine.load(constant.storage, base: machine.frames[pid]) != process.constants[position].value { return false }
            }
        }
        return true
    }

    private func configuration(_ count: Int) -> ProcessConfiguration {
        ProcessConfiguration(
            processes: (0..<count).map { pid in
                let proctype = machine.proctype(ofProcessAt: pid)
                let base = machine.frames[pid]
                return ProcessConfiguration.Process(
                    proctype: proctype,
                    constants: constants[proctype].map { .init(local: $0.local, value: machine.load($0.storage, base: base)) })
            })
    }
}

// MARK: Renamings

/// Names that change places, as a whole; see `Symmetry.smallest`.
public struct Renaming {
    let exchange: Exchange
    let permutation: StatePermutation

    /// For each pid, the one that it becomes.
    public var pids: [Int] { exchange.pids }
}

extension Symmetry {
    /// The ways to rename that make the bytes of a state smallest; nil is to rename nothing, and comes first if it is one of them. Where
    /// there are too many to try all, it is the only one.
    /// - Parameter state: with the same number in place of whatever is not to be compared.
    public func smallest(_ state: [UInt8]) -> [Renaming?] {
        var state = state
        return state.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress, let group = group(of: start, size: bytes.count), !group.isTrivial else { return [nil] }
            return group.smallest(start, size: bytes.count, machine, &scratch)
        }
    }

    /// What a state becomes.
    public func apply(_ renaming: Renaming, to state: [UInt8]) -> [UInt8] {
        var state = state
        state.withUnsafeMutableBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            scratch.reserve(bytes.count)
            renaming.permutation.apply(start, size: bytes.count, into: scratch.one, machine)
            start.copyMemory(from: scratch.one, byteCount: bytes.count)
        }
        return state
    }

    /// First back from one renaming, then another; nil is to rename nothing.
    /// - Parameter state: one that both are of.
    public func back(from one: Renaming?, then other: Renaming?, of state: [UInt8]) -> Renaming? {
        guard let one else { return other }
        let inverse = one.exchange.inverse
        let both = other.map { inverse.followed(by: $0.exchange) } ?? inverse
        return both.isIdentity ? nil : renaming(both, of: state)
    }

    private func renaming(_ exchange: Exchange, of state: [UInt8]) -> Renaming {
        var state = state
        let processes = state.withUnsafeMutableBytes { bytes in
            if let start = bytes.baseAddress { machine.index(start, size: bytes.count) }
            return configuration(machine.processCount)
        }
        return Renaming(exchange: exchange, permutation: StatePermutation(exchange, of: processes, classes, system.layout))
    }

    /// How a state becomes another that the same state stands for, with few that change places; nil if it is the same state.
    public func renaming(of one: [UInt8], into other: [UInt8]) -> Renaming? {
        guard let group = group(of: one) else { return nil }
        func canonicalization(of state: [UInt8]) -> Exchange? {
            var state = state
            return state.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.flatMap { group.canonicalization(of: $0, size: bytes.count, machine, &scratch) }
            }
        }
        let (there, back) = (canonicalization(of: one), canonicalization(of: other)?.inverse)
        guard var exchange = there.flatMap({ there in back.map { there.followed(by: $0) } }) ?? there ?? back else { return nil }
        let idle = group.generators.filter { apply(renaming($0, of: one), to: one) == one }
        while let less = idle.lazy.map({ $0.followed(by: exchange) }).first(where: { $0.movedCount < exchange.movedCount }) {
            exchange = less
        }
        return exchange.isIdentity ? nil : renaming(exchange, of: one)
    }

    private func group(of state: [UInt8]) -> SymmetryGroup? {
        var state = state
        return state.withUnsafeMutableBytes { bytes -> SymmetryGroup? in
            guard let start = bytes.baseAddress else { return nil }
            return group(of: start, size: bytes.count)
        }
    }

    /// Whether some renamings are not tried, for there are too many.
    public var isIncomplete: Bool { groups.values.contains { !$0.isComplete } }
}

// MARK: Groups

extension Symmetry {
    private func makeGroup(_ configuration: ProcessConfiguration) -> SymmetryGroup {
        var (exchanges, failures): ([Exchange], [Exchange.Failure]) = ([], [])
        let check = ExchangeCheck(
            system: system, region: region, classes: classes, configuration: configuration, claims: claims)
        let processes = configuration.processes
        for one in processes.indices {
            for other in processes.indices.dropFirst(one + 1) where processes[other].proctype == processes[one].proctype {
                if exchanges.contains(where: { $0.pids[one] == other }) { continue }
                if let known = composed(one, other, of: exchanges) {
                    exchanges.append(known)
                    continue
                }
                do {
                    exchanges.append(try check.completed(Exchange(one, other, in: configuration, classes, system.layout)))
                } catch let failure as Exchange.Failure {
                    failures.append(failure)
                } catch {}
            }
        }
        return SymmetryGroup(configuration, exchanges, failures, limit: Self.groupLimit) { [classes, system] in
            StatePermutation($0, of: configuration, classes, system.layout)
        }
    }

    /// The exchange of two processes each of which can be exchanged with a third: there, with each other, and back. It needs no proof.
    private func composed(_ one: Int, _ other: Int, of exchanges: [Exchange]) -> Exchange? {
        for there in exchanges where there.pids[one] < one && there.pids[other] == other {
            guard let between = exchanges.first(where: { $0.pids[there.pids[one]] == other }) else { continue }
            let result = there.followed(by: between).followed(by: there)
            if result.pids[one] == other, result.pids[other] == one { return result }
        }
        return nil
    }
}
