/// Writing programs that go on for ever, and what is claimed of that.
extension ProgramBuilder {
    // MARK: Programs

    /// A process that can always move. No run of a program with it ends.
    func declareRunner() {
        emit("active proctype Runner() {")
        nested {
            emit("bit turn;")
            emit("skip;")
            emit("do")
            emit(":: turn = 1 - turn;")
            emit("od;")
        }
        emit("}")
    }

    /// Gives the next statement a label with a meaning, now and then.
    func drawMark(in context: Context) {
        guard let claim = profile.claim, context.canJump, budget >= 0 else { return }
        let weights: [(weight: Int, choice: String)] =
            switch claim {
            case .acceptance: [(6, "accept"), (1, "progress"), (1, "end")]
            case .progress: [(8, "progress"), (1, "accept"), (1, "end")]
            // Spin takes accept labels of processes for those of the claim.
            case .formula, .neverClaim: [(2, "progress"), (1, "end"), (2, "at")]
            }
        // Spin sees an accept label inside an atomic sequence only if it stands before its last step.
        if claim == .acceptance, context.isAtomic { return }
        let isDense = claim == .progress || claim == .acceptance
        if chance(isDense ? 0.25 : 0.12), let stem = weighted(weights) { nextLabel = fresh(stem) }
    }

    /// A loop without an end, or with one that it comes to by chance.
    func endlessLoop(in context: Context) {
        let body = context.deeper { $0.isRepeated = true; $0.canBreak = self.chance(0.3) }
        if chance(0.25) {
            let label = fresh("again")
            emit(label: label, "skip;")
            statements(3, in: context.deeper { $0.isRepeated = true })
            emit("goto \(label);")
            return
        }
        drawMark(in: context)
        emit("do")
        nextLabel = nil
        let hasElse = chance(0.4, of: .elseBranches)
        options(number(1...3), in: body, hasCommunication: !hasElse)
        if let worker = pick(proctypes.filter { $0.instances == 0 && $0.parameters.count == 1 }), chance(0.6) {
            emit(":: atomic {")
            nested {
                emit("(\(processCount) < \(number(2...4)));")
                emit("run \(worker.name)(\(number(0...1)));")
            }
            emit("};")
        }
        if hasElse {
            emit(":: else -> \(chance(0.3) ? "break" : "skip");")
        } else if isGuarded {
            emit(":: \(chance(0.5, of: .timeouts) ? "timeout" : "true") -> \(chance(0.3) ? "break" : "skip");")
        }
        emit("od;")
    }

    // MARK: Claims

    /// How the program says how many processes there are. Where Spin checks a claim, it counts the claim too, so the text has
    /// to tell whether it is Spin who reads it.
    var processCount: String { profile.claim == nil || profile.claim == .acceptance ? "_nr_pr" : "PROCESSES" }

    /// Declares the number of processes, where that takes more than a word.
    func declareProcessCount() {
        guard processCount != "_nr_pr" else { return }
        emit("#ifdef \(SpinOracle.claimIsCounted)")
        emit("#define PROCESSES (_nr_pr - 1)")
        emit("#else")
        emit("#define PROCESSES _nr_pr")
        emit("#endif")
    }

    /// Writes what the program claims, if that is more than labels.
    func declareClaim() {
        locals = []
        switch profile.claim {
        case .formula: emit("ltl claimed { \(formula(pick(1, 2, 2, 3))) }")
        case .neverClaim: declareNeverClaim()
        case .acceptance, .progress, nil: break
        }
    }

    /// What can be true or false of a state.
    private func proposition() -> String {
        if chance(0.15), let channel = pick(channels.filter { !$0.isRendezvous && $0.carriesValuesOnly }) {
            // Not full() and its kin: Spin refuses them where its translation negates them.
            if chance(0.3, of: .polling) { return "(\(channel.name)?[\(pattern(channel, isPoll: true))])" }
            return "(len(\(channel.name)) \(pick("<", "==", ">")) \(number(0...1)))"
        }
        return condition(chance(0.8) ? 0 : 1)
    }

