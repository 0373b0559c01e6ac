import Automata
import Foundation

/// Steps from the initial state on, and the state that they lead to. Where one state stands for others, this is the real one.
struct Way {
    var steps: [Step]
    var end: [UInt8]
}

/// The steps into a fault.
struct FaultyWay {
    var path: [Step]
    var fault: Fault
}

extension Search {
    /// The steps along states that follow each other.
    /// - Parameters:
    ///   - movers: for each state but the first, which processes have to move to get there; nil where any may.
    ///   - store: where the states are, if not in that of the search.
    func path(along numbers: [Int], movers: [ProcessSet?] = [], in store: StateStore? = nil) -> [Step] {
        way(along: numbers, movers: movers, in: store).steps
    }

    /// The way along states that follow each other; see `path`.
    func way(along numbers: [Int], movers: [ProcessSet?] = [], in store: StateStore? = nil) -> Way {
        // A reader of its own: that of the search may be in the middle of an expansion.
        let reader = StoreReader((store ?? self.store).states)
        return way(through: numbers.lazy.map { Array(reader.state($0)) }, isFromInitial: numbers.first == 0, movers: movers)
    }

    /// The way through states that follow each other.
    /// - Parameters:
    ///   - isFromInitial: whether the first of them is, or stands for, the initial state.
    ///   - movers: see `path`.
    func way(through states: some Collection<[UInt8]>, isFromInitial: Bool, movers: [ProcessSet?] = []) -> Way {
        // A generator of its own, likewise.
        let walker = SuccessorGenerator(system)
        let symmetry = reduced?.symmetry.map { _ in Symmetry(system) }
        guard let first = states.first else { return Way(steps: [], end: []) }
        var result = Way(steps: [], end: symmetry != nil && isFromInitial ? walker.initialState().state : first)
        for (position, target) in states.dropFirst().enumerated() {
            let wanted = movers.indices.contains(position) ? movers[position] : nil
            var found: Way?
            walker.onSuccessor = { successor in
                guard found == nil, successor.state.count == target.count else { return }
                if let symmetry {
                    var representative = Array(successor.state)
                    symmetry.canonicalize(&representative)
                    guard representative.elementsEqual(target) else { return }
                } else {
                    guard successor.state.elementsEqual(target) else { return }
                }
                let steps = walker.path(to: successor)
                if wanted == nil || wanted == ProcessSet(movingIn: steps) { found = Way(steps: steps, end: Array(successor.state)) }
            }
            _ = result.end.withUnsafeBytes { walker.expand($0) }
            guard let found else { break }
            result.steps += found.steps
            result.end = found.end
        }
        walker.onSuccessor = { _ in }
        return result
    }

    /// The steps to a fault, which was found in a state that may stand for the real one.
    /// - Parameters:
    ///   - way: to that state, or the one that it stands for.
    ///   - steps: from there into the fault.
    func way(_ way: Way, into fault: Fault, by steps: [Step]) -> FaultyWay {
        guard reduced?.symmetry != nil else { return FaultyWay(path: way.steps + steps, fault: fault) }
        let walker = makeGenerator()
        var found: FaultyWay?
        walker.onFault = { own, step in
            if found == nil, own.kind == fault.kind {
                found = FaultyWay(path: way.steps + walker.path(toFaultIn: step), fault: own)
            }
        }
        _ = way.end.withUnsafeBytes { walker.expand($0) }
        walker.onFault = { _, _ in }
        return found ?? FaultyWay(path: way.steps + steps, fault: fault)
    }

    /// The states from the initial one to another, as it was first reached.
    func numbers(to number: Int) -> [Int] {
        var numbers = [number]
        while let last = numbers.last, last > 0 { numbers.append(parents.parent(of: last)) }
        return numbers.reversed()
    }
}
