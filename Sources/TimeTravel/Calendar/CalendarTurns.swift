extension Calendar {
    /// Lets somebody start or run, if nobody does and somebody wants to.
    mutating func proceed() {
        while turn == nil {
            if let id = nextToStart() {
                start(id)
            } else if let next = nextToRun() {
                run(next.client, at: next.time, until: next.freeUntil)
            } else {
                return
            }
        }
    }

    /// Of those that have sent START, the one with the lowest name.
    private mutating func nextToStart() -> ClientID? {
        let candidates = clients.values.filter { if case .wantsToStart = $0.phase { true } else { false } }
        guard !candidates.isEmpty else { return nil }
        if candidates.count >= configuration.expectedClients { hasBegun = true }
        // In the past of another, the newcomer's interrupts would turn that one's clock back; who has asked for such a time too late goes
        // first.
        guard hasBegun, earliestRequest(where: \.hasStarted) >= latest else { return nil }
        return candidates.min { ($0.name, $0.id) < ($1.name, $1.id) }?.id
    }

    /// A number that no client has; as long as there are others, none that one has had, for that may write to its slot still.
    private func nextSlot() -> UInt16? {
        if lastSlot < UInt16.max { return lastSlot + 1 }
        let taken = Set(clients.values.map(\.slot))
        return (UInt16(memory?.slotCount ?? 1)...UInt16.max).first { !taken.contains($0) }
    }

    private mutating func start(_ id: ClientID) {
        guard let client = clients[id], case .wantsToStart(let sequence) = client.phase else { return }
        guard let slot = nextSlot() else { return refuse(id, .tooManyClients) }
        lastSlot = max(lastSlot, slot)
        // A client that has run by itself may be ahead of `now`, but not of what anybody has asked for, nor of what it was given.
        now = max(now, min(earliestRequest(where: \.hasStarted), bound))
        turns += 1
        // Linux 6.12 subtracts its offset from shared times but not from RUN's, and fails if it starts at any other time than 0;
        // so who comes late is served by messages.
        let memory = now == 0 && Int(slot) < (memory?.slotCount ?? 0) ? memory : nil
        clients[id]?.phase = .running
        clients[id]?.slot = slot
        clients[id]?.offset = now
        clients[id]?.mode = memory == nil ? .messages : .undecided
        clients[id]?.lastTurn = turns
        turn = Turn(client: id, start: now, freeUntil: now, limit: now, reached: now, stage: .running)
        if let memory { memory[slot] = SharedSchedule.Slot(capabilities: 0, flags: 0, requestTime: 0, name: client.name) }
        publish(freeUntil: now, running: slot)
        emit(.admit(Message(.acknowledge, sequence: sequence, time: UInt64(slot)), to: id, sharesMemory: memory != nil))
    }

    /// The earliest time that any of some clients, which do not run, has asked for.
    func earliestRequest(where isMeant: (Client) -> Bool) -> UInt64 {
        clients.values.filter(isMeant).map(earliestRequest).min() ?? Time.forever
    }

    /// The time that a waiting client has asked for, by a message or in its slot, whichever is newer.
    func earliestRequest(of client: Client) -> UInt64 {
        guard client.mode == .memory, let memory else { return client.request }
        let slot = memory[client.slot]
        guard slot != client.outdated, let request = slot.request else { return client.request }
        return request
    }

    /// The waiting client that has asked for the earliest time; of several, the one that has not run for longest.
    private mutating func nextToRun() -> (client: ClientID, time: UInt64, freeUntil: UInt64)? {
        var best: (client: Client, time: UInt64)?
        var others = Time.forever
        for client in clients.values where client.phase == .waiting {
            let time = earliestRequest(of: client)
            guard time >= now else {
                refuse(client.id, .requestInThePast(time, now: now))
                continue
            }
            guard let current = best else {
                best = (client, time)
                continue
            }
            if (time, client.lastTurn, client.id) < (current.time, current.client.lastTurn, current.client.id) {
                others = min(others, current.time)
                best = (client, time)
            } else {
                others = min(others, time)
            }
        }
        guard let best, best.time < Time.forever else { return nil }
        return (best.client.id, best.time, min(others, Time.sum(best.time, configuration.slice)))
    }

    private mutating func run(_ id: ClientID, at time: UInt64, until freeUntil: UInt64) {
        guard let client = clients[id] else { return }
        now = time
        bound = max(bound, time, freeUntil)
        turns += 1
        turn = Turn(client: id, start: time, freeUntil: freeUntil, limit: freeUntil, reached: time, stage: .preparing)
        clients[id]?.lastTurn = turns
        if client.mode == .memory {
            resume()
        } else {
            send(.freeUntil, time: client.local(freeUntil), to: id, awaiting: .freeUntil)
        }
    }

    /// Sends RUN.
    mutating func resume() {
        guard let turn, let client = clients[turn.client] else { return }
        clients[client.id]?.phase = .running
        clients[client.id]?.request = Time.forever
        clients[client.id]?.outdated = nil
        publish(freeUntil: turn.freeUntil, running: client.slot)
        if client.mode == .memory {
            self.turn?.stage = .running
            send(.run, time: turn.start, to: client.id, awaiting: nil)
        } else {
            self.turn?.stage = .resuming
            send(.run, time: client.local(turn.start), to: client.id, awaiting: .run)
        }
    }

    /// A RUN that was lost is owed still; the turn begins anew.
    mutating func giveBack() {
        guard let turn, let client = clients[turn.client] else { return }
        clients[client.id]?.phase = .waiting
        clients[client.id]?.request = min(client.request, turn.start)
        self.turn = nil
        memory?.runningClient = 0
    }

    /// Says in shared memory who runs, and how far; before that client hears of it.
    private func publish(freeUntil: UInt64, running slot: UInt16) {
        guard let memory else { return }
        memory.freeUntil = freeUntil
        memory.currentTime = now
        memory.runningClient = slot
    }
}
