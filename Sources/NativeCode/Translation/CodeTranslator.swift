import Automata

/// Translates pieces of bytecode to C, each instruction to a statement; the C compiler does the rest.
///
/// What stands around a piece provides the names that it uses: `c`, the context; `b`, the vector; `f`, where the block of the
/// process starts in it, `frame` bytes in; `pid`; `h`, the number of the rendezvous channel that a sender waits at, or 0; `g`,
/// for the result of a guard; in a short text, `k`, the places of values that may be cut; and the label `left`, for whatever is better left
/// to the interpreter.
struct CodeTranslator {
    let system: System
    /// Whether what is the same in several places becomes a function: that is less to compile, and a little slower.
    let isShort: Bool
    private let code: Code
    private var part = Part()
    /// What a piece that is a whole step leads to; nil in other pieces.
    private var stepTarget: String?
    /// Whether the piece may start processes.
    private var mayGrow = false
    /// The functions that are called from several places, and their names by what they do.
    private(set) var functions = ""
    private var functionNames: [String: String] = [:]
    private(set) var channels: ChannelTranslation

    /// More jumps than this are left to the interpreter, which knows when a `d_step` counts as endless.
    private static let jumpLimit = 1_000_000

    /// A piece with no more text than this is shorter than a call of it.
    private static let inlineLimit = 240

    /// - Parameter isShort: whether all that is the same becomes a function, for the sake of the compiler.
    init(_ system: System, isShort: Bool = false) {
        self.system = system
        self.isShort = isShort
        code = system.code.code
        channels = ChannelTranslation(system.layout, code.patterns)
    }

    /// What was emitted.
    var text: String { part.text }

    mutating func line(_ line: String) {
        part.text += line
        part.text += "\n"
    }

    /// Text that is kept apart from what was emitted before.
    struct Part {
        fileprivate(set) var text = ""
        /// The places of the values that may be cut there, which it finds in `k` in this order.
        fileprivate(set) var sites: [Int] = []

        /// A declaration of `k`.
        var siteTable: String {
            sites.isEmpty ? "const U32 *const k = 0;" : "static const U32 k[] = {\(sites.map(String.init).joined(separator: ", "))};"
        }
    }

    /// What is emitted from now on is kept apart, until `endPart` is called with the result.
    mutating func beginPart() -> Part {
        defer { part = Part() }
        return part
    }

    /// - Parameter before: what `beginPart` said.
    /// - Returns: what was emitted since then.
    mutating func endPart(_ before: Part) -> Part {
        defer { part = before }
        return part
    }

    /// The name of a function with these parameters and this body; there is one of each.
    mutating func function(_ kind: String, _ parameters: String, _ body: String) -> String {
        let rest = "(\(parameters)) {\n\(body) }\n"
        if let known = functionNames[rest] { return known }
        let name = "\(kind)\(functionNames.count)"
        functionNames[rest] = name
        functions += "static int \(name)\(rest)"
        return name
    }

    // MARK: Pieces

    /// What becomes of the registers that a piece finishes with.
    enum Ending {
        case nothing
        /// It may start processes: the bytes that the state takes are in `grown`.
        case largerState
        /// It is a whole step, to a location: see `isStep`.
        case step(target: String)
        /// The one that it finishes with is wanted in `g`.
        case value
        /// The first two are wanted, in `low` and `high`.
        case bounds
    }

    /// Emits a piece of code. In a short text, a long one is a function, which all pieces share that differ in nothing but what they say
    /// of values that are cut: a model whose `inline`s are used often would be the same text again and again.
    /// - Parameter given: what is in the first register to begin with.
    mutating func emitPiece(_ entry: Int, given: String? = nil, ending: Ending = .nothing) {
        let (body, sites) = translate(entry, isGiven: given != nil, ending)
        line(isShort ? "{ const U32 *const j = k + \(part.sites.count);" : "{")
        part.sites += sites
        if !isShort || ending.isInPlace || body.utf8.count <= Self.inlineLimit {
            if let given { line("const I given = \(given);") }
            line(body)
        } else {
            let name = function(
                "piece", "C *c, B *b, B *f, const I frame, const I pid, const U32 *j, const I given, const I target, I *x, I *o",
                "I h = *x, g = 0;\n\(body)\n*x = h; if (o) *o = g;\nreturn 0; left: return -1;")
            let (target, result) =
                switch ending {
                case .step(let target): (target, "0")
                case .value: ("0", "&g")
                case .nothing, .bounds, .largerState: ("0", "0")
                }
            line("I x = h; if (\(name)(c, (B *)b, (B *)f, frame, pid, j, \(given ?? "0"), \(target), &x, \(result)) < 0) goto left;")
            if case .nothing = ending { line("h = x;") }
        }
        line("}")
    }

