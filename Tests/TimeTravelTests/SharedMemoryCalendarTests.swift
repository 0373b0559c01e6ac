import Testing

@testable import TimeTravel

/// Clients that share memory with the calendar, alone and beside others.
@Suite struct SharedMemoryCalendarTests {
    private let memory: SharedSchedule
    private var talk: Conversation

    init() throws {
        memory = try SharedSchedule(slotCount: 4)
        talk = Conversation(clients: 2, memory: memory)
    }

    /// Starts two clients that ask for times; those named share memory.
    private mutating func start(_ first: UInt64, _ second: UInt64, sharing: Set<Int> = [1, 2]) {
        for client in 1...2 {
            talk.connect(client)
            talk.say(client, .start, UInt64(client))
        }
        for (client, time) in [(1, first), (2, second)] {
            #expect(memory.runningClient == UInt16(client))
            #expect(memory.freeUntil == 0)
            if sharing.contains(client) {
                memory[UInt16(client)].capabilities = SharedSchedule.timeShare
                request(UInt16(client), time)
            } else {
                talk.say(client, .request, time)
            }
            talk.say(client, .wait)
        }
    }

    private func request(_ slot: UInt16, _ time: UInt64) {
        memory[slot].requestTime = time
        memory[slot].flags = SharedSchedule.requestsRun
    }

    @Test mutating func aTurnNeedsNoMessagesButRunAndWait() {
        start(10, 20)
        #expect(talk.take() == ["1: ACK 1 with memory", "2: ACK 2 with memory", "1: RUN 10"])
        #expect(memory.freeUntil == 20)
        #expect(memory.currentTime == 10)
        #expect(memory.runningClient == 1)
        request(1, 30)
        memory.currentTime = 15
        talk.say(1, .wait)
        #expect(talk.take() == ["2: RUN 20"])
        #expect(memory.freeUntil == 30)
        #expect(memory.currentTime == 20)
    }

    /// Who does not run then asks by a message, for nobody would look into its slot.
    @Test mutating func nobodyWhoSharesTimeRunsWhileAllSleep() {
        start(Time.forever, Time.forever)
        #expect(talk.calendar.isAsleep)
        #expect(memory.runningClient == 0)
        #expect(!memory[0].sharesTime)
        _ = talk.take()
        talk.say(1, .request, 70)
        #expect(talk.take() == ["1: ACK 0", "1: RUN 70"])
    }

    @Test mutating func aRequestByMessageReplacesTheOlderOneInTheSlot() {
        start(10, 20, sharing: [2])
        #expect(talk.take().last == "1: FREE_UNTIL 20")
        talk.say(2, .request, 12)
        #expect(talk.take() == ["1: FREE_UNTIL 12"])
        talk.disconnect(1)
        #expect(talk.take() == ["2: ACK 0", "2: RUN 12"])
    }

    @Test mutating func aRequestInTheSlotReplacesTheOlderOneByMessage() throws {
        start(10, 20, sharing: [2])
        try talk.resume(1)
        talk.say(2, .request, 12)
        request(2, 15)
        talk.say(1, .request, 100)
        talk.say(1, .wait)
        #expect(talk.take().last == "2: RUN 15")
    }

    @Test mutating func whoSharesMemorySeesTheRequestsOfOthersThere() {
        start(10, 200, sharing: [1])
        #expect(memory.freeUntil == 200)
        _ = talk.take()
        talk.say(2, .request, 50)
        #expect(talk.take() == ["2: ACK 0"])
        #expect(memory.freeUntil == 50)
        memory.currentTime = 30
        talk.say(2, .get)
        #expect(talk.take() == ["2: ACK 30"])
    }

    @Test mutating func othersSeeTheTimeOfWhoRunsByMessages() throws {
        start(10, 200, sharing: [2])
        try talk.resume(1)
        talk.say(1, .update, 60)
        #expect(memory.currentTime == 60)
        #expect(memory.runningClient == 1)
        #expect(!memory[1].sharesTime, "so the other knows that it has to send REQUEST")
    }

    /// What a client without memory has asked for too late does not bind those that are interrupted, whether they have memory or not;
    /// what those with memory have asked for does.
    @Test(arguments: [(UInt64(200), UInt64(60)), (40, 40)])
    mutating func whoIsInterruptedReadsTheTimeOfTheRunningClient(request: UInt64, time: UInt64) throws {
        talk = Conversation(clients: 3, memory: memory)
        for client in 1...3 {
            talk.connect(client)
            talk.say(client, .start, UInt64(client))
        }
        for (client, time) in [(1, UInt64(10)), (2, 100), (3, 200)] {
            if client == 3 { memory[3].capabilities = SharedSchedule.timeShare }
            talk.say(client, .request, time)
            talk.say(client, .wait)
        }
        try talk.resume(1)
        talk.say(2, .request, 30)
        self.request(3, request)
        talk.say(1, .update, 60)
        #expect(talk.calendar.now == 30)
        #expect(memory.currentTime == time)
    }

    @Test(arguments: [(UInt64(5), "set the time back to 0.000000005 s"), (25, "set the time to 0.000000025 s")])
    mutating func aWrongTimeCostsTheClientThatSetIt(time: UInt64, reason: String) throws {
        start(10, 20)
        _ = talk.take()
        memory.currentTime = time
        talk.say(1, .wait)
        let lines = talk.take().map(\.description)
        #expect(try #require(lines.first).hasPrefix("1: refused, \(reason)"))
        #expect(lines.last == "2: RUN 20")
        #expect(memory.currentTime == 20)
        #expect(memory[1] == SharedSchedule.Slot(capabilities: 0, flags: 0, requestTime: 0, name: 0))
    }

    @Test mutating func aRequestInThePastCostsTheClient() {
        start(10, 20)
        _ = talk.take()
        request(1, 3)
        memory.currentTime = 15
        talk.say(1, .wait)
        #expect(talk.take() == ["1: refused, asked to run at 0.000000003 s, but it is 0.000000015 s already", "2: RUN 20"])
    }

    /// Linux 6.12 takes RUN's time for its own, which it is only if it was there from the beginning.
    @Test mutating func whoComesLateIsServedByMessages() {
        start(10, 20)
        talk.connect(3)
        _ = talk.take()
        memory.currentTime = 12
        talk.say(3, .start, 3)
        #expect(memory.freeUntil == 12, "so that who runs soon waits")
        request(1, 40)
        talk.say(1, .wait)
        #expect(talk.take() == ["3: ACK 3"])
        #expect(talk.calendar.now == 20)
    }

    @Test mutating func moreClientsThanSlotsAreServedByMessages() throws {
        talk = Conversation(clients: 2, memory: try SharedSchedule(slotCount: 2))
        for client in 1...2 {
            talk.connect(client)
            talk.say(client, .start, UInt64(client))
        }
        talk.say(1, .wait)
        #expect(talk.take() == ["1: ACK 1 with memory", "1: ACK 0", "2: ACK 2"])
    }
}
