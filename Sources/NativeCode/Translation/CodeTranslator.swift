import Automata

/// Translates pieces of bytecode to C, each instruction to a statement; the C compiler does the rest.
///
/// What stands around a piece provides the names that it uses: `c`, the context; `b`, the vector; `f`, where the block of the
/// process starts in it, `frame` bytes in; `pid`; `h`, the number of the rendezvous channel that a sender waits at, or 0; and
/// the label `left`, for whatever is better left to the interpreter.
struct CodeTranslator {
    let system: System
    private let code: Code
    private(set) var text = ""
    /// Makes the labels of each piece its own.
    private var pieceCount = 0
    private(set) var channels: ChannelTranslation

    /// More jumps than this are left to the interpreter, which knows when a `d_step` counts as endless.
    private static let jumpLimit = 1_000_000

    init(_ system: System) {
        self.system = system
        code = system.code.code
        channels = ChannelTranslation(system.layout, code.patterns)
    }

    mutating func line(_ line: String) {
        text += line
        text += "\n"
    }

    // MARK: Pieces

    /// Emits a piece of code.
    /// - Parameters:
    ///   - given: what is in registers to begin with.
    ///   - atEnd: what is done with the register that the piece finishes with.
    mutating func emitPiece(_ entry: Int, given: [Int: String] = [:], atEnd: (Int) -> String = { _ in "" }) {
        let (addresses, targets) = reach(from: entry)
        pieceCount += 1
        let piece = pieceCount
        func label(_ address: Int) -> String { "L\(piece)_\(address)" }
        let jumps = addresses.filter { code.instructions[$0].operation == .jump }.count
        let hasLoop = addresses.contains { address in code.instructions[address].jumpTarget.map { $0 <= address } ?? false }
        line("{")
        let registers = registers(in: addresses)
        if !registers.isEmpty {
            line("I " + registers.sorted().map { "r\($0) = \(given[$0] ?? "0")" }.joined(separator: ", ") + ";")
        }
        if hasLoop { line("I jumps = 0;") }
        for address in addresses {
            let instruction = code.instructions[address]
            if targets.contains(address) { line("\(label(address)):;") }
            if instruction.operation == .finish {
                line(atEnd(Int(instruction.source)))
                if address != addresses.last { line("goto L\(piece)_end;") }
            } else if let target = instruction.jumpTarget {
                let check = target <= address ? "if (++jumps > \(Self.jumpLimit / (jumps + 1))) goto left; " : ""
                switch instruction.operation {
                case .jumpIfZero: line("if (!r\(instruction.source)) { \(check)goto \(label(target)); }")
                case .jumpIfNotZero: line("if (r\(instruction.source)) { \(check)goto \(label(target)); }")
                default: line("\(check)goto \(label(target));")
                }
            } else {
                emit(instruction)
            }
        }
        line("L\(piece)_end:; }")
    }

    /// The addresses that can be reached from an entry, in order, and those that jumps lead to.
    private func reach(from entry: Int) -> (addresses: [Int], targets: Set<Int>) {
        var reached: Set<Int> = []
        var targets: Set<Int> = []
        var pending = [entry]
        while let address = pending.popLast() {
            guard reached.insert(address).inserted else { continue }
            let instruction = code.instructions[address]
            if let target = instruction.jumpTarget {
                targets.insert(target)
                pending.append(target)
            }
            switch instruction.operation {
            case .jump, .finish, .fail: break
            default: pending.append(address + 1)
            }
        }
        return (reached.sorted(), targets)
    }

    /// Every register that instructions may name: a few too many do no harm.
    private func registers(in addresses: [Int]) -> Set<Int> {
        var result: Set<Int> = []
        for address in addresses {
            let instruction = code.instructions[address]
            result.insert(Int(instruction.source))
            switch instruction.operation {
            case .send, .receive:
                let count = instruction.operation == .send
                    ? Int(instruction.detail) : code.patterns[instruction.second].fieldCount
                result.formUnion((0..<max(1, count)).map { Int(instruction.target) + $0 })
            default: result.insert(Int(instruction.target))
            }
            if instruction.flags == 0, instruction.second >= 0, instruction.second < code.registerCount {
                result.insert(instruction.second)
            }
            if instruction.operation == .canReceive || instruction.operation == .receive {
                result.formUnion(code.patterns[instruction.second].matches.map(\.register))
            }
        }
        return result
    }

