extension SourceMap {
    /// The span from one token through a later one, also when either came through a macro: then it covers the calls, as far out
    /// as is needed for both to stand in the same text.
    func span(from first: Span, through last: Span) -> Span {
        if first.file == last.file, first.expansion == last.expansion { return first.joined(with: last) }
        let ends = backtrace(of: last)
        for start in backtrace(of: first) {
            for end in ends where start.file == end.file && start.expansion == end.expansion {
                return start.joined(with: end)
            }
        }
        return first
    }
}
