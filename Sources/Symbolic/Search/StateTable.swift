import Automata

/// The symbolic states that were found, without those that are part of what was found before.
///
/// Besides the states it keeps what they cover: where two of them together are a zone again, that zone.
final class StateTable {
    /// A state, and how it was reached.
    final class Node {
        /// How a state came about.
        enum Origin {
            case initial
            /// A step from another one, with a choice in terms of that one's variables; nil where only control was lost.
            case step(from: Node, Step?)
            /// Two states that are all of this one.
            case union(Node, Node)
        }

        let origin: Origin
        /// Steps from the initial state.
        let depth: Int
        /// Whether nothing has to be looked for from here: it has been done, or another state includes this one.
        fileprivate(set) var isDone = false
        fileprivate let family: Family
        fileprivate let constraints: ConstraintSet

        fileprivate init(_ origin: Origin, depth: Int, _ family: Family, _ constraints: ConstraintSet) {
            self.origin = origin
            self.depth = depth
            self.family = family
            self.constraints = constraints
        }
    }

    /// What was found with one explicit part.
    fileprivate final class Group {
        let explicit: Explicit
        /// In the order in which they were found.
        var families: [Family] = []
        /// Where each is, by the number of its structure.
        var numbers: [Int: Int] = [:]

        init(_ explicit: Explicit) { self.explicit = explicit }
    }

    /// What was found with one structure.
    fileprivate final class Family {
        let structure: Structure
        /// The families whose regions may include one of this, itself among them, and what the variables of theirs are in this.
        var above: [(family: Family, relation: StructureTable.Relation)] = []
        /// The families whose regions one of this may include, itself among them, and what the variables of this are in theirs.
        var below: [(family: Family, relation: StructureTable.Relation)] = []
        var covers: [ConstraintSet] = []
        /// The nodes from which nothing was looked for yet.
        var pending: [Node] = []

        unowned let group: Group

        init(_ structure: Structure, _ group: Group) {
            self.structure = structure
            self.group = group
        }
    }

    /// What is known for certain: the bytes without all values that may be terms, and who has control.
    fileprivate struct Explicit: Hashable {
        var bytes: [UInt8]
        var control: Int?

        static func == (one: Explicit, other: Explicit) -> Bool {
            one.control == other.control && one.bytes.count == other.bytes.count
                && one.bytes.withUnsafeBytes { left in other.bytes.withUnsafeBytes { left.elementsEqual($0) } }
        }

        func hash(into hasher: inout Hasher) {
            bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
            hasher.combine(control)
        }
    }

    /// The nodes in the order in which they were found.
    private(set) var nodes: [Node] = []
    /// How many states were left out because they are part of others.
    private(set) var subsumed = 0
    /// Bytes that all this takes, about.
    private(set) var byteCount = 0
    private var groups: [Explicit: Group] = [:]
    /// Sets of constraints that are equal share their memory.
    private var known: Set<ConstraintSet> = []
    private let layout: TermLayout
    private let structures: StructureTable
    private let solver: ConstraintSolver

    init(layout: TermLayout, terms: TermTable, solver: ConstraintSolver) {
        self.layout = layout
        self.solver = solver
        structures = StructureTable(terms: terms)
    }

    /// The state of a node.
    func state(of node: Node) -> SymbolicState {
        var bytes = node.family.group.explicit.bytes
        node.family.structure.write(to: &bytes, at: layout.offsets(in: bytes))
        return SymbolicState(bytes: bytes, constraints: node.constraints, control: node.family.group.explicit.control)
    }

    /// Adds a state, unless it is part of what is covered. Where it and another one that nothing was looked for from yet are
    /// together a state, that takes the place of both.
    /// - Returns: whether it was new.
    func insert(_ state: SymbolicState, _ origin: Node.Origin, depth: Int) -> Bool {
        var explicit = Explicit(bytes: state.bytes, control: state.control)
        let offsets = layout.offsets(in: state.bytes)
        var values: [TermValue] = []
        values.reserveCapacity(offsets.count)
        for offset in offsets {
            values.append(state.bytes.value(at: offset))
            explicit.bytes.setValue(TermValue(bits: 0), at: offset)
        }
        let structure = structures.structure(of: values, variableCount: state.constraints.zone.count)
        let own = family(of: structure, in: group(of: explicit))
        for (family, relation) in own.above
        where family.covers.contains(where: { includes($0, state.constraints, relation) }) {
            subsumed += 1
            return false
        }
        var node = makeNode(origin, depth, own, state.constraints)
        while let (one, other, constraints) = pendingUnion(of: node) {
            subsumed += 1
            finish(one)
            finish(other)
            node = makeNode(.union(one, other), depth, one.family, constraints)
        }
        for (family, relation) in node.family.below {
            for pending in family.pending
            where pending.depth >= node.depth && includes(node.constraints, pending.constraints, relation) {
                subsumed += 1
                finish(pending)
            }
        }
        node.family.pending.append(node)
        cover(node.constraints, node.family)
        return true
    }

