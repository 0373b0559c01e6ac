@testable import Automata
import Foundation
import NativeCode

extension NativeCompiler {
    /// The machine code of a system, once the compiler is done.
    func compile(_ system: Automata.System) throws -> CompiledExpansion {
        while true {
            if let expansion = expansion(of: system, states: .max, seconds: 0) { return expansion }
            if let failure { throw failure }
            Thread.sleep(forTimeInterval: 0.001)
        }
    }
}
