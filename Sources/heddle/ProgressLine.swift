import Exploration
import Foundation
import Terminal

/// One line on the terminal that says how far a search is; nothing where standard error is not a terminal.
final class ProgressLine {
    private let isShown: Bool
    private var lastUpdate = ContinuousClock.now
    private var isDrawn = false

    init(isQuiet: Bool) { isShown = !isQuiet && StandardError.isTerminal }

    func update(_ statistics: Statistics) {
        guard isShown, ContinuousClock.now - lastUpdate > .milliseconds(200) else { return }
        lastUpdate = ContinuousClock.now
        isDrawn = true
        let rate = statistics.seconds > 0 ? Int(Double(statistics.statesStored) / statistics.seconds) : 0
        StandardError.write(
            "\r\u{1B}[K\(NumberText.grouped(statistics.statesStored)) states, \(NumberText.grouped(rate))/s, depth \(statistics.depthReached), "
                + "frontier \(NumberText.grouped(statistics.frontier)), \(ByteCount.text(statistics.bytes)), "
                + String(format: "%.1f s", statistics.seconds))
    }

    func clear() {
        guard isDrawn else { return }
        isDrawn = false
        StandardError.write("\r\u{1B}[K")
    }
}