    /// Notes that the successors of a node are being looked for, or need not be.
    func finish(_ node: Node) {
        node.isDone = true
        node.family.pending.removeAll { $0 === node }
    }

    private func group(of explicit: Explicit) -> Group {
        if let known = groups[explicit] { return known }
        let group = Group(explicit)
        groups[explicit] = group
        byteCount += explicit.bytes.count + 128
        return group
    }

    private func family(of structure: Structure, in group: Group) -> Family {
        if let known = group.numbers[structure.number] { return group.families[known] }
        let family = Family(structure, group)
        group.numbers[structure.number] = group.families.count
        group.families.append(family)
        for other in group.families {
            let relation = structures.relation(of: other.structure, to: structure)
            if relation.isPossible {
                family.above.append((other, relation))
                if other !== family { other.below.append((family, relation)) }
            }
            let converse = structures.relation(of: structure, to: other.structure)
            if converse.isPossible {
                family.below.append((other, converse))
                if other !== family { other.above.append((family, converse)) }
            }
        }
        byteCount += 192
        return family
    }

    private func makeNode(_ origin: Node.Origin, _ depth: Int, _ family: Family, _ constraints: ConstraintSet) -> Node {
        let node = Node(origin, depth: depth, family, shared(constraints))
        nodes.append(node)
        byteCount += 160
        return node
    }

    private func shared(_ constraints: ConstraintSet) -> ConstraintSet {
        let (isNew, member) = known.insert(constraints)
        if isNew { byteCount += (constraints.zone.count + 1) * (constraints.zone.count + 1) * 16 + 96 }
        return member
    }

    // MARK: Inclusion

    /// Whether every solution of `theirs` is one of `own`; false also where that cannot be told without more work.
    private func includes(_ own: ConstraintSet, _ theirs: ConstraintSet, _ relation: StructureTable.Relation) -> Bool {
        switch relation {
        case .none: return false
        case .differences(let variables) where own.others.isEmpty && theirs.others.isEmpty:
            return own.zone.includes(theirs.zone, variables)
        case .differences(let variables):
            return includes(own, theirs, .expressions(variables.map(\.expression)))
        case .expressions(let variables):
            return own.all.allSatisfy { constraint in theirs.implies(constraint.substituting { variables[$0] }, solver) }
        }
    }

    // MARK: Unions

    private func union(_ own: ConstraintSet, _ theirs: ConstraintSet, _ relation: StructureTable.Relation) -> ConstraintSet? {
        guard case .differences(let variables) = relation, own.others.isEmpty, theirs.others.isEmpty else { return nil }
        return own.zone.union(theirs.zone, variables).map { ConstraintSet(zone: $0) }
    }

    /// The node and another one as deep from which nothing was looked for yet, if the two are together a state, in terms of the
    /// variables of the first that is returned.
    private func pendingUnion(of node: Node) -> (one: Node, other: Node, constraints: ConstraintSet)? {
        for (family, relation) in node.family.above {
            for known in family.pending where known !== node && known.depth == node.depth {
                if let union = union(known.constraints, node.constraints, relation) { return (known, node, union) }
            }
        }
        for (family, relation) in node.family.below {
            for known in family.pending where known !== node && known.depth == node.depth {
                if let union = union(node.constraints, known.constraints, relation) { return (node, known, union) }
            }
        }
        return nil
    }

    /// Adds a region to what is covered, as one with others where that is exact.
    private func cover(_ constraints: ConstraintSet, _ family: Family) {
        var (constraints, family) = (constraints, family)
        while let (union, home) = coverUnion(of: constraints, family) { (constraints, family) = (union, home) }
        family.covers.append(shared(constraints))
    }

    /// The union of a region and of one that is covered, which is taken out, if there is one that is a zone.
    private func coverUnion(of constraints: ConstraintSet, _ family: Family) -> (ConstraintSet, Family)? {
        for (other, relation) in family.above {
            for (index, known) in other.covers.enumerated() {
                guard let union = union(known, constraints, relation) else { continue }
                other.covers.remove(at: index)
                return (union, other)
            }
        }
        for (other, relation) in family.below {
            for (index, known) in other.covers.enumerated() {
                guard let union = union(constraints, known, relation) else { continue }
                other.covers.remove(at: index)
                return (union, family)
            }
        }
        return nil
    }
}
