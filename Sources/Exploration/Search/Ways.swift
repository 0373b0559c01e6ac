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
    /// The way from the initial state along states that follow each other, or stand for such.
    /// - Parameter store: where the states are, if not in that of the search.
    func way(along numbers: [Int], in store: StateStore? = nil) -> Way {
        // A reader of its own: that of the search may be in the middle of an expansion.
        let reader = StoreReader((store ?? self.store).states)
        return way(through: numbers.lazy.map { Array(reader.state($0)) })
    }

    /// The way from the initial state, which is the first of them, through states that follow each other, or stand for such.
    func way(through states: some Collection<[UInt8]>) -> Way {
        let walker = PathWalker(system, makeRepresentatives())
        var result = Way(steps: [], end: walker.initialState)
        for target in states.dropFirst() {
            guard let next = walker.way(from: result.end, to: target, movers: nil) else { break }
            result.steps += next.steps
            result.end = next.end
        }
        return result
    }

    /// The steps to a fault, which was found in a state that may stand for the real one.
    /// - Parameters:
    ///   - way: to that state, or the one that it stands for.
    ///   - steps: from there into the fault.
    func way(_ way: Way, into fault: Fault, by steps: [Step]) -> FaultyWay {
        guard reduced?.representatives != nil else { return FaultyWay(path: way.steps + steps, fault: fault) }
        let walker = makeGenerator()
        // The same statement, or, where some have changed places, one that says the same.
        var (found, isSame): (FaultyWay?, Bool) = (nil, false)
        walker.onFault = { own, step in
            if own.kind == fault.kind, found == nil || !isSame && own.span == fault.span {
                found = FaultyWay(path: way.steps + walker.path(toFaultIn: step), fault: own)
                isSame = own.span == fault.span
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
