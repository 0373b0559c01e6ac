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
        let store = store ?? self.store
        // A generator and a reader of its own: those of the search may be in the middle of an expansion.
        let walker = SuccessorGenerator(system)
        let symmetry = reduced?.symmetry.map { _ in Symmetry(system) }
        let reader = StoreReader(store.states)
        guard let first = numbers.first else { return Way(steps: [], end: []) }
        let isRenamed = symmetry != nil && first == 0
        var result = Way(steps: [], end: isRenamed ? walker.initialState().state : Array(reader.state(first)))
        for (position, number) in numbers.dropFirst().enumerated() {
            let wanted = movers.indices.contains(position) ? movers[position] : nil
            let target = reader.state(number)
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
    ///   - numbers: the states on the way, the last of which is that state.
    ///   - steps: from there into the fault.
    func way(along numbers: [Int], into fault: Fault, by steps: [Step]) -> FaultyWay {
        let way = way(along: numbers)
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
