import Promela

/// The processes that there are in a state of the quiet region, with what never changes of them there.
struct ProcessConfiguration: Hashable {
    struct Constant: Hashable {
        var local: Int
        var value: Int64
    }

    struct Process: Hashable {
        var proctype: Int
        /// The scalars that nothing is stored into, in the order of the locals.
        var constants: [Constant]

        func constant(_ local: Int) -> Int64? { constants.first { $0.local == local }?.value }
    }

    var processes: [Process]
}

/// Names that change places, and with them processes, elements of arrays and channels.
struct Exchange: Hashable {
    /// For each class of values, those that become others; each is a permutation.
    var values: [Int: [Int64: Int64]]
    /// Numbers of channels that become others.
    var channels: [Int64: Int64]
    /// For each pid, the one that it becomes.
    var pids: [Int]
    /// For each pid, what the locations become.
    var locations: [[Int]] = []

    var isIdentity: Bool {
        values.values.allSatisfy { $0.allSatisfy { $0 == $1 } } && pids.indices.allSatisfy { pids[$0] == $0 }
            && locations.allSatisfy { images in images.indices.allSatisfy { images[$0] == $0 } }
    }

    /// How many processes change places.
    var movedCount: Int { pids.indices.count { pids[$0] != $0 } }

    /// What a value of a class becomes.
    func image(of value: Int64, in found: Int?) -> Int64 { found.flatMap { values[$0]?[value] } ?? value }

    /// What makes up for this.
    var inverse: Exchange {
        func reversed(_ map: [Int64: Int64]) -> [Int64: Int64] { Dictionary(map.map { ($1, $0) }) { first, _ in first } }
        func reversed(_ images: [Int]) -> [Int] {
            var result = images
            for (index, image) in images.enumerated() { result[image] = index }
            return result
        }
        let pids = reversed(pids)
        return Exchange(
            values: values.mapValues(reversed), channels: reversed(channels), pids: pids,
            locations: locations.isEmpty ? [] : pids.map { reversed(locations[$0]) })
    }

    /// First this one, then the other.
    func followed(by other: Exchange) -> Exchange {
        func compose(_ first: [Int64: Int64], _ second: [Int64: Int64]) -> [Int64: Int64] {
            var result: [Int64: Int64] = [:]
            for value in Set(first.keys).union(second.keys) {
                let middle = first[value] ?? value
                let image = second[middle] ?? middle
                if image != value { result[value] = image }
            }
            return result
        }
        var values: [Int: [Int64: Int64]] = [:]
        for found in Set(self.values.keys).union(other.values.keys) {
            let map = compose(self.values[found] ?? [:], other.values[found] ?? [:])
            if !map.isEmpty { values[found] = map }
        }
        return Exchange(
            values: values, channels: compose(channels, other.channels), pids: pids.map { other.pids[$0] },
            locations: locations.enumerated().map { pid, locations in locations.map { other.locations[pids[pid]][$0] } })
    }
}
