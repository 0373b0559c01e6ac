import Benchmarks
import Testing

@Suite struct StatisticsTests {
    @Test(arguments: [([3], 3), ([5, 1, 3], 3), ([4, 1, 3, 2], 2.5), ([7, 7, 1], 7)] as [([Double], Double)])
    func theMedianIsTheMiddle(values: [Double], median: Double) {
        #expect(Statistics.median(values) == median)
    }

    @Test(arguments: [([2, 8], 4), ([0.5, 2], 1), ([10], 10), ([1, 10, 100], 10)] as [([Double], Double)])
    func theGeometricMeanIsThatOfRatios(values: [Double], mean: Double) throws {
        #expect(abs(try #require(Statistics.geometricMean(values)) - mean) < 1e-9)
    }

    @Test func ofNothingThereIsNoMean() {
        #expect(Statistics.median([]) == nil)
        #expect(Statistics.geometricMean([]) == nil)
        #expect(Statistics.geometricMean([2, 0]) == nil)
    }
}
