import Testing

@testable import TimeTravel

/// Who runs when, and what the clients hear of it; by messages alone.
@Suite struct CalendarTests {
    @Test func timeBeginsWhenAllHaveComeInTheOrderOfTheirNames() {
        var talk = Conversation(clients: 3)
        talk.connect(1, 2, 3)
        talk.say(1, .start, 30)
        talk.say(3, .start, 20)
        #expect(talk.take() == [])
        talk.say(2, .start, 10)
        #expect(talk.take() == ["2: ACK 1"])
        talk.say(2, .wait)
        #expect(talk.take() == ["2: ACK 0", "3: ACK 2"])
        talk.say(3, .wait)
        #expect(talk.take() == ["3: ACK 0", "1: ACK 3"])
        talk.say(1, .wait)
        #expect(talk.take() == ["1: ACK 0"])
        #expect(talk.calendar.isAsleep)
    }

    @Test func theEarliestRunsUpToTheNext() throws {
        var talk = Conversation(clients: 2)
        talk.start([(1, 50), (2, 20)])
        #expect(talk.take().suffix(1) == ["2: FREE_UNTIL 50"])
        talk = Conversation(clients: 2)
        talk.start([(1, 50), (2, 20)])
        try talk.acknowledge(2, .freeUntil)
        #expect(talk.sent.map(Conversation.Line.init).last == "2: RUN 20")
        try talk.acknowledge(2, .run)
        _ = talk.take()
        talk.say(2, .update, 40)
        #expect(talk.take() == ["2: ACK 0"])
        #expect(talk.calendar.now == 40)
        talk.say(2, .request, 60)
        talk.say(2, .wait)
        #expect(talk.take() == ["2: ACK 0", "2: ACK 0", "1: FREE_UNTIL 60"])
    }

    @Test func whoHasNotRunForLongestGoesFirstAtTheSameTime() throws {
        var talk = Conversation(clients: 2)
        talk.start([(1, 10), (2, 10)])
        var order: [Int] = []
        for _ in 0..<4 {
            let client = try #require(talk.calendar.runningClient).rawValue
            order.append(client)
            try talk.resume(client)
            talk.say(client, .request, 10)
            talk.say(client, .wait)
        }
        #expect(order == [1, 2, 1, 2])
    }

    @Test func aRequestOfAnotherShortensTheTurnBeforeItIsAnswered() throws {
        var talk = Conversation(clients: 2)
        talk.start([(1, 10), (2, 100)])
        try talk.resume(1)
        _ = talk.take()
        talk.say(2, .request, 30)
        #expect(talk.take() == ["1: FREE_UNTIL 30"])
        talk.say(2, .request, 40)
        #expect(talk.take() == ["2: ACK 0"], "what is later than the turn's end changes nothing")
    }

    @Test func theRequestIsAnsweredWhenTheRunningClientKnows() throws {
        var talk = Conversation(clients: 2)
        talk.start([(1, 10), (2, 100)])
        try talk.resume(1)
        let sequence = talk.say(2, .request, 30)
        let before = talk.sent.count
        try talk.acknowledge(1, .freeUntil)
        #expect(talk.sent.dropFirst(before) == [.send(Message(.acknowledge, sequence: sequence), to: Conversation.id(2))])
    }

    @Test(arguments: [(UInt64(0), UInt64(1_000)), (500, 1_500)])
    func theTimeOfDayGoesOnWithTheSimulatedTime(simulated: UInt64, timeOfDay: UInt64) throws {
        var talk = Conversation(timeOfDay: 1_000)
        talk.start([(1, simulated)])
        try talk.resume(1)
        _ = talk.take()
        talk.say(1, .getTimeOfDay)
        talk.say(1, .get)
        #expect(talk.take().map(\.description) == ["1: ACK \(timeOfDay)", "1: ACK \(simulated)"])
    }

