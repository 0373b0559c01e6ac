/// One move of the system, as small as an interleaving can tell apart: a transition of one process, or a send and a receive
/// that meet in a rendezvous.
public struct Step: Hashable, Sendable {
    public var pid: Int
    /// An index into `System.transitions`.
    public var transition: Int
    /// The value that `select` chose.
    public var choice: Int64?
    /// The other half of a rendezvous.
    public var receiver: Receiver?
    /// Whether this was possible only because nothing else was: a `timeout` took part.
    public var isTimeout: Bool

    public struct Receiver: Hashable, Sendable {
        public var pid: Int
        public var transition: Int

        public init(pid: Int, transition: Int) {
            self.pid = pid
            self.transition = transition
        }
    }

    public init(
        pid: Int, transition: Int, choice: Int64? = nil, receiver: Receiver? = nil, isTimeout: Bool = false
    ) {
        self.pid = pid
        self.transition = transition
        self.choice = choice
        self.receiver = receiver
        self.isTimeout = isTimeout
    }
}
