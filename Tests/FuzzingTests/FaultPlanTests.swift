import Testing
import TimeTravel

@testable import Fuzzing

@Suite struct FaultPlanTests {
    @Test(arguments: UInt64(0)..<50) func theSameSeedMakesTheSamePlan(seed: UInt64) {
        let plan = FaultPlan.random(seed: seed, messages: 20)
        #expect(plan == FaultPlan.random(seed: seed, messages: 20))
        #expect((1...4).contains(plan.entries.count))
        #expect(plan.entries.allSatisfy { (0..<20).contains($0.position) })
        #expect(plan.entries.map(\.position) == plan.entries.map(\.position).sorted())
    }

    @Test(arguments: UInt64(0)..<100) func aChangedPlanIsInOrderAndInPlace(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let plan = FaultPlan.random(seed: seed, messages: 20)
        let changed = plan.mutated(messages: 20, using: &random)
        #expect(changed.entries.map(\.position) == changed.entries.map(\.position).sorted())
        #expect(changed.entries.allSatisfy { (0..<23).contains($0.position) })
        #expect(abs(changed.entries.count - plan.entries.count) <= 2)
    }

    @Test func seedsMakeAllKindsOfFaults() {
        let faults = (UInt64(0)..<500).flatMap { FaultPlan.random(seed: $0, messages: 20).entries.map(\.fault) }
        let kinds = Set(faults.map { "\($0)".split(separator: " ").first.map(String.init) ?? "" })
        #expect(kinds.isSuperset(of: ["BROADCAST", "FREE_UNTIL", "RUN", "twice", "operation", "no", "the", "a", "waiting", "current_time"]))
        #expect(Set(faults).count > 50)
    }
}

/// What reaches a client in place of a message, and what the calendar hears of it.
@Suite struct PlannedInterferenceTests {
    private static let client = Calendar.ClientID(rawValue: 1)
    private static let message = Message(.run, sequence: 5, time: 100)

    private static func deliveries(_ faults: [Fault], of message: Message = message, descriptors: [Descriptor] = []) -> [String] {
        let interference = PlannedInterference(FaultPlan(faults.map { FaultPlan.Entry(position: 0, fault: $0) }))
        return interference.replace(Delivery(message: message, descriptors: descriptors), to: client).map { action in
            switch action {
            case .close: "close"
            case .deliver(let delivery): text(delivery)
            case .hold(let delivery, let messages, let keepsOrder):
                keepsOrder ? "\(text(delivery)) after \(messages)" : "\(text(delivery)) behind the next"
            case .interrupt: "interrupt"
            case .store(let field, let value): "\(field) := \(value)"
            }
        }
    }

    private static func text(_ delivery: Delivery) -> String {
        "\(delivery.message.operation) \(delivery.message.time) #\(delivery.message.sequence & 0xFFFF)"
            + (delivery.split > 0 ? " split at \(delivery.split)" : "")
            + (delivery.descriptors.isEmpty ? "" : " with \(delivery.descriptors.count)")
    }

