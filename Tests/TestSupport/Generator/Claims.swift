/// Writing programs that go on for ever, and what is claimed of that.
extension ProgramBuilder {
    // MARK: Programs

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
                emit("(_nr_pr < \(number(2...4)));")
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

    /// What a claim can look at: all that a formula can, and how the system moves.
    private func observation() -> String {
        let choices: [(weight: Int, choice: String)] = [
            (14, proposition()),
            (2, "(!\(condition(0)))"),
            (1, "timeout"),
            (2, "np_"),
            (1, "!np_"),
        ]
        return weighted(choices) ?? "true"
    }

    /// An automaton: its states are labelled choices, each of which leads to others.
    private func declareNeverClaim() {
        let count = number(1...3)
        let labels = (0..<count).map { "\(chance(0.6) ? "accept" : "state")\($0)" }
        emit("never {")
        if chance(0.15) { nested { emit("\(observation());") } }
        for label in labels {
            emit("\(label):")
            nested { claimState(labels) }
        }
        // It may fall off here, which is a match.
        if chance(0.2) { nested { emit("\(observation());") } } else { emit("acceptLast:"); nested { emit("false;") } }
        emit("}")
    }

    private func claimState(_ labels: [String]) {
        let isLoop = chance(0.4)
        emit(isLoop ? "do" : "if")
        for _ in 0..<number(1...3) {
            let guardText = chance(0.25) ? "true" : observation()
            switch number(0...9) {
            case 0: emit(":: \(guardText);")
            case 1 where isLoop: emit(":: \(guardText) -> break;")
            case 2:
                emit(":: atomic {")
                nested {
                    emit("\(guardText);")
                    emit("assert(\(chance(0.3) ? "false" : "true"));")
                }
                emit("};")
            case 3:
                emit(":: \(guardText) ->")
                nested { emit("\(observation());") }
            default: emit(":: \(guardText) -> goto \(pick(labels) ?? labels[0]);")
            }
        }
        if chance(0.25) { emit(":: else -> goto \(pick(labels) ?? labels[0]);") }
        emit(isLoop ? "od;" : "fi;")
    }
}
