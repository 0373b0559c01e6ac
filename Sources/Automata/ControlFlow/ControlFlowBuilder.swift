import Promela

/// Turns elements into locations and edges, the way Spin's verifier does: a choice has the edges of its options, jumps are
/// followed, and the escapes that cover a statement come before it.
struct ControlFlowBuilder {
    private struct ProtoEdge {
        var edge: ControlFlowAutomaton.Edge
        /// Numbers of the escapes that cover the edge, outermost first.
        var escapes: [Int]
    }

    private let proctype: Proctype
    private var elements: [Element] = []
    private var labelled: [Int: Element] = [:]
    private var edges: [[ProtoEdge]] = []
    private var deterministicSteps: [DeterministicStep] = []

    static func build(_ proctype: Proctype) throws -> ControlFlowAutomaton {
        var builder = ControlFlowBuilder(proctype)
        return try builder.build()
    }

    private init(_ proctype: Proctype) { self.proctype = proctype }

    private mutating func build() throws -> ControlFlowAutomaton {
        var elementBuilder = ElementBuilder(proctype)
        let body = elementBuilder.build()
        elements = elementBuilder.elements
        labelled = elementBuilder.labelled
        link(body)

        var locations = [ControlFlowAutomaton.Location](
            repeating: .init(span: proctype.span), count: elements.count + 1)
        for element in elements {
            locations[element.number].span = element.span
            for label in element.labels {
                let name = proctype.labels[label]
                if name.isEnd { locations[element.number].isEnd = true }
                if name.isProgress { locations[element.number].isProgress = true }
                if name.isAccept { locations[element.number].isAccept = true }
            }
            if case .end = element.kind { locations[element.number].isEnd = true }
        }

        edges = [[ProtoEdge]](repeating: [], count: elements.count + 1)
        for element in elements {
            if let own = try ownEdge(of: element) { edges[element.number] = [own] }
        }
        for element in elements where element.isComposite {
            edges[element.number] = try optionEdges(of: element, &locations)
        }
        addEscapes()
        for element in elements where element.isJoin && locations[element.number].isEnd {
            if edges[element.number].count == 1 {
                locations[edges[element.number][0].edge.target].isEnd = true
            }
        }
        for number in locations.indices {
            locations[number].edges = edges[number].map(\.edge)
        }
        let initial = try body.first.map { try hunt($0, keepingControl: false) }
        return ControlFlowAutomaton(
            locations: locations, initial: initial?.number ?? elements.count,
            deterministicSteps: deterministicSteps,
            locationOfLabel: proctype.labels.indices.map { labelled[$0]?.number })
    }

    // MARK: Following control

    /// Ties the end of each body to what follows it, outermost first, and lets a jump out of an atomic sequence end it.
    private func link(_ sequence: ElementSequence) {
        for element in sequence.elements(through: sequence.last) {
            if let body = element.body {
                adjustJumps(body)
                body.last?.next = element.next
                link(body)
            }
            for option in element.options { link(option) }
        }
    }

    private func adjustJumps(_ sequence: ElementSequence) {
        for element in sequence.elements(through: sequence.extent) {
            if let target = jumpTarget(of: element) {
                let isAtomic = element.keepsControl || element.endsAtomic
                let leadsIntoAtomic = target.keepsControl || target.endsAtomic
                if isAtomic && !leadsIntoAtomic {
                    element.keepsControl = false
                    element.endsAtomic = true
                }
                if element.endsAtomic && leadsIntoAtomic {
                    element.endsAtomic = false
                    element.keepsControl = true
                }
            }
            for option in element.options { adjustJumps(option) }
        }
    }

    private func jumpTarget(of element: Element) -> Element? {
        switch element.kind {
        case .goto(let label): labelled[label]
        case .leaveLoop(let exit): exit.next
        default: nil
        }
    }

    /// The element that control rests at when it reaches `start`: jumps and joins are passed, but a step that keeps control
    /// stops at the border of its atomic sequence.
    private func hunt(_ start: Element, keepingControl: Bool) throws -> Element {
        var element = start
        for _ in 0..<10_000 {
            let following: Element
            switch element.kind {
            case .goto, .leaveLoop:
                guard let target = jumpTarget(of: element) else { return element }
                if target === element {
                    throw ControlFlowError(message: "this jump leads to itself", span: element.span)
                }
                following = target
            case .join, .loopExit:
                guard let next = element.next else { return element }
                following = next
            case .unless:
                guard let first = element.options[0].first else { return element }
                following = try hunt(first, keepingControl: keepingControl)
            default:
                return element
            }
            if keepingControl && !following.keepsControl { return element }
            element = following
        }
        throw ControlFlowError(message: "these jumps lead nowhere but to each other", span: start.span)
    }

    /// The element that an option starts with.
    private func start(of sequence: ElementSequence) -> Element? {
        guard var element = sequence.first else { return nil }
        for _ in 0..<10_000 {
            if element.isJoin, let next = element.next {
                element = next
            } else if case .unless = element.kind, let first = element.options[0].first {
                element = first
            } else {
                return element
            }
        }
        return element
    }

    // MARK: Edges

