import TimeTravel

/// A client of a plan, with its connection.
final class FuzzingClient {
    let number: Int
    private(set) var kernel: SimulatedKernel
    private let plan: CalendarPlan.Client
    private var connection: Connection?
    /// Messages that it was about to send.
    private var position = 0
    private var memory: SharedSchedule?
    private var slot: UInt16 = 0
    /// Reads nothing any more.
    private(set) var isDeaf = false
    var isClosed: Bool { connection == nil }
    /// Whether it has broken the protocol by now, or shares memory with somebody who has spoilt it, or was taking such a one's interrupt.
    private(set) var isGuilty = false
    /// The operation of its last question, until that is answered.
    private var question: Message?

    /// What it does, in the order in which it does it.
    enum Event {
        case sent(Message)
        case misbehaved
        /// It has sent a part of a message.
        case garbled
        /// It has stored where it may not, or may do so from now on: who breaks the protocol may go on to keep time in shared memory.
        case spoiltMemory
    }

    init(number: Int, plan: CalendarPlan.Client, socket: Descriptor) {
        self.number = number
        self.plan = plan
        connection = Connection(socket)
        kernel = SimulatedKernel(name: UInt64(number), canShare: plan.sharesMemory, events: plan.events, seed: plan.seed)
    }

    var descriptor: Int32 { connection?.descriptor ?? -1 }
    var sharesMemory: Bool { memory != nil }

    func markGuilty() { isGuilty = true }

    func close() { connection = nil }

    /// Takes what has come.
    func receive() -> Connection.Arrivals { connection?.receive() ?? Connection.Arrivals() }

    /// What this ACK answers.
    func question(of message: Message) -> Message? {
        message.operation == .acknowledge && question?.sequence == message.sequence ? question : nil
    }

    /// Takes a message.
    /// - Returns: what it does then.
    func take(_ message: Message, descriptors: [Descriptor]) -> [Event] {
        if question(of: message)?.operation == .start {
            slot = UInt16(truncatingIfNeeded: message.time)
            if plan.sharesMemory, let first = descriptors.first { memory = try? SharedSchedule(mapping: first, slot: slot) }
        }
        let spoils = isGuilty && memory != nil && question(of: message)?.operation == .start
        if message.operation == .acknowledge { question = nil }
        return (spoils ? [.spoiltMemory] : []) + send(kernel.take(message, memory: memory))
    }

    func start() -> [Event] { send(kernel.start()) }
    func goOnAfterKick() -> [Event] { send(kernel.goOnAfterKick()) }
    func takeInterrupt() -> [Event] { send(kernel.takeInterrupt()) }

    private func send(_ messages: [Message]) -> [Event] {
        var events: [Event] = []
        for message in messages where !isClosed {
            if message.operation != .acknowledge { question = message }
            var message = message
            var copies = 1
            var split = 0
            for entry in plan.faults where entry.position == position && !isClosed {
                if !entry.fault.isAllowed, !isGuilty {
                    isGuilty = true
                    events.append(.misbehaved)
                    if memory != nil { events.append(.spoiltMemory) }
                }
                switch entry.fault {
                case .send(let operation, let time): put(TimeTravel.Operation(rawValue: operation), time, &events)
                case .time(let time): message.time = time.time(at: kernel.now)
                case .sequence(let delta): message.sequence &+= delta
                case .duplicate: copies = 2
                case .split(let length): split = length
                case .truncate(let length):
                    events.append(.garbled)
                    put(Array(message.bytes.prefix(length)))
                    copies = 0
                case .drop: copies = 0
                case .flood(let count):
                    for _ in 0..<count { put(.get, .now, &events) }
                    isDeaf = true
                case .close(let length):
                    put(Array(message.bytes.prefix(length)))
                    copies = 0
                    close()
                case .store(let field, let time):
                    guard let memory else { break }
                    memory.store(time.time(at: kernel.now), in: field)
                case .storeSlot(let slot, let bits, let time):
                    guard let memory, Int(slot) < memory.slotCount else { break }
                    memory[slot] = SharedSchedule.Slot(
                        capabilities: bits & 1, flags: bits >> 1, requestTime: time.time(at: kernel.now), name: 0)
                }
            }
            position += 1
            for _ in 0..<copies {
                events.append(.sent(message))
                try? connection?.send(message, splitAt: split)
            }
        }
        return events
    }

    private func put(_ operation: TimeTravel.Operation, _ time: ClientFault.TimeChoice, _ events: inout [Event]) {
        let message = Message(operation, sequence: 0x5EED, time: time.time(at: kernel.now))
        events.append(.sent(message))
        // If there is no room, the calendar reads nothing, which is what this is to show.
        try? connection?.send(message)
    }

    private func put(_ bytes: [UInt8]) { try? connection?.send(bytes: bytes) }
}
