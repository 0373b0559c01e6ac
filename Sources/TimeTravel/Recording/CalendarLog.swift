import Glibc

/// A record of all that a calendar receives and sends: a line of JSON for each message and interrupt, written so that nothing incomplete stays.
///
/// The first line says what was asked for. Times are strings of decimal digits, for they have 64 bits; `real` is in nanoseconds since the
/// record began. `memory` has the fields of the shared memory at that moment, by their names in `linux/um_timetravel.h`: for a message
/// received, before the calendar does anything about it, and for one sent, or an interrupt, just before it is sent.
public final class CalendarLog {
    /// What a line is about.
    public enum Event {
        case connected
        case received(Message)
        case sent(Message, descriptors: Int)
        case refused(Calendar.Refusal)
        case disconnected
        /// A device interrupts the client.
        case interrupted
    }

    private let path: String
    private let temporary: String
    private let file: Descriptor
    private let begin = ContinuousClock.now
    private var buffer: [UInt8] = []

    /// Begins a record.
    /// - Throws: also if there is such a file already.
    public convenience init(path: String, calendar: Calendar) throws(SystemError) {
        try self.init(
            path: path, clients: calendar.configuration.expectedClients, timeOfDay: calendar.configuration.timeOfDay,
            sharesMemory: calendar.memory != nil)
    }

    /// Begins a record of a calendar of any kind.
    package init(path: String, clients: Int, timeOfDay: UInt64, sharesMemory: Bool) throws(SystemError) {
        self.path = path
        guard access(path, F_OK) != 0 else { throw SystemError("record to \(path)", code: EEXIST) }
        temporary = "\(path).\(getpid()).tmp"
        let number = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard number >= 0 else { throw SystemError("record to \(path)") }
        file = Descriptor(number)
        append(
            #"{"log":"time-travel calendar","version":1,"clients":\#(clients),"#
                + #""shared_memory":\#(sharesMemory),"time_of_day":"\#(timeOfDay)"}"# + "\n")
    }

    deinit { unlink(temporary) }

    /// Files that may be left if this process is killed.
    package var temporaryFiles: [String] { [temporary] }

    /// Adds a line.
    func add(_ event: Event, client: Calendar.ClientID, calendar: Calendar) throws(SystemError) {
        try add(
            event, client: client.rawValue, slot: calendar.slot(of: client), simulated: calendar.now, memory: calendar.memory,
            slots: calendar.lastSlot)
    }

    /// Adds a line.
    /// - Parameters:
    ///   - simulated: the calendar's time.
    ///   - slots: those of the memory that have been given to clients.
    package func add(
        _ event: Event, client: Int, slot: UInt16, simulated: UInt64, memory: SharedSchedule?, slots: UInt16
    ) throws(SystemError) {
        let real = (ContinuousClock.now - begin).components
        var line = #"{"real":"\#(real.seconds * 1_000_000_000 + real.attoseconds / 1_000_000_000)","simulated":"\#(simulated)""#
        line += #","client":\#(client),"slot":\#(slot)"#
        switch event {
        case .connected: line += #","event":"connected""#
        case .disconnected: line += #","event":"disconnected""#
        case .interrupted: line += #","event":"interrupted""#
        case .refused(let refusal): line += #","event":"refused","reason":"\#(refusal)""#
        case .received(let message): line += #","event":"received""# + Self.text(message)
        case .sent(let message, let descriptors): line += #","event":"sent""# + Self.text(message) + #","descriptors":\#(descriptors)"#
        }
        if let memory { line += Self.text(memory, slots: slots) }
        append(line + "}\n")
        if buffer.count >= 1 << 16 { try flush() }
    }

    private static func text(_ message: Message) -> String {
        #","operation":"\#(message.operation)","sequence":\#(message.sequence),"time":"\#(message.time)""#
    }

    private static func text(_ memory: SharedSchedule, slots: UInt16) -> String {
        var text = #","memory":{"free_until":"\#(memory.freeUntil)","current_time":"\#(memory.currentTime)","#
        text += #""running_id":\#(memory.runningClient),"clients":["#
        text += (0..<min(Int(slots), memory.slotCount - 1)).map { index in
            let slot = memory[UInt16(index + 1)]
            return #"{"id":\#(index + 1),"capa":\#(slot.capabilities),"flags":\#(slot.flags),"#
                + #""req_time":"\#(slot.requestTime)","name":"\#(slot.name)"}"#
        }.joined(separator: ",")
        return text + "]}"
    }

    private func append(_ text: String) { buffer.append(contentsOf: text.utf8) }

    private func flush() throws(SystemError) {
        var written = 0
        while written < buffer.count {
            let count = buffer[written...].withUnsafeBytes { write(file.number, $0.baseAddress, $0.count) }
            if count < 0, errno != EINTR { throw SystemError("record to \(path)") }
            written += max(0, count)
        }
        buffer = []
    }

    /// Puts the record in its place.
    /// - Throws: also if there is such a file by now.
    public func keep() throws(SystemError) {
        try flush()
        // A link, unlike a renaming, fails if somebody else has made such a file in the meantime.
        guard link(temporary, path) == 0 else { throw SystemError("record to \(path)") }
    }
}