    /// A formula of at most this depth, in parentheses throughout: Spin's precedences are its own.
    private func formula(_ depth: Int) -> String {
        guard depth > 0 else { return proposition() }
        let choices: [(weight: Int, choice: () -> String)] = [
            (5, { "([] \(self.formula(depth - 1)))" }),
            (5, { "(<> \(self.formula(depth - 1)))" }),
            (2, { "([] (<> \(self.formula(depth - 1))))" }),
            (2, { "(<> ([] \(self.formula(depth - 1))))" }),
            (2, { "([] (\(self.proposition()) -> (<> \(self.formula(depth - 1)))))" }),
            (2, { "(!\(self.formula(depth - 1)))" }),
            (2, { "(\(self.formula(depth - 1)) && \(self.formula(depth - 1)))" }),
            (3, { "(\(self.formula(depth - 1)) || \(self.formula(depth - 1)))" }),
            (2, { "(\(self.formula(depth - 1)) -> \(self.formula(depth - 1)))" }),
            (1, { "(\(self.formula(depth - 1)) <-> \(self.formula(depth - 1)))" }),
            (3, { "(\(self.formula(depth - 1)) U \(self.formula(depth - 1)))" }),
            (2, { "(\(self.formula(depth - 1)) W \(self.formula(depth - 1)))" }),
            (2, { "(\(self.formula(depth - 1)) V \(self.formula(depth - 1)))" }),
            (1, { self.proposition() }),
        ]
        return weighted(choices)?() ?? "true"
    }

    /// An automaton: its states are labelled choices, each of which leads to others.
    private func declareNeverClaim() {
        let count = number(1...3)
        let labels = (0..<count).map { "\(chance(0.6) ? "accept" : "state")\($0)" }
        // Where nothing can move, Spin finds `np_` true and false by turns.
        let looksAtProgress = hasRunner && chance(0.4)
        // Spin takes `timeout` to be false where no process asks for it.
        let hasTimeout = lines.contains { $0.contains("timeout") }
        emit("never {")
        if chance(0.15) { nested { emit("\(proposition());") } }
        for label in labels {
            emit("\(label):")
            nested { claimState(labels, looksAtProgress: looksAtProgress, looksAtTimeout: hasTimeout && chance(0.3)) }
        }
        // It may fall off here, which is a match.
        if chance(0.2) { nested { emit("\(proposition());") } } else { emit("acceptLast:"); nested { emit("false;") } }
        emit("}")
    }

    private func claimState(_ labels: [String], looksAtProgress: Bool, looksAtTimeout: Bool) {
        func observation() -> String {
            if looksAtProgress, chance(0.4) { return pick("np_", "!np_") }
            if looksAtTimeout, chance(0.5) { return "timeout" }
            return chance(0.15) ? "true" : proposition()
        }
        let isLoop = chance(0.4)
        emit(isLoop ? "do" : "if")
        for _ in 0..<number(1...3) {
            let guardText = observation()
            switch number(0...9) {
            case 0: emit(":: \(guardText);")
            case 1 where isLoop: emit(":: \(guardText) -> break;")
            case 2:
                emit(":: atomic {")
                nested {
                    emit("\(guardText);")
                    emit(chance(0.3) && guardText != "true" ? "assert(!(\(guardText)));" : "assert(true);")
                }
                emit("};")
            case 3:
                emit(":: \(guardText) ->")
                nested { emit("\(proposition());") }
            default: emit(":: \(guardText) -> goto \(pick(labels) ?? labels[0]);")
            }
        }
        if looksAtTimeout {
            // Spin takes `timeout` to be true where the claim cannot move without it.
            emit(":: true -> goto \(pick(labels) ?? labels[0]);")
        } else if chance(0.25) {
            emit(":: else -> goto \(pick(labels) ?? labels[0]);")
        }
        emit(isLoop ? "od;" : "fi;")
    }
}