    @Test func nobodyIsRunAtTheTimeThatStandsForNever() {
        var talk = Conversation(clients: 2)
        talk.start([(1, UInt64(Int64.max)), (2, .max)])
        #expect(talk.calendar.isAsleep)
        talk.say(1, .request, 7)
        #expect(talk.take().last == "1: FREE_UNTIL 1000000007", "nor may it run there by itself")
    }

    @Test func aLateClientsClockBeginsAtZeroAndStaysBehind() throws {
        var talk = Conversation()
        talk.start([(1, 500)])
        try talk.resume(1)
        talk.connect(2)
        talk.say(2, .start, 2)
        _ = talk.take()
        talk.say(1, .request, 2_000_000_000)
        talk.say(1, .wait)
        #expect(talk.take() == ["1: ACK 0", "1: ACK 0", "2: ACK 2"])
        // WAIT does not say how far the first has run by itself: anywhere up to the end of its slice.
        #expect(talk.calendar.now == 1_000_000_500)
        talk.say(2, .get)
        talk.say(2, .request, 100)
        talk.say(2, .wait)
        #expect(talk.take() == ["2: ACK 0", "2: ACK 0", "2: ACK 0", "2: FREE_UNTIL 999999500"])
        #expect(talk.calendar.now == 1_000_000_600)
    }

    @Test func aLateClientDoesNotBeginAfterWhatAnotherHasAskedFor() throws {
        var talk = Conversation()
        talk.start([(1, 500)])
        try talk.resume(1)
        talk.connect(2)
        talk.say(2, .start, 2)
        talk.say(1, .request, 600)
        talk.say(1, .wait)
        #expect(talk.calendar.now == 600)
    }

    @Test func aBroadcastGoesToAllOthersAndIsAnsweredWhenAllHaveHeardIt() throws {
        var talk = Conversation(clients: 3)
        talk.start([(1, 10), (2, 20), (3, 30)])
        try talk.resume(1)
        _ = talk.take()
        talk.say(1, .broadcast, 0xABC)
        #expect(talk.sent.map(Conversation.Line.init) == ["2: BROADCAST 2748", "3: BROADCAST 2748"])
        try talk.acknowledge(3, .broadcast)
        #expect(talk.sent.count == 2)
        try talk.acknowledge(2, .broadcast)
        #expect(talk.take().last == "1: ACK 0")
    }

    @Test func aBroadcastWithNobodyToHearItIsAnsweredAtOnce() throws {
        var talk = Conversation()
        talk.start([(1, 10)])
        try talk.resume(1)
        _ = talk.take()
        talk.say(1, .broadcast, 5)
        #expect(talk.take() == ["1: ACK 0"])
    }

    /// A RUN that is on its way when the client asks something is read by the client's interrupt handler, and its idle loop goes
    /// on waiting for one (seed 000).
    @Test(arguments: [TimeTravel.Operation.get, .request, .getTimeOfDay, .broadcast])
    func aRunThatAHandlerTakesIsSentAgain(question: TimeTravel.Operation) throws {
        var talk = Conversation()
        talk.start([(1, 10)])
        try talk.acknowledge(1, .freeUntil)
        talk.say(1, question, 10)
        try talk.acknowledge(1, .run)
        #expect(talk.take().last == "1: FREE_UNTIL 1000000010")
        #expect(talk.calendar.now == 10)
        #expect(talk.calendar.runningClient == Conversation.id(1))
    }

    @Test func aHandlersRequestIsKeptWhenItsRunIsSentAgain() throws {
        var talk = Conversation(clients: 2)
        talk.start([(1, 10), (2, 10)])
        try talk.acknowledge(1, .freeUntil)
        talk.say(1, .request, 10)
        try talk.acknowledge(1, .run)
        // Fairness: the other has not run at all.
        try talk.resume(2)
        talk.say(2, .wait)
        #expect(talk.take().last == "1: FREE_UNTIL 1000000010")
    }
}

