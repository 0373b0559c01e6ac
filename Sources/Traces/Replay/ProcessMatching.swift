/// Which process of a running model a recorded one is: pids may have shifted, so processes are told apart by their proctype
/// and by how many of it are older.
struct ProcessMatching {
    let recorded: Trace.State
    let current: Trace.State

    /// The pid that a recorded process has now.
    func pid(of action: Trace.Action) -> Int? { pid(of: action.pid, name: action.process) }

    func pid(of recordedPid: Int, name: String) -> Int? {
        let rank = recorded.processes.count { $0.name == name && $0.pid < recordedPid }
        return current.processes.filter { $0.name == name }.dropFirst(rank).first?.pid
    }

    /// The first thing that both states have with different values, in words.
    var firstDifference: String? {
        let moved = recorded.processes.compactMap { process -> Trace.Process? in
            guard let pid = pid(of: process.pid, name: process.name) else { return nil }
            var result = process
            result.pid = pid
            return result
        }
        let renamed = Trace.State(globals: recorded.globals, processes: moved)
        for change in StateChanges.between(renamed, current) {
            let owner = change.owner.flatMap { pid in current.processes.first { $0.pid == pid } }
            let prefix = owner.map { "\($0.displayName)." } ?? ""
            switch change.kind {
            case .value(let name, let old, let new): return "`\(prefix)\(name)` is \(new) now, and was \(old)"
            case .channel(let name, let new): return "`\(prefix)\(name)` holds \(new) now, which it did not"
            case .started, .ended: continue
            }
        }
        return nil
    }
}
