import Promela

/// The blocks of the processes: finding them in a vector, adding and removing them.
extension Machine {
    /// Finds where the processes and channels of a vector lie.
    func index(_ vector: UnsafeMutableRawPointer, size: Int) {
        state = vector
        self.size = size
        var offset = processesOffset
        var channels = globalChannelCount
        let count = indexedCount
        let (frames, channelStarts) = (frames, channelStarts)
        for pid in 0..<count {
            frames[pid] = offset
            channelStarts[pid] = channels
            let process = tables.processes[Int(vector.load(fromByteOffset: offset, as: UInt8.self))]
            var own = process.firstChannel
            let end = own + process.channelCount
            while own < end {
                let channel = tables.channels[own]
                channelOffsets[channels] = offset + channel.offset
                channelTypeIndices[channels] = channel.type
                channels += 1
                own += 1
            }
            offset += process.size
        }
        frames[count] = offset
        channelStarts[count] = channels
    }

    /// Makes the vector the state before anything runs: no process, globals with their initial values.
    func makeGlobals(in vector: UnsafeMutableRawPointer) {
        vector.initializeMemory(as: UInt8.self, repeating: 0, count: processesOffset)
        state = vector
        size = processesOffset
        frames[0] = size
        channelStarts[0] = globalChannelCount
        frame = 0
        pid = 0
        if let trace = system.trace { traceLocation = trace.automaton.initial }
        _ = run(system.globalInitialEntry)
    }

    /// Adds a process at the end of the vector.
    /// - Returns: its pid, or nil when there are 255 already.
    func addProcess(
        _ proctype: Int, arguments: UnsafePointer<Int64>?, count: Int, firstStoreSite: Int = 0, priority: Int, span: Span
    ) -> Int? {
        let newPid = processCount
        guard newPid < 255 else {
            fail(.tooManyProcesses, "there are 255 processes already", span)
            return nil
        }
        let process = layout.processes[proctype]
        let base = size
        let channels = channelStarts[newPid]
        guard channels + process.channels.count <= 255 else {
            fail(.tooManyChannels, "there are \(channels) channels already, and 255 can exist", span)
            return nil
        }
        (state + base).initializeMemory(as: UInt8.self, repeating: 0, count: process.size)
        size += process.size
        frames[newPid] = base
        frames[newPid + 1] = size
        for (index, channel) in process.channels.enumerated() {
            channelOffsets[channels + index] = base + channel.offset
            channelTypeIndices[channels + index] = channel.type
        }
        channelStarts[newPid + 1] = channels + process.channels.count
        state.storeBytes(of: UInt8(newPid + 1), toByteOffset: StateLayout.processCountOffset, as: UInt8.self)
        state.storeBytes(of: UInt8(truncatingIfNeeded: proctype), toByteOffset: base, as: UInt8.self)
        setLocation(tables.processes[proctype].initialLocation, ofProcessAt: newPid)
        if layout.options.keepsPriorities {
            state.storeBytes(of: UInt8(truncatingIfNeeded: priority), toByteOffset: base + layout.priorityOffset, as: UInt8.self)
        }
        for index in 0..<count {
            guard let arguments, index < process.parameters.count else { break }
            let storage = process.parameters[index]
            let kept = kept(arguments[index], storage, site: firstStoreSite + index)
            if kept != arguments[index], terms == nil {
                truncationLog.note(site: firstStoreSite + index, value: arguments[index], stored: kept)
            }
            store(kept, storage, base: base)
        }
        let (callerPid, callerFrame) = (pid, frame)
        enter(newPid)
        _ = nested { machine in machine.run(machine.tables.processes[proctype].initialEntry) }
        pid = callerPid
        frame = callerFrame
        return newPid
    }

    /// Takes the youngest process off the end of the vector.
    func removeLastProcess() {
        let last = processCount - 1
        size = frames[last]
        state.storeBytes(of: UInt8(last), toByteOffset: StateLayout.processCountOffset, as: UInt8.self)
    }
}