    /// Whether a piece starts a process, and is better not left to the interpreter for that.
    func startsProcess(_ entry: Int) -> Bool {
        guard entry >= 0 else { return false }
        return code.reach(from: entry).addresses.contains { address in
            let instruction = code.instructions[address]
            return instruction.operation == .run && canStart(code.runSites[instruction.second])
        }
    }

    /// Processes with channels of their own, which have numbers, are left to the interpreter.
    private func canStart(_ site: RunSite) -> Bool {
        system.layout.processes[site.proctype].channels.isEmpty && !system.layout.options.keepsPriorities
    }

    private func labels(_ targets: Set<Int>) -> [Int: String] {
        Dictionary(uniqueKeysWithValues: targets.sorted().enumerated().map { ($1, "L\($0)") })
    }

    /// Whether a piece does nothing to the state but that it writes one value at most, and this at its end.
    func isStep(_ entry: Int) -> Bool {
        let (addresses, targets) = code.reach(from: entry)
        let writes = addresses.filter { code.instructions[$0].operation.changesState }
        guard let end = addresses.last, code.instructions[end].operation == .finish else { return false }
        if writes.isEmpty { return true }
        return writes == [end - 1] && code.instructions[end - 1].operation.isStore && !targets.contains(end)
            && addresses.filter { code.instructions[$0].operation == .finish } == [end]
    }

    /// Translates a piece of code.
    /// - Returns: a block, and the places of the values that may be cut in it, which it finds in `j` in this order.
    private mutating func translate(_ entry: Int, isGiven: Bool, _ ending: Ending) -> (body: String, sites: [Int]) {
        let (addresses, targets) = code.reach(from: entry)
        // Those of a block, so that equal pieces are equal texts.
        let labels = labels(targets)
        let before = beginPart()
        // The name of the parameter, where a piece is a function.
        if case .step(let target) = ending { stepTarget = isShort ? "target" : target }
        if case .largerState = ending { mayGrow = true }
        defer { (stepTarget, mayGrow) = (nil, false) }
        emitStatements(addresses, labels, isGiven: isGiven, ending)
        let block = endPart(before)
        return (block.text, block.sites)
    }

