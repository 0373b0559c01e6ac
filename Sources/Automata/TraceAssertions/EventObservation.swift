import Promela

/// What a trace assertion makes of the sends and receives of the model.
extension Machine {
    /// Where the assertion stands.
    var traceLocation: Int {
        get {
            layout.options.traceLocationSize == 1
                ? Int(state.load(fromByteOffset: layout.options.traceLocationOffset, as: UInt8.self))
                : Int(state.loadUnaligned(fromByteOffset: layout.options.traceLocationOffset, as: UInt16.self))
        }
        set {
            if layout.options.traceLocationSize == 1 {
                state.storeBytes(
                    of: UInt8(truncatingIfNeeded: newValue), toByteOffset: layout.options.traceLocationOffset, as: UInt8.self)
            } else {
                state.storeBytes(
                    of: UInt16(truncatingIfNeeded: newValue), toByteOffset: layout.options.traceLocationOffset,
                    as: UInt16.self)
            }
        }
    }

    /// Moves the assertion on with an event, which `eventMessage` holds; a fault that this raises lets the step go on, but for
    /// one in an expression of the assertion, and for two ways on that both fit.
    /// - Returns: false if the step cannot go on.
    @inline(never)
    func observe(isSend: Bool, channel: Int64, site: Int) -> Bool {
        if let observer { tell(observer, isSend: isSend, site: site) }
        guard let trace = system.trace else { return true }
        var isInScope = false
        for entry in isSend ? trace.sendScope : trace.receiveScope where !isInScope {
            isInScope = nested { $0.run(entry) } == channel
            if hasFault { return false }
        }
        guard isInScope else { return true }
        let span = system.code.code.faultSites[site].source
        let location = traceLocation
        if location != trace.endLocation {
            var found: Int?
            for edge in trace.edges[location] {
                let doesFit = fits(edge, isSend: isSend, channel: channel)
                if hasFault { return false }
                guard doesFit else { continue }
                guard found == nil else {
                    fail(.nondeterministicTrace, "`\(text(of: span))` fits two ways on in the `\(word(trace))`", span)
                    return false
                }
                found = edge.target
                if trace.isNegated && edge.target == trace.endLocation { break }
            }
            if let found {
                traceLocation = found
                if trace.isNegated && found == trace.endLocation {
                    note(.notraceMatched, "with `\(text(of: span))`, all that the `notrace` describes has happened", span)
                }
                return true
            }
        }
        if trace.isNegated {
            traceLocation = trace.endLocation
        } else {
            note(.traceMismatch, mismatch(trace, at: location, span), span)
        }
        return true
    }

    private func fits(_ edge: TraceAssertion.Edge, isSend: Bool, channel: Int64) -> Bool {
        switch edge.subject {
        case .any: return true
        case .send: guard isSend else { return false }
        case .receive: guard !isSend else { return false }
        }
        guard nested({ $0.run(edge.channelEntry) }) == channel, !hasFault else { return false }
        for match in edge.matches {
            let expected = nested { $0.run(match.entry) }
            if hasFault || expected != (match.field < eventFieldCount ? eventMessage[match.field] : 0) { return false }
        }
        return true
    }

    /// Whether an assertion still waits for events, although nothing can happen any more and every process may stay where it
    /// stands.
    func unfinishedTrace() -> Fault? {
        guard let trace = system.trace, processCount > 0, !trace.automaton.locations[traceLocation].isEnd,
            (0..<processCount).allSatisfy({ locationRecord(ofProcessAt: $0).isEnd })
        else { return nil }
        let expected = expectations(trace, at: traceLocation)
        return Fault(
            kind: .unfinishedTrace, message: "nothing can move, but the `\(word(trace))` still waits for \(expected)",
            span: trace.automaton.locations[traceLocation].span, pid: 0)
    }

    // MARK: Words

    private func mismatch(_ trace: TraceAssertion, at location: Int, _ span: Span) -> String {
        let values = (0..<eventFieldCount).map { String(eventMessage[$0]) }.joined(separator: ", ")
        let event = "`\(text(of: span))`" + (values.isEmpty ? "" : " (with \(values))")
        return location == trace.endLocation
            ? "\(event) comes after the end of the `trace`"
            : "\(event) does not fit the `trace`, which waits for \(expectations(trace, at: location))"
    }

    private func expectations(_ trace: TraceAssertion, at location: Int) -> String {
        var texts: [String] = []
        for edge in trace.automaton.locations[location].edges {
            let text = "`\(text(of: edge.span))`"
            if !texts.contains(text) { texts.append(text) }
        }
        return texts.joined(separator: " or ")
    }

    private func word(_ trace: TraceAssertion) -> String { trace.isNegated ? "notrace" : "trace" }

    private func text(of span: Span) -> String {
        let sources = system.program.sources
        return sources.text(of: sources.spanOutsideMacros(span))
    }
}
