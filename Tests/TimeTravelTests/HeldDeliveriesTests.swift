import Testing

@testable import TimeTravel

@Suite struct HeldDeliveriesTests {
    private static let (one, other) = (Calendar.ClientID(rawValue: 1), Calendar.ClientID(rawValue: 2))

    private static func delivery(_ number: UInt64) -> Delivery { Delivery(message: Message(.run, sequence: 0, time: number)) }

    private static func take(_ held: inout HeldDeliveries, anyway: Bool = false) -> UInt64? { held.next(anyway: anyway)?.delivery.message.time }

    @Test func oneWaitsForItsMessages() {
        var held = HeldDeliveries()
        held.add(Self.delivery(1), to: Self.one, messages: 2, keepsOrder: true)
        #expect(Self.take(&held) == nil)
        held.countMessage()
        #expect(Self.take(&held) == nil)
        held.countMessage()
        #expect(Self.take(&held) == 1)
        #expect(held.isEmpty)
    }

    @Test func laterOnesWaitBehindItButNotThoseOfOthers() {
        var held = HeldDeliveries()
        held.add(Self.delivery(1), to: Self.one, messages: 1, keepsOrder: true)
        #expect(held.pass(Self.delivery(2), to: Self.one).isEmpty)
        #expect(held.pass(Self.delivery(3), to: Self.other).map(\.message.time) == [3])
        #expect(Self.take(&held) == nil)
        held.countMessage()
        #expect(Self.take(&held) == 1)
        #expect(Self.take(&held) == 2)
        #expect(held.isEmpty)
    }

    @Test func theNextOneOvertakes() {
        var held = HeldDeliveries()
        held.add(Self.delivery(1), to: Self.one, messages: .max, keepsOrder: false)
        #expect(held.pass(Self.delivery(2), to: Self.other).map(\.message.time) == [2])
        #expect(held.pass(Self.delivery(3), to: Self.one).map(\.message.time) == [3, 1])
        #expect(held.isEmpty)
    }

    @Test func ifNothingHappensTheFirstOneGoes() {
        var held = HeldDeliveries()
        held.add(Self.delivery(1), to: Self.one, messages: .max, keepsOrder: false)
        held.add(Self.delivery(2), to: Self.other, messages: 5, keepsOrder: true)
        #expect(Self.take(&held, anyway: true) == 1)
        #expect(Self.take(&held, anyway: true) == 2)
        #expect(Self.take(&held, anyway: true) == nil)
    }
}