/// Clients go, or break the rules; the calendar goes on with the others.
@Suite struct CalendarRefusalTests {
    enum Stage: CaseIterable { case connected, startRequested, waiting, prepared, resumed, running }

    /// A conversation with client 1 in a stage, and client 2 waiting for time 100 if time has begun.
    private static func talk(_ stage: Stage) throws -> Conversation {
        var talk = Conversation(clients: 2)
        switch stage {
        case .connected: talk.connect(1)
        case .startRequested:
            talk.connect(1)
            talk.say(1, .start, 1)
        case .waiting:
            talk.start([(1, 200), (2, 100)])
            try talk.resume(2)
        case .prepared, .resumed, .running:
            talk.start([(1, 10), (2, 100)])
            if stage != .prepared { try talk.acknowledge(1, .freeUntil) }
            if stage == .running { try talk.acknowledge(1, .run) }
        }
        _ = talk.take()
        return talk
    }

    @Test(arguments: [
        (Stage.connected, Message(.wait, sequence: 1), "sent WAIT before START was answered"),
        (.startRequested, Message(.get, sequence: 1), "sent GET before START was answered"),
        (.startRequested, Message(.start, sequence: 1), "sent START a second time"),
        (.running, Message(.start, sequence: 1), "sent START a second time"),
        (.waiting, Message(.wait, sequence: 1), "sent WAIT although it was not its turn to run"),
        (.waiting, Message(.update, sequence: 1, time: 100), "sent UPDATE although it was not its turn to run"),
        (.resumed, Message(.wait, sequence: 1), "sent WAIT although it was not its turn to run"),
        (.running, Message(.run, sequence: 1), "sent RUN, which only a calendar sends"),
        (.connected, Message(.freeUntil, sequence: 1), "sent FREE_UNTIL, which only a calendar sends"),
        (.running, Message(Operation(rawValue: 10), sequence: 1), "sent operation 10, which the protocol does not have"),
        (.running, Message(.acknowledge, sequence: 77), "sent an ACK with sequence number 77, which nothing sent to it has"),
        (.waiting, Message(.request, sequence: 1, time: 99), "asked to run at 0.000000099 s, but it is 0.000000100 s already"),
        (.running, Message(.update, sequence: 1, time: 9), "set the time back to 0.000000009 s, but it is 0.000000010 s already"),
        (.running, Message(.update, sequence: 1, time: 101), "set the time to 0.000000101 s, but it could run up to 0.000000100 s only"),
    ])
    func aWrongMessageCostsTheClientThatSentIt(stage: Stage, message: Message, reason: String) throws {
        var talk = try Self.talk(stage)
        talk.say(1, message.operation, message.time, sequence: message.sequence)
        #expect(talk.take().first?.description == "1: refused, \(reason)")
        #expect(talk.calendar.clients[Conversation.id(1)] == nil)
        talk.say(1, .wait)
        #expect(talk.take() == [], "nobody listens to it any more")
    }

    @Test(arguments: Stage.allCases) func whoeverGoesTheOthersRunOn(stage: Stage) throws {
        var talk = try Self.talk(stage)
        talk.disconnect(1)
        switch stage {
        case .connected, .startRequested:
            talk.start([(2, 100), (3, 50)])
            #expect(talk.take().last == "3: FREE_UNTIL 100")
        case .waiting:
            talk.say(2, .request, 300)
            talk.say(2, .wait)
            #expect(talk.take().last == "2: FREE_UNTIL 1000000300")
        case .prepared, .resumed, .running: #expect(talk.take() == ["2: FREE_UNTIL 1000000100"])
        }
    }

    /// The first client runs, and has gone to 64 although the second one has asked for 30.
    private static func talkWithALateRequest(clients: Int = 2) throws -> Conversation {
        var talk = Conversation(clients: clients)
        talk.start([(1, 10)] + (2...clients).map { ($0, 100) })
        try talk.resume(1)
        talk.say(2, .request, 30)
        try talk.acknowledge(1, .freeUntil)
        talk.say(1, .update, 64)
        return talk
    }

