import Conformance
import Foundation
import Synchronization
import TimeTravel

/// Follows recorded runs in a model, so that plans can be preferred which take it where no run has been.
///
/// To follow a run takes longer than to make some, so it is done as long as it takes no more than its share of the time, for one run of
/// those with the same messages, and first for those which have shown something new.
public final class ModelGuide: Sendable {
    /// How many runs were followed, and what that has brought.
    public struct Summary: Sendable {
        /// Transitions of the model that were taken, by their indices into `System.transitions`.
        public var taken: Set<Int> = []
        public var followed = 0
        /// Of those, runs that are behaviours of the model from their beginning to their end.
        public var whole = 0
        /// Runs of which it was not found out how far they are, for that takes too long.
        public var stopped = 0
        /// Runs with messages of their own that were not followed.
        public var waiting = 0
        /// Real time that following has taken, on all threads together.
        public var time = Duration.zero
        /// What has kept runs from being followed any more.
        public var failure: (any Error)?
    }

    public let follower: ModelFollower
    private let state: Mutex<State>

    private struct State {
        /// Where runs are recorded, and who removes that if this process dies.
        var folder: PrivateFolder
        var guardian: Guardian
        var records = 0
        var shapes: Set<Int> = []
        /// Runs to be followed: those that have shown something new, and others.
        var promising: [Run] = []
        var others: [Run] = []
        /// Real time that runs have taken, on all threads together.
        var runTime = Duration.zero
        var summary = Summary()

        mutating func next() -> Run? { promising.isEmpty ? others.popLast() : promising.removeFirst() }

        /// - Returns: whether that is somewhere in the model where no run has been.
        mutating func take(_ path: Result<ModelFollower.Path, any Error>, of run: Run) -> Bool {
            switch path {
            case .failure(let error):
                summary.failure = summary.failure ?? error
                return false
            case .success(let path):
                let known = summary.taken.count
                summary.taken.formUnion(path.transitions)
                if path.isStopped, path.matched > run.matched {
                    // What is known of its beginning stays known, so it goes on from there.
                    promising.append(Run(log: run.log, plan: run.plan, matched: path.matched))
                } else {
                    summary.followed += 1
                    if path.isWhole { summary.whole += 1 }
                    if path.isStopped { summary.stopped += 1 }
                }
                return summary.taken.count > known
            }
        }
    }

    private struct Run {
        var log: EventLog
        var plan: FaultPlan
        /// Events of it that are known to be the beginning of a behaviour.
        var matched = -1
    }

    /// Following may take one part in so many of the time of all runs.
    private static let share = 10
    /// The sets of states that are looked at for a run before others have their turn.
    private static let effort = 4000
    /// The most runs that wait.
    private static let most = 1000

    public init(_ follower: ModelFollower) throws(SystemError) {
        self.follower = follower
        let folder = try PrivateFolder()
        state = Mutex(State(folder: folder, guardian: try Guardian(removing: [], folder: folder.path)))
    }

    public var summary: Summary {
        state.withLock { state in
            var summary = state.summary
            summary.waiting = state.promising.count + state.others.count
            return summary
        }
    }

    /// Where the next run is to be recorded.
    func makeLogPath() -> String {
        state.withLock { state in
            state.records += 1
            return "\(state.folder.path)/\(state.records)"
        }
    }

    /// Takes the record of a run, unless there was one with the same messages.
    /// - Parameter isNew: whether it has shown something new.
    func add(logAt path: String, of run: FuzzRun, with plan: FaultPlan, isNew: Bool) {
        defer { try? FileManager.default.removeItem(atPath: path) }
        let isWanted = state.withLock { state in
            state.runTime += run.phases.sum
            return state.shapes.insert(run.shape).inserted
        }
        guard isWanted, let log = try? EventLog(path: path) else { return }
        state.withLock { state in
            let run = Run(log: log, plan: plan)
            if isNew { state.promising.append(run) } else { state.others.append(run) }
            if state.others.count > Self.most { state.others.removeFirst() }
        }
    }

    /// Follows runs that wait, as long as there is time for that.
    /// - Parameter anyway: whether one is followed even if there is not.
    /// - Returns: the plans of those that took the model where none has been.
    func follow(anyway: Bool = false) -> [FaultPlan] {
        var plans: [FaultPlan] = []
        var isUrgent = anyway
        while let run = state.withLock({ state in
            isUrgent || state.summary.time * Self.share < state.runTime ? state.next() : nil
        }) {
            let limit = isUrgent ? Self.effort * Self.share : Self.effort
            isUrgent = false
            let begin = ContinuousClock.now
            let path = Result { try follower.follow(run.log, limit: limit) }
            let isNew = state.withLock { state in
                state.summary.time += ContinuousClock.now - begin
                return state.take(path, of: run)
            }
            if isNew { plans.append(run.plan) }
        }
        return plans
    }
}