    private mutating func emitStatements(_ addresses: [Int], _ labels: [Int: String], isGiven: Bool, _ ending: Ending) {
        let jumps = addresses.filter { code.instructions[$0].operation == .jump }.count
        let hasLoop = addresses.contains { address in code.instructions[address].jumpTarget.map { $0 <= address } ?? false }
        let hasSeveralEnds = addresses.dropLast().contains { code.instructions[$0].operation == .finish }
        let names = labels.values.sorted() + (hasSeveralEnds ? ["done"] : [])
        line(names.isEmpty ? "{" : "{ __label__ \(names.joined(separator: ", "));")
        let registers = registers(in: addresses).union(ending.isBounds ? [0, 1] : [])
        if !registers.isEmpty {
            line("I " + registers.sorted().map { "r\($0) = \($0 == 0 && isGiven ? "given" : "0")" }.joined(separator: ", ") + ";")
        }
        if hasLoop { line("I jumps = 0;") }
        for address in addresses {
            let instruction = code.instructions[address]
            if let label = labels[address] { line("\(label):;") }
            if instruction.operation == .finish {
                switch ending {
                case .nothing, .largerState: break
                case .step(let target):
                    if !addresses.contains(where: { code.instructions[$0].operation.changesState }) {
                        line("if (c->steps.go(c, frame, \(stepTarget ?? target))) goto left;")
                    }
                case .value: line("g = r\(instruction.source);")
                case .bounds: line("low = r0; high = r1;")
                }
                if address != addresses.last { line("goto done;") }
            } else if let target = instruction.jumpTarget, let label = labels[target] {
                let check = target <= address ? "if (++jumps > \(Self.jumpLimit / (jumps + 1))) goto left; " : ""
                switch instruction.operation {
                case .jumpIfZero: line("if (!r\(instruction.source)) { \(check)goto \(label); }")
                case .jumpIfNotZero: line("if (r\(instruction.source)) { \(check)goto \(label); }")
                default: line("\(check)goto \(label);")
                }
            } else {
                emit(instruction)
            }
        }
        line(hasSeveralEnds ? "done:; }" : "}")
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
            case .storeGlobal8, .storeLocal8, .storeGlobalBits, .storeLocalBits, .storeGlobal, .storeLocal, .storeAddress: break
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
        case .setGlobal8: line(store(.unsigned8, at: "\(immediate)", "\(instruction.source)"))
        case .setLocal8: line(store(.unsigned8, at: "frame + \(immediate)", "\(instruction.source)"))
        case .setGlobalBits, .setLocalBits:
            let place = instruction.operation == .setLocalBits ? "frame + \(immediate)" : "\(immediate)"
            line(storeBits("\(instruction.source)", at: place, width: Int(instruction.width), shift: Int(instruction.detail)))
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
        case .run: emitStart(instruction)
        // Faults need words; and who asks for priorities or `enabled` asks rarely.
        default: line("goto left;")
        }
    }

    /// Emits the start of a process, whose block is the end of the state.
    private mutating func emitStart(_ instruction: Instruction) {
        let site = code.runSites[instruction.second]
        guard mayGrow, canStart(site) else { return line("goto left;") }
        let process = system.layout.processes[site.proctype]
        line("{ const I at = grown; if (c->grow(c, b, at, \(process.size))) goto left;")
        line("grown += \(process.size); b[at] = \(site.proctype);")
        let initial = "\(system.automata[site.proctype].initial)"
        line(store(system.layout.options.locationSize == 1 ? .unsigned8 : .unsigned16, at: "at + \(StateLayout.locationOffset)", initial))
        for (index, storage) in process.parameters.prefix(site.argumentCount).enumerated() {
            let register = "r\(Int(instruction.source) + index)"
            emitStore(of: register, to: storage, at: "at + \(storage.offset)", site: site.firstStoreSite + index)
        }
        line("{ B *const f = b + at; const I frame = at, pid = b[0] - 1; (void)f; (void)frame; (void)pid;")
        mayGrow = false
        let (addresses, targets) = code.reach(from: system.initialEntries[site.proctype])
        emitStatements(addresses, labels(targets), isGiven: false, .nothing)
        mayGrow = true
        line("} r\(instruction.target) = b[0] - 1; }")
    }

    private mutating func emitStore(_ instruction: Instruction) {
        let place: String
        switch instruction.operation {
        case .storeGlobal8, .storeGlobalBits, .storeGlobal: place = "\(instruction.immediate)"
        case .storeAddress: place = "r\(instruction.second)"
        default: place = "frame + \(instruction.immediate)"
        }
        let form: Storage.Form
        switch instruction.operation {
        case .storeGlobal8, .storeLocal8: form = .unsigned8
        case .storeGlobalBits, .storeLocalBits: form = .bits
        default: form = instruction.form
        }
        let storage = Storage(form: form, offset: 0, shift: Int(instruction.detail), width: Int(instruction.width))
        emitStore(of: "r\(instruction.source)", to: storage, at: place, site: Int(instruction.target))
    }

    /// Emits a store of a value in a place, cut to what fits there.
    private mutating func emitStore(of value: String, to storage: Storage, at place: String, site: Int) {
        let kept = cut("v", width: storage.width, isSigned: storage.isSigned)
        let store =
            storage.form == .bits
            ? storeBits("w", at: place, width: storage.width, shift: storage.shift) : store(storage.form, at: place, "w")
        // A value of 64 bits fits whatever it is.
        var check = ""
        if storage.width < 64 {
            check = "if (w != v && c->cut(c, \(isShort ? "j[\(part.sites.count)]" : "\(site)"))) goto left; "
            if isShort { part.sites.append(site) }
        }
        line("{ const I v = \(value), w = \(kept); \(check)\(store) }")
    }

    private func store(_ form: Storage.Form, at place: String, _ value: String) -> String {
        stepTarget.map { CText.step(form, to: $0, at: place, value) } ?? CText.store(form, at: place, value)
    }

    private func load(_ form: Storage.Form, _ place: String) -> String { CText.load(form, place) }
    private func cut(_ value: String, width: Int, isSigned: Bool) -> String {
        CText.cut(value, width: width, isSigned: isSigned)
    }
    private func literal(_ value: Int64) -> String { CText.literal(value) }

    private func bits(_ byte: String, _ shift: Int, _ width: UInt8) -> String {
        "(\(byte) >> \(shift)) & \((1 << Int(width)) - 1)"
    }

    private func storeBits(_ value: String, at place: String, width: Int, shift: Int) -> String {
        let mask = ((1 << width) - 1) << shift & 0xFF
        return store(.bits, at: place, "((b[\(place)] & \(~mask & 0xFF)) | ((U)\(value) << \(shift) & \(mask)))")
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
    /// The form of what is loaded or stored.
    fileprivate var form: Storage.Form { Storage.Form(rawValue: detail) ?? .unsigned8 }
}

extension Operation {
    fileprivate var isStore: Bool {
        switch self {
        case .setGlobal8, .setLocal8, .setGlobalBits, .setLocalBits, .storeGlobal8, .storeLocal8, .storeGlobalBits, .storeLocalBits,
            .storeGlobal, .storeLocal, .storeAddress:
            true
        default: false
        }
    }

    /// Whether machine code that carries it out changes something in the state.
    fileprivate var changesState: Bool { isStore || self == .send || self == .receive || self == .run }

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

extension CodeTranslator.Ending {
    fileprivate var isBounds: Bool {
        if case .bounds = self { return true }
        return false
    }

    /// Whether the piece needs more than a function of its own would be told.
    fileprivate var isInPlace: Bool {
        switch self {
        case .bounds, .largerState: true
        case .nothing, .step, .value: false
        }
    }
}
