import Promela

extension Expression {
    /// Where the expression and everything in it stands.
    var spans: [Span] {
        var collector = SpanCollector()
        collector.visit(self)
        return collector.spans
    }
}

private struct SpanCollector: ProgramVisitor {
    private(set) var spans: [Span] = []

    mutating func visit(_ expression: Expression) {
        spans.append(expression.span)
        visitParts(of: expression)
    }

    mutating func visit(_ place: Place) {
        spans.append(place.span)
        visitParts(of: place)
    }
}
