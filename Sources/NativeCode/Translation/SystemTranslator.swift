import Automata
import CExpansion

/// Translates a system to C: a function that finds all successors of a state, in the order in which `SuccessorGenerator` does.
///
/// Each process type becomes a function that goes through the transitions of the location where a process stands, as
/// `SuccessorGenerator.expandProcess` does; in models with rendezvous channels, another goes through those that may receive.
public struct SystemTranslator {
    private let system: System
    private var code: CodeTranslator
    private let hasRendezvous: Bool
    /// Whether transitions are being emitted that a table tells apart.
    private var sharesTransitions: Bool
    /// Whether there are escapes where the process stands whose transitions are being emitted: only one group of them is possible then.
    private var hasEscapes = false

    /// What the model is called in the object: a `CompiledModel`.
    static let modelName = "heddle_model"

    /// Compilers take half a second for more text than this, unless it is short.
    public static let usualLongTextLimit = 1 << 17
    /// They take minutes for more than this.
    private static let textLimit = 4 << 20

    /// - Parameter longTextLimit: bytes; a text that would be longer is written so that it is short.
    /// - Returns: the text; nil for a system that is better interpreted.
    public static func translate(_ system: System, longTextLimit: Int = usualLongTextLimit) -> String? {
        // Priorities have every process look at every other, trace assertions look at every message, and terms are no numbers.
        guard !system.usesPriorities, system.trace == nil, system.layout.options.termWidth == nil,
            system.layout.channelTypes.allSatisfy({ $0.fields.count < fieldRoom })
        else { return nil }
        var translator = SystemTranslator(system, isShort: false)
        if let text = translator.translate(limit: longTextLimit) { return text }
        translator = SystemTranslator(system, isShort: true)
        return translator.translate(limit: textLimit)
    }

    private init(_ system: System, isShort: Bool) {
        self.system = system
        code = CodeTranslator(system, isShort: isShort)
        sharesTransitions = isShort
        hasRendezvous = system.layout.channelTypes.contains(where: \.isRendezvous)
    }

    private mutating func translate(limit: Int) -> String? {
        for proctype in system.automata.indices {
            emitProvided(proctype)
            if mayReceive(proctype) { emitReceives(of: proctype) }
        }
        for proctype in system.automata.indices {
            emitExpansion(of: proctype)
            if code.text.utf8.count + code.functions.utf8.count > limit { return nil }
        }
        emitModel()
        return String(cString: compiledModelHeader) + CText.preamble + (code.isShort ? CText.tables : "") + definitions
            + code.channels.functions + code.functions + code.text
    }

    // MARK: Where everything lies

    private var definitions: String {
        let (layout, location) = (system.layout, StateLayout.locationOffset)
        let isByte = layout.options.locationSize == 1
        return """
            #define LOCATION(p) \(isByte ? "(p)[\(location)]" : "u16((p) + \(location))")
            #define SET_LOCATION(b, frame, x) c->\(isByte ? "set8" : "set16")(c, b, (frame) + \(location), x)
            #define SET_LAST(b, pid) \(layout.options.keepsLastPid ? "c->set8(c, b, \(StateLayout.lastPidOffset), pid)" : "(void)0")

            """
    }

    /// Emits what the code says of the system: see `CompiledModel`.
    private mutating func emitModel() {
        let layout = system.layout
        var processes: [String] = []
        for (number, process) in layout.processes.enumerated() {
            emitList("struct ModelChannel", "channels\(number)", process.channels.map { "{\($0.offset),\($0.type)}" })
            processes.append("{\(process.size),\(process.channels.count),channels\(number)}")
        }
        emitList("struct ModelProcess", "processes", processes)
        emitList("struct ModelChannel", "channels", layout.globalChannels.map { "{\($0.offset),\($0.type)}" })
        emitList("ProcessExpansion", "expansions", system.automata.indices.map { "expand\($0)" })
        emitList("ProcessExpansion", "receives", system.automata.indices.map { mayReceive($0) ? "receive\($0)" : "0" })
        // Stored states have the initial values of hidden variables.
        let initial = SuccessorGenerator(system).initialState().state
        let hidden = layout.hiddenBytes.filter { !$0.isEmpty }
        for (number, range) in hidden.enumerated() { emitList("B", "hidden\(number)", initial[range].map { "\($0)" }) }
        emitList("struct HiddenBytes", "hidden", hidden.enumerated().map { "{\($1.lowerBound),\($1.count),hidden\($0)}" })
        let forgetting = emitForgetting()
        code.line(
            """
            const struct CompiledModel \(Self.modelName) = {
            .contextSize = sizeof(C), .processesOffset = \(layout.processesOffset), .locationOffset = \(StateLayout.locationOffset),
            .locationSize = \(layout.options.locationSize), .processes = processes, .expansions = expansions, .receives = receives,
            .channelCount = \(layout.globalChannels.count), .channels = channels, .hiddenCount = \(hidden.count), .hidden = hidden,
            .keepsTypes = \(system.code.code.runSites.isEmpty ? 1 : 0), .forgetPlaces = \(forgetting)};
            """)
    }

