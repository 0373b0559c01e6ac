import ChildProcesses
import Foundation
import Spin

/// One of Spin's verifiers for one model, with the sizes that suit it best.
///
/// A user of Spin who wants to be fast says how deep the search goes and how large the hash table should be. Here a run that
/// is not counted finds them out: the stack has as many places as are needed, and the table one or two for each state.
struct SpinVerifier {
    /// Which way it searches.
    enum Order: String {
        case depth, breadth
    }

    let order: Order
    /// What the compiler took.
    let compilation: ResourceUsage
    /// What the run took that showed how large it has to be.
    let trial: ResourceUsage
    private let program: SpinProgram
    private let folder: URL
    private let flags: [String]

    /// Compiles the verifier that Spin has written to the folder, and finds out how large it has to be; nil if it is given up.
    /// - Parameters:
    ///   - states: about how many there will be.
    ///   - compilerFlags: such as `-DSAFETY`.
    ///   - verifierFlags: such as `-a`.
    ///   - patience: seconds after which a run is given up.
    init?(
        _ program: SpinProgram, _ order: Order, compilerFlags: [String], verifierFlags: [String], states: Int, patience: Double,
        in folder: URL
    ) throws {
        var compilerFlags = compilerFlags + (order == .breadth ? ["-DBFS"] : [])
        var compilation = try program.compile(compilerFlags, to: order.rawValue, in: folder)
        var hasLargeVector = false
        var depth = 10_000
        while true {
            // `-b` ends the run where the stack is too small, rather than to go on with a part of the states.
            let sizes = Self.sizes(order, depth: depth, states: states)
            let flags = sizes + (order == .depth ? ["-b"] : []) + verifierFlags
            guard let run = try program.verify(order.rawValue, flags, patience: patience, in: folder) else { return nil }
            switch run.shortage {
            case .vector where !hasLargeVector:
                hasLargeVector = true
                compilerFlags.append("-DVECTORSZ=32000")
                compilation = try program.compile(compilerFlags, to: order.rawValue, in: folder)
            case .depth where depth < 1_000_000_000: depth *= 10
            case .some(let shortage): throw BenchmarkError("pan has too little room, whatever it is told: \(shortage)")
            case nil:
                self.flags = Self.sizes(order, depth: run.result.depthReached + 10, states: run.result.statesStored) + verifierFlags
                self.order = order
                self.program = program
                self.folder = folder
                self.compilation = compilation
                trial = run.usage
                return
            }
        }
    }

    /// Runs it.
    func run() throws -> SpinProgram.Run {
        guard let run = try program.verify(order.rawValue, flags, patience: program.timeLimit, in: folder) else { throw program.timeout }
        return run
    }

    private static func sizes(_ order: Order, depth: Int, states: Int) -> [String] {
        (order == .depth ? ["-m\(depth)"] : []) + ["-w\(tableBits(states: states))"]
    }

    /// The binary logarithm of a number of places that is one to two times the states; pan makes its table larger, with a
    /// pause, when they do not suffice.
    static func tableBits(states: Int) -> Int {
        min(max(Int.bitWidth - max(states - 1, 0).leadingZeroBitCount, 10), 32)
    }
}
