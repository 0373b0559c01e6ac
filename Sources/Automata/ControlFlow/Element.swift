import Promela

/// A node of the control structure of one process, between the syntax and the automaton.
///
/// Spin numbers the control states of a process by such elements, in the order in which its parser meets them; state
/// counts, `pc_value` and remote label references are only the same as Spin's if the elements are.
final class Element {
    enum Kind {
        /// A statement that is one step.
        case step(Statement)
        case otherwise
        /// A jump to a label, by its index.
        case goto(Int)
        /// A jump to the point behind the loop that encloses it.
        case leaveLoop(Element)
        /// Where the options of a selection, a loop or an `unless` come together again.
        case join
        /// The point behind a loop.
        case loopExit
        case selection
        case repetition
        case unless
        case atomic
        case deterministicStep
        case sequence
        /// A step that does nothing, put where a label must be a control state of its own.
        case skip
        /// The closing brace: the process ends.
        case end
    }

    var kind: Kind
    let number: Int
    var span: Span
    var labels: [Int]
    var next: Element?
    /// The options of a selection or loop; the normal sequence and the escape of an `unless`.
    var options: [ElementSequence] = []
    /// The body of `atomic`, `d_step` and `{}`.
    var body: ElementSequence?
    /// The escapes that cover this element, outermost first.
    var escapes: [ElementSequence] = []
    /// Whether control stays with the process after this step.
    var keepsControl = false
    /// Whether this is the last step of an atomic sequence.
    var endsAtomic = false
    /// Whether this lies in a `d_step`.
    var isInDeterministicStep = false

    init(_ kind: Kind, number: Int, span: Span, labels: [Int] = []) {
        self.kind = kind
        self.number = number
        self.span = span
        self.labels = labels
    }

    var isJoin: Bool {
        if case .join = kind { return true }
        return false
    }

    var isComposite: Bool {
        switch kind {
        case .selection, .repetition, .atomic, .sequence: true
        default: false
        }
    }
}

/// Elements in order.
final class ElementSequence {
    var first: Element?
    var last: Element?
    /// The last element before the joins were appended.
    var extent: Element?

    func append(_ element: Element) {
        if let last { last.next = element } else { first = element }
        last = element
    }

    /// The elements from the first to `end`, which is `last` or `extent`.
    func elements(through end: Element?) -> [Element] {
        var result: [Element] = []
        var current = first
        while let element = current {
            result.append(element)
            if element === end { break }
            current = element.next
        }
        return result
    }
}