    // MARK: Instructions

    private mutating func emit(_ instruction: Instruction) {
        let target = "r\(instruction.target)"
        let source = "r\(instruction.source)"
        let immediate = instruction.immediate
        if let result = arithmetic(instruction) {
            line("\(target) = \(result);")
            return
        }
        if let (base, comparison) = instruction.operation.byteComparison {
            line("\(target) = \(base)[\(instruction.source)] \(comparison) \(literal(immediate));")
            return
        }
        switch instruction.operation {
        case .constant: line("\(target) = \(literal(immediate));")
        case .copy: line("\(target) = \(source);")
        case .loadGlobal8: line("\(target) = b[\(immediate)];")
        case .loadLocal8: line("\(target) = f[\(immediate)];")
        case .loadGlobalBits: line("\(target) = \(bits("b[\(immediate)]", Int(instruction.detail), instruction.width));")
        case .loadLocalBits: line("\(target) = \(bits("f[\(immediate)]", Int(instruction.detail), instruction.width));")
        case .loadGlobal: line("\(target) = \(load(instruction.form, "b + \(immediate)"));")
        case .loadLocal: line("\(target) = \(load(instruction.form, "f + \(immediate)"));")
        case .loadAddress:
            let value = load(instruction.form, "b + \(source)")
            line("\(target) = \(instruction.form == .bits ? bits(value, Int(instruction.flags), instruction.width) : value);")
        case .setGlobal8: line("b[\(immediate)] = \(instruction.source);")
        case .setLocal8: line("f[\(immediate)] = \(instruction.source);")
        case .setGlobalBits: line(storeBits("\(instruction.source)", "b[\(immediate)]", instruction))
        case .setLocalBits: line(storeBits("\(instruction.source)", "f[\(immediate)]", instruction))
        case .storeGlobal8, .storeLocal8, .storeGlobalBits, .storeLocalBits, .storeGlobal, .storeLocal, .storeAddress:
            emitStore(instruction)
        case .addressGlobal: line("\(target) = \(immediate);")
        case .addressLocal: line("\(target) = frame + \(immediate);")
        case .advance: line("\(target) += \(immediate);")
        case .index:
            let site = code.arraySites[instruction.second]
            line("if ((U)\(source) >= \(site.count)) goto left;")
            line("\(target) += \(source) * \(site.stride);")
        case .addressRemote:
            let site = code.remoteSites[instruction.second]
            line("if ((U)\(source) >= b[0]) \(target) = 0;")
            line("else { \(target) = c->frames[\(source)]; if (b[\(target)] != \(site.proctype)) goto left; }")
        case .remoteLocation:
            let site = code.remoteSites[instruction.second]
            line(
                "\(target) = (U)\(source) < b[0] && b[c->frames[\(source)]] == \(site.proctype) && "
                    + "LOCATION(b + c->frames[\(source)]) == \(site.location);")
        case .programCounter:
            line("\(target) = (U)\(source) < b[0] ? LOCATION(b + c->frames[\(source)]) : 0;")
        case .selfPid: line("\(target) = pid;")
        case .lastPid: line("\(target) = b[\(StateLayout.lastPidOffset)];")
        case .processCount: line("\(target) = b[0];")
        case .timeout: line("\(target) = c->timeout;")
        case .notInHandshake: line("\(target) = h == 0;")
        case .assert: line("if (!\(source)) goto left;")
        case .length, .channelTest, .canSend, .send, .canReceive, .receive:
            line(channels.statement(for: instruction))
        // Nobody is told what is printed.
        case .print: break
        // Faults need words, new processes room; and who asks for priorities or `enabled` asks rarely.
        default: line("goto left;")
        }
    }

    private mutating func emitStore(_ instruction: Instruction) {
        let place: String
        switch instruction.operation {
        case .storeGlobal8, .storeGlobalBits, .storeGlobal: place = "b + \(instruction.immediate)"
        case .storeAddress: place = "b + r\(instruction.second)"
        default: place = "f + \(instruction.immediate)"
        }
        let form: Storage.Form
        switch instruction.operation {
        case .storeGlobal8, .storeLocal8: form = .unsigned8
        case .storeGlobalBits, .storeLocalBits: form = .bits
        default: form = instruction.form
        }
        let kept = cut("v", width: Int(instruction.width), isSigned: form.isSigned)
        let store = form == .bits
            ? storeBits("k", "*(\(place))", instruction) : CText.store(form, place, "k")
        // A value of 64 bits fits whatever it is.
        let check = instruction.width < 64 ? "if (k != v && cut(c, \(instruction.target))) goto left; " : ""
        line("{ I v = r\(instruction.source), k = \(kept); \(check)\(store) }")
    }

