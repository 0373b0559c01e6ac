/// A conjunction of constraints `x - y ≤ c` over integer variables, each of which has a smallest and a largest value.
///
/// It is a difference-bound matrix (Dill, 1989), always closed: every entry is the tightest bound that follows. Over the
/// integers that is exact, so what the zone says of a difference is all there is to say; and two zones have the same solutions
/// just when they are equal.
struct Zone: Hashable, Sendable {
    /// How many variables there are; they are numbered from 0.
    private(set) var count: Int
    /// Row by row: the upper bound of `row - column`, where index 0 is the constant zero, and variable `n` has index `n + 1`.
    private var bounds: [Int128]

    /// No variables.
    init() {
        count = 0
        bounds = [0]
    }

    private var side: Int { count + 1 }

    /// Bytes that this takes.
    var byteCount: Int { MemoryLayout<Self>.stride + 32 + bounds.count * MemoryLayout<Int128>.stride }

    /// The upper bound of one variable less another; nil stands for zero.
    func upperBound(_ one: Int?, minus other: Int?) -> Int128 {
        bounds[((one ?? -1) + 1) * side + (other ?? -1) + 1]
    }

    /// An order of no meaning.
    func precedes(_ other: Zone) -> Bool { bounds.lexicographicallyPrecedes(other.bounds) }

    /// The smallest and the largest value of a variable.
    func range(of variable: Int) -> ClosedRange<Int128> {
        -upperBound(nil, minus: variable)...upperBound(variable, minus: nil)
    }

    /// Whether more is known of the difference of two variables than what follows from their ranges.
    func areRelated(_ one: Int, _ other: Int) -> Bool {
        upperBound(one, minus: other) < upperBound(one, minus: nil) + upperBound(nil, minus: other)
            || upperBound(other, minus: one) < upperBound(other, minus: nil) + upperBound(nil, minus: one)
    }

    /// Adds a variable with these values, of which nothing else is known.
    /// - Returns: its number.
    mutating func addVariable(in range: ClosedRange<Int128>) -> Int {
        var larger = [Int128](repeating: 0, count: (side + 1) * (side + 1))
        for row in 0..<side {
            for column in 0..<side { larger[row * (side + 1) + column] = bounds[row * side + column] }
            larger[row * (side + 1) + side] = bounds[row * side] - range.lowerBound
            larger[side * (side + 1) + row] = range.upperBound + bounds[row]
        }
        bounds = larger
        count += 1
        return count - 1
    }

    /// Adds `one - other ≤ bound`.
    /// - Returns: false if there is no solution any more; the zone is then worth nothing.
    mutating func constrain(_ one: Int?, minus other: Int?, atMost bound: Int128) -> Bool {
        let (row, column, side) = ((one ?? -1) + 1, (other ?? -1) + 1, side)
        if bounds[row * side + column] <= bound { return true }
        if bounds[column * side + row] + bound < 0 { return false }
        bounds.withUnsafeMutableBufferPointer { Self.tighten($0, side, row, column, to: bound) }
        return true
    }

    /// Makes the bound of one entry of a closed matrix tighter, and with it all that follow from it; there is a solution.
    static func tighten(_ bounds: UnsafeMutableBufferPointer<Int128>, _ side: Int, _ row: Int, _ column: Int, to bound: Int128) {
        for from in 0..<side {
            let toRow = bounds[from * side + row] + bound
            if toRow >= bounds[from * side + column] { continue }
            for to in 0..<side {
                let through = toRow + bounds[column * side + to]
                if through < bounds[from * side + to] { bounds[from * side + to] = through }
            }
        }
    }

    /// The zone of some of the variables, in a new order, with constants added to them. What is left out is projected away,
    /// exactly.
    func selecting(_ variables: [Int], adding constants: [Int128]? = nil) -> Zone {
        var result = Zone()
        result.count = variables.count
        let (side, selected) = (side, variables.count + 1)
        result.bounds = [Int128](unsafeUninitializedCapacity: selected * selected) { buffer, count in
            bounds.withUnsafeBufferPointer { bounds in
                for row in 0..<selected {
                    let from = row == 0 ? 0 : variables[row - 1] + 1
                    let shift = row == 0 ? 0 : constants?[row - 1] ?? 0
                    for column in 0..<selected {
                        let to = column == 0 ? 0 : variables[column - 1] + 1
                        let other = column == 0 ? 0 : constants?[column - 1] ?? 0
                        buffer.initializeElement(
                            at: row * selected + column, to: bounds[from * side + to] + shift - other)
                    }
                }
            }
            count = selected * selected
        }
        return result
    }

    /// What a variable of one zone is in another: a variable of it, or zero, plus a constant.
    struct Coordinate: Hashable {
        /// The row of the variable in the other zone; 0 for zero.
        var row: Int
        var constant: Int128

        static let zero = Coordinate(variable: nil, constant: 0)

        init(variable: Int?, constant: Int128) {
            row = (variable ?? -1) + 1
            self.constant = constant
        }

        var variable: Int? { row == 0 ? nil : row - 1 }

        /// The same as an expression.
        var expression: LinearExpression {
            variable.map { LinearExpression(variable: $0, plus: constant) } ?? LinearExpression(constant)
        }
    }

    /// Whether every solution of another zone is one of this zone.
    /// - Parameter variables: what the variables of this zone are in the other.
    func includes(_ other: Zone, _ variables: [Coordinate]) -> Bool {
        withView { own in other.withView { own.includes($0, variables) } }
    }

    /// The solutions of this zone and of another together, if they are a zone.
    /// - Parameter variables: what the variables of this zone are in the other.
    func union(_ other: Zone, _ variables: [Coordinate]) -> Zone? {
        withView { own in other.withView { own.union($0, variables) } }
    }

    /// Gives the bounds to a closure, which must not keep them.
    func withView<Result>(_ body: (ZoneView) -> Result) -> Result {
        bounds.withUnsafeBufferPointer { body(ZoneView(side: side, bounds: $0)) }
    }

    /// A zone with the bounds of a view.
    init(_ view: ZoneView) {
        count = view.side - 1
        bounds = Array(view.bounds)
    }

    /// What a variable is always: a constant, or an earlier variable plus a constant.
    func equality(of variable: Int) -> Coordinate? {
        let row = variable + 1
        for column in 0..<row where bounds[row * side + column] + bounds[column * side + row] == 0 {
            return Coordinate(variable: column == 0 ? nil : column - 1, constant: bounds[row * side + column])
        }
        return nil
    }
}
