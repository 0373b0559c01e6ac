import Exploration
import Foundation
import Terminal

/// One line on the terminal that says how far the work is; nothing where standard error is not a terminal.
final class ProgressLine {
    private let isShown: Bool
    private var lastUpdate = ContinuousClock.now
    private var isDrawn = false

    init(isQuiet: Bool) { isShown = !isQuiet && StandardError.isTerminal }

    /// Shows a text, if the last one has been there long enough to be read.
    func update(_ text: @autoclosure () -> String) {
        guard isShown, ContinuousClock.now - lastUpdate > .milliseconds(200) else { return }
        lastUpdate = ContinuousClock.now
        isDrawn = true
        StandardError.write("\r\u{1B}[K" + text())
    }

    func update(_ statistics: Statistics) { update(Self.text(statistics)) }

    private static func text(_ statistics: Statistics) -> String {
        if statistics.diagrams != nil { return String(format: "building a decision diagram, %.1f s", statistics.seconds) }
        let rate = statistics.seconds > 0 ? Int(Double(statistics.statesStored) / statistics.seconds) : 0
        return "\(NumberText.grouped(statistics.statesStored)) states, \(NumberText.grouped(rate))/s, depth \(statistics.depthReached), "
            + "frontier \(NumberText.grouped(statistics.frontier)), \(ByteCount.text(statistics.bytes)), "
            + String(format: "%.1f s", statistics.seconds)
    }

    func clear() {
        guard isDrawn else { return }
        isDrawn = false
        StandardError.write("\r\u{1B}[K")
    }
}
