import Automata

/// A few reachable states, most of them from long runs: between them, variables have most of the values that they can have.
struct StateSample {
    private(set) var states: [[UInt8]]

    init(_ generator: SuccessorGenerator, from initial: [UInt8], size: Int = 1500, runLength: Int = 250) {
        var (states, next, moves) = ([initial], initial, UInt64(0))
        let buffer = SuccessorBuffer()
        while states.count < size {
            buffer.removeAll()
            _ = next.withUnsafeBytes { generator.expand($0, into: buffer) }
            moves += 1
            // Any choice will do, as long as it is the same each time.
            let choice = (moves &* 0x9E37_79B9_7F4A_7C15) >> 33
            if buffer.count == 0 || moves % UInt64(runLength) == 0 {
                if next == initial { break }
                next = initial
                if moves > UInt64(size) { break }
                continue
            }
            next = [UInt8](buffer[Int(choice % UInt64(buffer.count))])
            states.append(next)
        }
        self.states = states
        _ = generator.takeTruncations()
    }
}
