import Foundation

/// What Spin's verifier makes of the control flow of a model, as `pan -d` prints it.
public struct SpinTransitionTable: Sendable {
    /// One way on from a state.
    public struct Edge: Hashable, Sendable, CustomStringConvertible {
        public var target: Int
        /// Control stays with the process afterwards.
        public var isAtomic: Bool
        public var isDeterministicStep: Bool

        public init(target: Int, isAtomic: Bool, isDeterministicStep: Bool) {
            self.target = target
            self.isAtomic = isAtomic
            self.isDeterministicStep = isDeterministicStep
        }

        public var description: String { "\(isAtomic ? "A" : "")\(isDeterministicStep ? "D" : "")>\(target)" }
    }

    /// One control state: where it leads to, in the order in which the verifier tries it, and what its labels say.
    public struct State: Hashable, Sendable, CustomStringConvertible {
        public var edges: [Edge]
        public var isEnd: Bool
        public var isProgress: Bool
        public var isAccept: Bool

        public init(edges: [Edge], isEnd: Bool, isProgress: Bool, isAccept: Bool) {
            self.edges = edges
            self.isEnd = isEnd
            self.isProgress = isProgress
            self.isAccept = isAccept
        }

        public var description: String {
            "\(isEnd ? "e" : "")\(isProgress ? "p" : "")\(isAccept ? "a" : "")\(edges)"
        }
    }

    /// The control flow of one proctype.
    public struct Proctype: Sendable {
        public var initial: Int
        /// By their numbers.
        public var states: [Int: State] = [:]

        /// The states that can be reached from the first one. The table has more: it also lists where an escape starts,
        /// though control is only ever behind its first step.
        public var reachable: [Int: State] {
            var found: [Int: State] = [:]
            var pending = [initial]
            while let number = pending.popLast() {
                guard found[number] == nil, let state = states[number] else { continue }
                found[number] = state
                pending += state.edges.map(\.target)
            }
            return found
        }

        public init(initial: Int, states: [Int: State] = [:]) {
            self.initial = initial
            self.states = states
        }
    }

    /// By their names; the initial process is called `init`.
    public private(set) var proctypes: [String: Proctype] = [:]

    /// Reads the table; lines that are none of it are passed over.
    init(output: String) {
        var proctype = ""
        for line in output.split(separator: "\n") {
            let words = line.split(whereSeparator: { $0 == " " || $0 == "\t" })
            if words.first == "proctype" || words.first == "init", words.count <= 2 {
                proctype = String(words[words.count - 1])
            } else if words.first == "state", let source = words.dropFirst().first.flatMap({ Int($0) }) {
                guard let arrow = words.firstIndex(of: "state", after: 1), let target = Int(words[arrow + 1]),
                    let flags = words.first(where: { $0.hasPrefix("[") && $0.count == 7 && $0.hasSuffix("]") })
                else { continue }
                let edge = Edge(target: target, isAtomic: flags.contains("A"), isDeterministicStep: flags.contains("D"))
                var table = proctypes[proctype] ?? Proctype(initial: source)
                var state = table.states[source]
                    ?? State(
                        edges: [], isEnd: flags.contains("e"), isProgress: flags.contains("p"),
                        isAccept: flags.contains("a"))
                state.edges.append(edge)
                table.states[source] = state
                proctypes[proctype] = table
            }
        }
    }
}

extension [Substring] {
    fileprivate func firstIndex(of word: Substring, after index: Int) -> Int? {
        self[(index + 1)...].firstIndex(of: word).flatMap { $0 + 1 < count ? $0 : nil }
    }
}

extension SpinOracle {
    /// The control flow that Spin's verifier gives a model; nil if Spin does not take it for one.
    public func transitionTable(text: String) throws -> SpinTransitionTable? {
        guard let spin = ChildProcess.find("spin") else { throw SpinOracleError.isMissing("spin") }
        let directory = try TemporaryDirectory(prefix: "heddle-spin")
        try Data(text.utf8).write(to: directory.url.appendingPathComponent("model.pml"))
        let (ending, _) = try ChildProcess(
            spin, ["-o1", "-o2", "-o3", "-a", "model.pml"], directory: directory.url, timeout: timeout
        ).run()
        guard ending == .exit(0), try compile(in: directory, with: ["-DSAFETY"]) == nil else { return nil }
        let (_, output) = try ChildProcess(
            directory.url.appendingPathComponent("pan").path, ["-d"], directory: directory.url, timeout: timeout
        ).run()
        return SpinTransitionTable(output: output)
    }
}
