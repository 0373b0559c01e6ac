import Foundation

/// Threads that expand symbolic states ahead of the search, which takes what they found in the order of the states.
///
/// So the search stores the same states in the same order as if it worked alone. `ExpansionPool` does this for explicit states.
final class StateExpansionPool: @unchecked Sendable {
    /// What an expander has done, as far as the search knows.
    struct Work: Sendable {
        var byteCount = 0
        var solver = SolverStatistics()
        var hits = 0
        /// Why Z3 gave no answer, the first time that it gave none.
        var failure: String?

        init() {}

        init(_ expander: StateExpander) {
            (byteCount, solver) = (expander.byteCount, expander.solver.statistics)
            (hits, failure) = (expander.solver.hits, expander.solver.failure)
        }
    }

    /// Some states to expand, and what came of it. One thread at a time has it.
    private final class Task {
        enum Progress { case waiting, running, done }

        let states: [(node: StateTable.Node, form: NormalForm)]
        var results: [ExpandedState] = []
        var progress = Progress.waiting

        init(_ states: [(node: StateTable.Node, form: NormalForm)]) { self.states = states }
    }

    /// What a thread takes along when it starts.
    private struct Worker: @unchecked Sendable {
        var number: Int
        var expander: StateExpander
    }

    /// States that are handed over together: a few milliseconds of work.
    static let usualTaskSize = 32
    /// Tasks that may be under way, for each thread.
    private static let tasksPerThread = 4

    private let condition = NSCondition()
    /// Those that were handed out and not taken back, in the order of their states. Only the search changes it.
    private var tasks: [Task] = []
    /// Those of them that nobody has begun, in the same order.
    private var waiting: [Task] = []
    /// How far the search has come in the first task.
    private var taken = 0
    private var isStopped = false
    private var running: Int
    private var works: [Work]
    private let threadCount: Int
    private let taskSize: Int
    /// The number of the node after those that were handed out.
    private var handedOut = 0

    /// - Parameters:
    ///   - threadCount: threads besides that of the search.
    ///   - makeExpander: makes what each thread works with; called on this thread.
    init(threadCount: Int, taskSize: Int, _ makeExpander: () -> StateExpander) {
        self.threadCount = threadCount
        self.taskSize = taskSize
        running = threadCount
        works = Array(repeating: Work(), count: threadCount)
        for number in 0..<threadCount {
            let worker = Worker(number: number, expander: makeExpander())
            let thread = Thread { [self] in work(worker) }
            thread.name = "heddle symbolic expansion \(number)"
            thread.stackSize = 8 << 20
            thread.start()
        }
    }

    /// Ends the threads, and waits for the states that they are at.
    func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        while running > 0 { condition.wait() }
        condition.unlock()
    }

    /// What the threads have done.
    var allWork: [Work] { condition.withLock { works } }

    // MARK: The search's side

    /// Hands out states that nothing was looked for from yet, as deep as the next: others may still become part of one another.
    /// - Parameter next: the number of the first node that the search has not come to.
    func handOut(from next: Int, of table: StateTable) {
        handedOut = max(handedOut, next)
        let depth = table.depth(of: StateTable.Node(number: next))
        while tasks.count < threadCount * Self.tasksPerThread {
            var states: [(node: StateTable.Node, form: NormalForm)] = []
            var end = handedOut
            while end < table.count, states.count < taskSize {
                let node = StateTable.Node(number: end)
                guard table.depth(of: node) == depth else { break }
                if !table.isDone(node) { states.append((node, table.form(of: node))) }
                end += 1
            }
            // The search expands a few states as fast as it hands them over.
            guard states.count == taskSize else { return }
            handedOut = end
            let task = Task(states)
            tasks.append(task)
            condition.withLock {
                waiting.append(task)
                condition.signal()
            }
        }
    }

    /// What comes after a node, if it was handed out; nodes are asked for in ascending order, but not all have to be. While
    /// others work on it, this thread expands some that come later.
    func take(_ node: StateTable.Node, _ expander: StateExpander) -> ExpandedState? {
        while let first = tasks.first {
            while taken < first.states.count, first.states[taken].node.number < node.number { taken += 1 }
            if taken < first.states.count {
                guard first.states[taken].node == node else { return nil }
                finish(first, expander)
                return first.results[taken]
            }
            finish(first, expander)
            tasks.removeFirst()
            taken = 0
        }
        return nil
    }

    /// Works on what waits until a task is done.
    private func finish(_ first: Task, _ expander: StateExpander) {
        condition.lock()
        while first.progress != .done {
            if waiting.isEmpty {
                condition.wait()
                continue
            }
            run(waiting.removeFirst(), expander)
        }
        condition.unlock()
    }

    // MARK: The threads' side

    private func work(_ worker: Worker) {
        condition.lock()
        while !isStopped {
            guard !waiting.isEmpty else {
                condition.wait()
                continue
            }
            run(waiting.removeFirst(), worker.expander)
            works[worker.number] = Work(worker.expander)
        }
        running -= 1
        condition.broadcast()
        condition.unlock()
    }

    /// Expands the states of a task; the lock is held before and after, but not meanwhile.
    private func run(_ task: Task, _ expander: StateExpander) {
        task.progress = .running
        for state in task.states where !isStopped {
            condition.unlock()
            let result = expander.expand(state.form)
            condition.lock()
            task.results.append(result)
        }
        task.progress = .done
        condition.broadcast()
    }
}