    private mutating func emitList(_ type: String, _ name: String, _ elements: [String]) {
        // Every list has an element, for the sake of the language.
        code.line("static const \(type) \(name)[] = {\(elements.isEmpty ? "0" : elements.joined(separator: ","))};")
    }

    /// Emits how to find out whether processes have the constants with which it is known what sleeps: see `SleepTable`.
    /// - Returns: the name of the function, or that of none.
    private mutating func emitForgetting() -> String {
        let constants = SleepTable.constants(of: system)
        if constants.allSatisfy(\.isEmpty) { return "0" }
        code.line("static void forgetPlaces(C *c, const B *s, I known) {")
        code.line("for (I pid = 0; pid < known; pid++) { const B *const f = s + c->frames[pid];")
        code.line("const I *const k = c->sleep->constants + (pid * c->sleep->typeCount + *f) * c->sleep->constantLimit; switch (*f) {")
        for (number, constants) in constants.enumerated() where !constants.isEmpty {
            let tests = constants.enumerated().map { "(\(CText.load($1, from: "f"))) == k[\($0)]" }
            code.line("case \(number): if (!(\(tests.joined(separator: " && ")))) c->places[pid] = 0; break;")
        }
        code.line("} } }")
        return "forgetPlaces"
    }

    // MARK: Processes

    private func mayReceive(_ proctype: Int) -> Bool {
        hasRendezvous && (system.providedEntries[proctype] >= 0 || transitions(of: proctype).contains { $0.canReceive })
    }

    private func transitions(of proctype: Int) -> [System.Transition] {
        system.outgoing[proctype].flatMap { system.transitions[$0] }
    }

    /// Emits a test of whether a process may move at all: 0, 1, or -1.
    private mutating func emitProvided(_ proctype: Int) {
        let entry = system.providedEntries[proctype]
        guard entry >= 0 else { return }
        code.line("static int provided\(proctype)(C *c, const B *b, I frame, I pid, const I h) {")
        code.line("const B *f = b + frame; I g = 0;")
        emitWithSites { $0.code.emitPiece(entry, ending: .value) }
        code.line("return g != 0; left: return -1; }")
    }

    /// Emits the beginning of a function for a process, which ends where the process may not move.
    private mutating func emitBeginning(_ name: String, _ proctype: Int, handshake: String) {
        code.line("static int \(name)\(proctype)(C *c, const B *s, const I size, const I pid) { const I frame = c->frames[pid];")
        if system.providedEntries[proctype] >= 0 {
            code.line("const int may = provided\(proctype)(c, s, frame, pid, \(handshake)); if (may <= 0) return may;")
        }
    }

    private mutating func emitSwitch() {
        code.line("const U rest = c->sleeping; int moved = 0; I group = 0, g = 0; switch (LOCATION(s + frame)) {")
    }

    private mutating func emitExpansion(of proctype: Int) {
        if code.isShort { return emitShortExpansion(of: proctype) }
        emitBeginning("expand", proctype, handshake: "0")
        emitSwitch()
        for (location, range) in system.outgoing[proctype].enumerated() where !range.isEmpty {
            code.line("case \(location): {")
            emitLocation(range)
            code.line("break; }")
        }
        code.line("} return moved; left: return -1; }")
    }

    /// Emits a look at the transitions of a location, one after the other, and what becomes of those that may be possible.
    private mutating func emitLocation(_ range: Range<Int>) {
        hasEscapes = system.transitions[range].contains { $0.escapeGroup > 0 }
        for index in range {
            let (transition, slot) = (system.transitions[index], index - range.lowerBound)
            if hasEscapes { code.line("if (group > 0 && group != \(transition.escapeGroup)) break;") }
            if slot < 1 << SleepTable.slotShiftLimit {
                code.line("if (rest & \(1 << slot)) { \(hasEscapes ? "group = \(transition.escapeGroup); " : "")moved = 1; } else")
            }
            if transition.kind == .otherwise { code.line("if (!moved)") }
            code.line("{ c->slot = \(slot);")
            emitWithSites { $0.emitTransition(index) }
            code.line("}")
        }
    }

