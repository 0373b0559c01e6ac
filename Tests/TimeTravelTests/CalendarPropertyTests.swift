import Fuzzing
import TestSupport
import Testing

@testable import TimeTravel

/// What holds whatever clients do, in whatever order their messages come.
@Suite struct CalendarPropertyTests {
    /// Clients and a calendar with the messages that are on their way between them.
    private struct World {
        var calendar: Calendar
        let memory: SharedSchedule?
        var kernels: [SimulatedKernel] = []
        /// Messages to the calendar and to the kernels, each in its order.
        var upward: [[Message]] = []
        var downward: [[Message]] = []
        /// Clients that are not kernels, with the sequence numbers of what they were sent and have not ACKed.
        var wild: [Calendar.ClientID: [UInt32]] = [:]
        /// Kernels that were refused.
        var refusals: [String] = []
        var lastTime: UInt64 = 0
        var random: SplitMix64

        init(seed: UInt64, sharesMemory: Bool, expected: Int) throws {
            memory = sharesMemory ? try SharedSchedule(slotCount: 8) : nil
            calendar = Calendar(Calendar.Configuration(expectedClients: expected), memory: memory)
            random = SplitMix64(seed: seed)
        }

        mutating func add(canShare: Bool, events: Int) {
            var kernel = SimulatedKernel(
                name: UInt64(kernels.count + 1), canShare: canShare, events: events, seed: UInt64.random(in: 0...UInt64.max, using: &random))
            upward.append(kernel.start())
            downward.append([])
            kernels.append(kernel)
            handle(.connected(Conversation.id(kernels.count)))
        }

        mutating func handle(_ input: Calendar.Input) {
            for output in calendar.handle(input) {
                switch output {
                case .send(let message, let id):
                    if let kernel = kernel(id) {
                        downward[kernel].append(message)
                    } else if message.operation != .acknowledge {
                        wild[id]?.append(message.sequence)
                    }
                case .admit(let message, let id, let sharesMemory):
                    guard let kernel = kernel(id) else { continue }
                    upward[kernel] += kernels[kernel].take(message, memory: sharesMemory ? memory : nil)
                case .refuse(let id, let refusal):
                    if wild.removeValue(forKey: id) == nil { refusals.append("\(id.rawValue) \(refusal)") }
                }
            }
            if case .disconnected(let id) = input { wild[id] = nil }
            #expect(calendar.clients.values.count { $0.phase == .running } <= 1)
            #expect(calendar.now >= lastTime)
            lastTime = calendar.now
        }

        /// Delivers a message or raises an interrupt, by chance.
        /// - Returns: false if nothing can happen any more.
        mutating func step() -> Bool {
            var choices = kernels.indices.filter { !upward[$0].isEmpty }.map { (kernel: $0, isUpward: true) }
            choices += kernels.indices.filter { !downward[$0].isEmpty }.map { (kernel: $0, isUpward: false) }
            if let (kernel, isUpward) = choices.randomElement(using: &random), !chooses(oneIn: 4) {
                deliver(kernel, isUpward)
                return true
            }
            // The rule of the protocol: who raises an interrupt does nothing else until it has been taken.
            if let kicker = kernels.firstIndex(where: { $0.stage == .kicking }), !kernels.contains(where: \.isHandling) {
                if let other = kernels.indices.filter({ kernels[$0].stage == .idle }).randomElement(using: &random), chooses(oneIn: 2) {
                    upward[other] += kernels[other].takeInterrupt()
                } else {
                    upward[kicker] += kernels[kicker].goOnAfterKick()
                }
                return true
            }
            return !choices.isEmpty
        }

        private func kernel(_ id: Calendar.ClientID) -> Int? { wild[id] == nil && id.rawValue <= kernels.count ? id.rawValue - 1 : nil }

        private mutating func chooses(oneIn count: Int) -> Bool { Int.random(in: 0..<count, using: &random) == 0 }

        private mutating func deliver(_ kernel: Int, _ isUpward: Bool) {
            if isUpward {
                handle(.received(upward[kernel].removeFirst(), from: Conversation.id(kernel + 1)))
            } else {
                upward[kernel] += kernels[kernel].take(downward[kernel].removeFirst())
            }
        }
    }

    private static let mixes = [
        [false], [false, false], [false, false, false], [true], [true, true], [true, true, true], [true, false, true],
    ]

    @Test(arguments: mixes, 0..<40)
    func kernelsNeverPanicAndAllComeToTheEnd(canShare: [Bool], seed: Int) throws {
        var world = try World(seed: UInt64(seed), sharesMemory: canShare.contains(true), expected: canShare.count)
        for share in canShare { world.add(canShare: share, events: 60) }
        var late = 0
        var steps = 0
        while world.step() {
            steps += 1
            if steps == 300 || steps == 500, late < 2 {
                late += 1
                world.add(canShare: true, events: 20)
            }
            if steps > 100_000 { break }
        }
        #expect(steps <= 100_000)
        #expect(world.refusals == [])
        for kernel in world.kernels {
            #expect(kernel.panics == [], "kernel \(kernel.name)")
            #expect(kernel.stage == .idle)
            #expect(kernel.eventsLeft == 0)
            #expect(kernel.awaited == Time.forever)
        }
        #expect(world.calendar.isAsleep)
    }

    /// Nothing that clients send makes the calendar trap, or run two at a time, or turn the time back, or harms the others.
    @Test(arguments: [false, true], 0..<100) func wildClientsDoNoHarm(sharesMemory: Bool, seed: Int) throws {
        var world = try World(seed: UInt64(seed), sharesMemory: sharesMemory, expected: 2)
        world.add(canShare: sharesMemory, events: 50)
        world.add(canShare: false, events: 50)
        var random = SplitMix64(seed: UInt64(seed) ^ 0x5EED)
        for step in 0..<3_000 {
            if Int.random(in: 0..<20, using: &random) == 0 {
                let id = Calendar.ClientID(rawValue: 10_000 + step)
                world.wild[id] = []
                world.handle(.connected(id))
            } else if Bool.random(using: &random), let id = world.wild.keys.sorted().randomElement(using: &random) {
                world.handle(Self.wildInput(from: id, &world, &random))
            } else {
                _ = world.step()
            }
        }
        for id in world.wild.keys.sorted() { world.handle(.disconnected(id)) }
        while world.step() {}
        #expect(world.refusals == [])
        for kernel in world.kernels {
            #expect(kernel.panics == [])
            #expect(kernel.eventsLeft == 0)
        }
    }

    private static func wildInput(
        from id: Calendar.ClientID, _ world: inout World, _ random: inout SplitMix64
    ) -> Calendar.Input {
        let now = world.calendar.now
        let times: [UInt64] = [0, now, now + 5, Time.forever, .max, UInt64.random(in: 0...1_000, using: &random)]
        let time = times.randomElement(using: &random) ?? 0
        let slot = world.calendar.slot(of: id)
        if let memory = world.memory, slot > 0, slot < memory.slotCount, Bool.random(using: &random) {
            let bits = UInt32.random(in: 0...3, using: &random)
            memory[slot] = SharedSchedule.Slot(capabilities: bits & 1, flags: bits >> 1, requestTime: time, name: 0)
        }
        if Int.random(in: 0..<50, using: &random) == 0 { return .disconnected(id) }
        let operation = Operation(rawValue: UInt32.random(in: 0...10, using: &random))
        let sequence = operation == .acknowledge ? world.wild[id]?.popLast() : nil
        return .received(Message(operation, sequence: sequence ?? 1, time: time), from: id)
    }
}
