extension Calendar {
    /// What a client's message does.
    mutating func receive(_ message: Message, from id: ClientID) {
        guard let client = clients[id] else { return }
        switch message.operation {
        case .run, .freeUntil: return refuse(id, .onlyForClients(message.operation))
        case let operation where !Operation.named.contains(operation): return refuse(id, .unknownOperation(operation))
        case .start:
            guard client.phase == .connected else { return refuse(id, .startTwice) }
            clients[id]?.phase = .wantsToStart(sequence: message.sequence)
            clients[id]?.name = message.time
            // Whoever runs with shared memory sees this, and so waits soon.
            if let turn, clients[turn.client]?.mode == .memory, let memory { memory.lowerFreeUntil(to: memory.currentTime) }
            return
        default: break
        }
        guard client.hasStarted else { return refuse(id, .beforeStart(message.operation)) }
        if client.mode == .undecided {
            let sharesTime = if let memory, client.slot < memory.slotCount { memory[client.slot].sharesTime } else { false }
            clients[id]?.mode = sharesTime ? .memory : .messages
        }
        switch message.operation {
        case .acknowledge: acknowledge(message.sequence, from: id)
        case .wait: wait(message, from: id)
        case .request: request(message, from: id)
        case .update: update(message, from: id)
        case .get:
            noteQuestion(from: id)
            guard var time = readTime(), let client = clients[id] else { return }
            // Whom the running client interrupts is interrupted at its time, even if that is past what somebody else has asked for; but
            // nobody is told of a time past what they have asked for themselves.
            if let turn { time = max(time, client.phase == .waiting ? min(turn.reached, earliestRequest(of: client)) : turn.reached) }
            answer(Question(client: id, sequence: message.sequence), time: client.local(time))
        case .getTimeOfDay:
            noteQuestion(from: id)
            guard let time = readTime() else { return }
            answer(Question(client: id, sequence: message.sequence), time: configuration.timeOfDay &+ time)
        default: broadcast(message, from: id)
        }
    }

    /// A client that asks something after RUN was sent has not ACKed it in its idle loop, and reads it before the answer.
    private mutating func noteQuestion(from id: ClientID) {
        if turn?.client == id, case .resuming = turn?.stage { turn?.isRunLost = true }
    }

    /// The current time; who runs with shared memory keeps it there.
    /// - Returns: nil if it is out of bounds, and whoever runs has been refused for it.
    private mutating func readTime() -> UInt64? {
        guard let turn, clients[turn.client]?.mode == .memory, let memory else { return now }
        return advance(to: memory.currentTime, by: turn) ? now : nil
    }

    /// Takes a time that the running client has set.
    private mutating func advance(to time: UInt64, by turn: Turn) -> Bool {
        let earliest = max(now, turn.reached)
        guard time >= earliest else {
            refuse(turn.client, .timeBackwards(time, now: earliest))
            return false
        }
        guard time <= turn.limit else {
            refuse(turn.client, .timeTooFar(time, limit: turn.limit))
            return false
        }
        self.turn?.reached = time
        advance(upTo: time)
        return true
    }

    /// Lets time go on, but not past what others have asked for. Who runs may be further, for it may have heard of that too late, or not
    /// care; they are not to suffer from it.
    mutating func advance(upTo time: UInt64) {
        bound = max(bound, time)
        latest = max(latest, time)
        now = max(now, min(time, earliestRequest { $0.phase == .waiting }))
    }

    private mutating func acknowledge(_ sequence: UInt32, from id: ClientID) {
        guard let index = clients[id]?.owed.firstIndex(where: { $0.sequence == sequence }),
            let owed = clients[id]?.owed.remove(at: index)
        else { return refuse(id, .unexpectedAcknowledgement(sequence: sequence)) }
        settle(owed.purpose, of: id)
    }

    /// An ACK has come, or its sender has gone.
    mutating func settle(_ purpose: Client.Purpose, of id: ClientID) {
        switch purpose {
        case .freeUntil: if turn?.client == id { resume() }
        case .run:
            guard turn?.client == id, let lost = turn?.isRunLost else { return }
            if lost { giveBack() } else { turn?.stage = .running }
        case .lowerFreeUntil(let question): answer(question)
        case .broadcast(let question):
            let isOwed = clients.values.contains { client in
                client.owed.contains { if case .broadcast(question) = $0.purpose { true } else { false } }
            }
            if !isOwed { answer(question) }
        }
    }

    private mutating func wait(_ message: Message, from id: ClientID) {
        guard let turn, turn.client == id, case .running = turn.stage, let client = clients[id] else {
            return refuse(id, .notRunning(.wait))
        }
        if client.mode == .memory {
            guard readTime() != nil else { return }
        } else {
            answer(Question(client: id, sequence: message.sequence))
        }
        clients[id]?.phase = .waiting
        self.turn = nil
        memory?.runningClient = 0
    }

    private mutating func request(_ message: Message, from id: ClientID) {
        noteQuestion(from: id)
        guard let client = clients[id] else { return }
        let time = client.mode == .memory ? message.time : client.global(message.time)
        guard time >= now else { return refuse(id, .requestInThePast(time, now: now)) }
        clients[id]?.request = time
        if client.mode == .memory, let memory { clients[id]?.outdated = memory[client.slot] }
        let question = Question(client: id, sequence: message.sequence)
        guard let turn, turn.client != id, time < turn.freeUntil, let runner = clients[turn.client] else { return answer(question) }
        self.turn?.freeUntil = time
        if runner.mode == .memory {
            memory?.lowerFreeUntil(to: time)
            answer(question)
        } else {
            send(.freeUntil, time: runner.local(time), to: runner.id, awaiting: .lowerFreeUntil(for: question))
        }
    }

    private mutating func update(_ message: Message, from id: ClientID) {
        guard let turn, turn.client == id, case .running = turn.stage, let client = clients[id] else {
            return refuse(id, .notRunning(.update))
        }
        let time = client.mode == .memory ? message.time : client.global(message.time)
        guard advance(to: time, by: turn) else { return }
        memory?.currentTime = timeForInterrupts(at: time)
        answer(Question(client: id, sequence: message.sequence))
    }

    /// What shared memory says when a client without it has come so far, for those that it interrupts: its time, as in the answer to
    /// GET, but not past what any of those that read it have asked for.
    private func timeForInterrupts(at time: UInt64) -> UInt64 {
        max(now, min(time, earliestRequest { $0.phase == .waiting && $0.mode == .memory }))
    }

    private mutating func broadcast(_ message: Message, from id: ClientID) {
        noteQuestion(from: id)
        let question = Question(client: id, sequence: message.sequence)
        let others = clients.values.filter { $0.hasStarted && $0.id != id }.map(\.id).sorted()
        for other in others {
            send(.broadcast, time: message.time, to: other, awaiting: .broadcast(from: question))
        }
        if others.isEmpty { answer(question) }
    }
}
