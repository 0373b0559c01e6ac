import Automata
import Exploration

/// What tells violations apart: the same thing that fails at the same place is found once.
struct ViolationKey: Hashable, Sendable {
    var property: Property
    var file = 0
    var start = 0
    var kind: Fault.Kind?

    init(_ fault: Fault) {
        property = fault.kind.property
        file = Int(fault.span.file.index)
        start = Int(fault.span.start)
        kind = fault.kind
    }

    init(_ property: Property) { self.property = property }
}

/// A violation, and a path to it.
struct FoundViolation: Sendable {
    var key: ViolationKey
    var fault: Fault?
    /// From the initial state on.
    var path: [ScheduleStep]
    /// See `Violation.loopStart`.
    var loopStart: Int?
}
