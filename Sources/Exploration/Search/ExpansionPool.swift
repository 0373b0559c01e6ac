import Automata
import Foundation

/// Threads that look for successors ahead of the search, which takes what they found in the order of the states.
///
/// So the search stores the same states in the same order as if it worked alone.
final class ExpansionPool: OtherReaders, @unchecked Sendable {
    /// Some states to look at, and what came of it. One thread at a time has it.
    private final class Task {
        enum Progress { case waiting, running, done }

        var states = 0..<0
        /// Only as long as it is read: its memory is kept until then.
        var stored: StoredStates?
        var sleepers: Sleepers?
        var workingMemory = 0
        var compiled: CompiledExpansion?
        let expansion = Expansion()
        var progress = Progress.waiting
    }

    /// States that are looked at together: few enough that all threads have some, enough to outweigh the handing over.
    static let usualTaskSizes = 64...1024
    /// Tasks that may be under way, for each thread.
    private static let tasksPerThread = 8

    private let condition = NSCondition()
    /// Those that were handed out and not taken back, in the order of their states. Only the search changes it.
    private var tasks: [Task] = []
    /// Those of them that nobody has begun, in the same order.
    private var waiting: [Task] = []
    private var spare: [Task] = []
    private var isStopped = false
    private var running = 0
    private let threadCount: Int
    private let taskSizes: ClosedRange<Int>
    /// The state after those that were handed out.
    private var handedOut = 0

    /// - Parameters:
    ///   - threadCount: threads besides that of the search.
    ///   - makeExpander: makes what each thread works with; called on this thread.
    init(threadCount: Int, taskSizes: ClosedRange<Int>, _ makeExpander: () -> Expander) {
        self.threadCount = threadCount
        self.taskSizes = taskSizes
        running = threadCount
        for number in 1...threadCount {
            let worker = Worker(expander: makeExpander())
            let thread = Thread { [self] in work(worker) }
            thread.name = "heddle expansion \(number)"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// What a thread takes along when it starts.
    private struct Worker: @unchecked Sendable {
        var expander: Expander
    }

    /// Ends the threads, and waits for what they are at.
    func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        while running > 0 { condition.wait() }
        condition.unlock()
    }

    // MARK: The search's side

    /// Hands out states that are stored and not looked at yet.
    /// - Parameters:
    ///   - states: begin with the first one that the search has not taken back.
    ///   - sleepers: what sleeps in the states; nil if nothing is to.
    ///   - workingMemory: bytes that states inside atomic sequences may take, in all threads.
    ///   - compiled: machine code to work with.
    func handOut(
        _ states: Range<Int>, in store: StateStore, _ sleepers: Sleepers?, workingMemory: Int, compiled: CompiledExpansion?
    ) {
        handedOut = max(handedOut, states.lowerBound)
        func isWorthIt() -> Bool {
            tasks.count < threadCount * Self.tasksPerThread && states.upperBound - handedOut >= taskSizes.lowerBound * 2
        }
        guard isWorthIt() else { return }
        let stored = store.states
        condition.lock()
        while isWorthIt() {
            let share = (states.upperBound - handedOut) / (threadCount + 1) / 2
            let size = min(max(share, taskSizes.lowerBound), taskSizes.upperBound)
            let task = spare.popLast() ?? Task()
            task.states = handedOut..<handedOut + size
            task.stored = stored
            task.sleepers = sleepers
            task.workingMemory = workingMemory / (threadCount + 1)
            task.compiled = compiled
            task.progress = .waiting
            tasks.append(task)
            waiting.append(task)
            handedOut += size
        }
        condition.broadcast()
        condition.unlock()
    }

    /// What comes next.
    enum Next {
        /// Nothing was handed out.
        case nothing
        /// States that nobody has begun to look at, taken back.
        case states(Range<Int>)
        case expansion(Expansion)
    }

    /// Takes back the first states that were handed out. While others look at them, this thread looks at some that come later.
    func takeNext(_ expander: Expander) -> Next {
        guard let first = tasks.first else { return .nothing }
        while true {
            condition.lock()
            while first.progress == .running, waiting.isEmpty { condition.wait() }
            if first.progress == .done {
                condition.unlock()
                return .expansion(first.expansion)
            }
            let task = waiting.removeFirst()
            if task === first {
                tasks.removeFirst()
                task.stored = nil
                spare.append(task)
                condition.unlock()
                return .states(task.states)
            }
            task.progress = .running
            condition.unlock()
            run(task, expander)
            condition.lock()
            task.progress = .done
            condition.unlock()
        }
    }

    /// The search has no more use for what `takeNext` gave it.
    func giveBack() {
        condition.lock()
        spare.append(tasks.removeFirst())
        condition.unlock()
    }

    func exchangeStates(_ change: () -> StoredStates) {
        condition.lock()
        defer { condition.unlock() }
        // Nobody begins with one of them.
        let rest = waiting
        waiting = []
        while tasks.contains(where: { $0.progress == .running }) { condition.wait() }
        let stored = change()
        for task in rest { task.stored = stored }
        waiting = rest
        condition.broadcast()
    }

    // MARK: The threads' side

    private func work(_ worker: Worker) {
        condition.lock()
        while !isStopped {
            guard !waiting.isEmpty else {
                condition.wait()
                continue
            }
            let task = waiting.removeFirst()
            task.progress = .running
            condition.unlock()
            run(task, worker.expander)
            condition.lock()
            task.progress = .done
            condition.broadcast()
        }
        running -= 1
        condition.broadcast()
        condition.unlock()
    }

    private func run(_ task: Task, _ expander: Expander) {
        guard let stored = task.stored else { return }
        if let compiled = task.compiled { expander.use(compiled) }
        expander.expand(
            task.states, in: stored, task.sleepers, isWhole: true, workingMemory: task.workingMemory, into: task.expansion)
        task.stored = nil
    }
}
