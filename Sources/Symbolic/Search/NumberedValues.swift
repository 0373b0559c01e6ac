/// Numbers for values: those that are equal have the same number, and share their memory.
struct NumberedValues<Value: Hashable> {
    /// The values, by their numbers.
    private(set) var values: [Value] = []
    private var numbers: [Value: UInt32] = [:]

    var count: Int { values.count }

    subscript(number: Int) -> Value { values[number] }

    /// The number of a value, which is added if it is not there yet.
    mutating func number(of value: Value) -> Int {
        if let known = numbers[value] { return Int(known) }
        numbers[value] = UInt32(values.count)
        values.append(value)
        return values.count - 1
    }

    /// The number of a value, if it is there or there is a number left below a limit.
    mutating func number(of value: Value, below limit: Int) -> Int? {
        values.count < limit ? number(of: value) : numbers[value].map(Int.init)
    }

    /// Bytes that the values themselves and their numbers take, without what they refer to.
    var byteCount: Int {
        values.capacity * MemoryLayout<Value>.stride
            + numbers.capacity * 4 / 3 * (MemoryLayout<Value>.stride + MemoryLayout<UInt32>.stride)
    }
}
