/// Which processes a trace has, and in which columns they are drawn.
struct LaneLayout {
    struct Lane: Hashable {
        var pid: Int
        var name: String
        var displayName: String
    }

    var lanes: [Lane] = []
    /// Where each lane's text starts.
    var starts: [Int] = []
    /// Where text to the right of all lanes starts.
    var end = 0
    /// Columns of the step's number, and of its place in the source.
    let numberWidth: Int
    let sourceStart: Int
    let sourceWidth: Int
    /// Where the lanes start.
    let left: Int
    /// Whether the lanes fit the width; if not, a column says which process it is.
    var usesLanes = true

    /// The columns that the last lane needs at least, to be readable.
    private static let lastLaneWidth = 24

    init(_ trace: Trace, columns: Int) {
        for state in trace.states {
            for process in state.processes
            where !lanes.contains(where: { $0.pid == process.pid && $0.name == process.name }) {
                lanes.append(Lane(pid: process.pid, name: process.name, displayName: process.displayName))
            }
        }
        lanes.sort { ($0.pid, $0.name) < ($1.pid, $1.name) }
        let steps = trace.steps + (trace.violation.failedStep.map { [$0] } ?? [])
        numberWidth = max(3, String(steps.count).count + 1)
        sourceStart = 2 + numberWidth + 2
        let sources = steps.flatMap { [$0.action] + ($0.partner.map { [$0] } ?? []) }.map(\.location.shortText)
        sourceWidth = min(24, sources.map(\.count).max() ?? 0)
        left = sourceStart + sourceWidth + 2
        placeLanes(steps, columns: columns)
    }

    private mutating func placeLanes(_ steps: [Trace.Step], columns: Int) {
        let least = lanes.map { $0.displayName.count + 2 }
        let available = columns - left
        guard lanes.count <= 1 || least.dropLast().reduce(0, +) + Self.lastLaneWidth <= available else {
            usesLanes = false
            starts = lanes.map { _ in left + (least.max() ?? 0) }
            end = starts.first ?? left
            return
        }
        var wanted = least
        for step in steps {
            for action in [step.action] + (step.partner.map { [$0] } ?? []) {
                guard let lane = index(of: action) else { continue }
                wanted[lane] = max(wanted[lane], min(30, action.text.count + 3))
            }
        }
        for step in steps {
            // The arrow of a rendezvous carries the message, so the lanes that it crosses share its width.
            guard let partner = step.partner.flatMap({ index(of: $0) }), let sender = index(of: step.action),
                let message = step.messages.first(where: { $0.direction == .exchanged })
            else { continue }
            let crossed = min(partner, sender)..<max(partner, sender)
            let label = min(40, message.text.count + message.channel.count + 12)
            let missing = label - crossed.map { wanted[$0] }.reduce(0, +)
            if missing > 0, let first = crossed.first { wanted[first] += missing }
        }
        // What changes stands to the right of the lanes, if there is room for it.
        let reserve = min(26, max(0, available - least.reduce(0, +)))
        while wanted.reduce(0, +) > available - reserve,
            let widest = wanted.indices.filter({ wanted[$0] > least[$0] }).max(by: { wanted[$0] < wanted[$1] })
        {
            wanted[widest] -= 1
        }
        var column = left
        for width in wanted {
            starts.append(column)
            column += width
        }
        end = column
    }

    func index(of action: Trace.Action) -> Int? {
        lanes.firstIndex { $0.pid == action.pid && $0.name == action.process }
    }

    func isAlive(_ lane: Int, in state: Trace.State) -> Bool {
        state.processes.contains { $0.pid == lanes[lane].pid && $0.name == lanes[lane].name }
    }
}
