import Promela

/// The register machine: evaluates guards and carries out effects on one state vector in raw memory.
///
/// It works on the vector that `state` points to, in the name of the process that `enter` was called for. The caller owns the
/// vectors; the machine owns its registers, and its tables of where each process and channel lies.
final class Machine {
    let system: System
    let layout: StateLayout
    /// The code and all else that the inner loop reads.
    let tables: ExecutionTables
    private let registerFile: UnsafeMutablePointer<Int64>
    let registerCount: Int
    /// How deep `run` and `enabled` may nest evaluations.
    static let windows = 4
    /// Whether evaluations are nested right now, and how deep.
    var nesting = 0

    /// The registers in use.
    var registers: UnsafeMutablePointer<Int64>
    /// The vector being worked on.
    var state: UnsafeMutableRawPointer
    /// Bytes of the vector in use.
    var size = 0
    /// Where the block of the current process starts.
    var frame = 0
    var pid = 0
    /// Where the block of each process starts, by pid, and how many channels exist before it.
    let frames: UnsafeMutablePointer<Int>
    let channelStarts: UnsafeMutablePointer<Int>
    /// Where each channel lies, and its type; by its number less one.
    let channelOffsets: UnsafeMutablePointer<Int>
    let channelTypeIndices: UnsafeMutablePointer<Int>
    let globalChannelCount: Int
    let processesOffset: Int
    private let hasWideLocations: Bool
    private let keepsLastPid: Bool

    /// Whether `timeout` is true: nothing else can be done.
    var allowsTimeout = false
    /// Whether the state only repeats because nothing can move: `np_` is false then, as in Spin.
    var isStuttering = false
    /// The number of the rendezvous channel that a sender waits at, or 0.
    var handshake = 0
    /// The message of that sender, or the last message that was sent or received.
    let message: UnsafeMutablePointer<Int64>
    var messageCount = 0
    /// The channel of that message.
    var messageChannel = 0
    /// The message that a trace assertion looks at, after a send or a receive.
    let eventMessage: UnsafeMutablePointer<Int64>
    var eventFieldCount = 0
    let observesEvents: Bool
    /// Told of every send and receive.
    var observer: (any EventObserver)?

    /// How many jumps a piece of code may make before it counts as endless.
    var jumpBudget = 10_000_000
    /// What went wrong since this was last cleared.
    private(set) var fault: Fault?
    /// Whether there is a fault: quicker to ask than the fault itself.
    private(set) var hasFault = false
    /// What the model was found to violate since this was last cleared, the first of each kind. None is a fault of the code:
    /// that goes on, and may yet run into one.
    private(set) var notes: [Fault] = []
    private(set) var hasNotes = false
    let truncationLog: TruncationLog
    /// What values are where they are terms; nil where all are numbers.
    var terms: (any TermArithmetic)? { didSet { chooseValues() } }
    /// Whether results that are cut to size are noted.
    var notesWrapAround = false { didSet { chooseValues() } }
    /// Told which bytes are read, where somebody wants to know.
    var readLog: ReadLog? { didSet { chooseValues() } }
    /// Whether values are anything but numbers that are cut to size and read in silence: one thing to ask instead of three.
    private(set) var isSpecial = false
    /// Told what `printf` prints, where somebody wants to know.
    var onPrint: ((String) -> Void)?

    init(_ system: System) {
        self.system = system
        layout = system.layout
        tables = system.tables
        let code = system.code.code
        registerCount = max(4, code.registerCount + 1)
        registerFile = .allocate(capacity: registerCount * Self.windows)
        registerFile.initialize(repeating: 0, count: registerCount * Self.windows)
        registers = registerFile
        state = UnsafeMutableRawPointer(registerFile)
        frames = .allocate(capacity: 257)
        frames.initialize(repeating: 0, count: 257)
        channelStarts = .allocate(capacity: 257)
        channelStarts.initialize(repeating: 0, count: 257)
        channelOffsets = .allocate(capacity: 512)
        channelOffsets.initialize(repeating: 0, count: 512)
        channelTypeIndices = .allocate(capacity: 512)
        channelTypeIndices.initialize(repeating: 0, count: 512)
        message = .allocate(capacity: tables.messageFieldLimit + 1)
        message.initialize(repeating: 0, count: tables.messageFieldLimit + 1)
        eventMessage = .allocate(capacity: tables.messageFieldLimit + 1)
        eventMessage.initialize(repeating: 0, count: tables.messageFieldLimit + 1)
        observesEvents = system.trace != nil
        globalChannelCount = layout.globalChannels.count
        processesOffset = layout.processesOffset
        hasWideLocations = layout.options.locationSize != 1
        keepsLastPid = layout.options.keepsLastPid
        truncationLog = TruncationLog(code.storeSites)
        for (index, channel) in layout.globalChannels.enumerated() {
            channelOffsets[index] = channel.offset
            channelTypeIndices[index] = channel.type
        }
    }

