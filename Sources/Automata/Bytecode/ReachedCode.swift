extension Code {
    /// The addresses that can be reached from an entry, in order, and those that jumps lead to.
    package func reach(from entry: Int) -> (addresses: [Int], targets: Set<Int>) {
        var reached: Set<Int> = []
        var targets: Set<Int> = []
        var pending = [entry]
        while let address = pending.popLast() {
            guard reached.insert(address).inserted else { continue }
            let instruction = instructions[address]
            if let target = instruction.jumpTarget {
                targets.insert(target)
                pending.append(target)
            }
            switch instruction.operation {
            case .jump, .finish, .fail: break
            default: pending.append(address + 1)
            }
        }
        return (reached.sorted(), targets)
    }
}

extension Instruction {
    /// Where a jump leads to.
    package var jumpTarget: Int? {
        switch operation {
        case .jump, .jumpIfZero, .jumpIfNotZero: Int(immediate)
        default: nil
        }
    }
}
