import CExpansion
import Promela

/// Which moves of processes do not mind each other, wherever they are possible: what sleep sets ask for.
///
/// Where two processes can move and do not mind each other's moves, it is enough to take these in one order: what the second one does
/// first leads to a state that is come to anyway. So a move *sleeps* in the states after a step that it does not mind, if it was possible
/// before that step and taken there, and until a step comes that it minds (P. Godefroid, "Using partial orders to improve automatic
/// verification methods", 1990). Every state is found all the same, and breadth first every one at its depth; see `SleepSets`.
///
/// What sleeps in a state is told by the bits of a word: as many for each process, for its first moves where it stands. Processes of which
/// it is known that whatever they can do sleeps need not even be asked. What a move minds is known by the pid, the type, and what never
/// changes of the process. Threads may share this.
public final class SleepTable: @unchecked Sendable {
    /// Moves that differ in what they do or mind: tables of more take too long to make.
    private static let kindLimit = 1 << 11
    /// Bits for each process, at most: a binary logarithm.
    public static let slotShiftLimit = 4

    /// What machine code reads.
    public let record: UnsafeMutablePointer<SleepRecord>
    private let constantsOfTypes: [[(local: Int, storage: Storage)]]

    /// - Parameters:
    ///   - generator: of the system.
    ///   - state: its processes are those that may have moves that sleep, and what never changes of them is as there.
    /// - Returns: nil where moves cannot be relied on to mind as little as it seems, or none ever sleeps.
    public init?(_ generator: SuccessorGenerator, processesAsIn state: UnsafeRawBufferPointer) {
        let (system, machine) = (generator.system, generator.machine)
        guard system.reductionObstacle(for: []) == nil, !ReferenceUsage(system.program).usesTimeout, let base = state.baseAddress
        else { return nil }
        let tags = TagTable(system, observed: [])
        constantsOfTypes = Dependence.constants(of: system, tags)
        let typeCount = system.program.proctypes.count
        let constantLimit = constantsOfTypes.lazy.map(\.count).max() ?? 0
        machine.index(UnsafeMutableRawPointer(mutating: base), size: state.count)
        let processCount = machine.processCount
        guard processCount > 1, processCount <= 64 else { return nil }
        var firstPlaces = [Int32](repeating: 0, count: processCount * typeCount)
        var values = [Int64](repeating: 0, count: max(1, firstPlaces.count * constantLimit))
        // Nothing is known of place 0, nor of kind 0.
        var places: [[UInt16]] = [[0]]
        var firstMoves: [Int32] = [0]
        var kindsOfMoves: [UInt16] = [0]
        var numbers: [Move: UInt16] = [:]
        for pid in 0..<processCount {
            let proctype = machine.proctype(ofProcessAt: pid)
            let index = pid * typeCount + proctype
            var known: [Int: Int64] = [:]
            for (number, constant) in constantsOfTypes[proctype].enumerated() {
                let value = machine.load(constant.storage, base: machine.frames[pid])
                values[index * constantLimit + number] = value
                known[constant.local] = value
            }
            let footprints = ProcessFootprints(
                MoveReader(system: system, tags: tags, proctype: proctype, pid: Int64(pid), constants: known), number: pid, visible: nil)
            let firstKind = kindsOfMoves.count
            for number in 0..<footprints.moveCount {
                let next = UInt16(numbers.count + 1)
                let move = Move(pid, footprints.move(number), tags)
                kindsOfMoves.append(move.map { move in numbers[move] ?? { numbers[move] = next; return next }() } ?? 0)
                if numbers.count > Self.kindLimit { return nil }
            }
            firstPlaces[index] = Int32(places.count)
            let outgoing = system.outgoing[proctype]
            let firstMove = outgoing.first?.lowerBound ?? 0
            places += outgoing.map { $0.map { kindsOfMoves[firstKind + $0 - firstMove] } }
            firstMoves += outgoing.map { Int32(firstKind + $0.lowerBound - firstMove) }
        }
        let slotShift = min(Self.slotShiftLimit, (64 / processCount).bitWidth - 1 - (64 / processCount).leadingZeroBitCount)
        let accords = Self.accords(of: numbers, places, slotCount: 1 << slotShift)
        guard accords.contains(where: { $0 != 0 }) else { return nil }
        record = .allocate(capacity: 1)
        record.initialize(
            to: SleepRecord(
                firstPlace: Self.copy(firstPlaces), constants: Self.copy(values), firstMove: Self.copy(firstMoves),
                kinds: Self.copy(kindsOfMoves), accords: Self.copy(accords), placeCount: places.count, typeCount: typeCount,
                constantLimit: constantLimit, processCount: processCount, slotShift: slotShift))
    }

