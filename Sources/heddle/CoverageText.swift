import Exploration
import Foundation
import ModelFuzzing
import Terminal

extension CoverageSummary {
    /// How many transitions were taken, and for each process type which lines were never come to.
    var text: String {
        var text = "\(NumberText.grouped(taken)) of \(NumberText.counted(reachable, "transition")) taken\n"
        for proctype in proctypes where proctype.taken < proctype.reachable {
            text += "  \(proctype.name): \(proctype.taken) of \(proctype.reachable)\(proctype.missedText)\n"
        }
        return text
    }
}

extension CoverageSummary.OfProctype {
    /// Lines that were never come to: as many as fit a short line.
    fileprivate var missedText: String {
        if taken == 0 { return "; it never moved" }
        let shown = missed.prefix(10)
        var text = ""
        for (index, line) in shown.enumerated() {
            let isSameFile = index > 0 && shown[index - 1].path == line.path
            text += (index == 0 ? "; never at " : ", ") + (isSameFile ? "" : (line.path as NSString).lastPathComponent + ":") + "\(line.number)"
        }
        let rest = missed.count - shown.count
        return text + (rest > 0 ? " and \(rest) more" : "")
    }
}
