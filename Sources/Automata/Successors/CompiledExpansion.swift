import CExpansion

/// Machine code that finds all successors of the states of one system, in the order in which a `SuccessorGenerator` does.
///
/// It may leave any state to the generator: where something has to be told of a step, or room is short. Of such a state it has
/// done nothing then. Threads may share it.
public struct CompiledExpansion: Sendable {
    // Safe to share: it is never changed.
    private nonisolated(unsafe) let model: UnsafePointer<CompiledModel>
    private let owner: any AnyObject & Sendable

    /// - Parameter owner: what keeps the code in memory.
    /// - Returns: nil if the code is not of this version.
    public init?(model: UnsafePointer<CompiledModel>, owner: any AnyObject & Sendable) {
        guard model.pointee.contextSize == MemoryLayout<ExpansionContext>.size else { return nil }
        self.model = model
        self.owner = owner
    }
}

extension CompiledExpansion {
    /// The memory that the code works with on behalf of one generator, which deallocates it and keeps the code. Nothing in it is
    /// counted, for it is used at every state.
    struct Context {
        private var expansion: OpaquePointer?
        private var movers: UnsafeMutablePointer<UInt64>?

        /// Bytes for the successors of one state, and how many there may be.
        private static let room = 1 << 17
        private static let stateRoom = 1 << 12
        /// More than the generator takes for the successors that fit there, and for the states inside atomic sequences that the
        /// code follows from one state: so it need not ask whether working memory runs out.
        private static let workingMemory = 1 << 19

        /// No code: every state is left to the generator.
        init() {}

        fileprivate init(_ model: UnsafePointer<CompiledModel>, _ cutCounts: UnsafeMutablePointer<Int>) {
            let size = expansionSize()
            let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
            memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
            expansion = OpaquePointer(memory)
            prepareExpansion(expansion, model, cutCounts)
            movers = .allocate(capacity: Self.stateRoom)
        }

        func deallocate() {
            expansion.map { UnsafeMutableRawPointer($0).deallocate() }
            movers?.deallocate()
        }

        /// What is known of moves that sleep, which do in a state, and where to write which do in its successors.
        typealias Sleep = (record: UnsafePointer<SleepRecord>, asleep: SleepMask, masks: SleepMasks)

        /// Appends all successors of a state to a buffer.
        /// - Parameters:
        ///   - sleep: nil where none sleeps.
        ///   - moves: is told who moves and who can; nil if nobody asks.
        ///   - limit: see `SuccessorGenerator.workingMemoryLimit`.
        /// - Returns: nil, with nothing done, for a state that is left to the generator.
        @inline(__always)
        func expand(
            _ state: UnsafeRawBufferPointer, into buffer: SuccessorBuffer, _ sleep: Sleep?, _ moves: UnsafeMutablePointer<MoveRecord>?, limit: Int
        ) -> SuccessorGenerator.Outcome? {
            guard let expansion, let base = state.baseAddress, limit &- buffer.byteCount > Self.workingMemory else { return nil }
            if moves != nil, base.load(as: UInt8.self) > moverLimit { return nil }
            let room = buffer.memory.room(for: Self.room, states: Self.stateRoom)
            var bytes = SuccessorBytes(
                output: room.bytes.assumingMemoryBound(to: UInt8.self), room: Self.room, ends: room.ends, endRoom: Self.stateRoom,
                used: room.used,
                asleep: sleep?.masks.room(for: Self.stateRoom),
                movers: moves == nil ? nil : movers, enabled: 0)
            let result = expandState(
                expansion, base.assumingMemoryBound(to: UInt8.self), state.count, sleep?.record, sleep?.asleep ?? SleepMask(), &bytes)
            if result < 0 { return nil }
            let outcome = SuccessorGenerator.Outcome(successorCount: result &>> 2, result: result)
            sleep?.masks.append(count: outcome.successorCount)
            if let moves, let movers {
                for successor in 0..<outcome.successorCount { moves.pointee.movers.append(ProcessSet(bits: movers[successor])) }
                moves.pointee.enabled = ProcessSet(bits: bytes.enabled)
            }
            buffer.memory.append(count: outcome.successorCount)
            return outcome
        }

        /// What `passStates` works with; nil if there is no code, or too little working memory for it.
        func passer(limit: Int) -> OpaquePointer? { limit > Self.workingMemory ? expansion : nil }
    }

    /// Makes a context in which values that are cut are counted here.
    func makeContext(cutCounts: UnsafeMutablePointer<Int>) -> Context { Context(model, cutCounts) }
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
