/// Finds out what one process can do in a state vector, and which fields that depends on.
///
/// It is done three times. The first time it is noted what is read; the other times, what was not read is something else, and the
/// successors tell by it which of their fields are constants, and which are copies of others. Where they are neither, or there are
/// other successors, something was read that was not noted, and the result is unclear.
struct LocalEvaluation {
    private let generator: SuccessorGenerator
    private let partition: VectorPartition
    private let log: ReadLog
    private let buffers = (SuccessorBuffer(), SuccessorBuffer(), SuccessorBuffer())

    init(_ generator: SuccessorGenerator, _ partition: VectorPartition) {
        self.generator = generator
        self.partition = partition
        log = ReadLog(partition)
    }

    /// - Parameters:
    ///   - vector: see `VectorPartition`.
    ///   - mindsCount: whether there are only as many processes as it says; if not, there are all.
    func callAsFunction(_ pid: Int, in vector: [UInt8], mindsCount: Bool) -> LocalTransition {
        log.removeAll()
        var vector = vector
        if !mindsCount { vector[StateLayout.processCountOffset] = UInt8(partition.proctypes.count) }
        if mindsCount { log.note(StateLayout.processCountOffset, bytes: 1) }
        let presence = partition.presenceOffset(of: pid)
        log.note(presence, bytes: 1)
        var result = LocalTransition(pid: pid, kind: .blocked, conditions: [], outcomes: [])
        if vector[presence] == VectorPartition.absence { return finished(result, vector) }
        let processCount = Int(vector[StateLayout.processCountOffset])
        guard pid < processCount, processCount <= partition.proctypes.count else {
            result.kind = .unclear
            return finished(result, vector)
        }

        let size = partition.frames[processCount]
        generator.machine.readLog = log
        let first = expand(pid, vector, size, into: buffers.0)
        generator.machine.readLog = nil
        guard first.isClear, !log.metAbsence else {
            result.kind = .unclear
            return finished(result, vector)
        }
        let others = altered(vector, size)
        let second = expand(pid, others.first, size, into: buffers.1)
        let third = expand(pid, others.second, size, into: buffers.2)
        let isAlike = first == second && first == third && buffers.0.count == buffers.1.count && buffers.0.count == buffers.2.count
        guard isAlike else {
            result.kind = .unclear
            return finished(result, vector)
        }
        if first.moved { result.kind = .usual }
        for number in 0..<buffers.0.count {
            guard let outcome = assignments(number, vector, others) else {
                result.kind = .unclear
                result.outcomes = []
                break
            }
            result.outcomes.append(outcome)
        }
        return finished(result, vector)
    }

    private func finished(_ transition: LocalTransition, _ vector: [UInt8]) -> LocalTransition {
        var result = transition
        result.conditions = log.fields.map { .init(field: $0, value: value($0, in: vector)) }
        return result
    }

    @inline(__always)
    private func value(_ field: Int, in vector: [UInt8]) -> UInt8 { partition.fields[field].value(in: vector) }

    private struct Expanded: Equatable {
        var moved = false
        /// Whether there was no fault, no value that was cut, and no lack of room.
        var isClear = true
    }

    private func expand(_ pid: Int, _ vector: [UInt8], _ size: Int, into buffer: SuccessorBuffer) -> Expanded {
        buffer.removeAll()
        var result = Expanded()
        let caller = generator.onFault
        var hasFault = false
        generator.onFault = { _, _ in hasFault = true }
        vector.withUnsafeBytes { bytes in
            let expanded = generator.expand(UnsafeRawBufferPointer(rebasing: bytes[0..<size]), onlyProcess: pid, into: buffer)
            result = Expanded(moved: expanded.moved, isClear: !expanded.isCutShort)
        }
        generator.onFault = caller
        let truncations = generator.takeTruncations()
        if hasFault || !truncations.isEmpty { result.isClear = false }
        return result
    }

    /// Vectors that differ from another one, and from each other, in whatever was not read of it.
    private struct Altered {
        var first: [UInt8]
        var second: [UInt8]
        /// The bytes that are told by their values: see `source(of:)`.
        var told: [Int] = []

        /// The byte that had these values.
        func source(of values: (UInt8, UInt8)) -> Int? {
            let turn = Int(values.1 &- values.0 &- 1)
            let number = turn * 255 + Int(values.0)
            return told.indices.contains(number) ? told[number] : nil
        }
    }

    private func altered(_ vector: [UInt8], _ size: Int) -> Altered {
        var result = Altered(first: vector, second: vector)
        var types = partition.frames[...].dropLast()
        for offset in 1..<size {
            // What says how the bytes are to be taken stays.
            if offset == types.first {
                types = types.dropFirst()
                continue
            }
            let read = log.mask(at: offset)
            if partition.fields(at: offset).count == 1 {
                // The bytes of larger vectors could not be told.
                if read != 0 || result.told.count == 255 * 255 { continue }
                let number = result.told.count
                let first = UInt8(number % 255)
                result.first[offset] = first
                result.second[offset] = first &+ 1 &+ UInt8(number / 255)
                result.told.append(offset)
            } else {
                result.first[offset] ^= ~read
            }
        }
        return result
    }

    /// What a successor has made of the fields.
    /// - Returns: nil if that is unclear.
    private func assignments(_ number: Int, _ vector: [UInt8], _ others: Altered) -> [LocalTransition.Assignment]? {
        guard let first = partition.vector(of: buffers.0[number]), let second = partition.vector(of: buffers.1[number]),
            let third = partition.vector(of: buffers.2[number])
        else { return nil }
        var result: [LocalTransition.Assignment] = []
        for offset in first.indices {
            let isSame = first[offset] == vector[offset] && second[offset] == others.first[offset] && third[offset] == others.second[offset]
            if isSame { continue }
            let indices = partition.fields(at: offset)
            for index in indices {
                let field = partition.fields[index]
                let (one, two, three) = (field.value(in: first), field.value(in: second), field.value(in: third))
                let before = (field.value(in: vector), field.value(in: others.first), field.value(in: others.second))
                if (one, two, three) == before { continue }
                if one == two, one == three {
                    result.append(.init(field: index, value: .constant(one)))
                } else if indices.count == 1, let source = others.source(of: (two, three)), one == vector[source] {
                    result.append(.init(field: index, value: .copy(of: partition.fields(at: source).lowerBound)))
                } else {
                    return nil
                }
            }
        }
        return result
    }
}
