import Testing

@testable import TimeTravel

/// What real kernels are known to do wrong, or to suffer from calendars; each with the messages that bring it about.
///
/// `Models/um-timetravel` has them too: `shm.pml` with `LATE_JOINER`, `socket.pml` with `NO_IRQ_ACK`, and `newcomer.pml`.
@Suite(.enabled(if: LiveKernel.isThere), .serialized, .timeLimit(.minutes(2))) struct LiveFindingTests {
    private let calendar: ScriptedCalendar

    init() throws { calendar = try ScriptedCalendar() }

    /// The kernel maps the memory at a time other than 0, takes that for its offset, and asks for shared times; but RUN's time, which is a
    /// shared one too, it takes for its own.
    @Test(arguments: [(UInt64(83_004_526_175), true), (0, false)]) func aLateJoinerDoesNotSubtractItsOffset(from time: UInt64, fails: Bool) throws {
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
        let (kernel, start) = try calendar.boot()
        try calendar.admit(kernel, start)
        let question = try calendar.receive(kernel, .getTimeOfDay)
        try calendar.send(kernel, question.acknowledgement(time: LiveKernel.timeOfDay))
        let get = try calendar.receive(kernel, .get)
        try calendar.send(kernel, Message(.run, sequence: 7, time: 1000))
        let acknowledgement = try calendar.receive(kernel, .acknowledge)
        #expect(acknowledgement.sequence == 7)
        try calendar.send(kernel, get.acknowledgement(time: 0))
        try calendar.waitForConsole("time-travel: time goes backwards 1000 -> 0")
    }

    /// The same without a change of time does not panic, but the RUN is gone: ACKed, and then the kernel waits for another.
    @Test func aRunInsideGetIsLost() throws {
        let (kernel, start) = try calendar.boot()
        try calendar.admit(kernel, start)
        let question = try calendar.receive(kernel, .getTimeOfDay)
        try calendar.send(kernel, question.acknowledgement(time: LiveKernel.timeOfDay))
        let get = try calendar.receive(kernel, .get)
        try calendar.send(kernel, Message(.run, sequence: 7, time: 0))
        let taken7 = try calendar.receive(kernel, .acknowledge)
        #expect(taken7.sequence == 7)
        try calendar.send(kernel, get.acknowledgement(time: 0))
        let request = try calendar.receiveWait(kernel)
        try calendar.send(kernel, Message(.run, sequence: 8, time: request))
        let taken8 = try calendar.receive(kernel, .acknowledge)
        #expect(taken8.sequence == 8)
    }

    /// A kernel that may run by itself without end never waits, and reads nothing but the ACKs of its requests for S64_MAX; so a calendar that starts newcomers between two turns
    /// never answers START. Its clock goes on all the while.
    @Test func aNewcomerStarvesBesideWhoRunsFree() throws {
        let (runner, start) = try calendar.boot("TICKS=1", "SLEEP=1")
        try calendar.admit(runner, start)
        let question = try calendar.receive(runner, .getTimeOfDay)
        try calendar.send(runner, question.acknowledgement(time: LiveKernel.timeOfDay))
        let get = try calendar.receive(runner, .get)
        try calendar.send(runner, get.acknowledgement(time: 0))
        let request = try calendar.receiveWait(runner)
        // As usfstl's controller does when nobody else has a job.
        try calendar.send(runner, Message(.freeUntil, sequence: 1, time: 1 << 62))
        let heard1 = try calendar.receive(runner, .acknowledge)
        #expect(heard1.sequence == 1)
        try calendar.send(runner, Message(.run, sequence: 2, time: request))
        let heard2 = try calendar.receive(runner, .acknowledge)
        #expect(heard2.sequence == 2)
        try calendar.waitForConsole("tick", serving: runner)
        _ = try calendar.boot()
        let ticks = calendar.console.components(separatedBy: "tick").count
        let sent = try calendar.waitForConsole("tick", count: ticks + 100, serving: runner)
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
