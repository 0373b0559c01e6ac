/// A statement as it was written, after inline expansion, names not yet resolved.
struct SyntaxStatement {
    var kind: Kind
    var span: Span
    var labels: [Name] = []

    init(_ kind: Kind, span: Span, labels: [Name] = []) {
        self.kind = kind
        self.span = span
        self.labels = labels
    }

    indirect enum Kind {
        case declaration(SyntaxDeclaration)
        /// `xr` and `xs`
        case exclusive([SyntaxReference])
        case expression(SyntaxExpression)
        case otherwise
        case assign(SyntaxReference, SyntaxExpression)
        case send(SyntaxReference, arguments: [SyntaxExpression], isSorted: Bool)
        case receive(SyntaxReference, arguments: [SyntaxReceiveArgument], isRandom: Bool, keepsMessage: Bool)
        case assert(SyntaxExpression)
        case print(format: String, arguments: [SyntaxExpression])
        case printName(SyntaxExpression)
        case select(SyntaxReference, from: SyntaxExpression, through: SyntaxExpression, SelectForm)
        case forRange(SyntaxReference, from: SyntaxExpression, through: SyntaxExpression, SyntaxBlock)
        case forEach(SyntaxReference, in: SyntaxReference, SyntaxBlock)
        case selection([SyntaxBlock])
        case repetition([SyntaxBlock])
        case goto(Name)
        case `break`
        case unless(SyntaxStatement, escape: SyntaxStatement)
        case atomic(SyntaxBlock)
        case deterministicStep(SyntaxBlock)
        case block(SyntaxBlock)
        /// Something that was reported already.
        case invalid
    }

    /// Which of its two expansions Spin gives a `select`.
    enum SelectForm {
        /// Its lexer's: bounds are literals and the text stands outside every inline.
        case literalBounds
        /// Its parser's.
        case general
    }

    var isInvalid: Bool {
        if case .invalid = kind { return true }
        return false
    }
}

/// Statements in order, with where they stand.
struct SyntaxBlock {
    var statements: [SyntaxStatement]
    var span: Span
}

/// `hidden byte x = 1, y[3]`: variables that share a type.
struct SyntaxDeclaration {
    enum TypeName {
        case bit, bool, byte, short, int, unsigned, pid, chan
        /// `mtype`, or `mtype:name`
        case mtype(Name?)
        case record(Name)
    }

    struct Item {
        enum Initializer {
            case value(SyntaxExpression)
            case values([SyntaxExpression], Span)
            case channel(capacity: SyntaxExpression, fields: [(type: TypeName, width: SyntaxExpression?, span: Span)], Span)
        }

        var name: Name
        /// `: width` of an `unsigned`
        var width: SyntaxExpression?
        var count: SyntaxExpression?
        var initializer: Initializer?
        var span: Span
    }

    var visibility: Variable.Visibility
    var type: TypeName
    var typeSpan: Span
    var items: [Item]
    var span: Span
}
