import Promela

extension Expression {
    /// Where the expression and everything in it stands.
    var spans: [Span] {
        var result = [span]
        collect(into: &result)
        return result
    }

    private func collect(into result: inout [Span]) {
        func visit(_ expression: Expression) { result += expression.spans }
        func visit(_ place: Place) {
            result.append(place.span)
            for case .index(let index) in place.path { visit(index) }
        }
        switch kind {
        case .constant, .timeout, .nonProgress: break
        case .load(let place): visit(place)
        case .unary(_, let operand), .length(let operand), .channelTest(_, let operand), .enabled(let operand),
            .programCounter(let operand), .getPriority(let operand):
            visit(operand)
        case .binary(_, let left, let right), .setPriority(let left, let right):
            visit(left)
            visit(right)
        case .conditional(let condition, let first, let second):
            visit(condition)
            visit(first)
            visit(second)
        case .run(_, let arguments, _): arguments.forEach(visit)
        case .poll(let channel, let arguments, _):
            visit(channel)
            for argument in arguments {
                switch argument {
                case .store(let place): visit(place)
                case .match(let expression): visit(expression)
                }
            }
        case .remoteLabel(_, let pid, _): if let pid { visit(pid) }
        case .remoteVariable(_, let pid, let place):
            if let pid { visit(pid) }
            visit(place)
        }
    }
}
