import Automata
import Promela

/// What can go wrong in a step, and when.
struct SymbolicFault {
    var kind: Fault.Kind
    var condition: Term
    var span: Span
}

/// What an execution runs into, shared by its branches.
final class ExecutionLog {
    var faults: [SymbolicFault] = []
    /// Assertions that failed: the execution goes on all the same.
    var failedAssertions: [SymbolicFault] = []
    /// Where more would have to be told apart than is.
    var overflows: [SymbolicFault] = []
    /// The processes that may have been started.
    var starts: [(slot: Int, type: Int)] = []
}

/// One process at work on a symbolic state: evaluates expressions and carries out statements, with the interpreter's meaning.
///
/// It works under a condition: what is stored is only stored where that holds, and a fault takes its part out of it.
struct Execution {
    let schema: StateSchema
    let algebra: Algebra
    /// The process that acts; nil outside all of them.
    var pid: Int?
    /// Its type.
    var type: Int?
    var cells: [SymbolicValue]
    /// Where this execution is at all.
    var path: Term
    /// Whether `timeout` is true.
    var timeout: Term
    /// The number of the rendezvous channel that a sender waits at, or 0; and its message.
    var handshake: SymbolicValue = .constant(0)
    var message: [SymbolicValue] = []
    /// How many questions for `enabled` this is inside of.
    var nesting = 0
    let log = ExecutionLog()

    init(_ schema: StateSchema, _ algebra: Algebra, pid: Int?, type: Int?, cells: [SymbolicValue], path: Term, timeout: Term) {
        self.schema = schema
        self.algebra = algebra
        self.pid = pid
        self.type = type
        self.cells = cells
        self.path = path
        self.timeout = timeout
    }

    var program: Program { schema.program }
    var layout: StateLayout { schema.layout }

    /// Notes a fault where a condition holds, and goes on where it does not.
    mutating func fail(_ kind: Fault.Kind, where condition: Term, _ span: Span) {
        let happens = algebra.and(path, condition)
        if happens == algebra.no { return }
        log.faults.append(SymbolicFault(kind: kind, condition: happens, span: span))
        path = algebra.and(path, butNot: condition)
    }

    /// Notes that more would have to be told apart than is: there is no slot for a process, or a loop goes on.
    mutating func overflow(_ kind: Fault.Kind, where condition: Term, _ span: Span) {
        let happens = algebra.and(path, condition)
        if happens == algebra.no { return }
        log.overflows.append(SymbolicFault(kind: kind, condition: happens, span: span))
        path = algebra.and(path, butNot: condition)
    }

    mutating func assert(_ condition: Term, _ span: Span) {
        let happens = algebra.and(path, butNot: condition)
        if happens == algebra.no { return }
        log.failedAssertions.append(SymbolicFault(kind: .assertionFailed, condition: happens, span: span))
    }

    /// Does something where a condition holds only.
    mutating func when(_ condition: Term, _ body: (inout Execution) throws -> Void) rethrows {
        let outer = path
        path = algebra.and(path, condition)
        if path != algebra.no { try body(&self) }
        // What failed inside is out of the path outside too.
        let failed = algebra.and(algebra.and(outer, condition), butNot: path)
        path = path == algebra.and(outer, condition) ? outer : algebra.and(outer, butNot: failed)
    }

    mutating func store(_ value: SymbolicValue, in cell: Int, where condition: Term? = nil) {
        let form = schema.cells[cell]
        let kept = algebra.truncate(value, width: form.width, isSigned: form.isSigned)
        let place = condition.map { algebra.and(path, $0) } ?? path
        cells[cell] = algebra.choose(place, kept, cells[cell])
    }

    // MARK: Processes

    /// Whether there is a process in a slot.
    func isAlive(_ slot: Int) -> Term {
        algebra.less(.constant(Int64(slot)), cells[schema.processCount], orEqual: false, isUnsigned: false)
    }

    /// Whether there is a process of a type in a slot.
    func isAlive(_ slot: Int, ofType type: Int) -> Term {
        guard schema.slots[slot].types.contains(type) else { return algebra.no }
        let isAlive = isAlive(slot)
        if schema.slots[slot].types.count == 1 { return isAlive }
        return algebra.and(isAlive, algebra.equal(cells[schema.slots[slot].type], .constant(Int64(type))))
    }

    /// Whether a channel exists.
    func exists(_ channel: Int) -> Term { schema.channels[channel].owner.map { isAlive($0) } ?? algebra.yes }

    /// The pid of a process that an expression names, as a slot for each that it can be.
    func slots(_ pid: SymbolicValue) -> [(slot: Int, condition: Term)] {
        schema.slots.indices.compactMap { slot in
            let condition = algebra.and(algebra.equal(pid, .constant(Int64(slot))), isAlive(slot))
            return condition == algebra.no ? nil : (slot, condition)
        }
    }
}