    private mutating func emitTransition(_ index: Int) {
        let transition = system.transitions[index]
        switch transition.kind {
        case .end: emitEnd(transition)
        case .otherwise: emitStep(transition)
        case .select: emitSelect(transition, isUnsigned: system.choosesUnsigned(index))
        case .ordinary: emitOrdinary(transition)
        }
    }

    /// Emits tables of the transitions and locations, and functions for the transitions that do the same, but for what a table says: where
    /// a sequence has an `unless`, each location has its escapes.
    private mutating func emitShortExpansion(of proctype: Int) {
        var (rows, spans): ([String], [String]) = ([], [])
        for range in system.outgoing[proctype] {
            spans.append("{\(rows.count),\(range.count)}")
            for index in range {
                let before = code.beginPart()
                emitTransition(index)
                let body = code.endPart(before)
                // A send that finds no partner also lets go of the escape.
                let name = code.function(
                    "take", "C *c, const B *s, const I size, const I frame, const I pid, const struct row *t",
                    "const U32 *const k = t->sites; const I target = t->target; int moved = 0; I group = -1, g = 0;\n"
                        + "\(body.text)return moved ? 1 : group == 0 ? 2 : 0; left: return -1;")
                let (transition, sites) = (system.transitions[index], body.sites.isEmpty ? "0" : "sites\(index)")
                if !body.sites.isEmpty { emitList("U32", sites, body.sites.map(String.init)) }
                rows.append(
                    "{\(name),\(sites),\(transition.target),\(transition.escapeGroup),\(transition.kind == .otherwise ? 1 : 0)}")
            }
        }
        emitList("struct row", "rows\(proctype)", rows.isEmpty ? ["{0}"] : rows)
        emitList("struct span", "spans\(proctype)", spans)
        emitBeginning("expand", proctype, handshake: "0")
        code.line("const struct span *const here = spans\(proctype) + LOCATION(s + frame);")
        code.line("return look(c, s, size, frame, pid, rows\(proctype) + here->first, here->count); }")
    }

    private mutating func emitEnd(_ transition: System.Transition) {
        code.line("if (pid == s[0] - 1) { B *const n = c->\(beginning(transition))(c, s, size); if (!n) goto left;")
        code.line("n[0] = (B)pid; SET_LAST(n, pid);")
        emitFinish(transition, size: "frame")
        code.line("}")
    }

    /// Emits what needs to know where values may be cut.
    private mutating func emitWithSites(_ emit: (inout SystemTranslator) -> Void) {
        let before = code.beginPart()
        emit(&self)
        let body = code.endPart(before)
        code.line("{ \(code.isShort ? body.siteTable : "")\n\(body.text)}")
    }

    private mutating func emitOrdinary(_ transition: System.Transition) {
        guard transition.guardEntry >= 0 else { return emitStep(transition) }
        emitGuard(transition, handshake: "0")
        guard hasRendezvous, transition.isSend else {
            code.line("if (g) {")
            emitStep(transition)
            code.line("}")
            return
        }
        // 2: somebody has to receive at once.
        code.line("if (g) { B *const n = g == 2 ? c->offer(c, s, size) : c->\(beginning(transition))(c, s, size); if (!n) goto left;")
        emitEffect(transition, handshake: "0", after: "c->handshake = h;")
        code.line("if (g != 2) { c->handshake = 0;")
        emitFinish(transition)
        code.line("} else { const int met = c->meet(c, size, pid); c->handshake = 0; if (met < 0) goto left;")
        // As Spin has it: a send that finds no partner also lets go of the escape it belongs to.
        code.line("if (met) { \(noteMove(transition)) } else group = 0; } }")
    }

    private mutating func emitSelect(_ transition: System.Transition, isUnsigned: Bool) {
        code.line("{ I low = 0, high = 0; { const B *b = s, *f = s + frame; const I h = 0;")
        code.emitPiece(transition.guardEntry, ending: .bounds)
        code.line("}")
        if isUnsigned {
            code.line("if ((U)high < (U)low) high = low;")
        } else {
            code.line("if (high < low) high = low;")
        }
        code.line("if ((U)high - (U)low >= 1 << 20) goto left;")
        code.line("for (I v = low;; v = (I)((U)v + 1)) {")
        emitStep(transition, given: "v")
        code.line("if (v == high) break; } }")
    }

