import Foundation

/// What a program took, with all programs that it started and waited for.
public struct ResourceUsage: Sendable, Equatable {
    /// From its start to its end.
    public var seconds: Double
    /// Of all processors, together.
    public var processorSeconds: Double
    /// The most memory that one of them had at a time (the resident set), in bytes. The system counts a child's from that
    /// of its parent on, which it shares for a moment: no less than `smallestPeak` can be seen.
    public var peakBytes: Int

    init(_ usage: rusage, seconds: Double) {
        func sum(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
        self.seconds = seconds
        processorSeconds = sum(usage.ru_utime) + sum(usage.ru_stime)
        peakBytes = usage.ru_maxrss * 1024
    }

    /// What a child of this process seems to take, even if it takes nothing.
    public static var smallestPeak: Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss * 1024
    }
}
