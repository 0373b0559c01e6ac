import Promela

/// An exchange as what is to be done to the bytes of a state.
final class StatePermutation {
    private struct Copy {
        var from: Int
        var to: Int
        var count: Int
    }

    /// A table of what values become; those beyond it stay what they are.
    private struct Scalar {
        var storage: Storage
        var map: [Int64]
    }

    /// Messages of which fields change.
    private struct Messages {
        var channel: Int
        /// Bytes of the channel.
        var size: Int
        var countSize: Int
        var messageSize: Int
        var fields: [Scalar]
    }

    private struct LocationChange {
        var offset: Int
        var images: [Int]
    }

    /// What is to be done, as it is collected.
    private struct Changes {
        var copies: [Copy] = []
        var scalars: [Scalar] = []
        var messages: [Messages] = []
        var locations: [LocationChange] = []
        /// What never changes of processes that take the place of others.
        var constants: [(storage: Storage, value: Int64)] = []
    }

    /// A scalar whose table is in memory of its own.
    private struct FlatScalar {
        var storage: Storage
        var table: UnsafeMutablePointer<Int64>
        var count: Int64
    }

    /// Bytes of a state.
    let size: Int
    /// For each byte of a state that it comes from another unchanged, or stays, where from; nil where values change.
    let sources: [Int?]
    /// What every state needs, in memory that takes no counting: as many bytes as can be copied together, and scalars.
    private let copies: UnsafeMutableBufferPointer<Copy>
    private let scalars: UnsafeMutableBufferPointer<FlatScalar>
    private let messages: [Messages]
    private let locations: [LocationChange]
    private let constants: [(storage: Storage, value: Int64)]
    private let locationSize: Int

    init(_ exchange: Exchange, of configuration: ProcessConfiguration, _ classes: ValueClasses, _ layout: StateLayout) {
        locationSize = layout.options.locationSize
        var result = Builder(exchange: exchange, classes: classes, layout: layout)
        result.add(classes.program.globals, layout.globals, (0, 0)) { .global($0) }
        for (index, channel) in layout.globalChannels.enumerated() {
            let number = Int64(index + 1)
            let image = Int(exchange.channels[number] ?? number) - 1
            result.add(channel, to: layout.globalChannels[image].offset)
        }
        var blocks: [Int] = []
        var end = layout.processesOffset
        for process in configuration.processes {
            blocks.append(end)
            end += layout.processes[process.proctype].size
        }
        for (pid, process) in configuration.processes.enumerated() {
            let image = exchange.pids[pid]
            let own = layout.processes[process.proctype]
            if image != pid { result.changes.copies.append(Copy(from: blocks[pid], to: blocks[image], count: own.size)) }
            let locals = classes.program.proctypes[process.proctype].locals
            result.add(locals, own.locals, (blocks[pid], blocks[image])) { .local(proctype: process.proctype, $0) }
            let images = exchange.locations[pid]
            if images.indices.contains(where: { images[$0] != $0 }) {
                result.changes.locations.append(LocationChange(offset: blocks[image] + StateLayout.locationOffset, images: images))
            }
            // What never changes stays where it is, used or not.
            for (own, other) in zip(process.constants, configuration.processes[image].constants) where own.value != other.value {
                var storage = layout.processes[process.proctype].locals.slots[own.local].storage
                storage.offset += blocks[image]
                result.changes.constants.append((storage, other.value))
            }
        }
        let changes = result.changes
        size = end
        // Each copy is made from the state as it was, so the last one to a place counts.
        var places = Array(0..<end)
        for copy in changes.copies {
            for offset in 0..<copy.count { places[copy.to + offset] = copy.from + offset }
        }
        let runs = Self.runs(places)
        copies = .allocate(capacity: runs.count)
        _ = copies.initialize(from: runs)
        scalars = .allocate(capacity: changes.scalars.count)
        _ = scalars.initialize(
            from: changes.scalars.map { scalar in
                let table = UnsafeMutablePointer<Int64>.allocate(capacity: scalar.map.count)
                table.initialize(from: scalar.map, count: scalar.map.count)
                return FlatScalar(storage: scalar.storage, table: table, count: Int64(scalar.map.count))
            })
        (messages, locations, constants) = (changes.messages, changes.locations, changes.constants)
        let changed =
            changes.scalars.map(\.storage.bytes) + messages.map { $0.channel..<$0.channel + $0.size }
            + locations.map { [locationSize] in $0.offset..<$0.offset + locationSize } + constants.map(\.storage.bytes)
        var sources: [Int?] = places
        for bytes in changed { for byte in bytes { sources[byte] = nil } }
        self.sources = sources
    }

    deinit {
        for scalar in scalars { scalar.table.deallocate() }
        scalars.deallocate()
        copies.deallocate()
    }

    /// Copies of as many bytes as possible, that bring each byte from its place.
    private static func runs(_ places: [Int]) -> [Copy] {
        var runs: [Copy] = []
        for (to, from) in places.enumerated() where from != to {
            if let last = runs.last, last.to + last.count == to, last.from + last.count == from {
                runs[runs.count - 1].count += 1
            } else {
                runs.append(Copy(from: from, to: to, count: 1))
            }
        }
        return runs
    }

