import Conformance
import Promela
import Testing

/// Logs of real kernels are behaviours of the models, and are not any more when one message is altered.
@Suite struct KernelLogTests {
    @Test(arguments: KernelLog.all + KernelLog.findings) func realKernelsConform(log: KernelLog) throws {
        #expect(try ConformanceCheck.firstWrongLine(log.program(), log.log()) == nil)
    }

    /// A kernel whose clock would go backwards panics (`run-inside-get`): it says nothing after that. Where it is told a later time, it goes on.
    @Test(arguments: [(UInt64(0), false), (1000, true)]) func aKernelThatPanicsSaysNothingMore(time: UInt64, goesOn: Bool) throws {
        var log = try KernelLog.runInsideGet.log()
        let end = log.lines.count - 1
        #expect(log.lines[end].values["operation"] == .name("ACK") && log.lines[end].values["time"] == .number(0))
        log.lines[end].values["time"] = .number(time)
        var line = log.lines[end]
        line.number += 1
        line.event = "received"
        line.values.merge(["operation": .name("REQUEST"), "time": .number(10_000_000)]) { $1 }
        log.lines.append(line)
        #expect(try ConformanceCheck.firstWrongLine(KernelLog.runInsideGet.program(), log) == (goesOn ? nil : line.number))
    }

    /// Nobody asks for the time in the idle loop if nothing has interrupted it.
    @Test(arguments: [KernelLog.runInSigio, .interrupted]) func aKernelThatIsNotInterruptedHasNoHandler(log: KernelLog) throws {
        var events = try log.log()
        let index = try #require(events.lines.firstIndex { $0.event == "interrupted" })
        events.lines.remove(at: index)
        let question = events.lines[index...].first { $0.values["operation"] == .name("GET") }
        #expect(try ConformanceCheck.firstWrongLine(log.program(), events) == question?.number)
    }

    /// What is altered, in the first line from `after` on that has this event and operation.
    struct Alteration: CustomTestStringConvertible, Sendable {
        enum Kind: Sendable {
            case operation(String), time(Int64), otherClient, otherDirection, missing, duplicated, swappedWithNext
            case member(String, Int64)
        }

        var log: KernelLog
        var event: String
        var operation: String
        var kind: Kind
        var after = 20
        /// How many lines later it is found out, at the latest that it can be.
        var later = 0

        var testDescription: String { "\(log.name): \(event) \(operation): \(kind)" }

