import Promela

/// Where in a state vector terms may lie.
public struct TermLayout: Sendable {
    /// Offsets in the globals and their channels.
    private let globals: [Int]
    /// For each proctype: offsets in a block of a process.
    private let blocks: [[Int]]
    private let blockSizes: [Int]
    private let processesOffset: Int

    public init(_ system: System) {
        let (layout, program) = (system.layout, system.program)
        func offsets(of variables: [Variable], _ section: SectionLayout, _ channels: [StateLayout.ChannelDeclaration]) -> [Int] {
            let scalars = section.scalars(of: variables[...], base: 0, program, layout.records)
            var result = scalars.filter { $0.form.mayHoldTerm }.map(\.offset)
            for channel in channels {
                let type = layout.channelTypes[channel.type]
                for slot in 0..<type.capacity {
                    let message = channel.offset + type.countSize + slot * type.messageSize
                    result += type.fields.filter { $0.form.mayHoldTerm }.map { message + $0.offset }
                }
            }
            return result
        }
        globals = offsets(of: program.globals, layout.globals, layout.globalChannels)
        blocks = zip(program.proctypes, layout.processes).map { offsets(of: $0.locals, $1.locals, $1.channels) }
        blockSizes = layout.processes.map(\.size)
        processesOffset = layout.processesOffset
    }

    /// The offsets of all values in a state that may be terms, in ascending order within each section.
    public func offsets(in state: [UInt8]) -> [Int] {
        var result = globals
        var block = processesOffset
        while block < state.count {
            let proctype = Int(state[block])
            for offset in blocks[proctype] { result.append(block + offset) }
            block += blockSizes[proctype]
        }
        return result
    }
}
