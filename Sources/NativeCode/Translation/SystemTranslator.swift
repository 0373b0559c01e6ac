import Automata

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

    /// Compilers take half a second for more text than this, unless it is short.
    public static let usualLongTextLimit = 1 << 17
    /// They take minutes for more than this.
    private static let textLimit = 4 << 20

    /// - Parameter longTextLimit: bytes; a text that would be longer is written so that it is short.
    /// - Returns: the text; nil for a system that is better interpreted.
    public static func translate(_ system: System, longTextLimit: Int = usualLongTextLimit) -> String? {
        // Priorities have every process look at every other, trace assertions look at every message, and terms are no numbers.
        guard !system.usesPriorities, system.trace == nil, system.layout.options.termWidth == nil else { return nil }
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
        emitLocating()
        for proctype in system.automata.indices {
            emitProvided(proctype)
            if mayReceive(proctype) { emitReceives(of: proctype) }
        }
        if hasRendezvous { emitMeeting() }
        for proctype in system.automata.indices {
            emitExpansion(of: proctype)
            if code.text.utf8.count + code.functions.utf8.count > limit { return nil }
        }
        emitDispatch()
        var definitions = CodeTranslator(system)
        emitDefinitions(in: &definitions)
        return CRuntime.values + definitions.text + CRuntime.steps
            + (hasRendezvous ? "static int meet(C *c, I size, I sender);\n" : "") + code.channels.functions + code.functions + code.text
            + CRuntime.interface
    }

    // MARK: Where everything lies

    private func emitDefinitions(in code: inout CodeTranslator) {
        let layout = system.layout
        let location = StateLayout.locationOffset
        let isByte = layout.options.locationSize == 1
        code.line("#define LOCATION(p) \(isByte ? "(p)[\(location)]" : "u16((p) + \(location))")")
        code.line("#define SET_LOCATION(b, frame, x) \(isByte ? "set8" : "set16")(c, b, (frame) + \(location), x)")
        code.line("#define SET_LAST(b, pid) \(layout.options.keepsLastPid ? "set8(c, b, \(StateLayout.lastPidOffset), pid)" : "(void)0")")
        code.line("enum { MESSAGE = \(layout.channelTypes.map(\.fields.count).max() ?? 0) };")
        // Hidden variables are not part of a stored state: they have their initial values there.
        let initial = SuccessorGenerator(system).initialState().state
        var (hidden, visible) = ("", "1")
        for (number, range) in layout.hiddenBytes.enumerated() where !range.isEmpty {
            let bytes = initial[range].map(String.init).joined(separator: ",")
            code.line("static const B hidden\(number)[] = {\(bytes)};")
            hidden += " __builtin_memcpy((p) + \(range.lowerBound), hidden\(number), \(range.count));"
            visible += " && !((at) >= \(range.lowerBound) && (at) < \(range.upperBound))"
        }
        code.line("#define VISIBLE(at) (\(visible))")
        code.line("#define HIDDEN(p)\(hidden)")
    }

    /// Emits how to find the processes and channels of a state.
    private mutating func emitLocating() {
        let layout = system.layout
        code.line("static void prepare(C *c) {")
        for (number, channel) in layout.globalChannels.enumerated() {
            code.line("c->channel[\(number)] = \(channel.offset); c->kind[\(number)] = \(channel.type);")
        }
        code.line("}")
        code.line("static void locate(C *c, const B *s) {")
        code.line("I at = \(layout.processesOffset), channels = \(layout.globalChannels.count);")
        code.line("for (I pid = 0, count = s[0]; pid < count; pid++) { c->frames[pid] = at; switch (s[at]) {")
        for (number, process) in layout.processes.enumerated() {
            code.line("case \(number):")
            for channel in process.channels {
                code.line("c->channel[channels] = at + \(channel.offset); c->kind[channels++] = \(channel.type);")
            }
            code.line("at += \(process.size); break;")
        }
        code.line("} } c->channels = channels; }")
        emitFinding()
    }

    /// Emits how to find out the first moves of processes where they stand: see `SleepTable`.
    private mutating func emitFinding() {
        let constants = SleepTable.constants(of: system)
        for (number, locations) in system.outgoing.enumerated() {
            let offsets = locations.map { String($0.lowerBound - (locations.first?.lowerBound ?? 0)) }
            code.line("static const U16 moves\(number)[] = {\(offsets.joined(separator: ","))};")
        }
        code.line("static void find(C *c, const B *s) { const struct sleep *const t = c->sleep;")
        code.line("for (I pid = 0, count = s[0]; pid < count; pid++) { const B *const f = s + c->frames[pid]; c->here[pid] = c->place[pid] = 0;")
        code.line("const I at = pid * t->types + *f, first = pid < t->processes ? t->first[at] : 0; if (!first) continue;")
        code.line("const I *const k = t->constants + at * t->constantLimit; switch (*f) {")
        for (number, constants) in constants.enumerated() {
            let tests = constants.enumerated().map { "(\(CText.load($1, from: "f"))) == k[\($0)]" } + ["1"]
            code.line("case \(number): if (\(tests.joined(separator: " && "))) {")
            code.line("c->here[pid] = first + moves\(number)[LOCATION(f)]; c->place[pid] = t->firstPlace[at] + LOCATION(f); } break;")
        }
        code.line("} } }")
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

    private mutating func emitBeginning(_ name: String, _ proctype: Int, handshake: String, declarations: String = "") {
        code.line("static int \(name)\(proctype)(C *c, const B *s, const I size, const I pid) {")
        code.line("const I frame = c->frames[pid]; int moved = 0; I group = 0, g = 0;")
        if system.providedEntries[proctype] >= 0 {
            code.line("const int may = provided\(proctype)(c, s, frame, pid, \(handshake)); if (may <= 0) return may;")
        }
        code.line("\(declarations) switch (LOCATION(s + frame)) {")
    }

    private mutating func emitExpansion(of proctype: Int) {
        if code.isShort { return emitShortExpansion(of: proctype) }
        emitBeginning("expand", proctype, handshake: "0", declarations: "const U rest = sleeping(c, pid);")
        for (location, range) in system.outgoing[proctype].enumerated() where !range.isEmpty {
            code.line("case \(location): {")
            emitLocation(range, leaving: "break") { translator, index in translator.emitWithSites { $0.emitTransition(index) } }
            code.line("break; }")
        }
        code.line("} return moved; left: return -1; }")
    }

    /// Emits a look at the transitions of a location, one after the other, and what becomes of those that may be possible.
    private mutating func emitLocation(_ range: Range<Int>, leaving: String, _ emit: (inout SystemTranslator, Int) -> Void) {
        let hasEscapes = system.transitions[range].contains { $0.escapeGroup > 0 }
        for index in range {
            let (transition, slot) = (system.transitions[index], index - range.lowerBound)
            if hasEscapes { code.line("if (group > 0 && group != \(transition.escapeGroup)) \(leaving);") }
            if slot < 1 << SleepTable.slotShiftLimit {
                code.line("if (rest & \(1 << slot)) { moved = 1; group = \(transition.escapeGroup); } else")
            }
            if transition.kind == .otherwise { code.line("if (!moved)") }
            code.line("{ c->slot = \(slot);")
            emit(&self, index)
            code.line("}")
        }
    }

    private mutating func emitTransition(_ index: Int) {
        let transition = system.transitions[index]
        switch transition.kind {
        case .end: emitEnd(transition)
        case .otherwise: emitTake(transition)
        case .select: emitSelect(transition, isUnsigned: system.choosesUnsigned(index))
        case .ordinary: emitOrdinary(transition)
        }
    }

    /// Emits functions for the transitions that do the same, but for what a table says: where a sequence has an `unless`, each location has
    /// its escapes.
    private mutating func emitShortExpansion(of proctype: Int) {
        var (rows, names): ([String], [String]) = ([], [])
        for index in system.outgoing[proctype].joined() {
            let before = code.beginPart()
            emitTransition(index)
            let body = code.endPart(before)
            // A send that finds no partner also lets go of the escape.
            let name = code.function(
                "take", "C *c, const B *s, const I size, const I frame, const I pid, const struct row *t",
                "int moved = 0; I group = -1, g = 0; const U32 *const k = t->sites;\n"
                    + "\(body.text)return moved ? 1 : group == 0 ? 2 : 0; left: return -1;")
            let sites = body.sites.isEmpty ? "0" : "sites\(index)"
            if !body.sites.isEmpty { code.line("static const U32 \(sites)[] = {\(body.sites.map(String.init).joined(separator: ","))};") }
            rows.append("{\(sites),\(system.transitions[index].target)}")
            names.append(name)
        }
        code.line("static const struct row rows\(proctype)[] = {\(rows.isEmpty ? "{0}" : rows.joined(separator: ",\n"))};")
        let first = system.outgoing[proctype].first?.lowerBound ?? 0
        var places: [String] = []
        for (location, range) in system.outgoing[proctype].enumerated() where !range.isEmpty {
            let before = code.beginPart()
            emitLocation(range, leaving: "return moved") { translator, index in
                let group = translator.system.transitions[index].escapeGroup
                translator.code.line("const int taken = \(names[index - first])(c, s, size, frame, pid, t + \(index - range.lowerBound));")
                translator.code.line("if (taken < 0) return -1; if (taken) group = taken == 1 ? \(group) : 0; moved |= taken & 1;")
            }
            let body = code.endPart(before)
            let name = code.function(
                "go", "C *c, const B *s, const I size, const I frame, const I pid, const U rest, const struct row *t",
                "int moved = 0; I group = 0;\n\(body.text)return moved;")
            places.append("case \(location): return \(name)(c, s, size, frame, pid, rest, rows\(proctype) + \(range.lowerBound - first));")
        }
        emitBeginning("expand", proctype, handshake: "0", declarations: "const U rest = sleeping(c, pid);")
        for place in places { code.line(place) }
        code.line("} return moved; }")
    }

    private mutating func emitEnd(_ transition: System.Transition) {
        code.line("if (pid == s[0] - 1) { B *const n = \(beginning(transition))(c, s, size); if (!n) goto left;")
        code.line("n[0] = (B)pid; SET_LAST(n, pid);")
        emitFinish(transition, size: "frame")
        code.line("}")
    }

    /// Emits what needs to know where values may be cut.
    private mutating func emitWithSites(_ emit: (inout SystemTranslator) -> Void) {
        let before = code.beginPart()
        emit(&self)
        let body = code.endPart(before)
        code.line("{ \(body.siteTable)\n\(body.text)}")
    }

    private mutating func emitOrdinary(_ transition: System.Transition) {
        guard transition.guardEntry >= 0 else { return emitTake(transition) }
        emitGuard(transition, handshake: "0")
        guard hasRendezvous, transition.isSend else {
            code.line("if (g) {")
            emitTake(transition)
            code.line("}")
            return
        }
        // 2: somebody has to receive at once.
        code.line("if (g) { B *n = c->offer; if (g != 2) { n = \(beginning(transition))(c, s, size); if (!n) goto left; }")
        code.line("else if (!offer(c, s, size)) goto left;")
        emitEffect(transition, handshake: "0", after: "c->h = h;")
        code.line("if (g != 2) { c->h = 0;")
        emitFinish(transition)
        code.line("} else { const int met = meet(c, size, pid); c->h = 0; if (met < 0) goto left;")
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
        emitTake(transition, given: "v")
        code.line("if (v == high) break; } }")
    }

    /// Emits a step whose guard holds.
    private mutating func emitTake(_ transition: System.Transition, handshake: String = "0", given: String? = nil) {
        code.line("{ B *const n = \(beginning(transition))(c, s, size); if (!n) goto left;")
        emitEffect(transition, handshake: handshake, given: given)
        emitFinish(transition)
        code.line("}")
    }

    private mutating func emitGuard(_ transition: System.Transition, handshake: String) {
        code.line("{ const B *b = s, *f = s + frame; const I h = \(handshake);")
        code.emitPiece(transition.guardEntry, ending: .value)
        code.line("}")
    }

    /// Emits what a step does to the vector `n`.
    private mutating func emitEffect(
        _ transition: System.Transition, handshake: String, given: String? = nil, after: String = ""
    ) {
        code.line("{ B *const b = n, *const f = n + frame; I h = \(handshake);")
        if transition.effectEntry >= 0 {
            code.emitPiece(transition.effectEntry, given: given)
        }
        if transition.target > 0 { code.line("SET_LOCATION(b, frame, \(sharesTransitions ? "t->target" : "\(transition.target)"));") }
        code.line("SET_LAST(b, pid); \(after) }")
    }

    /// The function that says where the state after a step is made.
    private func beginning(_ transition: System.Transition) -> String { transition.keepsControl ? "hold" : "begin" }

    private mutating func emitFinish(_ transition: System.Transition, size: String = "size") {
        let finish = transition.keepsControl ? "follow(c, \(size), pid)" : "deliver(c, \(size))"
        code.line("if (\(finish)) goto left; \(noteMove(transition))")
    }

    private func noteMove(_ transition: System.Transition) -> String {
        sharesTransitions ? "moved = 1;" : "moved = 1; group = \(transition.escapeGroup);"
    }

    // MARK: Rendezvous

    private mutating func emitReceives(of proctype: Int) {
        sharesTransitions = false
        defer { sharesTransitions = code.isShort }
        emitBeginning("receive", proctype, handshake: "c->h")
        for (location, range) in system.outgoing[proctype].enumerated() {
            guard system.transitions[range].contains(where: \.canReceive) else { continue }
            code.line("case \(location): {")
            let hasEscapes = system.transitions[range].contains { $0.escapeGroup > 0 }
            for transition in system.transitions[range] {
                if hasEscapes { code.line("if (group > 0 && group != \(transition.escapeGroup)) break;") }
                guard transition.canReceive else { continue }
                emitWithSites {
                    $0.emitGuard(transition, handshake: "c->h")
                    $0.code.line("if (g)")
                    $0.emitTake(transition, handshake: "c->h")
                }
            }
            code.line("break; }")
        }
        code.line("} return moved; left: return -1; }")
    }

    /// Emits the search for processes that receive what is offered.
    private mutating func emitMeeting() {
        code.line("static int meet(C *c, I size, I sender) { const B *s = c->offer; int moved = 0;")
        code.line("const struct key before = c->base; c->base = c->key;")
        code.line("for (I pid = s[0] - 1; pid >= 0; pid--) { if (pid == sender) continue; int m = 0;")
        code.line("switch (s[c->frames[pid]]) {")
        for proctype in system.automata.indices where mayReceive(proctype) {
            code.line("case \(proctype): m = receive\(proctype)(c, s, size, pid); break;")
        }
        code.line("} if (m < 0) return -1; moved |= m; } c->base = before; return moved; }")
    }

    // MARK: All processes

    private mutating func emitDispatch() {
        code.line("static inline int expandOne(C *c, const B *s, I size, I pid) { switch (s[c->frames[pid]]) {")
        for proctype in system.automata.indices {
            code.line("case \(proctype): return expand\(proctype)(c, s, size, pid);")
        }
        code.line("} return -1; }")
        code.line("static int expandAll(C *c, const B *s, I size) { int moved = c->isAwake && c->asleep.moves;")
        code.line("for (I pid = s[0] - 1; pid >= 0; pid--) {")
        code.line("if (isQuiet(c, pid)) continue;")
        code.line("const int m = expandOne(c, s, size, pid); if (m < 0) return -1; moved |= m; asked(c, pid); } return moved; }")
    }
}

extension System.Transition {
    fileprivate var isSend: Bool {
        if case .statement(let statement) = action, case .send = statement.kind { return true }
        return false
    }
}
