/// Machine code that finds all successors of the states of one system, in the order in which a `SuccessorGenerator` does.
///
/// It may leave any state to the generator: where something has to be told of a step, or room is short. Of such a state it has
/// done nothing then. Threads may share it.
public struct CompiledExpansion: Sendable {
    /// Makes a context ready; the counts are of values that were cut, by the place in the model.
    public typealias Prepare = @Sendable @convention(c) (
        _ context: UnsafeMutableRawPointer, _ cutCounts: UnsafeMutablePointer<Int>
    ) -> Void
    /// Writes the successors of a state one after the other, and where each ends, counted from `used`; with a `SleepTable.Record`, also
    /// what sleeps in each, by what sleeps in the state.
    ///
    /// Returns their number times four, plus two if nothing can move, plus one if nothing can without a timeout; -1 to leave the
    /// state to the generator.
    public typealias Expand = @Sendable @convention(c) (
        _ context: UnsafeMutableRawPointer, _ state: UnsafeRawPointer, _ size: Int, _ output: UnsafeMutableRawPointer,
        _ room: Int, _ ends: UnsafeMutablePointer<Int>, _ endRoom: Int, _ used: Int, _ sleep: UnsafeRawPointer?, _ asleep: UnsafeRawPointer?,
        _ masks: UnsafeMutableRawPointer?
    ) -> Int
    /// Has the key of each successor of a state written to a `SuccessorSink`: of each it knows what differs from the state. With a
    /// `SleepTable.Record`, what sleeps is written too.
    ///
    /// Returns two if nothing can move, plus one if nothing can without a timeout; -1 to leave the state to the generator, whatever was
    /// written.
    public typealias Pass = @Sendable @convention(c) (
        _ context: UnsafeMutableRawPointer?, _ state: UnsafeRawPointer?, _ size: Int64, _ key: UnsafePointer<UInt64>?,
        _ changes: UnsafePointer<UInt64>?, _ same: UnsafePointer<UInt8>?, _ asleep: UnsafeRawPointer?, _ sink: UnsafeMutableRawPointer?
    ) -> Int64

    private let contextSize: Int
    private let prepare: Prepare
    private let expand: Expand
    private let pass: Pass
    private let owner: any AnyObject & Sendable

    /// - Parameters:
    ///   - contextSize: bytes of memory that the code needs for itself.
    ///   - owner: what keeps the code in memory.
    public init(contextSize: Int, prepare: Prepare, expand: Expand, pass: Pass, owner: any AnyObject & Sendable) {
        self.contextSize = contextSize
        self.prepare = prepare
        self.expand = expand
        self.pass = pass
        self.owner = owner
    }
}

extension CompiledExpansion {
    /// The memory that the code works with on behalf of one generator, which deallocates it and keeps the code. Nothing in it is
    /// counted, for it is used at every state.
    struct Context {
        private var work: (memory: UnsafeMutableRawPointer, expand: Expand, pass: Pass)?

        /// Bytes for the successors of one state, and how many there may be.
        private static let room = 1 << 17
        private static let stateRoom = 1 << 12
        /// More than the generator takes for the successors that fit there, and for the states inside atomic sequences that the
        /// code follows from one state: so it need not ask whether working memory runs out.
        private static let workingMemory = 1 << 19

        /// No code: every state is left to the generator.
        init() {}

        fileprivate init(_ memory: UnsafeMutableRawPointer, _ expand: Expand, _ pass: Pass) { work = (memory, expand, pass) }

        func deallocate() { work?.memory.deallocate() }

        /// What is known of moves that sleep, which do in a state, and where to write which do in its successors.
        typealias Sleep = (record: UnsafePointer<SleepTable.Record>, asleep: SleepMask, masks: SleepMasks)

        /// Appends all successors of a state to a buffer.
        /// - Parameters:
        ///   - sleep: nil where none sleeps.
        ///   - limit: see `SuccessorGenerator.workingMemoryLimit`.
        /// - Returns: nil, with nothing done, for a state that is left to the generator.
        @inline(__always)
        func expand(
            _ state: UnsafeRawBufferPointer, into buffer: SuccessorBuffer, _ sleep: Sleep?, limit: Int
        ) -> SuccessorGenerator.Outcome? {
            guard let work, let base = state.baseAddress, limit &- buffer.byteCount > Self.workingMemory else { return nil }
            let room = buffer.memory.room(for: Self.room, states: Self.stateRoom)
            let asleep = sleep?.asleep ?? SleepMask()
            let result = withUnsafePointer(to: asleep) { asleep in
                work.expand(
                    work.memory, base, state.count, room.bytes, Self.room, room.ends, Self.stateRoom, room.used, sleep?.record, asleep,
                    sleep?.masks.room(for: Self.stateRoom))
            }
            if result < 0 { return nil }
            let outcome = SuccessorGenerator.Outcome(successorCount: result &>> 2, result: result)
            sleep?.masks.append(count: outcome.successorCount)
            buffer.memory.append(count: outcome.successorCount)
            return outcome
        }

        /// What writes the keys of the successors of one state after the other, and what to pass to it first; nil if there is no code,
        /// or too little working memory for it.
        func passer(limit: Int) -> (pass: Pass, memory: UnsafeMutableRawPointer)? {
            guard let work, limit > Self.workingMemory else { return nil }
            return (work.pass, work.memory)
        }
    }

    /// Makes a context in which values that are cut are counted here.
    func makeContext(cutCounts: UnsafeMutablePointer<Int>) -> Context {
        let memory = UnsafeMutableRawPointer.allocate(byteCount: contextSize, alignment: 64)
        memory.initializeMemory(as: UInt8.self, repeating: 0, count: contextSize)
        prepare(memory, cutCounts)
        return Context(memory, expand, pass)
    }
}

extension SuccessorGenerator.Outcome {
    /// - Parameter result: what compiled code says of a state, in the lowest two bits: two if nothing can move, plus one if nothing can
    ///   without a timeout.
    @inline(__always)
    public init(successorCount: Int, result: Int) {
        self.init()
        self.successorCount = successorCount
        isBlocked = result & 2 != 0
        isTimeout = result & 1 != 0
    }
}