    /// Who runs may have gone further before it heard of another's request, or pay no attention; the other is run all the same.
    @Test func timeDoesNotGoPastARequestHoweverFarTheRunningClientIs() throws {
        var talk = try Self.talkWithALateRequest()
        _ = talk.take()
        talk.say(1, .get)
        talk.say(2, .get)
        #expect(talk.take() == ["1: ACK 64", "2: ACK 30"])
        #expect(talk.calendar.now == 30)
        talk.say(1, .request, 200)
        talk.say(1, .wait)
        try talk.resume(2)
        #expect(talk.take().last == "2: RUN 30")
    }

    /// The running client interrupts a third one, for which it must not be earlier than for that.
    @Test func whoIsInterruptedHearsOfTheTimeOfTheRunningClient() throws {
        var talk = try Self.talkWithALateRequest(clients: 3)
        _ = talk.take()
        talk.say(3, .get)
        #expect(talk.take() == ["3: ACK 64"])
        talk.say(3, .request, 64)
        talk.say(1, .request, 200)
        talk.say(1, .wait)
        try talk.resume(2)
        talk.say(2, .request, 300)
        talk.say(2, .wait)
        try talk.resume(3)
        #expect(talk.take().last == "3: RUN 64")
    }

    /// A request that came too late is for a time in the past of another, and there a newcomer must not begin.
    @Test func aNewcomerBeginsWhereTheLatestIs() throws {
        var talk = try Self.talkWithALateRequest()
        talk.connect(3)
        talk.say(3, .start, 3)
        talk.say(1, .request, 200)
        talk.say(1, .wait)
        try talk.resume(2)
        #expect(talk.take().last == "2: RUN 30")
        talk.say(2, .request, 80)
        talk.say(2, .wait)
        #expect(talk.take().last == "3: ACK 3")
        #expect(talk.calendar.now >= 64)
    }

    @Test func whoHasGoneFurtherThanTimeDoesNotGoBack() throws {
        var talk = try Self.talkWithALateRequest()
        talk.say(1, .update, 63)
        #expect(talk.take().contains("1: refused, set the time back to 0.000000063 s, but it is 0.000000064 s already"))
    }

    @Test func whoWaitsForAnAnswerOfWhoHasGoneGetsIt() throws {
        var talk = Conversation(clients: 3)
        talk.start([(1, 10), (2, 20), (3, 30)])
        try talk.resume(1)
        _ = talk.take()
        talk.say(1, .broadcast, 1)
        talk.disconnect(2)
        #expect(talk.take() == ["2: BROADCAST 1", "3: BROADCAST 1"])
        talk.disconnect(3)
        #expect(talk.take() == ["1: ACK 0"])
    }

    @Test func aRequestIsAnsweredIfTheRunningClientGoesBeforeItKnows() throws {
        var talk = Conversation(clients: 2)
        talk.start([(1, 10), (2, 100)])
        try talk.resume(1)
        talk.say(2, .request, 30)
        _ = talk.take()
        talk.disconnect(1)
        #expect(talk.take().first == "2: ACK 0")
        #expect(talk.calendar.now == 30)
    }

    /// A number goes over the wire in 16 bits.
    @Test func numbersOfClientsThatHaveGoneAreGivenAgain() {
        var talk = Conversation()
        talk.start([(1, Time.forever)])
        for client in 2...70_000 {
            talk.connect(client)
            talk.say(client, .start)
            _ = talk.take()
            if client % 1000 != 0 { talk.disconnect(client) } else { talk.say(client, .wait) }
        }
        let present = talk.calendar.clients.values.map(\.slot)
        #expect(present.count == 71)
        #expect(Set(present).count == 71 && !present.contains(0))
    }
}
