import Promela

extension Exchange {
    /// Why two processes cannot be exchanged, in words, with the place that tells them apart.
    struct Failure: Error {
        var text: String
        var span: Span
        /// The claim that it is for.
        var claim: Claim?
    }

    /// What has to be exchanged so that two processes of one type can be.
    /// - Throws: `Failure`
    init(_ one: Int, _ other: Int, in configuration: ProcessConfiguration, _ classes: ValueClasses, _ layout: StateLayout) throws {
        let program = classes.program
        let processes = configuration.processes
        let (first, second) = (processes[one], processes[other])
        let proctype = program.proctypes[first.proctype]
        var values: [Int: [Int64: Int64]] = [:]
        func exchange(_ value: Int64, _ image: Int64, _ holder: ValueClasses.Holder, _ name: String) throws {
            guard value != image, let found = classes.find(holder) else { return }
            if let obstacle = classes.obstacle(of: found) { throw Failure(text: obstacle.text, span: obstacle.span) }
            for (from, to) in [(value, image), (image, value)] {
                if let known = values[found]?[from], known != to {
                    throw Failure(text: "\(name) has no partner of its own for each value", span: proctype.span)
                }
                values[found, default: [:]][from] = to
            }
        }
        for (own, image) in zip(first.constants, second.constants) where proctype.locals[own.local].type != .scalar(.chan) {
            let name = "`\(proctype.locals[own.local].displayName)`"
            try exchange(own.value, image.value, .local(proctype: first.proctype, own.local), name)
        }
        try exchange(Int64(one), Int64(other), .pid(proctype: first.proctype), "`_pid`")
        channels = try Self.channels(values, classes, layout)
        if !channels.isEmpty {
            for found in classes.channelClasses {
                if let obstacle = classes.obstacle(of: found) { throw Failure(text: obstacle.text, span: obstacle.span) }
                if values[found] != nil { throw Failure(text: "a channel is compared with a name", span: proctype.span) }
                values[found] = channels
            }
        }
        self.values = values
        pids = try Self.pids(one, other, values, channels, processes, classes)
    }

    /// The channels that change places because the elements of arrays do.
    private static func channels(
        _ values: [Int: [Int64: Int64]], _ classes: ValueClasses, _ layout: StateLayout
    ) throws -> [Int64: Int64] {
        let globals = classes.program.globals
        var result: [Int64: Int64] = [:]
        for (variable, own) in Dictionary(grouping: layout.globalChannels.indices, by: { layout.globalChannels[$0].variable }) {
            guard let count = globals[variable].count, let found = classes.find(.globalIndex(variable)), let map = values[found]
            else { continue }
            for (position, channel) in own.sorted().enumerated() {
                let element = Int64(position)
                let image = map[element] ?? element
                if image != element, image >= 0, image < Int64(count) {
                    result[Int64(channel + 1)] = Int64(channel + 1) + image - element
                }
            }
        }
        return result
    }

    /// Which process takes the place of which.
    private static func pids(
        _ one: Int, _ other: Int, _ values: [Int: [Int64: Int64]], _ channels: [Int64: Int64],
        _ processes: [ProcessConfiguration.Process], _ classes: ValueClasses
    ) throws -> [Int] {
        var result = Array(repeating: -1, count: processes.count)
        var taken: Set<Int> = []
        func isImage(_ candidate: Int, of pid: Int) -> Bool {
            let (process, image) = (processes[pid], processes[candidate])
            guard process.proctype == image.proctype else { return false }
            if let found = classes.find(.pid(proctype: process.proctype)), classes.obstacle(of: found) == nil,
                (values[found]?[Int64(pid)] ?? Int64(pid)) != Int64(candidate)
            {
                return false
            }
            return zip(process.constants, image.constants).allSatisfy { own, image in
                let holder = ValueClasses.Holder.local(proctype: process.proctype, own.local)
                guard let found = classes.find(holder) else { return true }
                let map = holder.type(in: classes.program) == .scalar(.chan) ? channels : values[found] ?? [:]
                return image.value == map[own.value] ?? own.value
            }
        }
        for pid in processes.indices {
            let wanted = pid == one ? other : pid == other ? one : pid
            let candidates = [wanted] + processes.indices
            guard let image = candidates.first(where: { !taken.contains($0) && isImage($0, of: pid) }) else {
                let proctype = classes.program.proctypes[processes[pid].proctype]
                throw Failure(text: "\(proctype.name)(\(pid)) has no counterpart", span: proctype.span)
            }
            result[pid] = image
            taken.insert(image)
        }
        guard result[one] == other, result[other] == one else {
            throw Failure(text: "their parameters differ", span: classes.program.proctypes[processes[one].proctype].span)
        }
        return result
    }
}
