/// The calendar of the time-travel protocol: it knows what everybody waits for, and lets one client run at a time.
///
/// A value without sockets or clocks: what has happened goes in, and what is to be sent comes out. It waits for the expected number
/// of clients, starts them in the order of their names, one after the other, and then always runs whoever has asked for the earliest
/// time. A client that breaks a rule is refused, and goes; nothing that a client does is an error of the calendar's.
///
/// Sources: `linux/um_timetravel.h` and `arch/um/kernel/time.c` of Linux 6.12; what usfstl's controller does about offsets and late
/// joiners. Differing from that controller, nothing here waits for one message while it puts others off.
public struct Calendar {
    /// What is chosen once.
    public struct Configuration: Sendable {
        /// So many clients are waited for before time begins.
        public var expectedClients = 1
        /// The time of day at simulated time 0, in nanoseconds since 1970.
        public var timeOfDay: UInt64 = 0
        /// How far a client may run by itself although nobody else has asked for anything; in nanoseconds. Without a limit, a client
        /// that never waits would keep a newcomer waiting for ever.
        public var slice: UInt64 = 1_000_000_000

        public init(expectedClients: Int = 1, timeOfDay: UInt64 = 0) {
            self.expectedClients = expectedClients
            self.timeOfDay = timeOfDay
        }
    }

    /// What can happen.
    public enum Input: Hashable, Sendable {
        case connected(ClientID)
        case received(Message, from: ClientID)
        /// The client has gone, or what it sent was no message.
        case disconnected(ClientID)
    }

    /// What is to be done, in this order.
    public enum Output: Hashable, Sendable {
        case send(Message, to: ClientID)
        /// The ACK of START, with descriptors beside it: of the shared memory, or of one that the client will refuse.
        case admit(Message, to: ClientID, sharesMemory: Bool)
        case refuse(ClientID, because: Refusal)
    }

    public let configuration: Configuration
    /// Nil if all clients are served by messages alone.
    public let memory: SharedSchedule?
    var clients: [ClientID: Client] = [:]
    var turn: Turn?
    /// The simulated time, as far as clients have told it, in nanoseconds.
    public internal(set) var now: UInt64 = 0
    /// No client's clock is beyond this; it may be ahead of `now`, since WAIT does not say how far a client has run.
    var bound: UInt64 = 0
    /// The latest time that a client has told; after `now` if it has gone past what another asked for too late.
    var latest: UInt64 = 0
    /// Whether the expected clients have come.
    var hasBegun = false
    /// Turns that there have been.
    public internal(set) var turns = 0
    var lastSlot: UInt16 = 0
    private var sequence: UInt32 = 0
    private var outputs: [Output] = []

    public init(_ configuration: Configuration = Configuration(), memory: SharedSchedule? = nil) {
        self.configuration = configuration
        self.memory = memory
    }

    /// Takes in what has happened.
    public mutating func handle(_ input: Input) -> [Output] {
        switch input {
        case .connected(let id): if clients[id] == nil { clients[id] = Client(id: id) }
        case .received(let message, let id): if clients[id] != nil { receive(message, from: id) }
        case .disconnected(let id): remove(id)
        }
        proceed()
        defer { outputs = [] }
        return outputs
    }

    /// Clients that are there now, started or not.
    public var clientCount: Int { clients.count }

    /// Clients that have started.
    public var startedCount: Int { clients.values.count { $0.hasStarted } }

    /// The client that runs, or is about to.
    public var runningClient: ClientID? { turn?.client }

    /// Everybody has asked for no time at all, so only a newcomer or a device can make anything happen.
    public var isAsleep: Bool { turn == nil && startedCount > 0 }

    /// A client's number in the shared memory and in its START's ACK; 0 if it has none yet.
    public func slot(of id: ClientID) -> UInt16 { clients[id]?.slot ?? 0 }

    mutating func emit(_ output: Output) { outputs.append(output) }

    /// Sends a message of the calendar's own.
    mutating func send(_ operation: Operation, time: UInt64, to id: ClientID, awaiting purpose: Client.Purpose?) {
        sequence &+= 1
        if let purpose { clients[id]?.owed.append(Client.Owed(sequence: sequence, purpose: purpose)) }
        emit(.send(Message(operation, sequence: sequence, time: time), to: id))
    }

    mutating func answer(_ question: Question, time: UInt64 = 0) {
        guard clients[question.client] != nil else { return }
        emit(.send(Message(.acknowledge, sequence: question.sequence, time: time), to: question.client))
    }

    mutating func refuse(_ id: ClientID, _ refusal: Refusal) {
        guard clients[id] != nil else { return }
        emit(.refuse(id, because: refusal))
        remove(id)
    }

    /// Forgets a client, and whatever anybody waits for because of it.
    private mutating func remove(_ id: ClientID) {
        guard let client = clients.removeValue(forKey: id) else { return }
        if turn?.client == id {
            if client.mode == .memory, let memory, case let time = memory.currentTime, time <= bound { advance(upTo: time) }
            turn = nil
            memory?.runningClient = 0
        }
        if let memory, client.slot > 0, Int(client.slot) < memory.slotCount {
            memory[client.slot] = SharedSchedule.Slot(capabilities: 0, flags: 0, requestTime: 0, name: 0)
        }
        for owed in client.owed { settle(owed.purpose, of: id) }
    }
}
