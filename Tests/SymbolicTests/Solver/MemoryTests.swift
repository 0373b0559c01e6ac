import Foundation
import Symbolic
import Testing

#if compiler(>=6.2)

/// What is no longer used is given back. Each test measures a process of its own.
struct MemoryTests {
    /// Does something often, and demands that the process has hardly grown since it was done a few times.
    private static func demandNoGrowth(times: Int, _ body: (Int) -> Void) {
        for number in 0..<times / 10 { body(number) }
        let before = residentBytes()
        for number in times / 10..<times { body(number) }
        let growth = residentBytes() - before
        print("\(times) times: \(before >> 20) MiB, then \(growth >> 10) KiB more; Z3 has \(SolverMemory.bytes >> 10) KiB")
        precondition(growth < 30 << 20, "\(growth >> 20) MiB were not given back")
    }

    /// Bytes of the process that are in memory.
    static func residentBytes() -> Int {
        let fields = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ") ?? []
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }

    @Test("a million terms leave nothing behind")
    func terms() async {
        await #expect(processExitsWith: .success) {
            let solver = Solver()
            let x = solver.unknown("x", .integer)
            Self.demandNoGrowth(times: 333_333) { _ = (x + solver.integer($0)) .< solver.integer($0 % 7) }
        }
    }

    /// A million questions take minutes.
    static let isThorough = ProcessInfo.processInfo.environment["HEDDLE_LARGE_MODELS"] != nil

    @Test("a hundred thousand questions leave nothing behind, and with HEDDLE_LARGE_MODELS a million")
    func questions() async {
        let process = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            // Those about bits alone keep a kilobyte each.
            for (logic, count) in [(Solver.Logic.all, Self.isThorough ? 980_000 : 80_000), (.bitVectors, 20_000)] {
                let solver = Solver(logic, timeLimit: 10_000)
                let x = solver.unknown("x", .bitVector(width: 16))
                Self.demandNoGrowth(times: count) { number in
                    solver.scoped {
                        solver.assert(x .== solver.bits(number, width: 16))
                        precondition(solver.check() == .satisfiable)
                        if number % 16 == 0 {
                            precondition((try? solver.model().bits(x)) == UInt64(number & 0xFFFF))
                        }
                    }
                }
            }
        }
        if let process { print(String(decoding: process.standardOutputContent, as: UTF8.self)) }
    }

    @Test("a thousand solvers leave nothing behind")
    func solvers() async {
        await #expect(processExitsWith: .success) {
            Self.demandNoGrowth(times: 1_000) { number in
                let solver = Solver(timeLimit: 10_000)
                solver.assert(solver.unknown("x", .integer) .> solver.integer(number))
                precondition(solver.check() == .satisfiable)
            }
        }
    }
}

#endif
