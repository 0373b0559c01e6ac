import Automata
import Exploration
import Foundation
import Synchronization

/// Walkers, one for each thread.
struct WalkCrew {
    /// A walker that one thread at a time uses.
    private struct Member: @unchecked Sendable {
        var walker: Walker
    }

    private let members: [Member]

    /// - Throws: `BuchiTranslationError` if a formula is too large.
    init(_ system: System, _ properties: Set<Property>, _ fairness: Fairness, initial: [UInt8], threads: Int) throws {
        members = try (0..<max(1, threads)).map { _ in Member(walker: try Walker(system, properties, fairness, initial: initial)) }
    }

    /// Goes on walks, side by side.
    /// - Returns: what came of each, in their order; nil for those that were not begun any more.
    func run(
        _ plans: [WalkPlan], seen: Coverage, known: Set<ViolationKey>, mayGoOn: @escaping @Sendable () -> Bool
    ) -> [WalkOutcome?] {
        let outcomes = Mutex([WalkOutcome?](repeating: nil, count: plans.count))
        let next = Atomic(0)
        DispatchQueue.concurrentPerform(iterations: min(members.count, plans.count)) { member in
            while true {
                let number = next.add(1, ordering: .relaxed).oldValue
                guard number < plans.count, mayGoOn() else { return }
                let outcome = members[member].walker.run(plans[number], seen: seen, known: known, mayGoOn: mayGoOn)
                outcomes.withLock { $0[number] = outcome }
            }
        }
        return outcomes.withLock { $0 }
    }
}
