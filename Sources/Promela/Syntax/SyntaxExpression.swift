/// A name where it was written.
struct Name {
    var text: String
    var span: Span
}

/// A variable as it was written: `a`, `a[i]`, `a[i].b.c[j]`.
struct SyntaxReference {
    struct Segment {
        var name: Name
        var index: SyntaxExpression?
    }

    /// Never empty.
    var segments: [Segment]
    var span: Span

    var base: Name { segments.first?.name ?? Name(text: "", span: span) }
    /// Whether this is a name alone, without index or field.
    var isPlain: Bool { segments.count == 1 && segments.first?.index == nil }
}

/// An expression as it was written, names not yet resolved.
struct SyntaxExpression {
    var kind: Kind
    var span: Span
    /// Levels below this one, itself included; bounded, so that nothing that recurses over a tree can overflow.
    var depth: Int

    init(_ kind: Kind, span: Span, depth: Int = 1) {
        self.kind = kind
        self.span = span
        self.depth = depth
    }

    indirect enum Kind {
        case number(UInt64)
        case reference(SyntaxReference)
        case unary(Expression.UnaryOperator, SyntaxExpression)
        case binary(Expression.BinaryOperator, SyntaxExpression, SyntaxExpression)
        case conditional(SyntaxExpression, then: SyntaxExpression, else: SyntaxExpression)
        case run(Name, arguments: [SyntaxExpression], priority: SyntaxExpression?)
        case length(SyntaxReference)
        case channelTest(Expression.ChannelTest, SyntaxReference)
        case poll(SyntaxReference, arguments: [SyntaxReceiveArgument], isRandom: Bool)
        case timeout
        case nonProgress
        case enabled(SyntaxExpression)
        case programCounter(SyntaxExpression)
        case getPriority(SyntaxExpression)
        case setPriority(SyntaxExpression, SyntaxExpression)
        case remoteLabel(process: Name, pid: SyntaxExpression?, label: Name)
        case remoteVariable(process: Name, pid: SyntaxExpression?, SyntaxReference)
        case temporalUnary(TemporalUnary, SyntaxExpression)
        case temporalBinary(TemporalBinary, SyntaxExpression, SyntaxExpression)
        /// Something that was reported already.
        case invalid
    }

    enum TemporalUnary { case always, eventually, next }
    enum TemporalBinary { case until, weakUntil, release, implies, equivalent }
}

/// One argument of a receive as it was written.
enum SyntaxReceiveArgument {
    case reference(SyntaxReference)
    /// `eval(expression)`
    case evaluate(SyntaxExpression)
    /// A literal, perhaps negative.
    case constant(SyntaxExpression)
}
