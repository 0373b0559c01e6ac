import TestSupport
import Testing
import TimeTravel

@testable import Fuzzing

/// What real kernels are known to do wrong, or to suffer from calendars, and what they do right where little is different.
@Suite(.enabled(if: LiveKernel.isThere), .serialized, .timeLimit(.minutes(20))) struct LiveFindingTests {
    private let calendar: ScriptedCalendar

    init() throws { calendar = try ScriptedCalendar(command: LiveKernel.command()) }

    @Test(arguments: LiveCorpus.names) func whatIsKeptIsReproduced(name: String) throws {
        let finding = try FindingFolder(at: LiveCorpus.path(of: name)).finding
        let run = try LiveRun.make(finding, command: LiveKernel.command())
        #expect(run.difference == nil)
        #expect(!run.console.isEmpty)
        #expect(MessageSequence(log: run.log).entries.count > 3)
    }

    /// A kernel that does something else is not said to have done it again.
    @Test(arguments: LiveCorpus.names) func whatAnotherKernelDoesIsNot(name: String) throws {
        let finding = try FindingFolder(at: LiveCorpus.path(of: name)).finding
        let run = try LiveRun.make(finding, command: ["/bin/sh", "-c", "echo 'BUG: another'; exit 1", "{socket}"])
        #expect(run.difference != nil)
        #expect(run.console == ["BUG: another"])
    }

    /// A kernel that maps the memory at another time than 0 takes that for its offset, and fails (`late-joiner`); at 0 all is well.
    @Test func aKernelThatIsThereFromTheBeginningIsRunAtSharedTimes() throws {
        let memory = calendar.memory
        memory.runningClient = 1
        let kernel = try calendar.start()
        try calendar.admit(kernel, try calendar.receive(kernel, .start), number: 1, sharesMemory: true)
        let question = try calendar.receive(kernel, .getTimeOfDay)
        try calendar.send(kernel, question.acknowledgement(time: LiveKernel.timeOfDay))
        _ = try calendar.receive(kernel, .wait)
        #expect(memory[1].sharesTime)
        let request = try #require(memory[1].request)
        #expect(request > 0)
        memory.currentTime = request
        memory.freeUntil = Time.forever
        try calendar.send(kernel, .run, request)
        try calendar.waitForConsole("init ends")
    }

    /// Boots a kernel that is served by messages, up to its first question for the time.
    private func bootToGet(_ arguments: [String] = []) throws -> (kernel: Int, get: Message) {
        let kernel = try calendar.start(arguments)
        try calendar.admit(kernel, try calendar.receive(kernel, .start), number: 1, sharesMemory: false)
        let question = try calendar.receive(kernel, .getTimeOfDay)
        try calendar.send(kernel, question.acknowledgement(time: LiveKernel.timeOfDay))
        return (kernel, try calendar.receive(kernel, .get))
    }

    /// With the rule of the protocol, that who raises an interrupt waits for its ACK before anything else, the kernel asks for the time of
    /// the interrupt and is run then; without it, a RUN can be lost (`run-in-sigio`).
    @Test func anInterruptIsTakenInTheIdleLoop() throws {
        let (kernel, get) = try bootToGet(["virtio_uml.device={device}:4"])
        try calendar.send(kernel, get.acknowledgement(time: 0))
        var time = try #require(try calendar.serve(kernel, until: .wait))
        while !calendar.console.contains("init begins") {
            try calendar.run(kernel, at: time)
            time = try #require(try calendar.serve(kernel, until: .wait))
        }
        try calendar.interrupt(needsReply: true)
        let question = try calendar.receive(kernel, .get)
        let now = time - 5
        try calendar.send(kernel, question.acknowledgement(time: now))
        let request = try calendar.receive(kernel, .request)
        #expect(request.time == now)
        try calendar.send(kernel, request.acknowledgement())
        try calendar.waitForReply()
        // The idle loop had begun for a later event; it asks for the interrupt's once more, and then takes it.
        try calendar.run(kernel, at: now)
        let again = try #require(try calendar.serve(kernel, until: .wait))
        #expect(again == now)
        try calendar.run(kernel, at: again)
        let next = try calendar.serve(kernel, until: .wait)
        #expect(next == time)
    }

    /// Without a change of time, a RUN inside GET does not panic (`run-inside-get`), but it is gone: ACKed, and then the kernel waits for
    /// another.
    @Test func aRunInsideGetIsLost() throws {
        let (kernel, get) = try bootToGet()
        try calendar.run(kernel, at: 0)
        try calendar.send(kernel, get.acknowledgement(time: 0))
        let request = try #require(try calendar.serve(kernel, until: .wait))
        try calendar.run(kernel, at: request)
    }

    /// START's ACK without descriptors leaves `fd[]` of `time_travel_handle_message()` as it was on the stack; what is in it is mapped and
    /// closed. The kernel is served by messages then, whatever it has closed.
    @Test func aStartWithoutDescriptorsMeansMessages() throws {
        let kernel = try calendar.start()
        try calendar.send(kernel, try calendar.receive(kernel, .start).acknowledgement(time: 1))
        let question = try calendar.receive(kernel, .getTimeOfDay)
        try calendar.send(kernel, question.acknowledgement(time: LiveKernel.timeOfDay))
        let get = try calendar.receive(kernel, .get)
        #expect(get.time == .max)
    }
}
