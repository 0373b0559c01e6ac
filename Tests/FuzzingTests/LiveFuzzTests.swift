import TestSupport
import Testing
import TimeTravel

@testable import Fuzzing

/// Real kernels against calendars that err.
@Suite(.enabled(if: LiveKernel.isThere), .serialized, .timeLimit(.minutes(20))) struct LiveFuzzTests {
    private static func configuration(clients: Int = 1, sharesMemory: Bool = false) -> CalendarServer.Configuration {
        var configuration = CalendarServer.Configuration()
        configuration.calendar.expectedClients = clients
        configuration.sharesMemory = sharesMemory
        configuration.command = LiveKernel.command()
        return configuration
    }

    @Test(arguments: [
        ([], .finished, false),
        ([.broadcast(7)], .finished, false),
        ([.freeUntil(0)], .finished, false),
        ([.delay(3)], .finished, false),
        ([.delay(1), .split(5)], .failed("Kernel panic - not syncing: invalid time-travel message - # bytes"), true),
        ([.split(5)], .failed("Kernel panic - not syncing: invalid time-travel message - # bytes"), true),
        ([.sequence(1)], .failed("Kernel panic - not syncing: time-travel: ACK message has different seqno! op=#, seq=# != # time=#"), false),
        ([.run(.after)], .failed("Kernel panic - not syncing: time-travel: time goes backwards # -> #"), false),
        ([.run(.maximum)], .failed("Kernel panic - not syncing: The system was going to sleep forever, aborting"), false),
        ([.close], .failed("Kernel panic - not syncing: time-travel external link is broken"), false),
    ] as [([Fault], FuzzOutcome, Bool)])
    func aFaultAtTheAckOfGetIsAnsweredAsKnown(faults: [Fault], outcome: FuzzOutcome, isFinding: Bool) throws {
        // The ACKs of START, GET_TOD and GET are the first three messages.
        let plan = FaultPlan(faults.map { FaultPlan.Entry(position: 2, fault: $0) })
        let run = try FuzzRun.run(Self.configuration(), plan: plan)
        #expect(run.outcome == outcome)
        #expect(run.isFinding == isFinding)
        #expect(run.misdeeds.map(\.fault) == faults)
        #expect(run.misdeeds.allSatisfy { $0.message.operation == .acknowledge && !$0.isFirst })
    }

    /// As in `Corpus/live/interrupt-while-free`, but found by the calendar that we have.
    @Test func anInterruptWhileAKernelRunsFreeIsFound() throws {
        var configuration = Self.configuration()
        configuration.command += ["virtio_uml.device={device}:4"]
        let outcomes = try (8..<14).map { position in
            try FuzzRun.run(configuration, plan: FaultPlan([FaultPlan.Entry(position: position, fault: .interrupt)])).outcome
        }
        #expect(outcomes.contains(.failed("Kernel panic - not syncing: time-travel: time goes backwards # -> #")))
        #expect(!outcomes.contains(.hung), "a RUN that a handler takes is sent again")
    }

    @Test(arguments: [false, true]) func aCampaignFindsEachOutcomeOnceWithTheLeastThatBringsItAbout(sharesMemory: Bool) throws {
        let campaign = FuzzCampaign(Self.configuration(clients: 2, sharesMemory: sharesMemory))
        let first = try campaign.begin { false }
        #expect(first.outcome == .finished)
        #expect(campaign.messages == first.messages)
        for seed in UInt64(1)...12 { try campaign.step(seed: seed) { false } }
        #expect(campaign.findings.map(\.count).reduce(0, +) == 12)
        #expect(campaign.coverage > 10)
        #expect(campaign.averagePhases.boot > 0 && campaign.averagePhases.protocolPhase > 0 && campaign.averagePhases.teardown > 0)
        #expect(Set(campaign.findings.map { "\($0.outcome) \($0.isFault)" }).count == campaign.findings.count)
        for finding in campaign.findings where finding.outcome != .finished {
            #expect(!finding.plan.entries.isEmpty)
            #expect(finding.run.outcome == finding.outcome)
        }
    }
}

/// Programs that are no clients at all.
@Suite(.timeLimit(.minutes(20))) struct FuzzRunTests {
    @Test(arguments: [
        ("exit 0", FuzzOutcome.finished), ("exit 3", .ended(.exited(code: 3))), ("kill -9 $$", .ended(.killed(signal: 9))),
        ("exec sleep 1000", .hung), ("yes", .babbles), ("echo 'BUG: 7 bugs'; exit 1", .failed("BUG: # bugs")),
    ])
    func theOutcomeIsKnown(script: String, outcome: FuzzOutcome) throws {
        var configuration = CalendarServer.Configuration()
        configuration.command = ["/bin/sh", "-c", script]
        let run = try FuzzRun.run(configuration, plan: FaultPlan(), patience: .seconds(outcome == .hung ? 1 : 60))
        #expect(run.outcome == outcome)
        #expect(run.misdeeds == [])
        #expect(run.messages == 0)
    }
}
