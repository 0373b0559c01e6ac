import Automata
import Promela

/// Finding variables.
extension Execution {
    /// A cell that a place can be, and when.
    typealias Candidate = (cell: Int, condition: Term)

    /// More elements than this are not told apart in one access.
    private static let candidateLimit = 4096

    /// The cells that a place of this process can be. An index out of bounds is a fault.
    mutating func locate(_ place: Place) throws -> [Candidate] {
        switch place.root {
        case .global(let index):
            return try locate(place, program.globals[index], schema.globals[index])
        case .local(let index):
            guard let pid, let type, let locals = schema.slots[pid].locals[type] else { return [] }
            return try locate(place, program.proctypes[type].locals[index], locals[index])
        default: return []
        }
    }

    mutating func locate(_ place: Place, _ variable: Variable, _ cells: StateSchema.VariableCells) throws -> [Candidate] {
        var candidates: [Candidate] = [(cells.first, algebra.yes)]
        var variable = variable
        for accessor in place.path {
            switch accessor {
            case .field(let field):
                guard case .record(let record) = variable.type else { continue }
                let offset = schema.cellCount(ofFieldsBefore: field, in: record)
                variable = program.records[record].fields[field]
                candidates = candidates.map { ($0.cell + offset, $0.condition) }
            case .index(let index):
                let count = Int64(variable.count ?? 1)
                let stride = schema.cellCount(ofElement: variable)
                let value = try evaluate(index, wide: true)
                if case .constant(let constant) = value, constant >= 0, constant < count {
                    candidates = candidates.map { ($0.cell + Int(constant) * stride, $0.condition) }
                    continue
                }
                fail(.indexOutOfBounds, where: isOutside(value, count), index.span)
                guard candidates.count * Int(count) <= Self.candidateLimit else {
                    throw UnsupportedModel("an access to so large an array", at: place.span)
                }
                candidates = candidates.flatMap { candidate in
                    (0..<count).compactMap { element in
                        let condition = algebra.and(candidate.condition, algebra.equal(value, .constant(element)))
                        return condition == algebra.no ? nil : (candidate.cell + Int(element) * stride, condition)
                    }
                }
            }
        }
        return candidates
    }

    private func isOutside(_ value: SymbolicValue, _ count: Int64) -> Term {
        let isNegative =
            value.isNeverNegative
            ? algebra.no : algebra.less(value, .constant(0), orEqual: false, isUnsigned: false)
        return algebra.or(
            isNegative, algebra.less(.constant(count), value, orEqual: true, isUnsigned: false))
    }

    /// The value of one of several cells.
    func read(_ candidates: [Candidate]) -> SymbolicValue {
        guard var result = candidates.last.map({ cells[$0.cell] }) else { return .constant(0) }
        for candidate in candidates.dropLast().reversed() {
            result = algebra.choose(candidate.condition, cells[candidate.cell], result)
        }
        return result
    }

    mutating func load(_ place: Place, wide: Bool) throws -> SymbolicValue {
        switch place.root {
        case .discard: return .constant(0)
        case .selfPid: return .constant(Int64(pid ?? 0))
        case .lastPid: return cells[schema.lastPid]
        case .processCount: return cells[schema.processCount]
        case .selfPriority: throw UnsupportedModel("a priority", at: place.span)
        case .global, .local:
            let value = read(try locate(place))
            return cutLikeLoad(value, of: place, wide: wide)
        }
    }

    /// 32 bits without a sign count as `int` where 64 bits are not wanted.
    func cutLikeLoad(_ value: SymbolicValue, of place: Place, wide: Bool) -> SymbolicValue {
        guard !wide, case .scalar(let type) = place.type, !type.isSigned, (17...32).contains(type.width) else { return value }
        return algebra.narrow(value)
    }

    mutating func assign(_ value: SymbolicValue, to place: Place) throws {
        switch place.root {
        case .discard, .selfPid, .lastPid, .processCount: return
        case .selfPriority: throw UnsupportedModel("a priority", at: place.span)
        case .global, .local: break
        }
        for candidate in try locate(place) { store(value, in: candidate.cell, where: candidate.condition) }
    }
}
