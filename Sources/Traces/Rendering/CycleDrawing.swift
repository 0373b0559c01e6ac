/// Draws what frames the cycle of a run that goes on for ever.
struct CycleDrawing {
    let trace: Trace
    let glyphs: TextGlyphs

    /// Whether there are steps that are taken over and over.
    var hasCycle: Bool { trace.loopStart != nil && !trace.staysForEver }

    /// The column of the marks of atomic sequences: that of the cycle's frame is left of it.
    var groupColumn: Int { hasCycle ? 1 : 0 }

    /// Whether a step, by its index, is part of the cycle.
    func contains(_ index: Int) -> Bool {
        guard hasCycle, let start = trace.loopStart else { return false }
        return index >= start
    }

    /// The line above the first step of the cycle.
    var opening: TextLine {
        var result = TextLine()
        result.put(glyphs.cycleStart, at: 0, .process)
        result.put("cycle: from here on, for ever", at: glyphs.cycleStart.count + 1, .process)
        return result
    }

    /// The line below the last step; nil for a path that ends.
    var closing: TextLine? {
        guard let start = trace.loopStart else { return nil }
        var result = TextLine()
        if hasCycle {
            result.put(glyphs.cycleEnd, at: 0, .process)
            result.put(
                "back to the \(start == 0 ? "initial state" : "state after step \(start)")", at: glyphs.cycleEnd.count + 1,
                .process)
        } else {
            result.put(glyphs.cycleStay, at: 0, .process)
            result.put("this state lasts for ever: nothing can move any more", at: glyphs.cycleStay.count + 1, .process)
        }
        return result
    }

    func mark(_ lines: inout [TextLine]) {
        for index in lines.indices { lines[index].put(glyphs.cycleMiddle, at: 0, .process) }
    }

    /// How long the path is, in words.
    static func length(of trace: Trace) -> String {
        func counted(_ count: Int) -> String { "\(count) step\(count == 1 ? "" : "s")" }
        let count = trace.steps.count + (trace.violation.failedStep == nil ? 0 : 1)
        guard let start = trace.loopStart, !trace.staysForEver else {
            return count == 0 ? "in the initial state" : "after \(counted(count))"
        }
        let cycle = "a cycle of \(counted(max(0, count - start)))"
        return start == 0 ? cycle : "after \(counted(start)) \(cycle)"
    }
}
