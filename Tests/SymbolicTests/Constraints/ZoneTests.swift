import TestSupport
import Testing

@testable import Symbolic

/// A zone says of its variables exactly what the constraints say that were put into it.
@Suite struct ZoneTests {
    /// Random zones over three variables, together with all their points.
    struct Sample {
        var zone: Zone
        var points: Set<[Int]>

        static let size = 5

        init(_ random: inout SplitMix64) {
            zone = Zone()
            for _ in 0..<3 { _ = zone.addVariable(in: 0...Int128(Self.size - 1)) }
            points = Set(
                (0..<Self.size * Self.size * Self.size).map {
                    [$0 / (Self.size * Self.size), $0 / Self.size % Self.size, $0 % Self.size]
                })
            for _ in 0..<Int.random(in: 0...5, using: &random) {
                let one = Int.random(in: -1...2, using: &random)
                let other = Int.random(in: -1...2, using: &random)
                guard one != other else { continue }
                let bound = Int.random(in: -3...3, using: &random)
                let kept = points.filter { Self.value($0, one) - Self.value($0, other) <= bound }
                var tighter = zone
                let isPossible = tighter.constrain(
                    one < 0 ? nil : one, minus: other < 0 ? nil : other, atMost: Int128(bound))
                #expect(isPossible == !kept.isEmpty)
                guard !kept.isEmpty, isPossible else { continue }
                (zone, points) = (tighter, kept)
            }
        }

        static func value(_ point: [Int], _ variable: Int) -> Int { variable < 0 ? 0 : point[variable] }

        func bound(_ one: Int, _ other: Int) -> Int128 {
            zone.upperBound(one < 0 ? nil : one, minus: other < 0 ? nil : other)
        }
    }

    @Test func everyBoundIsTheLargestDifferenceThatThereIs() {
        var random = SplitMix64(seed: 1)
        for _ in 0..<300 {
            let sample = Sample(&random)
            for one in -1..<3 {
                for other in -1..<3 where one != other {
                    let largest = sample.points.map { Sample.value($0, one) - Sample.value($0, other) }.max()
                    #expect(sample.bound(one, other) == largest.map { Int128($0) })
                }
            }
        }
    }

    @Test func aVariableIsProjectedAwayExactly() {
        var random = SplitMix64(seed: 2)
        for _ in 0..<300 {
            let sample = Sample(&random)
            let kept = sample.zone.selecting([2, 0])
            let points = Set(sample.points.map { [$0[2], $0[0]] })
            for first in 0..<Sample.size {
                for second in 0..<Sample.size {
                    var point = kept
                    let isIn =
                        point.constrain(0, minus: nil, atMost: Int128(first)) && point.constrain(nil, minus: 0, atMost: Int128(-first))
                        && point.constrain(1, minus: nil, atMost: Int128(second))
                        && point.constrain(nil, minus: 1, atMost: Int128(-second))
                    #expect(isIn == points.contains([first, second]))
                }
            }
        }
    }

    @Test func theUnionOfTwoIsAZoneOrNothing() {
        var random = SplitMix64(seed: 3)
        var found = 0
        for _ in 0..<2000 {
            let (one, other) = (Sample(&random), Sample(&random))
            let union = one.zone.union(other.zone, (0..<3).map { Zone.Coordinate(variable: $0, constant: 0) })
            let together = one.points.union(other.points)
            // The smallest zone around all the points, which is the union just when it has no others.
            var hull = Zone()
            for _ in 0..<3 { _ = hull.addVariable(in: 0...Int128(Sample.size - 1)) }
            for row in -1..<3 {
                for column in -1..<3 where row != column {
                    let largest = together.map { Sample.value($0, row) - Sample.value($0, column) }.max() ?? 0
                    let isPossible = hull.constrain(
                        row < 0 ? nil : row, minus: column < 0 ? nil : column, atMost: Int128(largest))
                    #expect(isPossible)
                }
            }
            let size = count(hull)
            #expect((union != nil) == (size == together.count))
            if let union {
                found += 1
                #expect(union == hull)
            }
        }
        #expect(found > 100)
    }

    private func count(_ zone: Zone) -> Int {
        var count = 0
        for first in 0..<Sample.size {
            for second in 0..<Sample.size {
                for third in 0..<Sample.size {
                    let point = [first, second, third]
                    let isIn = (-1..<3).allSatisfy { one in
                        (-1..<3).allSatisfy { other in
                            one == other
                                || Int128(Sample.value(point, one) - Sample.value(point, other))
                                    <= zone.upperBound(one < 0 ? nil : one, minus: other < 0 ? nil : other)
                        }
                    }
                    if isIn { count += 1 }
                }
            }
        }
        return count
    }

    @Test func rangesOf64BitsAreKeptExactly() {
        var zone = Zone()
        let one = zone.addVariable(in: 0...Int128(UInt64.max))
        let other = zone.addVariable(in: 0...Int128(UInt64.max))
        let isPossible = zone.constrain(one, minus: other, atMost: -1)
        #expect(isPossible)
        #expect(zone.range(of: one) == 0...Int128(UInt64.max) - 1)
        #expect(zone.range(of: other) == 1...Int128(UInt64.max))
        let isStillPossible = zone.constrain(other, minus: nil, atMost: 0)
        #expect(!isStillPossible)
    }
}
