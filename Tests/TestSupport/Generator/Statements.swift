/// Writing statements, one a line.
extension ProgramBuilder {
    /// Between one and `most` statements, as far as the budget reaches.
    func statements(_ most: Int, in context: Context) {
        let count = max(1, min(number(1...most), budget))
        for _ in 0..<count { statement(in: context) }
    }

    /// One statement, which may be a compound one.
    func statement(in context: Context) {
        budget -= 1
        let isCompoundAllowed = context.depth < 4 && budget > 1
        let compound = isCompoundAllowed ? 1 : 0
        let mayBlock = !context.isDeterministic
        let choices: [(weight: Int, choice: () -> Void)] = [
            (14, { self.assignment(in: context) }),
            (mayBlock && !channels.isEmpty ? 12 : 0, { self.blocking(in: context) { self.communication() } }),
            (mayBlock ? 3 : 0, { self.blocking(in: context) { self.condition() } }),
            (mayBlock && (has(.channelQueries) || has(.polling)) ? 4 : 0, {
                self.blocking(in: context) { self.channelCondition() }
            }),
            (mayBlock && has(.channelMessages) && !context.isRepeated && !context.isInline && !isGuarded ? 4 : 0, {
                self.channelExchange(in: context)
            }),
            (has(.structureMessages) && mayBlock && !context.isInline ? 5 : 0, {
                self.blocking(in: context) { self.structureMessage() }
            }),
            (has(.assertions) ? (isViolating ? 8 : 3) : 0, { self.assertion() }),
            (has(.printing) ? 1 : 0, { self.emit(#"printf("%d\n", \#(self.integer(1)));"#) }),
            (1, { self.emit("skip;") }),
            (has(.inlines) && !context.isInline && !inlines.isEmpty ? 3 : 0, { self.callInline(in: context) }),
            (compound * 8, { self.choice(in: context) }),
            (has(.loops) ? compound * 6 : 0, { self.loop(in: context) }),
            (has(.forLoops) && !context.isInline ? compound * 4 : 0, { self.forLoop(in: context) }),
            (has(.selections) && !context.isDeterministic && !context.isInline ? 2 : 0, { self.selection(in: context) }),
            (has(.atomic) && mayBlock ? compound * 7 : 0, { self.atomic(in: context) }),
            (has(.dStep) && mayBlock ? compound * 5 : 0, { self.deterministicStep(in: context) }),
            (has(.unless) && mayBlock ? compound * 6 : 0, { self.unless(in: context) }),
            (has(.blockScopes) && !context.isInline ? compound * 3 : 0, { self.block(in: context) }),
            (has(.gotos) && context.canJump ? 4 : 0, { self.jump(in: context) }),
            (context.canBreak ? 2 : 0, { self.emit("break;") }),
            (has(.run) && mayBlock && !context.isRepeated && !context.isInline ? 4 : 0, { self.runStatement(in: context) }),
            (hiddenVariable == nil ? 0 : 1, { self.emit("\(self.hiddenVariable ?? "") = \(self.integer(1));") }),
        ]
        placeLabel(in: context)
        drawMark(in: context)
        weighted(choices)?()
        nextLabel = nil
    }

    func assignment(in context: Context) {
        guard let variable = pick(variables.filter(\.isWritable)) else { return emit("skip;") }
        let name = reference(variable)
        if variable.type != .mtype, !context.isRepeated, chance(0.25) {
            emit("\(name)\(pick("++", "--"));")
        } else {
            emit("\(name) = \(value(for: variable.type, in: context));")
        }
    }

    private func assertion() {
        guard isViolating else { return emit("assert(\(invariant()));") }
        emit("assert(\(condition(1)));")
    }

    /// A condition that only an engine with a fault breaks.
    private func invariant() -> String {
        let natural = variables.filter { !$0.type.isSigned && $0.type != .mtype }
        let buffered = channels.filter { !$0.isRendezvous && $0.name.hasPrefix("c") }
        if chance(0.3), let channel = pick(buffered) { return "len(\(channel.name)) <= \(channel.capacity)" }
        guard let variable = pick(natural) else { return "\(processCount) > _pid" }
        let largest =
            switch variable.type {
            case .bit, .bool: 1
            case .unsigned(let width): (1 << width) - 1
            default: 255
            }
        return chance(0.5) ? "\(reference(variable)) >= 0" : "\(reference(variable)) <= \(largest)"
    }

    /// A statement that may block, with a way out where the program is to be free of deadlocks.
    private func blocking(in context: Context, _ makeStatement: () -> String?) {
        guard let statement = makeStatement() else { return assignment(in: context) }
        guard isGuarded else { return emit("\(statement);") }
        if !context.isInline, chance(0.5, of: .endLabels) {
            emit(label: fresh("end"), "\(statement);")
            return
        }
        emit("if")
        emit(":: \(statement);")
        emit(chance(0.6, of: .timeouts) ? ":: timeout;" : ":: true;")
        emit("fi;")
    }

    // MARK: Choices and loops

    private func choice(in context: Context) {
        emit("if")
        let hasElse = has(.elseBranches) && chance(0.7) || context.isDeterministic
        options(number(1...3), in: context.deeper(), hasCommunication: !hasElse)
        if hasElse {
            emit(":: else;")
            if chance(0.5) { nested { statements(2, in: context.deeper()) } }
        } else if isGuarded {
            emit(chance(0.6, of: .timeouts) ? ":: timeout;" : ":: true;")
        }
        emit("fi;")
    }

    /// Options of a choice or a loop. Where there is an else, none starts with a message: Spin calls that dubious.
    func options(_ count: Int, in context: Context, hasCommunication: Bool, prefix: String = "") {
        for _ in 0..<count {
            let mayCommunicate = hasCommunication && !context.isDeterministic
            if mayCommunicate, prefix.isEmpty, chance(0.5), let statement = communication() {
                emit(":: \(statement);")
            } else if prefix.isEmpty, !context.isDeterministic, chance(0.15, of: .atomic) {
                emit(":: atomic {")
                scoped {
                    emit("\(condition());")
                    statements(2, in: context.deeper { $0.isAtomic = true })
                }
                emit("};")
            } else if prefix.isEmpty, !context.isDeterministic, chance(0.15, of: .dStep) {
                emit(":: d_step {")
                withoutRemoteReferences {
                    scoped {
                        emit("\(condition());")
                        statements(2, in: context.deeper { $0.isDeterministic = true; $0.canBreak = false })
                    }
                }
                emit("};")
            } else if mayCommunicate, let query = channelCondition(), chance(0.4) {
                emit(":: \(prefix)\(query) ->")
            } else {
                emit(":: \(prefix)\(chance(0.15) && !context.isRepeated ? "true" : condition()) ->")
            }
            if chance(0.8) {
                nested { statements(3, in: context) }
            } else if profile.claim != nil {
                // Spin refuses loops of a single step that does nothing.
                nested { emit("skip;") }
            }
        }
    }

    private func loop(in context: Context) {
        let mayRunForever = !context.isDeterministic && !context.isAtomic && !context.isRepeated && chance(0.25)
        if mayRunForever {
            emit("do")
            let body = context.deeper { $0.isRepeated = true; $0.canBreak = true }
            options(number(1...2), in: body, hasCommunication: true)
            emit(":: \(chance(0.7) ? "true" : condition()) ->")
            nested { emit("break;") }
            if isGuarded { emit(":: timeout -> break;") }
            emit("od;")
            return
        }
        guard let counter = newCounter(in: context) else { return choice(in: context) }
        let limit = number(1...3)
        emit("\(counter) = 0;")
        emit("do")
        let body = context.deeper {
            $0.canBreak = !context.isDeterministic
            $0.repetitions *= 3
        }
        emit(":: \(counter) < \(limit) ->")
        nested {
            emit("\(counter)++;")
            statements(3, in: body)
        }
        // Not in indivisible sequences: Spin stores no states inside, so it would never notice that it goes round.
        if !context.isDeterministic, !context.isAtomic, chance(0.4) {
            let repeated = body.deeper { $0.isRepeated = true }
            options(1, in: repeated, hasCommunication: false, prefix: "\(counter) < \(limit) && ")
        }
        emit(":: else -> break;")
        emit("od;")
    }

    private func forLoop(in context: Context) {
        guard let counter = newCounter(in: context) else { return choice(in: context) }
        let arrays = variables.filter { $0.path.count == 1 && $0.path[0].count != nil }
        let body = context.deeper { $0.repetitions *= 3 }
        if chance(0.4), let array = pick(arrays), let count = array.path[0].count {
            emit("for (\(counter) in \(array.path[0].name)) {")
            scoped {
                emit("\(array.path[0].name)[\(counter) % \(count)] = \(value(for: array.type, in: context));")
                if budget > 0 { statements(1, in: body) }
            }
        } else {
            emit("for (\(counter) : \(number(0...1)) .. \(number(1...3))) {")
            scoped { statements(2, in: body) }
        }
        emit("}")
    }

    private func selection(in context: Context) {
        guard let counter = newCounter(in: context) else { return emit("skip;") }
        let low = number(0...1)
        emit("select (\(counter) : \(low) .. \(low + number(1...2)));")
    }

    /// A variable of a loop's own, so that nothing else keeps the loop from ending.
    private func newCounter(in context: Context) -> String? {
        guard !context.isInline else { return nil }
        let name = fresh("i")
        emit("byte \(name);")
        locals.append(Variable(name, .byte, isWritable: false))
        return name
    }

    // MARK: Sequences

    private func atomic(in context: Context) {
        emit("atomic {")
        scoped { statements(4, in: context.deeper { $0.isAtomic = true }) }
        emit("};")
    }

    private func deterministicStep(in context: Context) {
        // Spin takes a loop's exit to a d_step right behind it for a jump into it, and refuses that.
        if let last = lines.last, ["}", "od;", "{"].contains(where: last.hasSuffix) { emit("skip;") }
        emit("d_step {")
        withoutRemoteReferences {
            scoped {
                if !isGuarded, chance(0.3) { emit("\(condition());") } else { emit("skip;") }
                statements(4, in: context.deeper { $0.isDeterministic = true; $0.canBreak = false })
            }
        }
        emit("};")
    }

    private func unless(in context: Context) {
        let isAtomic = !context.isAtomic && chance(0.3, of: .atomic)
        emit(isAtomic ? "atomic {" : "{")
        scoped { statements(3, in: context.deeper { $0.isAtomic = $0.isAtomic || isAtomic }) }
        emit("} unless {")
        scoped {
            emit("\(chance(0.4) ? communication() ?? condition() : condition());")
            if chance(0.7) { statements(2, in: context.deeper()) }
        }
        emit("};")
    }

    private func block(in context: Context) {
        emit("{")
        scoped {
            declareLocal(mayInitialize: true)
            statements(3, in: context.deeper())
        }
        emit("};")
    }

    // MARK: Jumps

    private func jump(in context: Context) {
        let label = fresh("L")
        if context.isRepeated || chance(0.6) {
            // Forward, so that it cannot go round.
            pendingLabels.append(label)
            emit("if")
            emit(":: \(condition()) -> goto \(label);")
            emit(":: else;")
            emit("fi;")
        } else if let counter = newCounter(in: context) {
            emit(label: label, "skip;")
            statements(2, in: context.deeper { $0.isRepeated = true })
            emit("if")
            emit(":: \(counter) < \(number(1...2)) -> \(counter)++; goto \(label);")
            emit(":: else;")
            emit("fi;")
        }
    }

    /// Puts a label that an earlier statement jumps to, in an atomic sequence too.
    private func placeLabel(in context: Context) {
        guard context.canJump, !pendingLabels.isEmpty, chance(0.5) else { return }
        emit(label: pendingLabels.removeFirst(), "skip;")
    }
}