    /// See `SleepRecord`.
    /// - Parameters:
    ///   - numbers: the kinds of moves, but for 0.
    ///   - places: the kinds of the moves of each.
    ///   - slotCount: so many moves of each place have bits.
    private static func accords(of numbers: [Move: UInt16], _ places: [[UInt16]], slotCount: Int) -> [UInt32] {
        let kindCount = numbers.count + 1
        let moves = numbers.sorted { $0.value < $1.value }.map(\.key)
        // Pair by pair, for many places have the same moves: whether they accord, and whether the second one stays what it is.
        var pairs = [(accord: Bool, isCalm: Bool)](repeating: (false, false), count: kindCount * kindCount)
        for (kind, move) in moves.enumerated() {
            for (otherKind, other) in moves[..<kind].enumerated() where move.accords(with: other) {
                pairs[(kind + 1) * kindCount + otherKind + 1] = (true, other.isCalm(beside: move))
                pairs[(otherKind + 1) * kindCount + kind + 1] = (true, move.isCalm(beside: other))
            }
        }
        var accords = [UInt32](repeating: 0, count: kindCount * places.count)
        for kind in 1..<kindCount {
            for (place, kinds) in places.enumerated() {
                var accord: UInt32 = kinds.allSatisfy { pairs[kind * kindCount + Int($0)].isCalm } ? 1 << 16 : 0
                for (slot, other) in kinds.prefix(slotCount).enumerated() where pairs[kind * kindCount + Int(other)].accord {
                    accord |= 1 << UInt32(slot)
                }
                accords[kind * places.count + place] = accord
            }
        }
        return accords
    }

    /// A copy that stays where it is.
    private static func copy<Element: BitwiseCopyable>(_ list: [Element]) -> UnsafePointer<Element> {
        let memory = UnsafeMutablePointer<Element>.allocate(capacity: max(1, list.count))
        memory.initialize(from: list, count: list.count)
        return UnsafePointer(memory)
    }

    deinit {
        let own = record.pointee
        own.firstPlace.deallocate()
        own.constants.deallocate()
        own.firstMove.deallocate()
        own.kinds.deallocate()
        own.accords.deallocate()
        record.deallocate()
    }

    /// For each process type, where the scalars are that never change, in a process.
    public static func constants(of system: System) -> [[Storage]] {
        Dependence.constants(of: system, TagTable(system, observed: [])).map { $0.map(\.storage) }
    }

    /// What a move of a process does, and what it minds.
    private struct Move: Hashable {
        let pid: Int
        let does: NumberSet
        var minds: NumberSet
        /// What may make it possible.
        let enablers: NumberSet

        /// - Returns: nil if there is more to it than that: another process takes part, or processes come and go.
        init?(_ pid: Int, _ move: ProcessFootprints.Move, _ tags: TagTable) {
            if move.isRendezvous || move.isEnd || move.footprint.mayMeet || !move.footprint.spawned.isEmpty { return nil }
            self.pid = pid
            (does, minds, enablers) = (move.footprint.does, move.footprint.minds, move.enablers)
            // Two that add to the same cell come to the same, but not always by values that fit in it.
            for cell in move.footprint.written.keys where does.contains(tags.add(cell)) { minds.insert(tags.add(cell)) }
        }

        func accords(with other: Move) -> Bool {
            pid != other.pid && minds.isDisjoint(with: other.does) && other.minds.isDisjoint(with: does)
        }

        /// Whether it stays what it is, possible or not, when another one is taken with which it accords.
        func isCalm(beside other: Move) -> Bool { enablers.isDisjoint(with: other.does) }
    }

    // MARK: In a state

    /// The number of the place where a process of the state that the machine works on stands; 0 if nothing is known of it.
    func place(of pid: Int, in machine: Machine) -> Int {
        let own = record.pointee
        if pid >= own.processCount { return 0 }
        let proctype = machine.proctype(ofProcessAt: pid)
        let index = pid * own.typeCount + proctype
        let expected = own.constants + index * own.constantLimit
        for (number, constant) in constantsOfTypes[proctype].enumerated() {
            if machine.load(constant.storage, base: machine.frames[pid]) != expected[number] { return 0 }
        }
        return own.firstPlace[index] > 0 ? Int(own.firstPlace[index]) + machine.location(ofProcessAt: pid) : 0
    }

    /// The number of a move at a place; 0 if nothing is known of it.
    /// - Parameter slot: counted from the first move there.
    @inline(__always)
    func move(_ slot: Int, at place: Int) -> Int { place == 0 ? 0 : Int(record.pointee.firstMove[place]) &+ slot }

    /// The bit of a move of a process of which something is known, counted from the first one where it stands; none if it cannot sleep.
    @inline(__always)
    func bit(of slot: Int, _ pid: Int) -> UInt64 {
        let shift = record.pointee.slotShift
        return slot < 1 &<< shift ? 1 &<< UInt64(truncatingIfNeeded: pid &<< shift &+ slot) : 0
    }

    /// What of some moves and processes sleeps on when a move is taken: `noteMove` of `CExpansion` does the same.
    /// - Parameters:
    ///   - move: its number; 0 if nothing is known of it.
    ///   - places: those of the processes.
    func later(_ mask: SleepMask, after move: Int, _ places: UnsafeMutablePointer<Int>) -> SleepMask {
        let own = record.pointee
        let accords = own.accords + Int(own.kinds[move]) * own.placeCount
        var result = SleepMask()
        for pid in 0..<own.processCount {
            let accord = UInt64(accords[places[pid]])
            result.moves |= (accord & 0xFFFF) &<< UInt64(truncatingIfNeeded: pid &<< own.slotShift)
            result.processes |= (accord >> 16) &<< UInt64(truncatingIfNeeded: pid)
        }
        result.moves &= mask.moves
        result.processes &= mask.processes
        return result
    }
}
