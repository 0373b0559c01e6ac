import Automata

/// What a search knows of what is worth what it takes; see `Search.run`.
struct ReductionSurvey {
    /// What came of it.
    enum Outcome {
        /// With these steps merged there are much fewer states.
        case mergesMany(LocalSteps)
        /// A search with stubborn sets came as deep for less.
        case isWorthIt
        /// It did not.
        case isNot
        /// Such a search, or one of all states at once, even came to its end.
        case ended(SearchResult)
    }

    /// How deep a search on trial has to come, and what it may take.
    struct Goal {
        var depth: Int
        /// In transitions.
        var cost: Int
    }

    /// How many states there are when it is made: first of local steps, then of stubborn sets.
    var due = Int.max
    /// How many states there are when decision diagrams are tried next.
    var diagramsDue = Int.max
    /// Transitions before those of the level that is searched.
    var transitionsToLevel = 0
    /// Set where this is the search on trial.
    var goal: Goal?
    var outcome: Outcome?
}

/// How a search decides by itself whether to leave out interleavings.
///
/// All are searched to begin with, so that what is small is searched as ever: quickly, with shortest counterexamples, and with the
/// states that other tools count. When there are many states, some of them are asked whether they would be there if local steps were
/// merged; where at least every fourth one would not, the search begins again with that, for such states become more, the deeper it
/// gets. When there are many all the same, decision diagrams are tried, which may have all of them in no time; then some are asked whether
/// stubborn sets would leave anything out. Where most would, another search begins with them, on trial. If that comes as deep for half of
/// what it took so far, it goes on in place of this one, for
/// what is left out near the initial state counts most. Otherwise this one goes on, and has lost little.
///
/// None of this can make a verdict wrong, for each of the searches is exact by itself. It depends neither on threads nor on the
/// clock: what a search takes is counted.
extension Search {
    /// States that are asked.
    private static let sampleSize = 256
    /// Comparisons of processes that take as long as a transition, about.
    private static let comparisonsPerTransition = 32

    /// Searches to the end, to a limit, or to as many violations as were asked for.
    public func run() -> SearchResult {
        let result = runDeciding()
        switch survey.outcome {
        case nil, .isNot: return result
        case .mergesMany, .ended, .isWorthIt: break
        }
        guard result.violations.contains(where: { !$0.isShortest }) else { return result }
        return shortest(insteadOf: result) ?? result
    }

    /// Searches with what is found to be worth it.
    private func runDeciding() -> SearchResult {
        let result = runOnce()
        switch survey.outcome {
        case nil, .isNot: return result
        case .mergesMany(let steps):
            let merged = (system.merging(steps), MergingReport(locationCount: steps.locationCount))
            return another(.automatic, merged: merged, monitor: monitor)?.runDeciding() ?? result
        case .ended(let reduced): return reduced
        // There was memory enough for this when the trial began.
        case .isWorthIt: return another(.stubborn, merged: merged, monitor: monitor)?.runOnce() ?? result
        }
    }

    /// Looks for shortest ways to what such a search has found, with all interleavings, as long as that does not take much longer.
    private func shortest(insteadOf reduced: SearchResult) -> SearchResult? {
        let stateLimit = max(options.surveySize * 8, reduced.statistics.statesStored * 4)
        let monitor = monitor
        let search = another(.none, merged: nil) { $0.statesStored <= stateLimit && monitor($0) }
        guard let search else { return nil }
        let result = search.runOnce()
        return result.violations.count < reduced.violations.count || search.isCutShort ? nil : result
    }

    /// - Parameter merged: see `merged`; nil for a search of all states.
    private func another(
        _ reduction: Reduction, merged: MergedSystem?, threads: Int? = nil, monitor: @escaping Monitor
    ) -> Search? {
        var options = options
        options.reduction = reduction
        options.mergesLocalSteps = merged != nil
        if let threads { options.threads = threads }
        let search = try? Search(original, merged: merged, options: options, monitor: monitor)
        search?.start = start
        search?.taskSizes = taskSizes
        search?.packingThreshold = packingThreshold
        search?.sleepThreshold = sleepThreshold
        return search
    }

    /// Decides whether to begin once more with stubborn sets; of a search on trial, whether it has come far enough.
    /// - Returns: whether this search goes on.
    func passSurvey() -> Bool {
        if let goal = survey.goal {
            let comparisons = reduced?.comparisons ?? 0
            if statistics.transitions + comparisons / Self.comparisonsPerTransition > goal.cost {
                survey.outcome = .isNot
            } else if statistics.depthReached >= goal.depth {
                survey.outcome = .isWorthIt
            }
            if case nil = survey.outcome { return true }
            return false
        }
        if survey.due < options.surveySize {
            survey.due = options.surveySize
            if let steps = stepsOfMany {
                survey.outcome = .mergesMany(steps)
                return false
            }
            if !isSurveyDue { return true }
        }
        survey.due = .max
        // A search in which moves sleep is not far from one in which they are taken, in time.
        let transitions = survey.transitionsToLevel + (sleepSets?.moveCount.before ?? 0)
        let goal = ReductionSurvey.Goal(depth: statistics.depthReached, cost: transitions / 2)
        guard canReduceMost, let trial = another(.stubborn, merged: merged, threads: 1, monitor: monitor) else { return true }
        trial.survey = ReductionSurvey(due: 0, goal: goal)
        let result = trial.runOnce()
        switch trial.survey.outcome {
        case nil where !trial.isCutShort: survey.outcome = .ended(result)
        case .isWorthIt: survey.outcome = .isWorthIt
        default: return true
        }
        return false
    }

    /// Whether decision diagrams may be tried: they find all states, and count each of them.
    static func allowsDiagrams(_ options: SearchOptions, _ claims: [Claim]) -> Bool {
        options.triesDiagrams && options.reduction == .automatic && claims.isEmpty && options.depthLimit == nil
            && !options.usesSymmetry && !options.resetsDeadVariables && !options.compressesStates
    }

    /// Tries decision diagrams, and again where there are many more states.
    /// - Returns: whether this search goes on, as they take much, or something may go wrong in some state.
    func tryDiagrams() -> Bool {
        survey.diagramsDue = store.count * 32
        let bytes = max(0, options.memoryLimit - store.bytes) / 2
        let effort = DiagramEffort.trial(afterStates: store.count, bytes: bytes)
        guard var result = DiagramCheck(original, options: options, monitor: monitor).runAlone(effort).result else { return true }
        result.statistics.seconds = (ContinuousClock.now - start) / .seconds(1)
        survey.outcome = .ended(result)
        return false
    }

    /// Whether most of the states can be done with some of their moves.
    private var canReduceMost: Bool {
        var options = options
        options.reduction = .stubborn
        guard let sets = Self.stubbornSets(makeGenerator(), options, claims).sets else { return false }
        return share { !sets.candidates(in: $0).isEmpty } >= 0.5
    }

    /// The local steps without which many of the states would not be there; nil if these are few.
    private var stepsOfMany: LocalSteps? {
        let steps = Self.localSteps(system, options, claims, notesWrapAround: generator.notesWrapAround).steps
        guard let steps, steps.locationCount > 0 else { return nil }
        return share { generator.isPassed($0, with: steps) } >= 0.25 ? steps : nil
    }

    /// Of how many of the states that there are something is true, by a sample.
    private func share(_ isTrue: (UnsafeRawBufferPointer) -> Bool) -> Double {
        let states = store.count
        let count = min(states, Self.sampleSize)
        return Double((0..<count).count { isTrue(store.state($0 * states / count)) }) / Double(count)
    }
}