    /// Emits a step whose guard holds, and that may do anything.
    private mutating func emitTake(_ transition: System.Transition, handshake: String, given: String? = nil) {
        code.line("{ B *const n = c->\(beginning(transition))(c, s, size); if (!n) goto left;")
        let mayGrow = code.startsProcess(transition.effectEntry)
        if mayGrow { code.line("I grown = size;") }
        emitEffect(transition, handshake: handshake, given: given, ending: mayGrow ? .largerState : .nothing)
        emitFinish(transition, size: mayGrow ? "grown" : "size")
        code.line("}")
    }

    /// Emits a step whose guard holds, and that nobody waits for, in one call where it does little enough.
    private mutating func emitStep(_ transition: System.Transition, given: String? = nil) {
        let entry = transition.effectEntry
        guard !transition.keepsControl, transition.target > 0, !system.layout.options.keepsLastPid, entry < 0 || code.isStep(entry) else {
            return emitTake(transition, handshake: "0", given: given)
        }
        if entry < 0 {
            code.line("if (c->steps.go(c, frame, \(target(transition)))) goto left;")
        } else {
            code.line("{ const B *const b = s, *const f = s + frame; const I h = 0;")
            code.emitPiece(entry, given: given, ending: .step(target: target(transition)))
            code.line("}")
        }
        code.line(noteMove(transition))
    }

    /// Where a transition leads to.
    private func target(_ transition: System.Transition) -> String { sharesTransitions ? "target" : "\(transition.target)" }

    private mutating func emitGuard(_ transition: System.Transition, handshake: String) {
        code.line("{ const B *b = s, *f = s + frame; const I h = \(handshake);")
        code.emitPiece(transition.guardEntry, ending: .value)
        code.line("}")
    }

    /// Emits what a step does to the vector `n`.
    private mutating func emitEffect(
        _ transition: System.Transition, handshake: String, given: String? = nil, ending: CodeTranslator.Ending = .nothing, after: String = ""
    ) {
        code.line("{ B *const b = n, *const f = n + frame; I h = \(handshake);")
        if transition.effectEntry >= 0 {
            code.emitPiece(transition.effectEntry, given: given, ending: ending)
        }
        if transition.target > 0 { code.line("SET_LOCATION(b, frame, \(target(transition)));") }
        code.line("SET_LAST(b, pid); \(after) }")
    }

    /// The function that says where the state after a step is made.
    private func beginning(_ transition: System.Transition) -> String { transition.keepsControl ? "hold" : "begin" }

    private mutating func emitFinish(_ transition: System.Transition, size: String = "size") {
        let finish = transition.keepsControl ? "c->follow(c, \(size), pid)" : "c->deliver(c, \(size))"
        code.line("if (\(finish)) goto left; \(noteMove(transition))")
    }

    private func noteMove(_ transition: System.Transition) -> String {
        sharesTransitions || !hasEscapes ? "moved = 1;" : "moved = 1; group = \(transition.escapeGroup);"
    }

    // MARK: Rendezvous

    private mutating func emitReceives(of proctype: Int) {
        sharesTransitions = false
        defer { sharesTransitions = code.isShort }
        emitBeginning("receive", proctype, handshake: "c->handshake")
        emitSwitch()
        for (location, range) in system.outgoing[proctype].enumerated() {
            guard system.transitions[range].contains(where: \.canReceive) else { continue }
            code.line("case \(location): {")
            hasEscapes = system.transitions[range].contains { $0.escapeGroup > 0 }
            for transition in system.transitions[range] {
                if hasEscapes { code.line("if (group > 0 && group != \(transition.escapeGroup)) break;") }
                guard transition.canReceive else { continue }
                emitWithSites {
                    $0.emitGuard(transition, handshake: "c->handshake")
                    $0.code.line("if (g)")
                    $0.emitTake(transition, handshake: "c->handshake")
                }
            }
            code.line("break; }")
        }
        code.line("} return moved; left: return -1; }")
    }
}

extension System.Transition {
    fileprivate var isSend: Bool {
        if case .statement(let statement) = action, case .send = statement.kind { return true }
        return false
    }
}