    deinit {
        registerFile.deallocate()
        frames.deallocate()
        channelStarts.deallocate()
        channelOffsets.deallocate()
        channelTypeIndices.deallocate()
        message.deallocate()
        eventMessage.deallocate()
    }

    private func chooseValues() { isSpecial = terms != nil || notesWrapAround || readLog != nil }

    // MARK: The process that acts

    /// Works on another vector that has the same processes as the one indexed.
    @inline(__always)
    func use(_ vector: UnsafeMutableRawPointer, size: Int) {
        state = vector
        self.size = size
    }

    @inline(__always)
    func enter(_ pid: Int) {
        self.pid = pid
        frame = frames[pid]
    }

    /// Evaluates with registers of its own.
    func nested(_ body: (Machine) -> Int64) -> Int64 {
        guard nesting < Self.windows - 1 else { return 0 }
        nesting += 1
        registers += registerCount
        defer {
            nesting -= 1
            registers -= registerCount
        }
        return body(self)
    }

    // MARK: Headers

    /// Asked for by what a process does; `indexedCount` is for finding out what that may be.
    @inline(__always)
    var processCount: Int {
        readLog?.note(StateLayout.processCountOffset, bytes: 1)
        return indexedCount
    }

    /// How many blocks of processes there are.
    @inline(__always)
    var indexedCount: Int { Int(state.load(fromByteOffset: StateLayout.processCountOffset, as: UInt8.self)) }

    /// The number of channels that exist.
    var channelCount: Int { channelStarts[indexedCount] }

    /// Whether there is a channel of this number.
    func isChannel(_ number: Int64) -> Bool {
        number >= 1 && (number <= Int64(globalChannelCount) || number <= Int64(channelStarts[processCount]))
    }

    @inline(__always)
    func proctype(ofProcessAt pid: Int) -> Int { Int(state.load(fromByteOffset: frames[pid], as: UInt8.self)) }

    @inline(__always)
    func location(ofProcessAt pid: Int) -> Int {
        let offset = frames[pid] + StateLayout.locationOffset
        let location = hasWideLocations
            ? Int(state.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
            : Int(state.load(fromByteOffset: offset, as: UInt8.self))
        return readLog == nil ? location : noted(location, ofProcessAt: pid, offset)
    }

    /// Notes that a location is read.
    /// - Returns: the location; where it is none, the first one, and what comes of it does not count.
    private func noted(_ location: Int, ofProcessAt pid: Int, _ offset: Int) -> Int {
        readLog?.note(offset, bytes: layout.options.locationSize)
        if location < system.automata[proctype(ofProcessAt: pid)].locations.count { return location }
        readLog?.noteAbsence()
        return 0
    }

    /// What can happen where a process stands.
    @inline(__always)
    func locationRecord(ofProcessAt pid: Int) -> LocationRecord {
        tables.locations[tables.processes[proctype(ofProcessAt: pid)].firstLocation + location(ofProcessAt: pid)]
    }

    @inline(__always)
    func setLocation(_ location: Int, ofProcessAt pid: Int) {
        let offset = frames[pid] + StateLayout.locationOffset
        if hasWideLocations {
            state.storeBytes(of: UInt16(truncatingIfNeeded: location), toByteOffset: offset, as: UInt16.self)
        } else {
            state.storeBytes(of: UInt8(truncatingIfNeeded: location), toByteOffset: offset, as: UInt8.self)
        }
    }

    @inline(__always)
    func setLastPid(_ pid: Int) {
        if keepsLastPid {
            state.storeBytes(of: UInt8(truncatingIfNeeded: pid), toByteOffset: StateLayout.lastPidOffset, as: UInt8.self)
        }
    }

    func priority(ofProcessAt pid: Int) -> Int {
        guard layout.options.keepsPriorities else { return 1 }
        readLog?.note(frames[pid] + layout.priorityOffset, bytes: 1)
        return Int(state.load(fromByteOffset: frames[pid] + layout.priorityOffset, as: UInt8.self))
    }

    // MARK: Faults

    func fail(_ kind: Fault.Kind, _ message: String, _ span: Span) {
        if hasFault { return }
        fault = Fault(kind: kind, message: message, span: span, pid: pid)
        hasFault = true
    }

    /// Notes a violation that does not keep the code from going on.
    func note(_ kind: Fault.Kind, _ message: String, _ span: Span) {
        if notes.contains(where: { $0.kind == kind }) { return }
        notes.append(Fault(kind: kind, message: message, span: span, pid: pid))
        hasNotes = true
    }

    /// Forgets what was noted, and returns it.
    func takeNotes() -> [Fault] {
        defer {
            notes = []
            hasNotes = false
        }
        return notes
    }

    /// Forgets the fault, and returns it.
    func takeFault() -> Fault? {
        defer {
            fault = nil
            hasFault = false
        }
        return fault
    }
}
