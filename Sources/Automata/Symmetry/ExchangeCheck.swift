import Promela

/// Proves that an exchange changes nothing but names: every process, with the names exchanged, says what the process says whose place
/// it takes (Emerson and Sistla, "Symmetry and model checking", 1996: an automorphism of the program is one of its state space).
struct ExchangeCheck {
    /// A process as it speaks: its edges as text, and its `provided`.
    private typealias Speech = (graph: ControlMatch.Graph, provided: String?)

    let system: System
    let region: QuietRegion
    let classes: ValueClasses
    let configuration: ProcessConfiguration
    /// What must ask the same before and after.
    let claims: [ClaimReading]
    /// Each process with the names as they are, which every exchange is compared with.
    private var speeches: [Speech] = []

    init(
        system: System, region: QuietRegion, classes: ValueClasses, configuration: ProcessConfiguration, claims: [ClaimReading]
    ) {
        (self.system, self.region, self.classes) = (system, region, classes)
        (self.configuration, self.claims) = (configuration, claims)
        speeches = configuration.processes.indices.map { speech(of: $0, nil) }
    }

    /// The exchange with what locations become.
    /// - Throws: `Exchange.Failure`
    func completed(_ exchange: Exchange) throws -> Exchange {
        try checkRoom(exchange)
        for proctype in classes.namelessReferences {
            for (pid, process) in configuration.processes.enumerated() where process.proctype == proctype && exchange.pids[pid] != pid {
                throw failure("a reference to \(system.program.proctypes[proctype].name) does not say which", proctype)
            }
        }
        let plain = ExchangedForm(classes: classes, exchange: nil, pid: nil, process: nil)
        let exchanged = ExchangedForm(classes: classes, exchange: exchange, pid: nil, process: nil)
        for reading in claims {
            if let expression = reading.distinction({ exchanged.text($0) != plain.text($0) }) {
                let name = system.program.description(of: expression, in: nil)
                throw Exchange.Failure(text: "`\(name)` tells them apart", span: expression.span, claim: reading.claim)
            }
        }
        var result = exchange
        result.locations = try configuration.processes.indices.map { try locations(of: $0, exchange) }
        for label in classes.labels {
            guard let location = system.automata[label.proctype].locationOfLabel[label.label] else { continue }
            for (pid, process) in configuration.processes.enumerated() where process.proctype == label.proctype {
                if result.locations[pid][location] != location { throw failure("a label that is asked for has a counterpart", label.proctype) }
            }
        }
        return result
    }

    private func failure(_ text: String, _ proctype: Int) -> Exchange.Failure {
        Exchange.Failure(text: text, span: system.program.proctypes[proctype].span)
    }

    /// Every name that changes must be one element of the arrays that names select from, and fit into what holds names.
    private func checkRoom(_ exchange: Exchange) throws {
        for found in exchange.values.keys where !classes.isUniform(found) {
            throw failure("their names are kept in variables of different sizes", configuration.processes.first?.proctype ?? 0)
        }
        for holder in classes.holders {
            guard let variable = holder.variable(in: system.program) else { continue }
            func moved(_ holder: ValueClasses.Holder) -> [Int64] {
                classes.find(holder).flatMap { exchange.values[$0] }.map { Array($0.keys) } ?? []
            }
            if let index = holder.index, let count = variable.count, moved(index).contains(where: { $0 < 0 || $0 >= Int64(count) }) {
                throw Exchange.Failure(text: "`\(variable.displayName)` has too few elements", span: variable.span)
            }
            if case .scalar(let type) = variable.type, moved(holder).contains(where: { Storage.truncate($0, width: type.width, isSigned: type.isSigned) != $0 }) {
                throw Exchange.Failure(text: "`\(variable.displayName)` is too small for their names", span: variable.span)
            }
            if variable.visibility == .hidden, !moved(holder).isEmpty || holder.index.map({ !moved($0).isEmpty }) ?? false {
                throw Exchange.Failure(text: "`\(variable.displayName)` is hidden", span: variable.span)
            }
        }
    }

    private func locations(of pid: Int, _ exchange: Exchange) throws -> [Int] {
        let process = configuration.processes[pid]
        let own = speech(of: pid, exchange)
        let other = speeches[exchange.pids[pid]]
        let name = system.program.proctypes[process.proctype].name
        if own.provided != other.provided { throw failure("`provided` tells \(name)(\(pid)) and its counterpart apart", process.proctype) }
        let automaton = system.automata[process.proctype]
        let isQuiet = region.isQuiet[process.proctype]
        let start = isQuiet[automaton.initial] ? [(automaton.initial, automaton.initial)] : isQuiet.indices.filter { isQuiet[$0] }.map { ($0, $0) }
        guard let match = ControlMatch(own.graph, other.graph, from: start) else {
            throw failure("\(name)(\(pid)) does not say the same when names are exchanged", process.proctype)
        }
        return match.images.enumerated().map { $1 ?? $0 }
    }

    /// What a process says once names are exchanged.
    private func speech(of pid: Int, _ exchange: Exchange?) -> Speech {
        let process = configuration.processes[pid]
        let form = ExchangedForm(classes: classes, exchange: exchange, pid: pid, process: process)
        let automaton = system.automata[process.proctype]
        let outgoing = system.outgoing[process.proctype]
        let isQuiet = region.isQuiet[process.proctype]
        var graph = ControlMatch.Graph(edges: [], marks: [], isOrdered: [])
        for (location, state) in automaton.locations.enumerated() {
            let transitions = isQuiet[location] ? outgoing[location].map { system.transitions[$0] } : []
            let groups = transitions.map(\.escapeGroup)
            graph.edges.append(
                transitions.map { transition in
                    let group = groups.firstIndex(of: transition.escapeGroup) ?? 0
                    return ControlMatch.Edge(
                        text: (transition.keepsControl ? "a" : "") + (transition.escapeGroup == 0 ? " " : "\(group) ")
                            + form.text(transition.action, in: automaton),
                        target: transition.kind == .end ? location : transition.target)
                })
            graph.marks.append("\(state.isEnd)\(state.isProgress)\(state.isAccept)\(isQuiet[location])")
            graph.isOrdered.append(groups.contains { $0 != 0 } || transitions.dropLast().contains { $0.kind == .otherwise })
        }
        return (graph, system.program.proctypes[process.proctype].provided.map(form.text))
    }
}
