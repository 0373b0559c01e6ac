/// One step of the register machine that evaluates guards and carries out effects.
///
/// Registers hold 64-bit values; a narrow value is kept sign-extended from 32 bits.
package struct Instruction {
    package var operation: Operation
    /// Bits that a store keeps.
    package var width: UInt8 = 0
    /// Position of a bit field in its byte; the form of a load or store through an address.
    package var detail: UInt8 = 0
    package var flags: UInt8 = 0
    /// The register that is written.
    package var target: UInt16 = 0
    /// The first register that is read.
    package var source: UInt16 = 0
    /// A constant, an offset in bytes, a code address, or an index into a side table.
    package var immediate: Int64 = 0

    /// The second register that is read, where there is one: it lies in the immediate.
    package var second: Int { Int(truncatingIfNeeded: immediate) }
}

package enum Operation: UInt8 {
    // Values
    case constant, copy
    /// Cut to 32 bits and sign-extend.
    case narrow
    case loadGlobal8, loadGlobalBits, loadGlobal, loadLocal8, loadLocalBits, loadLocal
    /// A byte variable compared with a constant: `source` is its offset.
    case equalGlobal8, notEqualGlobal8, lessOrEqualGlobal8, greaterGlobal8
    case equalLocal8, notEqualLocal8, lessOrEqualLocal8, greaterLocal8
    /// A constant stored in a variable that it fits: `source` is the constant.
    case setGlobal8, setGlobalBits, setLocal8, setLocalBits
    case storeGlobal8, storeGlobalBits, storeGlobal, storeLocal8, storeLocalBits, storeLocal
    /// Addresses are offsets into the state vector.
    case addressGlobal, addressLocal
    /// Adds a constant to an address.
    case advance
    /// Adds index times stride to an address, after a check of bounds; the immediate names an `ArraySite`.
    case index
    case loadAddress, storeAddress
    /// The address of the locals of another process: `source` holds its pid, the immediate names a `RemoteSite`.
    case addressRemote
    case selfPid, lastPid, processCount, selfPriority
    /// The number of a channel that this process (or the globals) declared: the immediate counts them.
    case ownChannel
    case getPriority, setPriority, enabled, programCounter, remoteLocation
    case timeout, nonProgress, notInHandshake

    // 32-bit arithmetic
    case add, subtract, multiply, divide, remainder, shiftLeft, shiftRight, negate, complement
    // 64-bit arithmetic, unsigned
    case addWide, subtractWide, multiplyWide, divideWide, remainderWide, shiftLeftWide, shiftRightWide
    // Both
    case bitAnd, bitOr, bitXor, complementWide
    case equal, notEqual, less, lessOrEqual, lessUnsigned, lessOrEqualUnsigned
    case not

    // Control
    case jump, jumpIfZero, jumpIfNotZero
    /// Ends the code with the value of a register.
    case finish
    /// Ends the code with a fault of the model; the immediate names a `FaultSite`.
    case fail
    /// Records an assertion that failed, and goes on, as Spin does; the immediate names a `FaultSite`.
    case assert

    // Channels: `source` is the register with the channel's number
    case length, channelTest
    /// 0: full; 1: there is room; 2: a rendezvous channel, so a partner is needed.
    case canSend
    /// The message starts in register `target`; `detail` is its length.
    case send
    /// Whether a message fits; the immediate names a `ReceivePattern`.
    case canReceive
    /// Takes the message out and leaves its fields in the registers from `target`.
    case receive
    /// Tells the trace assertion of a send (flag 1) or of a receive; the immediate names a `FaultSite`.
    case event

    // Processes
    /// The arguments start in register `source`; the immediate names a `RunSite`.
    case run
    /// Prints; the immediate names a `PrintSite`.
    case print
}

/// A place in the source where a check is made.
struct FaultSite {
    var kind: Fault.Kind
    var source: SourceReference
}

/// An index into an array: how long it is, how far apart its elements are, and what to say when it is out of bounds.
package struct ArraySite {
    package var count: Int64
    package var stride: Int64
    /// Whether the index has 64 bits, and so no sign.
    var isWide: Bool
    var name: String
    var source: SourceReference
}

/// A store, for the warning that a value does not fit.
struct StoreSite {
    var name: String
    var typeName: String
    var source: SourceReference
}

/// What a receive looks for.
package struct ReceivePattern {
    /// For each field to match: its number, and the register that holds the value.
    package var matches: [(field: Int, register: Int)]
    package var fieldCount: Int
    /// `??`: any message in the channel, not just the first.
    package var isRandom: Bool
    /// `<...>`: the message stays.
    package var keepsMessage: Bool
    var source: SourceReference
}

/// Where a process is started.
package struct RunSite {
    package var proctype: Int
    package var argumentCount: Int
    /// The store site of the first argument; those of the others follow.
    package var firstStoreSite: Int
    var priority: Int
    var source: SourceReference
}

struct PrintSite {
    var format: String
    var firstRegister: Int
    var argumentCount: Int
}

package struct RemoteSite {
    package var proctype: Int
    /// The location to compare with, for a label.
    package var location: Int
    var source: SourceReference
}
