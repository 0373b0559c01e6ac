import Automata

/// A step of a path, in 24 bytes: walks are long, and many beginnings are kept.
struct ScheduleStep: Hashable, Sendable {
    private var choice: Int64
    let transition: Int32
    private let receiverTransition: Int32
    private let number: UInt8
    private let receiver: UInt8
    private let hasChoice: Bool
    let isTimeout: Bool

    init(_ step: Step) {
        number = UInt8(truncatingIfNeeded: step.pid)
        transition = Int32(truncatingIfNeeded: step.transition)
        receiver = UInt8(truncatingIfNeeded: step.receiver?.pid ?? 0)
        receiverTransition = Int32(truncatingIfNeeded: step.receiver?.transition ?? -1)
        choice = step.choice ?? 0
        hasChoice = step.choice != nil
        isTimeout = step.isTimeout
    }

    /// The process that moves, or sends.
    var pid: Int { Int(number) }

    /// The step, as engines and traces have it.
    var step: Step {
        Step(
            pid: pid, transition: Int(transition), choice: hasChoice ? choice : nil,
            receiver: receiverTransition < 0 ? nil : .init(pid: Int(receiver), transition: Int(receiverTransition)),
            isTimeout: isTimeout)
    }

    /// Whether another step does the same, be it that a timeout had to help.
    func does(_ other: Step) -> Bool {
        var own = step
        own.isTimeout = other.isTimeout
        return own == other
    }
}

/// A path that shares its beginning with others.
final class PathSegment: Sendable {
    private let parent: PathSegment?
    /// How many steps of the parent come first.
    private let parentCount: Int
    private let own: [ScheduleStep]

    /// - Parameter beginning: another path, and how many of its steps this one begins with.
    init(_ beginning: (segment: PathSegment, count: Int)?, _ own: [ScheduleStep]) {
        parent = beginning?.segment
        parentCount = beginning?.count ?? 0
        self.own = own
    }

    /// Bytes that are not shared.
    var byteCount: Int { own.count * MemoryLayout<ScheduleStep>.stride }

    /// The first `count` steps.
    func steps(_ count: Int) -> [ScheduleStep] {
        var parts: [ArraySlice<ScheduleStep>] = []
        var (segment, wanted): (PathSegment?, Int) = (self, count)
        while let current = segment {
            if wanted > current.parentCount {
                parts.append(current.own.prefix(wanted - current.parentCount))
                wanted = current.parentCount
            }
            segment = current.parent
        }
        return parts.reversed().flatMap(\.self)
    }
}
