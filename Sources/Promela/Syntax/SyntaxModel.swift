/// A whole model as it was written.
struct SyntaxModel {
    /// In textual order, but for `ltl` blocks: like Spin, those come last.
    var units: [SyntaxUnit] = []
    /// Every `inline`, for suggestions.
    var inlineNames: [Name] = []
    /// Labels that other processes or formulas look at, as `process@label`.
    var remoteLabels: Set<String> = []
}

/// Something at the outermost level of a model.
enum SyntaxUnit {
    case process(SyntaxProcess)
    case declaration(SyntaxDeclaration)
    case messageTypes(SyntaxMessageTypes)
    case record(SyntaxRecord)
    case formula(SyntaxFormula)
}

/// A `proctype`, `init`, `never`, `trace` or `notrace`.
struct SyntaxProcess {
    /// The name; for all but `proctype` and a named `never` it stands at the keyword.
    var name: Name
    var role: Proctype.Role
    var isDeterministic = false
    /// `active [count]`: nil when not active.
    var activeCount: SyntaxExpression?
    var parameters: [SyntaxDeclaration] = []
    var priority: SyntaxExpression?
    var provided: SyntaxExpression?
    var body: SyntaxBlock
    var span: Span
    var endSpan: Span
}

/// `mtype = { ... }`, or `mtype:NAME = { ... }`.
struct SyntaxMessageTypes {
    var set: Name?
    var members: [Name]
    var span: Span
}

/// A `typedef`.
struct SyntaxRecord {
    var name: Name
    var fields: [SyntaxDeclaration]
    var span: Span
}

/// An `ltl` block.
struct SyntaxFormula {
    var name: Name?
    var root: SyntaxExpression
    var span: Span
}
