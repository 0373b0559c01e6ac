/// The name among `candidates` that `name` was most likely meant to be; nil if none is close.
package func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let limit = min(3, name.utf8.count / 3 + (name.utf8.count > 1 ? 1 : 0)) - (name.utf8.count > 3 ? 1 : 0)
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate != name && !candidate.hasPrefix(":") {
        guard abs(candidate.utf8.count - name.utf8.count) <= limit else { continue }
        let distance = candidate.lowercased() == name.lowercased() ? 0 : editDistance(name, candidate)
        guard distance <= limit else { continue }
        // Among equally close names the alphabetically first, so that the answer never changes between runs.
        if let current = best, (current.distance, current.name) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.name
}

/// How many letters must be inserted, removed, replaced or swapped with their neighbour to get from one text to the other.
private func editDistance(_ first: String, _ second: String) -> Int {
    let a = Array(first.utf8)
    let b = Array(second.utf8)
    guard a.count <= 64, b.count <= 64 else { return .max }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1] + [Int](repeating: 0, count: b.count)
        for j in 0..<b.count {
            var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row[j + 1] = cost
        }
        beforeLast = last
        last = row
    }
    return last[b.count]
}
