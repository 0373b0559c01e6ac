import TestSupport
import Testing

@testable import TimeTravel

/// What real kernels are known to do wrong, or to suffer from calendars; each with the messages that bring it about.
///
/// `Models/um-timetravel` has them too: `shm.pml` with `LATE_JOINER`, `socket.pml` with `NO_IRQ_ACK`, and `newcomer.pml`.
@Suite(.enabled(if: LiveKernel.isThere), .serialized, .timeLimit(.minutes(2))) struct LiveFindingTests {
    private let calendar: ScriptedCalendar

    init() throws { calendar = try ScriptedCalendar() }

    /// Boots a kernel that is served by messages, up to its first question for the time.
    private func bootToGet(_ arguments: [String] = []) throws -> (kernel: Int, get: Message) {
        let (kernel, start) = try calendar.boot(arguments)
        try calendar.admit(kernel, start)
        let question = try calendar.receive(kernel, .getTimeOfDay)
        try calendar.send(kernel, question.acknowledgement(time: LiveKernel.timeOfDay))
        return (kernel, try calendar.receive(kernel, .get))
    }

    /// The kernel maps the memory at a time other than 0, takes that for its offset, and asks for shared times; but RUN's time, which is a
    /// shared one too, it takes for its own.
    @Test(arguments: [(UInt64(83_004_526_175), true), (0, false)])
    func aLateJoinerDoesNotSubtractItsOffset(from time: UInt64, fails: Bool) throws {
        let memory = try SharedSchedule(slotCount: 2)
        memory.currentTime = time
        memory.freeUntil = time
        memory.runningClient = 1
        let (kernel, start) = try calendar.boot()
        try calendar.send(kernel, start.acknowledgement(time: 1), descriptors: [memory.descriptor, try Descriptor.null()])
        let question = try calendar.receive(kernel, .getTimeOfDay)
        try calendar.send(kernel, question.acknowledgement(time: LiveKernel.timeOfDay))
        _ = try calendar.receive(kernel, .wait)
        #expect(memory[1].sharesTime)
        let request = try #require(memory[1].request)
        #expect(request > time)
        memory.currentTime = request
        memory.freeUntil = Time.forever
        try calendar.send(kernel, Message(.run, sequence: 1, time: request))
        if fails {
            try calendar.waitForConsole("BUG: failure at arch/um/kernel/time.c:")
            try calendar.waitForConsole("/time_travel_update_time()!")
        } else {
            try calendar.waitForConsole("init ends")
        }
    }

    /// While `time_travel_ext_req()` waits for GET's ACK, it takes whatever else comes: RUN sets the time, and GET's ACK sets it back.
    @Test func aRunInsideGetTurnsTheClockBack() throws {
        let (kernel, get) = try bootToGet()
        try calendar.send(kernel, Message(.run, sequence: 7, time: 1000))
        let acknowledgement = try calendar.receive(kernel, .acknowledge)
        #expect(acknowledgement.sequence == 7)
        try calendar.send(kernel, get.acknowledgement(time: 0))
        try calendar.waitForConsole("time-travel: time goes backwards 1000 -> 0")
    }

    /// Boots a kernel with the device, and lets it run up to where it idles and its init has begun.
    /// - Returns: its number, and what it has asked for.
    private func bootToIdle(_ arguments: String...) throws -> (kernel: Int, time: UInt64) {
        let (kernel, get) = try bootToGet([calendar.deviceArgument] + arguments)
        try calendar.send(kernel, get.acknowledgement(time: 0))
        var time = try calendar.receiveWait(kernel)
        while !calendar.console.contains("init begins") {
            try calendar.run(kernel, at: time)
            time = try calendar.receiveWait(kernel)
        }
        return (kernel, time)
    }

    /// With the rule of the protocol, that who raises an interrupt waits for its ACK before anything else, the kernel asks for the time of
    /// the interrupt and is run then.
    @Test func anInterruptIsTakenInTheIdleLoop() throws {
        let (kernel, time) = try bootToIdle()
        try calendar.device.interrupt(needsReply: true)
        let get = try calendar.receive(kernel, .get)
        let now = time - 5
        try calendar.send(kernel, get.acknowledgement(time: now))
        let request = try calendar.receive(kernel, .request)
        #expect(request.time == now)
        try calendar.send(kernel, request.acknowledgement())
        try calendar.waitForReply()
        // The idle loop had begun for a later event; it asks for the interrupt's once more, and then takes it.
        try calendar.run(kernel, at: now)
        let again = try calendar.receiveWait(kernel)
        #expect(again == now)
        try calendar.run(kernel, at: again)
        let next = try calendar.receiveWait(kernel)
        #expect(next == time)
    }

    /// Without it a RUN can be on its way when the handler's GET is, and is read by `time_travel_handle_message()` within the handler: ACKed
    /// there, and gone. The idle loop waits for a RUN and the calendar for a WAIT, for ever (seed 000).
    @Test func aRunInsideSigioIsLost() throws {
        let (kernel, time) = try bootToIdle()
        try calendar.device.interrupt(needsReply: false)
        let get = try calendar.receive(kernel, .get)
        try calendar.send(kernel, Message(.run, sequence: 900, time: time))
        let taken = try calendar.receive(kernel, .acknowledge)
        #expect(taken.sequence == 900, "a calendar takes it that the kernel runs now")
        try calendar.send(kernel, get.acknowledgement(time: time))
        let request = try calendar.receive(kernel, .request)
        #expect(request.time == time)
        try calendar.send(kernel, request.acknowledgement())
        // It is idle: it has nothing to say, but answers.
        for value in UInt64(0)..<3 {
            try calendar.send(kernel, Message(.broadcast, sequence: 901, time: value))
            let heard = try calendar.receive(kernel, .acknowledge)
            #expect(heard.sequence == 901)
        }
        // Nothing but another RUN makes it go on.
        try calendar.run(kernel, at: time)
        let next = try calendar.receiveWait(kernel)
        #expect(next >= time)
    }

    /// A kernel that runs by itself tells nobody how far; an interrupt makes its handler ask a calendar that only knows when it began.
    @Test func anInterruptWhileItRunsFreeTurnsTheClockBack() throws {
        let (kernel, time) = try bootToIdle("TICKS=1", "SLEEP=1")
        try calendar.send(kernel, Message(.freeUntil, sequence: 902, time: 1 << 62))
        let heard = try calendar.receive(kernel, .acknowledge)
        #expect(heard.sequence == 902)
        try calendar.run(kernel, at: time)
        try calendar.waitForConsole("tick", count: 3, to: kernel)
        try calendar.device.interrupt(needsReply: false)
        try calendar.waitForConsole("time-travel: time goes backwards", answering: time, to: kernel)
    }

    /// The same without a change of time does not panic, but the RUN is gone: ACKed, and then the kernel waits for another.
    @Test func aRunInsideGetIsLost() throws {
        let (kernel, get) = try bootToGet()
        try calendar.send(kernel, Message(.run, sequence: 7, time: 0))
        let taken7 = try calendar.receive(kernel, .acknowledge)
        #expect(taken7.sequence == 7)
        try calendar.send(kernel, get.acknowledgement(time: 0))
        let request = try calendar.receiveWait(kernel)
        try calendar.send(kernel, Message(.run, sequence: 8, time: request))
        let taken8 = try calendar.receive(kernel, .acknowledge)
        #expect(taken8.sequence == 8)
    }

    /// A kernel that may run by itself without end never waits, and reads nothing but the ACKs of its requests for S64_MAX; so a calendar
    /// that starts newcomers between two turns never answers START. Its clock goes on all the while.
    @Test func aNewcomerStarvesBesideWhoRunsFree() throws {
        let (runner, get) = try bootToGet(["TICKS=1", "SLEEP=1"])
        try calendar.send(runner, get.acknowledgement(time: 0))
        let request = try calendar.receiveWait(runner)
        // As usfstl's controller does when nobody else has a job.
        try calendar.send(runner, Message(.freeUntil, sequence: 1, time: 1 << 62))
        let heard1 = try calendar.receive(runner, .acknowledge)
        #expect(heard1.sequence == 1)
        try calendar.send(runner, Message(.run, sequence: 2, time: request))
        let heard2 = try calendar.receive(runner, .acknowledge)
        #expect(heard2.sequence == 2)
        try calendar.waitForConsole("tick", to: runner)
        _ = try calendar.boot()
        let ticks = calendar.console.components(separatedBy: "tick").count
        let sent = try calendar.waitForConsole("tick", count: ticks + 100, to: runner)
        #expect(Set(sent).isSubset(of: [.request]), "a hundred seconds of its time, and no WAIT")
    }

    /// START's ACK without descriptors leaves `fd[]` of `time_travel_handle_message()` as it was on the stack; what is in it is mapped and
    /// closed. The kernel is served by messages then, whatever it has closed.
    @Test func aStartWithoutDescriptorsMeansMessages() throws {
        let (kernel, start) = try calendar.boot()
        try calendar.send(kernel, start.acknowledgement(time: 1))
        let question = try calendar.receive(kernel, .getTimeOfDay)
        try calendar.send(kernel, question.acknowledgement(time: LiveKernel.timeOfDay))
        let get = try calendar.receive(kernel, .get)
        #expect(get.time == .max)
    }
}
