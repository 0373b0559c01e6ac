import Automata
import struct Fuzzing.SplitMix64

/// Chooses the moves of a walk, by its strategy.
struct Scheduler {
    /// What there is to be done in a state.
    enum Choice {
        /// One of the moves that the stepper has found.
        case move(Int)
        /// Nothing can move.
        case blocked
        /// Whatever can move runs into a fault.
        case broken
    }

    private var strategy: Strategy
    /// The processes in the order in which they are asked.
    private var order: [UInt8] = []
    /// The process that moved last, or -1.
    private var last = -1
    private var taken = 0

    init(_ strategy: Strategy) { self.strategy = strategy }

    /// Chooses a move.
    /// - Parameter visits: how often each transition was taken.
    mutating func choose(from stepper: Stepper, visits: [UInt32], using random: inout SplitMix64) -> Choice {
        if stepper.control >= 0 {
            let pid = stepper.control
            if stepper.findMoves(of: pid) {
                guard stepper.moveCount > 0 else { return .broken }
                return taking(pick(from: stepper, 0..<stepper.moveCount, visits, using: &random), pid)
            }
            stepper.loseControl()
        }
        arrange(stepper.processCount, using: &random)
        let choice = choose(from: stepper, visits, allowsTimeout: false, using: &random)
        if case .blocked = choice { return choose(from: stepper, visits, allowsTimeout: true, using: &random) }
        return choice
    }

    private mutating func taking(_ move: Int, _ pid: Int) -> Choice {
        last = pid
        taken += 1
        return .move(move)
    }

    private mutating func choose(
        from stepper: Stepper, _ visits: [UInt32], allowsTimeout: Bool, using random: inout SplitMix64
    ) -> Choice {
        var isBlocked = true
        let comparesAll = strategy.kind == .anyMove || strategy.kind == .leastVisited
        let shuffles = !comparesAll && strategy.kind != .priorities && strategy.kind != .delays
        var position = 0
        // What was put first stays there, and what was put last.
        let fixedFirst = min(order.count, isFirstFixed ? 1 : 0)
        let shuffled = fixedFirst..<max(fixedFirst, order.count - (strategy.kind == .starved ? 1 : 0))
        while position < order.count {
            if shuffles, shuffled.contains(position) {
                order.swapAt(position, position + random.next(below: shuffled.upperBound - position))
            }
            let pid = Int(order[position])
            let start = stepper.moveCount
            if stepper.findMoves(of: pid, allowsTimeout: allowsTimeout) {
                isBlocked = false
                if !comparesAll, stepper.moveCount > start {
                    let move = pick(from: stepper, start..<stepper.moveCount, visits, using: &random)
                    return taking(move, pid)
                }
            }
            position += 1
        }
        if stepper.moveCount > 0 {
            let move = pick(from: stepper, 0..<stepper.moveCount, visits, using: &random)
            return taking(move, stepper.move(move).step.pid)
        }
        return isBlocked ? .blocked : .broken
    }

    // MARK: The order of processes

    private var isFirstFixed: Bool {
        guard let first = order.first else { return false }
        switch strategy.kind {
        case .favourite: return Int(first) == strategy.process % order.count
        case .persistent: return Int(first) == last
        default: return false
        }
    }

    private mutating func arrange(_ count: Int, using random: inout SplitMix64) {
        if order.count != count { resize(to: count, using: &random) }
        guard count > 1 else { return }
        let changes = isChangeDue()
        switch strategy.kind {
        case .anyMove, .leastVisited, .anyProcess: break
        case .priorities:
            if changes, last >= 0 { put(last, at: count - 1) }
        case .delays:
            // The others in the order of their pids, from the one that is passed over on.
            let first = (max(last, 0) + (changes ? 1 : 0)) % count
            if Int(order[0]) != first {
                for offset in 0..<count { order[offset] = UInt8(truncatingIfNeeded: (first + offset) % count) }
            }
        case .favourite:
            put(strategy.process % count, at: random.happens(240) ? 0 : count - 1)
        case .starved:
            put(strategy.process % count, at: random.happens(252) ? count - 1 : 0)
        case .persistent:
            if last >= 0, last < count { put(last, at: random.happens(230) ? 0 : count - 1) }
        }
    }

    private mutating func isChangeDue() -> Bool {
        guard let next = strategy.changePoints.last, taken >= next else { return false }
        strategy.changePoints.removeLast()
        return true
    }

    private mutating func put(_ pid: Int, at target: Int) {
        guard let position = order.firstIndex(of: UInt8(truncatingIfNeeded: pid)), position != target else { return }
        if strategy.kind == .priorities {
            order.append(order.remove(at: position))
        } else {
            order.swapAt(position, target)
        }
    }

    /// Processes have come or gone.
    private mutating func resize(to count: Int, using random: inout SplitMix64) {
        if count < order.count { order.removeAll { Int($0) >= count } }
        while order.count < count {
            let pid = UInt8(truncatingIfNeeded: order.count)
            order.insert(pid, at: strategy.kind == .delays ? order.count : random.next(below: order.count + 1))
        }
        if last >= count { last = -1 }
    }

    // MARK: Moves of one process

    private func pick(
        from stepper: Stepper, _ moves: Range<Int>, _ visits: [UInt32], using random: inout SplitMix64
    ) -> Int {
        if moves.count == 1 { return moves.lowerBound }
        if strategy.kind == .leastVisited { return pickLeastVisited(from: stepper, moves, visits, using: &random) }
        guard strategy.preference != 0 else { return moves.lowerBound + random.next(below: moves.count) }
        var total = 0
        for move in moves { total += weight(of: stepper.move(move).step.transition) }
        var ticket = random.next(below: total)
        for move in moves {
            ticket -= weight(of: stepper.move(move).step.transition)
            if ticket < 0 { return move }
        }
        return moves.upperBound - 1
    }

    private func weight(of transition: Int) -> Int {
        let mixed = (strategy.preference &+ UInt64(truncatingIfNeeded: transition)) &* 0x9E37_79B9_7F4A_7C15
        switch mixed &>> 62 {
        case 0: return 1
        case 1: return 32
        default: return 8
        }
    }

    private func pickLeastVisited(
        from stepper: Stepper, _ moves: Range<Int>, _ visits: [UInt32], using random: inout SplitMix64
    ) -> Int {
        var (best, fewest, ties) = (moves.lowerBound, UInt32.max, 0)
        for move in moves {
            let count = visits[stepper.move(move).step.transition]
            if count < fewest {
                (best, fewest, ties) = (move, count, 1)
            } else if count == fewest {
                ties += 1
                if random.next(below: ties) == 0 { best = move }
            }
        }
        return best
    }
}