        func apply(to log: inout EventLog) throws -> Int {
            let index = try #require(
                log.lines.firstIndex { $0.number >= after && $0.event == event && $0.values["operation"] == .name(operation) })
            let number = log.lines[index].number
            func add(_ difference: Int64, to member: String) throws {
                guard case .number(let value)? = log.lines[index].values[member] else { throw MissingMember(name: member) }
                log.lines[index].values[member] = .number(value &+ UInt64(bitPattern: difference))
            }
            switch kind {
            case .operation(let name): log.lines[index].values["operation"] = .name(name)
            case .time(let difference): try add(difference, to: "time")
            case .otherClient: log.lines[index].values["slot"] = log.lines[index].values["slot"] == .number(1) ? .number(2) : .number(1)
            case .otherDirection: log.lines[index].event = event == "sent" ? "received" : "sent"
            case .missing: log.lines.remove(at: index)
            case .duplicated:
                log.lines.insert(log.lines[index], at: index)
                log.lines[index + 1].number = -number
            case .swappedWithNext: log.lines.swapAt(index, index + 1)
            case .member(let name, let difference): try add(difference, to: name)
            }
            return index
        }
    }

    struct MissingMember: Error { var name: String }

    static let alterations: [Alteration] = [
        // Operations.
        .init(log: .sockets, event: "sent", operation: "RUN", kind: .operation("FREE_UNTIL")),
        .init(log: .sockets, event: "received", operation: "WAIT", kind: .operation("REQUEST")),
        .init(log: .sockets, event: "received", operation: "REQUEST", kind: .operation("GET_TOD")),
        .init(log: .memory, event: "sent", operation: "RUN", kind: .operation("ACK")),
        .init(log: .memory, event: "received", operation: "WAIT", kind: .operation("REQUEST")),
        // Times. A kernel may ask for any; that it is not run then is found out.
        .init(log: .sockets, event: "sent", operation: "RUN", kind: .time(1)),
        .init(log: .sockets, event: "sent", operation: "RUN", kind: .time(-1)),
        .init(log: .sockets, event: "sent", operation: "FREE_UNTIL", kind: .time(1)),
        .init(log: .sockets, event: "sent", operation: "ACK", kind: .time(1)),
        .init(log: .sockets, event: "received", operation: "REQUEST", kind: .time(1), after: 34, later: 4),
        .init(log: .memory, event: "sent", operation: "RUN", kind: .time(1)),
        .init(log: .memory, event: "sent", operation: "ACK", kind: .time(1), after: 12),
        // Clients and directions.
        .init(log: .sockets, event: "sent", operation: "RUN", kind: .otherClient),
        .init(log: .sockets, event: "received", operation: "REQUEST", kind: .otherClient),
        .init(log: .memory, event: "sent", operation: "RUN", kind: .otherClient),
        .init(log: .memory, event: "received", operation: "WAIT", kind: .otherClient),
        .init(log: .sockets, event: "sent", operation: "ACK", kind: .otherDirection),
        .init(log: .sockets, event: "received", operation: "WAIT", kind: .otherDirection),
        .init(log: .memory, event: "received", operation: "WAIT", kind: .otherDirection),
        // Order: what is missing is missed by the next line, and what comes twice is wrong the second time.
        .init(log: .sockets, event: "sent", operation: "ACK", kind: .missing),
        .init(log: .sockets, event: "received", operation: "ACK", kind: .missing),
        .init(log: .sockets, event: "sent", operation: "FREE_UNTIL", kind: .missing),
        .init(log: .memory, event: "sent", operation: "RUN", kind: .missing),
        .init(log: .memory, event: "received", operation: "WAIT", kind: .missing),
        .init(log: .sockets, event: "sent", operation: "RUN", kind: .duplicated, later: 1),
        .init(log: .sockets, event: "received", operation: "REQUEST", kind: .duplicated, later: 1),
        .init(log: .memory, event: "received", operation: "WAIT", kind: .duplicated, later: 1),
        .init(log: .sockets, event: "received", operation: "WAIT", kind: .swappedWithNext),
        .init(log: .sockets, event: "received", operation: "ACK", kind: .swappedWithNext),
        .init(log: .memory, event: "received", operation: "WAIT", kind: .swappedWithNext),
        // A client that comes late counts its time from then on.
        .init(log: .late, event: "sent", operation: "FREE_UNTIL", kind: .time(1), after: 80),
        .init(log: .late, event: "sent", operation: "RUN", kind: .time(-1), after: 90),
        // Shared memory.
        .init(log: .memory, event: "sent", operation: "RUN", kind: .member("memory.free_until", 1)),
        .init(log: .memory, event: "sent", operation: "RUN", kind: .member("memory.current_time", 1)),
        .init(log: .memory, event: "sent", operation: "RUN", kind: .member("memory.running_id", 1)),
        .init(log: .memory, event: "received", operation: "WAIT", kind: .member("memory.running_id", 1)),
        .init(log: .memory, event: "received", operation: "WAIT", kind: .member("memory.clients[1].capa", -1)),
        .init(log: .memory, event: "received", operation: "WAIT", kind: .member("memory.clients[1].flags", -1)),
        .init(log: .memory, event: "sent", operation: "RUN", kind: .member("memory.clients[1].req_time", 1)),
        .init(log: .memory, event: "sent", operation: "RUN", kind: .member("memory.clients[2].req_time", 1)),
    ]

    @Test(arguments: alterations) func anAlteredMessageIsFound(alteration: Alteration) throws {
        var log = try alteration.log.log()
        let index = try alteration.apply(to: &log)
        let wrong = try ConformanceCheck.firstWrongLine(alteration.log.program(), log)
        #expect(wrong == log.lines[index + alteration.later].number)
    }

    /// Where there is no memory for all states, they are searched once more, and forgotten on the way.
    @Test func lessMemoryTakesLongerAndSaysTheSame() throws {
        var log = try KernelLog.interruptedInMemory.log()
        let member = "memory.current_time"
        let index = try #require(log.lines.lastIndex { $0.event == "received" })
        let now = log.lines[index].values[member]
        guard case .number(let time)? = now else { throw MissingMember(name: member) }
        log.lines[index].values[member] = .number(time + 5_000_000_000)
        let check = try ConformanceCheck(KernelLog.interruptedInMemory.program(), log)
        func run(_ memoryLimit: Int) throws -> (line: Int?, states: Int) {
            let (result, progress) = try check.run(memoryLimit: memoryLimit)
            guard case .diverges(let divergence) = result else { return (nil, progress.states) }
            return (divergence.line.number, progress.states)
        }
        let (line, states) = try run(1 << 30)
        #expect(line == log.lines[index].number)
        let again = try run(6 << 20)
        #expect(again.line == line && again.states > states)
        #expect(try run(1 << 20).line == nil)
    }
}