    private mutating func ownEdge(of element: Element) throws -> ProtoEdge? {
        let action: ControlFlowAutomaton.Action
        var follow = element.next
        var escapes = element.escapes
        switch element.kind {
        case .step(let statement):
            if case .condition(let condition) = statement.kind, case .constant(let value) = condition.kind, value == 1 {
                action = .skip
            } else {
                action = .statement(statement)
            }
        case .otherwise: action = .otherwise
        case .skip, .loopExit: action = .skip
        case .join:
            action = .skip
            escapes = []
        case .goto, .leaveLoop:
            action = .skip
            follow = jumpTarget(of: element)
        case .end:
            action = .end
            follow = nil
        case .deterministicStep:
            action = .deterministicStep(deterministicSteps.count)
            deterministicSteps.append(try deterministicStep(element))
        case .selection, .repetition, .atomic, .sequence, .unless:
            return nil
        }
        if element.isInDeterministicStep { return nil }
        let target = try follow.map { try hunt($0, keepingControl: element.keepsControl).number } ?? 0
        return ProtoEdge(
            edge: .init(
                action: action, target: target, keepsControl: element.keepsControl, escapeGroup: 0,
                origin: element.number, span: element.span),
            escapes: try escapes.compactMap { try $0.first.map { try hunt($0, keepingControl: element.keepsControl).number } })
    }

    private func optionStarts(of element: Element) -> [Element] {
        if let body = element.body { return start(of: body).map { [$0] } ?? [] }
        return element.options.compactMap { option in
            guard let first = start(of: option) else { return nil }
            if case .step(let statement) = first.kind, case .condition(let condition) = statement.kind,
                case .constant(0) = condition.kind, first.escapes.isEmpty
            {
                return nil
            }
            return first
        }
    }

    /// The edges of a choice are those of what its options start with; so are, for what Spin makes of it, the labels of an
    /// option's first statement handed to where that statement leads.
    private func optionEdges(
        of element: Element, _ locations: inout [ControlFlowAutomaton.Location], depth: Int = 0
    ) throws -> [ProtoEdge] {
        guard depth < 1000 else {
            throw ControlFlowError(message: "this choice starts with itself", span: element.span)
        }
        var result: [ProtoEdge] = []
        for first in optionStarts(of: element) {
            if first.isComposite {
                for inner in optionStarts(of: first) {
                    inherit(from: first.number, to: inner.number, &locations)
                }
                result += try optionEdges(of: first, &locations, depth: depth + 1)
            } else {
                for own in edges[first.number] {
                    inherit(from: first.number, to: own.edge.target, &locations)
                    result.append(own)
                }
            }
        }
        return result
    }

    private func inherit(from: Int, to: Int, _ locations: inout [ControlFlowAutomaton.Location]) {
        if locations[from].isEnd { locations[to].isEnd = true }
        if locations[from].isProgress { locations[to].isProgress = true }
        if locations[from].isAccept { locations[to].isAccept = true }
    }

    private mutating func addEscapes() {
        for number in edges.indices {
            var result = edges[number]
            for own in edges[number] {
                for escape in own.escapes.reversed() {
                    for way in edges[escape] where !result.contains(where: { $0.edge.origin == way.edge.origin }) {
                        var copy = way
                        copy.edge.escapeGroup = escape
                        result.insert(copy, at: 0)
                    }
                }
            }
            edges[number] = result
        }
    }

    // MARK: d_step

    private func deterministicStep(_ element: Element) throws -> DeterministicStep {
        var nodes: [DeterministicStep.Node] = []
        var indexOfElement: [Int: Int] = [:]

        func node(for start: Element?) throws -> Int? {
            guard let start else { return nil }
            var resolved = start
            var hops = 0
            while true {
                hops += 1
                if hops > 10_000 {
                    throw ControlFlowError(message: "these jumps lead nowhere but to each other", span: start.span)
                }
                guard resolved.isInDeterministicStep else { return nil }
                let next: Element?
                switch resolved.kind {
                case .goto, .leaveLoop: next = jumpTarget(of: resolved)
                case .join, .loopExit: next = resolved.next
                case .unless: next = resolved.options[0].first
                case .sequence, .atomic: next = resolved.body?.first
                default: next = resolved
                }
                guard let next else { return nil }
                if next === resolved { break }
                resolved = next
            }
            if let index = indexOfElement[resolved.number] { return index }
            let index = nodes.count
            indexOfElement[resolved.number] = index
            nodes.append(.skip(next: nil))
            switch resolved.kind {
            case .step(let statement): nodes[index] = .statement(statement, next: try node(for: resolved.next))
            case .otherwise: nodes[index] = .otherwise(next: try node(for: resolved.next))
            case .selection, .repetition:
                nodes[index] = .choice(
                    try resolved.options.compactMap { try node(for: $0.first) }, resolved.span)
                guard !starts(index, with: index) else {
                    throw ControlFlowError(message: "this choice starts with itself", span: resolved.span)
                }
            default: nodes[index] = .skip(next: try node(for: resolved.next))
            }
            return index
        }

        /// Whether an option of a choice leads to a node before anything is done.
        func starts(_ choice: Int, with node: Int) -> Bool {
            var open = [choice]
            var seen: Set<Int> = []
            while let index = open.popLast() {
                guard case .choice(let options, _) = nodes[index] else { continue }
                if options.contains(node) { return true }
                open += options.filter { seen.insert($0).inserted }
            }
            return false
        }

        let first = try node(for: element.body?.first)
        return DeterministicStep(nodes: nodes, first: first, span: element.span)
    }
}
