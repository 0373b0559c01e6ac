extension PropositionEvaluator {
    /// The bytes of a state, among those of the global variables, on which alone it depends what the propositions are there; nil if it may
    /// depend on more than that.
    public var bytesRead: [Range<Int>]? {
        var result: [Range<Int>] = []
        for proposition in propositions {
            guard case .value(let entry) = proposition, let ranges = bytesRead(from: entry) else { return nil }
            result += ranges
        }
        return result
    }

    private func bytesRead(from entry: Int) -> [Range<Int>]? {
        let code = system.code.code
        var result: [Range<Int>] = []
        for instruction in code.reach(from: entry).addresses.map({ code.instructions[$0] }) {
            let offset = Int(truncatingIfNeeded: instruction.immediate)
            switch instruction.operation {
            case .loadGlobal8, .loadGlobalBits: result.append(offset..<offset + 1)
            case .loadGlobal: result.append(offset..<offset + MemoryLayout<UInt64>.size)
            case .equalGlobal8, .notEqualGlobal8, .lessOrEqualGlobal8, .greaterGlobal8:
                result.append(Int(instruction.source)..<Int(instruction.source) + 1)
            // What is added to an address is known only when the code runs.
            case .addressGlobal: result.append(offset..<system.layout.processesOffset)
            case .constant, .copy, .narrow, .advance, .index, .loadAddress, .add, .subtract, .multiply, .divide, .remainder, .shiftLeft,
                .shiftRight, .negate, .complement, .addWide, .subtractWide, .multiplyWide, .divideWide, .remainderWide, .shiftLeftWide,
                .shiftRightWide, .bitAnd, .bitOr, .bitXor, .complementWide, .equal, .notEqual, .less, .lessOrEqual, .lessUnsigned,
                .lessOrEqualUnsigned, .not, .jump, .jumpIfZero, .jumpIfNotZero, .finish, .fail:
                break
            default: return nil
            }
        }
        return result
    }
}