    private func load(_ form: Storage.Form, _ place: String) -> String { CText.load(form, place) }
    private func cut(_ value: String, width: Int, isSigned: Bool) -> String {
        CText.cut(value, width: width, isSigned: isSigned)
    }
    private func literal(_ value: Int64) -> String { CText.literal(value) }

    private func bits(_ byte: String, _ shift: Int, _ width: UInt8) -> String {
        "(\(byte) >> \(shift)) & \((1 << Int(width)) - 1)"
    }

    private func storeBits(_ value: String, _ byte: String, _ instruction: Instruction) -> String {
        let mask = ((1 << Int(instruction.width)) - 1) << Int(instruction.detail) & 0xFF
        return "\(byte) = (\(byte) & \(~mask & 0xFF)) | ((U)\(value) << \(instruction.detail) & \(mask));"
    }

    /// The result of an instruction that only computes.
    private func arithmetic(_ instruction: Instruction) -> String? {
        let left = "r\(instruction.source)"
        let right = instruction.flags == 0 ? "r\(instruction.second)" : literal(instruction.immediate)
        return switch instruction.operation {
        case .narrow: "NARROW(\(left))"
        case .add: "NARROW((U)\(left) + (U)\(right))"
        case .subtract: "NARROW((U)\(left) - (U)\(right))"
        case .multiply: "NARROW((U)\(left) * (U)\(right))"
        case .divide: "NARROW(\(left) / \(right))"
        case .remainder: "NARROW(\(left) % \(right))"
        case .shiftLeft: "NARROW((U)\(left) << (\(right) & 31))"
        case .shiftRight: "NARROW(\(left)) >> (\(right) & 31)"
        case .negate: "NARROW(0 - (U)\(left))"
        case .complement: "NARROW(~\(left))"
        case .addWide: "(I)((U)\(left) + (U)\(right))"
        case .subtractWide: "(I)((U)\(left) - (U)\(right))"
        case .multiplyWide: "(I)((U)\(left) * (U)\(right))"
        case .divideWide: "(I)((U)\(left) / (U)\(right))"
        case .remainderWide: "(I)((U)\(left) % (U)\(right))"
        case .shiftLeftWide: "(I)((U)\(left) << (\(right) & 63))"
        case .shiftRightWide: "(I)((U)\(left) >> (\(right) & 63))"
        case .bitAnd: "\(left) & \(right)"
        case .bitOr: "\(left) | \(right)"
        case .bitXor: "\(left) ^ \(right)"
        case .complementWide: "~\(left)"
        case .equal: "\(left) == \(right)"
        case .notEqual: "\(left) != \(right)"
        case .less: "\(left) < \(right)"
        case .lessOrEqual: "\(left) <= \(right)"
        case .lessUnsigned: "(U)\(left) < (U)\(right)"
        case .lessOrEqualUnsigned: "(U)\(left) <= (U)\(right)"
        case .not: "!\(left)"
        default: nil
        }
    }
}

extension Instruction {
    /// Where a jump leads to.
    fileprivate var jumpTarget: Int? {
        switch operation {
        case .jump, .jumpIfZero, .jumpIfNotZero: Int(immediate)
        default: nil
        }
    }

    /// The form of what is loaded or stored.
    fileprivate var form: Storage.Form { Storage.Form(rawValue: detail) ?? .unsigned8 }
}

extension Operation {
    /// Where the byte lies that is compared with a constant, and how.
    fileprivate var byteComparison: (base: String, comparison: String)? {
        switch self {
        case .equalGlobal8: ("b", "==")
        case .notEqualGlobal8: ("b", "!=")
        case .lessOrEqualGlobal8: ("b", "<=")
        case .greaterGlobal8: ("b", ">")
        case .equalLocal8: ("f", "==")
        case .notEqualLocal8: ("f", "!=")
        case .lessOrEqualLocal8: ("f", "<=")
        case .greaterLocal8: ("f", ">")
        default: nil
        }
    }
}