    @Test(arguments: [
        ([], ["RUN 100 #5"]),
        ([.broadcast(7)], ["BROADCAST 7 #1", "RUN 100 #5"]),
        ([.freeUntil(0)], ["FREE_UNTIL 0 #1", "RUN 100 #5"]),
        ([.split(3)], ["RUN 100 #5 split at 3"]),
        ([.run(.after)], ["RUN 101 #1", "RUN 100 #5"]),
        ([.run(.before)], ["RUN 99 #1", "RUN 100 #5"]),
        ([.duplicate], ["RUN 100 #5", "RUN 100 #5"]),
        ([.sequence(2)], ["RUN 100 #7"]),
        ([.time(.zero)], ["RUN 0 #5"]),
        ([.time(.forever)], ["RUN 9223372036854775807 #5"]),
        ([.time(.maximum)], ["RUN 18446744073709551615 #5"]),
        ([.unknownOperation(10)], ["operation 10 100 #1", "RUN 100 #5"]),
        ([.close], ["close"]),
        ([.withoutDescriptors], ["RUN 100 #5"]),
        ([.broadcast(7), .duplicate, .split(4)], ["BROADCAST 7 #1", "RUN 100 #5 split at 4", "RUN 100 #5 split at 4"]),
        ([.freeUntil(1), .close], ["FREE_UNTIL 1 #1", "close"]),
        ([.delay(3)], ["RUN 100 #5 after 3"]),
        ([.broadcast(7), .delay(3), .duplicate], ["BROADCAST 7 #1", "RUN 100 #5 after 3", "RUN 100 #5 after 3"]),
        ([.overtaken], ["RUN 100 #5 behind the next"]),
        ([.delay(2), .overtaken], ["RUN 100 #5 after 2"]),
        ([.interrupt, .broadcast(7)], ["interrupt", "BROADCAST 7 #1", "RUN 100 #5"]),
        ([.store(.currentTime, .after)], ["currentTime := 101", "RUN 100 #5"]),
    ] as [([Fault], [String])])
    func faultsAreCommitted(faults: [Fault], deliveries: [String]) { #expect(Self.deliveries(faults) == deliveries) }

    @Test func descriptorsAreLeftOut() throws {
        let descriptors = [try Descriptor.null(), try Descriptor.null()]
        #expect(Self.deliveries([], descriptors: descriptors) == ["RUN 100 #5 with 2"])
        #expect(Self.deliveries([.withoutDescriptors], descriptors: descriptors) == ["RUN 100 #5"])
    }

    @Test func onlyTheMessageThatIsMeantIsInterferedWith() {
        let interference = PlannedInterference(FaultPlan([FaultPlan.Entry(position: 2, fault: .duplicate)]))
        let counts = (0..<4).map { _ in interference.replace(Delivery(message: Self.message), to: Self.client).count }
        #expect(counts == [1, 1, 2, 1])
        #expect(interference.committed.map(\.description) == ["twice RUN"])
        #expect(interference.position == 4)
    }

    @Test func whatIsCoveredIsAMessageInAState() {
        let interference = PlannedInterference(FaultPlan([FaultPlan.Entry(position: 1, fault: .run(.same))]))
        _ = interference.lets(Message(.start, sequence: 1), from: Self.client)
        _ = interference.replace(Delivery(message: Message(.acknowledge, sequence: 1)), to: Self.client)
        _ = interference.lets(Message(.get, sequence: 2), from: Self.client)
        _ = interference.replace(Delivery(message: Message(.acknowledge, sequence: 2)), to: Self.client)
        #expect(
            interference.coverage == [
                "START from one that is in ", "ACK to one that is in START", "GET from one that is in running", "RUN to one that is in GET",
                "ACK to one that is in running",
            ])
    }

    @Test func theCalendarDoesNotHearOfWhatItHasNotSent() {
        let interference = PlannedInterference(FaultPlan([FaultPlan.Entry(position: 0, fault: .broadcast(1))]))
        guard case .deliver(let own) = interference.replace(Delivery(message: Self.message), to: Self.client).first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(!interference.lets(own.message.acknowledgement(), from: Self.client))
        #expect(interference.lets(Self.message.acknowledgement(), from: Self.client))
        #expect(interference.lets(Message(.request, sequence: own.message.sequence), from: Self.client), "clients count as they like")
    }

    @Test(arguments: [
        (Fault.broadcast(0), false, true), (.broadcast(0), true, false), (.freeUntil(0), true, false), (.split(1), true, true),
        (.withoutDescriptors, true, true), (.run(.same), false, false), (.duplicate, false, false), (.sequence(1), false, false),
        (.freeUntil(1), false, false), (.delay(1), true, true), (.overtaken, false, false), (.interrupt, false, false), (.store(.freeUntil, .zero), false, true),
        (.store(.freeUntil, .after), false, false), (.store(.currentTime, .same), false, false),
        (.time(.same), false, false), (.unknownOperation(10), false, false), (.close, false, false),
    ])
    func whatACalendarMayDoIsKnown(fault: Fault, isFirst: Bool, isAllowed: Bool) {
        #expect(Misdeed(fault: fault, message: Self.message, isFirst: isFirst).isAllowed == isAllowed)
    }
}

@Suite struct FuzzOutcomeTests {
    @Test(arguments: [
        ("Kernel panic - not syncing: time-travel: time goes backwards 1000 -> 0", "Kernel panic - not syncing: time-travel: time goes backwards # -> #"),
        ("[    0.000000] BUG: failure at arch/um/kernel/time.c:535/time_travel_update_time()!", "BUG: failure at arch/um/kernel/time.c:535/time_travel_update_time()!"),
        ("Kernel panic - not syncing: invalid time-travel message - -5 bytes", "Kernel panic - not syncing: invalid time-travel message - # bytes"),
        ("WARNING: CPU: 0 PID: 1 at kernel/a.c:7 f+0x12/0xff", "WARNING: CPU: # PID: # at kernel/a.c:7 f+#/#"),
    ])
    func aFailureIsSeenWithoutItsNumbers(line: String, failure: String) { #expect(FuzzOutcome.failure(in: line) == failure) }

    @Test(arguments: ["init begins", "", "reboot: Power down", "debug: no bug"]) func otherLinesAreNone(line: String) {
        #expect(FuzzOutcome.failure(in: line) == nil)
    }
}