    /// Collects what is to be done.
    private struct Builder {
        let exchange: Exchange
        let classes: ValueClasses
        let layout: StateLayout
        var changes = Changes()

        private func map(_ type: ScalarType, _ found: Int?) -> [Int64]? {
            let map = type == .chan ? exchange.channels : found.flatMap { exchange.values[$0] } ?? [:]
            guard let last = map.keys.max() else { return nil }
            return (0...last).map { map[$0] ?? $0 }
        }

        /// - Parameter bases: where the section begins before and after.
        mutating func add(
            _ variables: [Variable], _ section: SectionLayout, _ bases: (Int, Int), _ holder: (Int) -> ValueClasses.Holder
        ) {
            for (index, variable) in variables.enumerated() {
                let slot = section.slots[index]
                let own = holder(index)
                let elements = variable.count == nil ? nil : own.index.flatMap { classes.find($0) }.flatMap { exchange.values[$0] }
                var values: [Int64]?
                if case .scalar(let type) = variable.type {
                    values = map(type, classes.find(own))
                    if values == nil, elements == nil { continue }
                }
                for element in 0..<(variable.count ?? 1) {
                    let image = Int(elements?[Int64(element)] ?? Int64(element))
                    let from = bases.0 + slot.storage.offset + element * slot.stride
                    let to = bases.1 + slot.storage.offset + image * slot.stride
                    if image != element { changes.copies.append(Copy(from: from, to: to, count: slot.stride)) }
                    if let values {
                        var storage = slot.storage
                        storage.offset = to
                        changes.scalars.append(Scalar(storage: storage, map: values))
                    } else if case .record(let record) = variable.type {
                        add(classes.program.records[record].fields, layout.records[record], (from, to)) { .field(record: record, $0) }
                    }
                }
            }
        }

        mutating func add(_ channel: StateLayout.ChannelDeclaration, to offset: Int) {
            let type = layout.channelTypes[channel.type]
            if offset != channel.offset { changes.copies.append(Copy(from: channel.offset, to: offset, count: type.size)) }
            let fields = classes.find(.global(channel.variable)).map { classes.fields(ofMessagesIn: $0) } ?? []
            let fieldChanges = type.fields.indices.compactMap { index in
                map(type.types[index], fields.indices.contains(index) ? fields[index] : nil)
                    .map { Scalar(storage: type.fields[index], map: $0) }
            }
            if fieldChanges.isEmpty || type.isRendezvous { return }
            changes.messages.append(
                Messages(channel: offset, size: type.size, countSize: type.countSize, messageSize: type.messageSize, fields: fieldChanges))
        }
    }
}

extension StatePermutation {
    /// Makes another state of a state of as many bytes.
    /// - Parameter machine: reads and writes scalars; it works on the result from then on.
    func apply(_ state: UnsafeRawPointer, size: Int, into result: UnsafeMutableRawPointer, _ machine: Machine) {
        machine.state = result
        result.copyMemory(from: state, byteCount: size)
        for index in 0..<copies.count {
            let copy = copies[index]
            (result + copy.to).copyMemory(from: state + copy.from, byteCount: copy.count)
        }
        for index in 0..<scalars.count {
            let scalar = scalars[index]
            let value = machine.load(scalar.storage, base: 0)
            if value >= 0, value < scalar.count { machine.store(scalar.table[Int(value)], scalar.storage, base: 0) }
        }
        for own in messages {
            let count =
                own.countSize == 1
                ? Int(result.load(fromByteOffset: own.channel, as: UInt8.self))
                : Int(result.loadUnaligned(fromByteOffset: own.channel, as: UInt16.self))
            for slot in 0..<count {
                let base = own.channel + own.countSize + slot * own.messageSize
                for field in own.fields { Self.change(field, machine, base: base) }
            }
        }
        for change in locations {
            if locationSize == 1 {
                let location = Int(result.load(fromByteOffset: change.offset, as: UInt8.self))
                result.storeBytes(of: UInt8(truncatingIfNeeded: change.images[location]), toByteOffset: change.offset, as: UInt8.self)
            } else {
                let location = Int(result.loadUnaligned(fromByteOffset: change.offset, as: UInt16.self))
                result.storeBytes(of: UInt16(truncatingIfNeeded: change.images[location]), toByteOffset: change.offset, as: UInt16.self)
            }
        }
        for (storage, value) in constants { machine.store(value, storage, base: 0) }
    }

    @inline(__always)
    private static func change(_ scalar: Scalar, _ machine: Machine, base: Int) {
        let value = machine.load(scalar.storage, base: base)
        if value >= 0, value < scalar.map.count { machine.store(scalar.map[Int(value)], scalar.storage, base: base) }
    }
}

extension Storage {
    /// The bytes that it takes, or shares.
    fileprivate var bytes: Range<Int> { offset..<offset + Self.size(of: form) }
}
