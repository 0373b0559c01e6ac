import Promela

/// What one process can find out about another.
extension Machine {
    /// Where the block of a process of the type that a remote reference names starts; nil if there is none.
    func remoteFrame(_ other: Int64, site number: Int) -> Int? {
        let site = system.code.code.remoteSites[number]
        guard other >= 0, other < Int64(processCount) else { return nil }
        guard proctype(ofProcessAt: Int(other)) == site.proctype else {
            let name = system.program.proctypes[site.proctype].name
            fail(
                .remoteReferenceToOtherType, "process \(other) is not a `\(name)`", site.source)
            return nil
        }
        return frames[Int(other)]
    }

    /// Whether a process stands at the label that a remote reference names.
    func isProcess(_ other: Int64, atSite number: Int) -> Bool {
        let site = system.code.code.remoteSites[number]
        return other >= 0 && other < Int64(processCount) && proctype(ofProcessAt: Int(other)) == site.proctype
            && location(ofProcessAt: Int(other)) == site.location
    }

    /// Sets the priority of a process, if there is one; false if it is out of range.
    func setPriority(_ priority: Int64, of other: Int64, site: Int) -> Bool {
        guard other >= 0, other < Int64(processCount) else { return true }
        guard priority >= 1, priority <= 255 else {
            fail(
                .priorityOutOfRange, "priority \(priority) is not in 1 to 255",
                system.code.code.faultSites[site].source)
            return false
        }
        state.storeBytes(
            of: UInt8(priority), toByteOffset: frames[Int(other)] + layout.priorityOffset, as: UInt8.self)
        return true
    }

    /// Whether some process stands at a progress label.
    func isAtProgress() -> Bool {
        for pid in 0..<processCount where locationRecord(ofProcessAt: pid).isProgress { return true }
        return false
    }

    /// Whether some process stands at an accept label.
    func isAtAcceptance() -> Bool {
        for pid in 0..<processCount where locationRecord(ofProcessAt: pid).isAccept { return true }
        return false
    }

    /// Whether some transition of another process could be taken, as `enabled(pid)` asks: `provided` is not looked at.
    func isEnabled(_ other: Int64) -> Bool {
        guard other >= 0, other < Int64(processCount), nesting < Self.windows - 1 else { return false }
        let (callerPid, callerFrame) = (pid, frame)
        defer {
            pid = callerPid
            frame = callerFrame
        }
        let candidate = Int(other)
        enter(candidate)
        let location = locationRecord(ofProcessAt: candidate)
        for index in Int(location.first)..<Int(location.end) {
            let transition = tables.transitions[index]
            switch transition.kind {
            case .otherwise, .select: return true
            case .end: if candidate == processCount - 1 { return true }
            case .ordinary:
                if transition.guardEntry < 0 { return true }
                if nested({ $0.truth(of: $0.run(Int(transition.guardEntry))) }) != 0 { return true }
                if hasFault { return false }
            }
        }
        return false
    }

    /// Whether no process of higher priority could run instead.
    func hasHighestPriority(_ candidate: Int) -> Bool {
        let own = priority(ofProcessAt: candidate)
        for other in 0..<processCount where other != candidate && priority(ofProcessAt: other) > own {
            if isProvided(other) && isEnabled(Int64(other)) { return false }
        }
        return true
    }

    /// Whether the `provided` clause of a process holds.
    @inline(__always)
    func isProvided(_ candidate: Int) -> Bool {
        let entry = tables.processes[proctype(ofProcessAt: candidate)].providedEntry
        if entry < 0 { return true }
        let (callerPid, callerFrame) = (pid, frame)
        enter(candidate)
        defer {
            pid = callerPid
            frame = callerFrame
        }
        return truth(of: run(entry)) != 0
    }
}
