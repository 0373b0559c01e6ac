import Automata
import Promela
import TestSupport

@testable import Traces

/// Traces that no model need have, for what must hold of all.
struct TraceGenerator {
    private var random: SplitMix64

    init(seed: UInt64) { random = SplitMix64(seed: seed) }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    private mutating func chance() -> Bool { Bool.random(using: &random) }

    private mutating func word() -> String {
        let parts = ["x", "GET", "\"", "\\", "\n", "é", "€", "😀", "\u{7f}", "\u{1b}[31m", "end", ";", "<b>", "#", " ", "→", "0"]
        return (0..<number(1...4)).map { _ in parts[number(0...(parts.count - 1))] }.joined()
    }

    private mutating func location() -> SourceLocation {
        SourceLocation(path: word(), line: number(0...9999), column: number(0...99))
    }

    private mutating func value(_ depth: Int = 0) -> Trace.Value {
        switch number(0...(depth > 2 ? 3 : 6)) {
        case 0: return .integer(Int64.random(in: .min ... .max, using: &random))
        case 1: return .unsigned(UInt64.random(in: 0 ... .max, using: &random))
        case 2: return .boolean(chance())
        case 3: return .name(word())
        case 4: return .channel((0..<number(0...3)).map { _ in (0..<number(0...2)).map { _ in value(3) } })
        case 5: return .array((0..<number(1...3)).map { _ in value(depth + 1) })
        default: return .record((0..<number(0...3)).map { Trace.Field("f\($0)", value(depth + 1)) })
        }
    }

    private mutating func action() -> Trace.Action {
        Trace.Action(pid: number(0...255), process: word(), text: word(), location: location())
    }

    private mutating func step() -> Trace.Step {
        Trace.Step(
            action: action(), partner: chance() ? action() : nil,
            choice: chance() ? Int128.random(in: Int128(Int64.min)...Int128(UInt64.max), using: &random) : nil, isTimeout: chance(),
            messages: (0..<number(0...2)).map { _ in
                Trace.Message(
                    channel: word(), values: (0..<number(0...2)).map { _ in value() },
                    direction: [.sent, .received, .copied, .exchanged][number(0...3)])
            }, output: chance() ? word() : "", keepsControl: chance(), occurrence: number(0...3))
    }

    mutating func trace() -> Trace {
        let globals = (0..<number(0...3)).map { "g\($0)\(word().replacing(".", with: ""))" }
        let processes = (0..<number(1...3)).map { "P\($0)" }
        let locals = processes.map { _ in (0..<number(0...2)).map { "l\($0).\(word())" } }
        let count = number(0...4)
        let states = (0...count).map { _ in
            Trace.State(
                globals: globals.map { Trace.Field($0, value()) },
                processes: (0..<number(1...processes.count)).map { pid in
                    Trace.Process(
                        pid: pid, name: processes[pid], location: location(),
                        locals: locals[pid].map { Trace.Field($0, value()) })
                })
        }
        return Trace(
            model: ModelReference(
                path: word(), defines: [word()], undefines: [], includeDirectories: [word(), word()],
                expandsSelect: chance(), formulas: chance() ? [word()] : []),
            violation: Trace.Violation(
                property: word(), message: word(), cause: Trace.Cause.allCases[number(0...(Trace.Cause.allCases.count - 1))],
                location: chance() ? location() : nil, subject: chance() ? word() : nil,
                values: (0..<number(0...2)).map { Trace.Field("v\($0)", value()) },
                waiting: (0..<number(0...2)).map {
                    Trace.Wait(pid: $0, process: word(), location: location(), reasons: [word()])
                },
                failedStep: chance() ? step() : nil, claim: chance() ? word() : nil,
                fairness: Fairness.allCases[number(0...2)], explanation: (0..<number(0...2)).map { _ in word() }),
            states: states, steps: (0..<count).map { _ in step() }, loopStart: chance() ? number(0...count) : nil,
            story: (0..<number(0...2)).map { _ in word() })
    }
}
