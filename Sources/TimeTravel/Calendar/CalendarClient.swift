extension Calendar {
    /// A connection, by the order in which it came; never used again for another.
    public struct ClientID: RawRepresentable, Hashable, Comparable, Sendable {
        public var rawValue: Int

        public init(rawValue: Int) { self.rawValue = rawValue }

        public static func < (one: ClientID, other: ClientID) -> Bool { one.rawValue < other.rawValue }
    }

    /// What the calendar knows of a client.
    struct Client {
        var id: ClientID
        var phase = Phase.connected
        /// How it and the calendar tell each other times; not known before its first message after START.
        var mode = Mode.undecided
        /// The time by which its clock is behind the calendar's.
        var offset: UInt64 = 0
        /// Its number in the shared memory and in START's ACK; 0 before.
        var slot: UInt16 = 0
        /// What it called itself.
        var name: UInt64 = 0
        /// When it wants to run, as its messages say.
        var request = Time.forever
        /// What its slot said when its last REQUEST came, which is older than the message.
        var outdated: SharedSchedule.Slot?
        /// Messages to it whose ACKs are owed, in the order in which they were sent.
        var owed: [Owed] = []
        /// The last turn that it had.
        var lastTurn = 0

        /// Where a client stands.
        enum Phase: Equatable {
            case connected
            case wantsToStart(sequence: UInt32)
            case waiting
            case running
        }

        enum Mode: Equatable {
            case undecided
            case messages
            case memory
        }

        /// A message to the client, and what its ACK is for.
        struct Owed {
            var sequence: UInt32
            var purpose: Purpose
        }

        enum Purpose {
            case run
            /// Before RUN.
            case freeUntil
            /// While it runs: another client's REQUEST is ACKed when it has heard of that.
            case lowerFreeUntil(for: Question)
            case broadcast(from: Question)
        }

        init(id: ClientID) { self.id = id }

        var hasStarted: Bool { phase == .waiting || phase == .running }

        /// A time of the calendar's in the client's terms.
        func local(_ time: UInt64) -> UInt64 { time >= Time.forever ? time : time - min(time, offset) }

        /// A time of the client's in the calendar's terms.
        func global(_ time: UInt64) -> UInt64 { Time.sum(time, offset) }
    }

    /// A message of a client that has to be answered later.
    struct Question: Equatable {
        var client: ClientID
        var sequence: UInt32
    }

    /// What goes on between the decision who runs and that client's WAIT.
    struct Turn {
        var client: ClientID
        /// When it begins.
        var start: UInt64
        /// How far the client may go by itself, as it stands now.
        var freeUntil: UInt64
        /// The most that it could go by itself at any moment of the turn.
        var limit: UInt64
        /// How far it has said that it has come.
        var reached: UInt64
        var stage: Stage
        /// It asked something after RUN was sent and before it was ACKed: then its handler has taken the RUN, and its idle loop,
        /// which waits for it, has not.
        var isRunLost = false

        enum Stage {
            /// FREE_UNTIL is on its way.
            case preparing
            /// RUN is on its way.
            case resuming
            case running
        }
    }

    /// Why a client is no longer served.
    public enum Refusal: Hashable, Sendable {
        case startTwice
        case beforeStart(Operation)
        case onlyForClients(Operation)
        case unknownOperation(Operation)
        case notRunning(Operation)
        case unexpectedAcknowledgement(sequence: UInt32)
        case requestInThePast(UInt64, now: UInt64)
        case timeBackwards(UInt64, now: UInt64)
        case timeTooFar(UInt64, limit: UInt64)
        case tooManyClients
    }
}

extension Calendar.Refusal: CustomStringConvertible {
    /// What it did, as a sentence without its subject.
    public var description: String {
        switch self {
        case .startTwice: "sent START a second time"
        case .beforeStart(let operation): "sent \(operation) before START was answered"
        case .onlyForClients(let operation): "sent \(operation), which only a calendar sends"
        case .unknownOperation(let operation): "sent \(operation), which the protocol does not have"
        case .notRunning(let operation): "sent \(operation) although it was not its turn to run"
        case .unexpectedAcknowledgement(let sequence): "sent an ACK with sequence number \(sequence), which nothing sent to it has"
        case .requestInThePast(let time, let now): "asked to run at \(Time.text(time)), but it is \(Time.text(now)) already"
        case .timeBackwards(let time, let now): "set the time back to \(Time.text(time)), but it is \(Time.text(now)) already"
        case .timeTooFar(let time, let limit): "set the time to \(Time.text(time)), but it could run up to \(Time.text(limit)) only"
        case .tooManyClients: "came when there were no numbers for clients left"
        }
    }
}
