import Promela

/// The code of a whole system, and the tables that it refers to.
package struct Code {
    package var instructions: [Instruction] = []
    var faultSites: [FaultSite] = []
    package var arraySites: [ArraySite] = []
    var storeSites: [StoreSite] = []
    package var patterns: [ReceivePattern] = []
    package var runSites: [RunSite] = []
    var printSites: [PrintSite] = []
    package var remoteSites: [RemoteSite] = []
    /// What the arithmetic at an address is, as it is written.
    var arithmeticSites: [Int: SourceReference] = [:]
    /// The most registers that any piece of code uses.
    package var registerCount = 0
}

/// A piece of code under construction: hands out registers and patches jumps.
struct CodeBuilder {
    var code: Code
    private(set) var nextRegister = 0

    init(_ code: Code) { self.code = code }

    var position: Int { code.instructions.count }

    /// A register that nothing else uses until `release`.
    mutating func allocate(_ count: Int = 1) -> Int {
        let register = nextRegister
        nextRegister += count
        code.registerCount = max(code.registerCount, nextRegister)
        return register
    }

    /// Gives back every register from `mark` on.
    mutating func release(to mark: Int) { nextRegister = mark }

    mutating func emit(
        _ operation: Operation, target: Int = 0, source: Int = 0, immediate: Int = 0, width: Int = 0, detail: Int = 0,
        flags: Int = 0
    ) {
        code.instructions.append(
            Instruction(
                operation: operation, width: UInt8(truncatingIfNeeded: width),
                detail: UInt8(truncatingIfNeeded: detail), flags: UInt8(truncatingIfNeeded: flags),
                target: UInt16(truncatingIfNeeded: target), source: UInt16(truncatingIfNeeded: source),
                immediate: Int64(immediate)))
    }

    /// Emits a jump whose destination is not known yet.
    mutating func emitJump(_ operation: Operation, source: Int = 0) -> Int {
        emit(operation, source: source)
        return position - 1
    }

    /// Lets a jump lead to the next instruction.
    mutating func patch(_ jump: Int) { code.instructions[jump].immediate = Int64(position) }

    mutating func patch(_ jumps: [Int]) { for jump in jumps { patch(jump) } }
}
