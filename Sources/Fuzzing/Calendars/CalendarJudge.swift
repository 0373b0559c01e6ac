import TimeTravel

/// Judges a calendar by what its clients see. It knows of no calendar's insides, and of rules only that all of them have.
///
/// What is said of clients means those that keep to the protocol; what others see, and suffer, is their own affair.
struct CalendarJudge {
    /// The first rule that was broken.
    private(set) var violation: String?
    /// Clients that run: from START's ACK or RUN to their WAIT.
    private var running: Set<Int> = []
    /// Clients whose START has been answered.
    private var started: Set<Int> = []
    /// What all clients have broadcast, those that break the protocol too.
    private var broadcasts: Set<UInt64> = []
    /// Whether somebody's bytes may have been read as any message.
    private var mayHaveHeardAnything = false
    /// By the client that sent it: a broadcast that has not been answered, and who has to hear of it before.
    private var unanswered: [Int: (message: Message, missing: Set<Int>)] = [:]
    /// The last time that each client was told, or has told, in its own terms.
    private var times: [Int: UInt64] = [:]
    /// How much later a client's clock must be than another's at least, for time never to have gone backwards between them.
    private var leads: [Pair: Int128] = [:]
    /// The times that clients which do not run have asked for, in their own terms, and have been promised.
    private var requests: [Int: UInt64] = [:]

    private struct Pair: Hashable {
        var one: Int
        var other: Int
    }

    mutating func fail(_ text: String) { if violation == nil { violation = text } }

    /// A client is no longer judged for, or has gone.
    mutating func forget(_ client: Int) {
        running.remove(client)
        started.remove(client)
        unanswered[client] = nil
        times[client] = nil
        requests[client] = nil
        leads = leads.filter { $0.key.one != client && $0.key.other != client }
        for key in unanswered.keys { unanswered[key]?.missing.remove(client) }
    }

    /// Somebody who may break the protocol has sent a message.
    mutating func hears(_ message: Message) { if message.operation == .broadcast { broadcasts.insert(message.time) } }

    /// Somebody has sent a part of a message, so that what follows is read from there on.
    mutating func hearsGarbage() { mayHaveHeardAnything = true }

    /// A client is about to send a message.
    mutating func sends(_ message: Message, from client: Int) {
        hears(message)
        switch message.operation {
        case .wait: running.remove(client)
        case .broadcast: unanswered[client] = (message, started.subtracting([client]))
        default: break
        }
    }

    /// A client has received a message, and has not done anything about it.
    mutating func receives(_ message: Message, to client: Int, answering question: Message?) {
        switch (message.operation, question?.operation) {
        case (.acknowledge, .start?):
            started.insert(client)
            begins(client, with: "START's ACK")
        case (.acknowledge, .get?): note(message.time, of: client)
        case (.acknowledge, .update?): note(question?.time ?? 0, of: client)
        case (.acknowledge, .broadcast?):
            if let (question, missing) = unanswered.removeValue(forKey: client), question.sequence == message.sequence, !missing.isEmpty {
                fail("a BROADCAST is ACKed although a client has not heard of it")
            }
        case (.run, _):
            begins(client, with: "RUN")
            note(message.time, of: client)
        case (.broadcast, _):
            if !broadcasts.contains(message.time), !mayHaveHeardAnything { fail("a BROADCAST that nobody has sent") }
            for key in unanswered.keys where unanswered[key]?.message.time == message.time { unanswered[key]?.missing.remove(client) }
        default: break
        }
    }

    /// A client waits for this time, and the calendar has said that it knows; nil if it does not wait.
    mutating func waits(_ client: Int, until time: UInt64?) { requests[client] = time }

    /// A client that is about to run may do so by itself up to this time.
    mutating func isFree(_ client: Int, until time: UInt64) {
        demand(time, of: client, before: "a client may run past what another has asked for")
    }

    private mutating func begins(_ client: Int, with message: String) {
        if !running.subtracting([client]).isEmpty { fail("\(message) while another client runs") }
        running.insert(client)
    }

    /// Notes a time that calendar and client both know of.
    private mutating func note(_ time: UInt64, of client: Int) {
        guard time < Time.forever else { return }
        for (other, earlier) in times where other != client {
            setLead(of: client, over: other, Int128(earlier) - Int128(time), or: "time goes backwards from one client to another")
        }
        demand(time, of: client, before: "a client runs past what another has asked for")
        times[client] = max(times[client] ?? 0, time)
    }

    /// A time of a client's is not later than what others wait for.
    private mutating func demand(_ time: UInt64, of client: Int, before violation: String) {
        for (other, request) in requests where other != client && request < Time.forever {
            setLead(of: other, over: client, Int128(time) - Int128(request), or: violation)
        }
    }

    /// Clocks of clients differ by constants; if there are none with which all has been in order, it has not.
    private mutating func setLead(of client: Int, over other: Int, _ lead: Int128, or violation: String) {
        let key = Pair(one: client, other: other)
        let lead = max(leads[key] ?? lead, lead)
        leads[key] = lead
        if let reverse = leads[Pair(one: other, other: client)], lead + reverse > 0 { fail(violation) }
    }
}
