import Promela

/// A `trace` or `notrace` assertion as the engines see it: an automaton that moves with the sends and receives of the model.
///
/// It decides what Spin's verifier decides, and so has these habits of it:
/// - Sends are events on the channels that the assertion sends on, receives on those that it receives from; copying a message
///   (`c?<x>`) and looking at one (`c?[x]`) are none. Channels are told apart by their identity, whatever they are called.
/// - Of a send only constants are compared, of a receive constants and `eval(...)`; anything else fits any value.
///   `eval` sees the fields of the receive that come before the last one as stored already.
/// - A sorted send is judged by the message at the end of the channel, a random receive by the one at its front.
/// - A send to a rendezvous channel is an event when it is offered, even if nobody takes it.
/// - A `break` or `goto` that is an option of its own fits every event, and uses it up.
/// - Where nothing can move although some process is left, and every process may stay where it stands, the assertion must
///   have come to its end, or to a label that starts with `end`; where no process is left, nothing is asked of it.
public struct TraceAssertion: Sendable {
    /// A way on.
    struct Edge: Sendable {
        /// Which events this is about.
        enum Subject: Sendable {
            case send, receive
            /// A jump: every event fits.
            case any
        }

        /// A field that must have the value that the code at `entry` computes.
        struct Match: Sendable {
            var field: Int
            var entry: Int
        }

        var subject: Subject
        /// The code that computes the number of the channel.
        var channelEntry: Int
        var matches: [Match]
        var target: Int
    }

    public let proctype: Proctype
    public let automaton: ControlFlowAutomaton
    /// For each location.
    let edges: [[Edge]]
    /// The code of the channels whose sends and whose receives are events.
    let sendScope: [Int]
    let receiveScope: [Int]

    /// Whether this is a `notrace`: what it describes must not happen.
    public var isNegated: Bool { proctype.role == .notrace }

    /// The location behind the last statement.
    var endLocation: Int { automaton.locations.count - 1 }
}

extension TraceAssertion {
    init(_ proctype: Proctype, _ automaton: ControlFlowAutomaton, with compiler: inout ExpressionCompiler) {
        self.proctype = proctype
        self.automaton = automaton
        var sendScope: [Int] = []
        var receiveScope: [Int] = []
        // The edges of a choice are copies of those of its options: each channel is compiled once for all of them.
        var known: [Int: Edge] = [:]
        edges = automaton.locations.map { location in
            location.edges.compactMap { edge in
                if var copy = known[edge.origin] {
                    copy.target = edge.target
                    return copy
                }
                let result: Edge
                switch edge.action {
                case .statement(let statement):
                    guard let event = compiler.event(statement, leadingTo: edge.target) else { return nil }
                    result = event
                case .skip: result = Edge(subject: .any, channelEntry: -1, matches: [], target: edge.target)
                case .otherwise, .deterministicStep, .end: return nil
                }
                known[edge.origin] = result
                switch result.subject {
                case .send: sendScope.append(result.channelEntry)
                case .receive: receiveScope.append(result.channelEntry)
                case .any: break
                }
                return result
            }
        }
        self.sendScope = sendScope
        self.receiveScope = receiveScope
    }
}

extension ExpressionCompiler {
    fileprivate mutating func event(_ statement: Statement, leadingTo target: Int) -> TraceAssertion.Edge? {
        let subject: TraceAssertion.Edge.Subject
        let channel: Expression
        var matches: [TraceAssertion.Edge.Match] = []
        switch statement.kind {
        case .send(let to, let arguments, _):
            (subject, channel) = (.send, to)
            for (field, argument) in arguments.enumerated() {
                guard case .constant = argument.kind else { continue }
                matches.append(.init(field: field, entry: entry(of: argument)))
            }
        case .receive(let from, let arguments, _, _):
            (subject, channel) = (.receive, from)
            for (field, argument) in arguments.enumerated() {
                guard case .match(let value) = argument else { continue }
                matches.append(.init(field: field, entry: entry(of: value)))
            }
        default: return nil
        }
        return .init(subject: subject, channelEntry: entry(of: channel), matches: matches, target: target)
    }

    /// Emits code that finishes with the value of an expression, and returns where it starts.
    private mutating func entry(of expression: Expression) -> Int {
        let position = builder.position
        let mark = builder.nextRegister
        builder.emit(.finish, source: value(expression, wide: true))
        builder.release(to: mark)
        return position
    }
}
