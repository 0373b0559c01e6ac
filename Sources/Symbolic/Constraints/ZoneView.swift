/// A zone whose bounds lie in memory of somebody else: for the comparisons of which there are millions.
struct ZoneView {
    /// Rows, of which the first is that of the constant zero.
    let side: Int
    /// Row by row, as in `Zone`.
    let bounds: UnsafeBufferPointer<Int128>

    /// Whether every solution of another zone is one of this zone.
    /// - Parameter variables: what the variables of this zone are in the other.
    func includes(_ other: ZoneView, _ variables: [Zone.Coordinate]) -> Bool {
        variables.withUnsafeBufferPointer { variables in
            var index = 0
            for row in 0..<side {
                let one = row == 0 ? Zone.Coordinate.zero : variables[row - 1]
                for column in 0..<side {
                    let two = column == 0 ? Zone.Coordinate.zero : variables[column - 1]
                    if other.bounds[one.row * other.side + two.row] + one.constant - two.constant > bounds[index] { return false }
                    index += 1
                }
            }
            return true
        }
    }

    /// The solutions of this zone and of another together, if they are a zone.
    /// - Parameter variables: what the variables of this zone are in the other.
    func union(_ other: ZoneView, _ variables: [Zone.Coordinate]) -> Zone? {
        withUnsafeTemporaryAllocation(of: Int128.self, capacity: bounds.count * 3) { memory in
            let theirs = UnsafeMutableBufferPointer(rebasing: memory[..<bounds.count])
            let hull = UnsafeMutableBufferPointer(rebasing: memory[bounds.count..<2 * bounds.count])
            let beyond = UnsafeMutableBufferPointer(rebasing: memory[(2 * bounds.count)...])
            var index = 0
            for row in 0..<side {
                let one = row == 0 ? Zone.Coordinate.zero : variables[row - 1]
                for column in 0..<side {
                    let two = column == 0 ? Zone.Coordinate.zero : variables[column - 1]
                    let bound = other.bounds[one.row * other.side + two.row] + one.constant - two.constant
                    theirs.initializeElement(at: index, to: bound)
                    // The larger of the bounds are closed, as both zones are.
                    hull.initializeElement(at: index, to: max(bound, bounds[index]))
                    index += 1
                }
            }
            // What the hull has beyond this zone must be in the other: constraint by constraint that this zone has and the hull
            // has not.
            for row in 0..<side {
                for column in 0..<side where bounds[row * side + column] < hull[row * side + column] {
                    let bound = -bounds[row * side + column] - 1
                    if hull[row * side + column] + bound < 0 { continue }
                    _ = beyond.initialize(from: hull)
                    Zone.tighten(beyond, side, column, row, to: bound)
                    for index in bounds.indices where beyond[index] > theirs[index] { return nil }
                }
            }
            return Zone(ZoneView(side: side, bounds: UnsafeBufferPointer(hull)))
        }
    }
}
