import Automata

/// The symbolic states that were found, without those that are part of what was found before.
///
/// Besides the states it keeps what they cover: where two of them together are a zone again, that zone.
final class StateTable {
    /// A state, by its number: they are numbered in the order in which they were found.
    struct Node: Hashable {
        let number: Int
    }

    /// How a state came about.
    enum Origin {
        case initial
        /// A step from another one, with a choice in terms of that one's variables; nil where only control was lost.
        case step(from: Node, Step?)
        /// Two states that are all of this one.
        case union(Node, Node)
    }

    /// A state, and how it was reached.
    private struct Record {
        enum Kind: UInt8 { case initial, step, union }

        var family: UInt32
        var constraints: UInt32
        /// Steps from the initial state.
        var depth: UInt32
        /// The state before, or one of two; and the step, or the other.
        var first: UInt32 = 0
        var second: UInt32 = 0
        var kind: Kind
        /// Whether nothing has to be looked for from here: it has been done, or another state includes this one.
        var isDone = false
    }

    /// What was found with one structure and one explicit part.
    private struct Family {
        var group: UInt32
        var structure: UInt32
        /// Sets of constraints that are covered, by their numbers.
        var covers = NumberLists.List()
        /// The nodes from which nothing was looked for yet.
        var pending = NumberLists.List()
    }

    /// A family of a group.
    private struct Member {
        var family: UInt32
        var structure: UInt32
    }

    /// How many states were left out because they are part of others.
    private(set) var subsumed = 0
    private var records: [Record] = []
    private var families: [Family] = []
    private var explicits = NumberedValues<NormalForm.Explicit>()
    private var explicitBytes = 0
    /// For each explicit part, the families that have it.
    private var groups: [[Member]] = []
    private let constraintSets = ConstraintTable()
    private var steps = NumberedValues<Step?>()
    private var covers = NumberLists()
    private var pending = NumberLists()
    private let structures: StructureTable
    private let solver: ConstraintSolver

    /// Of the group that was looked at last, the families whose regions may include one of the structure that it was looked at
    /// for, and those whose regions may be part of one; and its own.
    private var above: [Int] = []
    private var below: [Int] = []
    private var own: Int?
    private var coordinates: [Zone.Coordinate] = []

    init(terms: TermTable, solver: ConstraintSolver) {
        self.solver = solver
        structures = StructureTable(terms: terms)
    }

    /// How many nodes there are.
    var count: Int { records.count }

    /// Bytes that all this takes, about.
    var byteCount: Int {
        records.capacity * MemoryLayout<Record>.stride + families.capacity * MemoryLayout<Family>.stride
            + families.count * MemoryLayout<Member>.stride * 2 + groups.capacity * 8 + explicits.byteCount + explicitBytes
            + constraintSets.byteCount + steps.byteCount + covers.byteCount + pending.byteCount
            + structures.byteCount
    }

    func depth(of node: Node) -> Int { Int(records[node.number].depth) }

    /// Whether nothing has to be looked for from a node: it has been done, or another state includes it.
    func isDone(_ node: Node) -> Bool { records[node.number].isDone }

    func origin(of node: Node) -> Origin {
        let record = records[node.number]
        switch record.kind {
        case .initial: return .initial
        case .step: return .step(from: Node(number: Int(record.first)), steps[Int(record.second)])
        case .union: return .union(Node(number: Int(record.first)), Node(number: Int(record.second)))
        }
    }

    /// The state of a node.
    func form(of node: Node) -> NormalForm {
        let record = records[node.number]
        let family = families[Int(record.family)]
        return NormalForm(
            explicit: explicits[Int(family.group)], values: Array(structures.structures[Int(family.structure)].values),
            constraints: constraintSets[Int(record.constraints)])
    }

    /// Adds a state, unless it is part of what is covered. Where it and another one that nothing was looked for from yet are
    /// together a state, that takes the place of both.
    /// - Returns: whether it was new.
    func insert(_ state: NormalForm, _ origin: Origin, depth: Int) -> Bool {
        let structure = structures.structure(of: state.values, variableCount: state.constraints.zone.count)
        let group = number(of: state.explicit)
        var constraints = constraintSets.number(of: state.constraints)
        survey(group, for: structure)
        if isCovered(constraints, structure) {
            subsumed += 1
            return false
        }
        var family = own ?? makeFamily(structure, in: group)
        var node = makeNode(origin, depth, family, constraints)
        while let (one, other, union) = pendingUnion(of: node, constraints, family) {
            subsumed += 1
            finish(one)
            finish(other)
            constraints = constraintSets.number(of: union)
            family = Int(records[one.number].family)
            node = makeNode(.union(one, other), depth, family, constraints)
            survey(group, for: self.structure(of: family))
        }
        finishPending(includedIn: constraints, family, from: depth)
        pending.append(node.number, to: &families[family].pending)
        cover(constraints, family)
        return true
    }

    /// Notes that the successors of a node are being looked for, or need not be.
    func finish(_ node: Node) {
        records[node.number].isDone = true
        pending.remove(node.number, from: &families[Int(records[node.number].family)].pending)
    }

    private func number(of explicit: NormalForm.Explicit) -> Int {
        let number = explicits.number(of: explicit)
        if number == groups.count {
            groups.append([])
            explicitBytes += explicit.bytes.count + 64
        }
        return number
    }

    private func makeFamily(_ structure: Structure, in group: Int) -> Int {
        families.append(Family(group: UInt32(group), structure: UInt32(structure.number)))
        groups[group].append(Member(family: UInt32(families.count - 1), structure: UInt32(structure.number)))
        own = families.count - 1
        return families.count - 1
    }

    private func structure(of family: Int) -> Structure { structures.structures[Int(families[family].structure)] }

    private func makeNode(_ origin: Origin, _ depth: Int, _ family: Int, _ constraints: Int) -> Node {
        var record = Record(
            family: UInt32(family), constraints: UInt32(constraints), depth: UInt32(depth), kind: .initial)
        switch origin {
        case .initial: break
        case .step(let parent, let step):
            (record.kind, record.first, record.second) = (.step, UInt32(parent.number), UInt32(steps.number(of: step)))
        case .union(let one, let other):
            (record.kind, record.first, record.second) = (.union, UInt32(one.number), UInt32(other.number))
        }
        records.append(record)
        return Node(number: records.count - 1)
    }

    // MARK: Inclusion

    /// Finds the families of a group that have to do with a structure.
    private func survey(_ group: Int, for structure: Structure) {
        above.removeAll(keepingCapacity: true)
        below.removeAll(keepingCapacity: true)
        var own: Int?
        structures.completeOutline(of: structure)
        let number = UInt32(structure.number)
        structures.outlines.withUnsafeBufferPointer { outlines in
            let outline = outlines[structure.number]
            groups[group].withUnsafeBufferPointer { members in
                for member in members {
                    let theirs = outlines[Int(member.structure)]
                    if theirs.mayInclude(outline) { above.append(Int(member.family)) }
                    if outline.mayInclude(theirs) { below.append(Int(member.family)) }
                    if member.structure == number { own = Int(member.family) }
                }
            }
        }
        self.own = own
    }

    /// Whether some region that is covered includes another one of the structure that the group was surveyed for.
    ///
    /// Families above that turn out not to be are left out from then on.
    private func isCovered(_ constraints: Int, _ structure: Structure) -> Bool {
        var kept = 0
        for (index, family) in above.enumerated() {
            let relation = relation(of: self.structure(of: family), to: structure)
            if !relation.isPossible { continue }
            if covers.first(in: families[family].covers, where: { includes($0, constraints, relation) }) != nil {
                return true
            }
            above[kept] = above[index]
            kept += 1
        }
        above.removeLast(above.count - kept)
        return false
    }

    /// Finishes the nodes of a group from a depth on that are part of a new one.
    private func finishPending(includedIn constraints: Int, _ family: Int, from depth: Int) {
        let structure = structure(of: family)
        for other in below where !families[other].pending.isEmpty {
            let relation = relation(of: structure, to: self.structure(of: other))
            if !relation.isPossible { continue }
            for number in pending.numbers(in: families[other].pending) where records[number].depth >= depth {
                guard includes(constraints, Int(records[number].constraints), relation) else { continue }
                subsumed += 1
                finish(Node(number: number))
            }
        }
    }

    /// How the variables of one structure are found in another.
    private enum Relation {
        case none
        /// As `coordinates` has it, until the next relation is asked for.
        case differences
        case expressions([LinearExpression])

        var isPossible: Bool { if case .none = self { false } else { true } }
    }

    private func relation(of one: Structure, to other: Structure) -> Relation {
        // Bounds of what is no difference of two variables need not be the tightest.
        guard one.isOfDifferences, other.isOfDifferences else {
            return one.expressions(in: other, structures.terms).map { .expressions($0) } ?? .none
        }
        return one.findCoordinates(in: other, structures.constants, &coordinates) ? .differences : .none
    }

    /// Whether every solution of `theirs` is one of `own`; false also where that cannot be told without more work.
    private func includes(_ own: Int, _ theirs: Int, _ relation: Relation) -> Bool {
        let variables: [LinearExpression]
        switch relation {
        case .none: return false
        case .differences:
            if constraintSets.isZone(own), constraintSets.isZone(theirs) {
                return constraintSets.zone(own).includes(constraintSets.zone(theirs), coordinates)
            }
            variables = coordinates.map(\.expression)
        case .expressions(let expressions): variables = expressions
        }
        let known = constraintSets[theirs]
        return constraintSets[own].all.allSatisfy { constraint in
            known.implies(constraint.substituting { variables[$0] }, solver)
        }
    }

    // MARK: Unions

    private func union(_ own: Int, _ theirs: Int, _ relation: Relation) -> ConstraintSet? {
        guard case .differences = relation, constraintSets.isZone(own), constraintSets.isZone(theirs) else { return nil }
        return constraintSets.zone(own).union(constraintSets.zone(theirs), coordinates).map { ConstraintSet(zone: $0) }
    }

    /// The node and another one as deep from which nothing was looked for yet, if the two are together a state, in terms of the
    /// variables of the first that is returned.
    private func pendingUnion(
        of node: Node, _ constraints: Int, _ family: Int
    ) -> (one: Node, other: Node, constraints: ConstraintSet)? {
        let depth = records[node.number].depth
        let structure = structure(of: family)
        func find(_ other: Int, isAbove: Bool) -> (Node, ConstraintSet)? {
            func isAsDeep(_ number: Int) -> Bool { records[number].depth == depth && number != node.number }
            guard pending.first(in: families[other].pending, where: isAsDeep) != nil else { return nil }
            let theirs = self.structure(of: other)
            let relation = isAbove ? relation(of: theirs, to: structure) : relation(of: structure, to: theirs)
            if !relation.isPossible { return nil }
            var found: ConstraintSet?
            let known = pending.first(in: families[other].pending) { number in
                guard isAsDeep(number) else { return false }
                let known = Int(records[number].constraints)
                found = isAbove ? union(known, constraints, relation) : union(constraints, known, relation)
                return found != nil
            }
            guard let known, let found else { return nil }
            return (Node(number: known), found)
        }
        for other in above { if let (known, union) = find(other, isAbove: true) { return (known, node, union) } }
        for other in below { if let (known, union) = find(other, isAbove: false) { return (node, known, union) } }
        return nil
    }

    /// Adds a region to what is covered, as one with others where that is exact.
    private func cover(_ constraints: Int, _ family: Int) {
        var (constraints, family) = (constraints, family)
        while let (union, home) = coverUnion(of: constraints, family) {
            (constraints, family) = (constraintSets.number(of: union), home)
            survey(Int(families[family].group), for: structure(of: family))
        }
        covers.append(constraints, to: &families[family].covers)
    }

    /// The union of a region and of one that is covered, which is taken out, if there is one that is a zone.
    private func coverUnion(of constraints: Int, _ family: Int) -> (ConstraintSet, Int)? {
        let structure = structure(of: family)
        func find(_ other: Int, isAbove: Bool) -> ConstraintSet? {
            if families[other].covers.isEmpty { return nil }
            let theirs = self.structure(of: other)
            let relation = isAbove ? relation(of: theirs, to: structure) : relation(of: structure, to: theirs)
            if !relation.isPossible { return nil }
            var found: ConstraintSet?
            let known = covers.first(in: families[other].covers) { known in
                found = isAbove ? union(known, constraints, relation) : union(constraints, known, relation)
                return found != nil
            }
            if let known { covers.remove(known, from: &families[other].covers) }
            return found
        }
        for other in above { if let union = find(other, isAbove: true) { return (union, other) } }
        for other in below { if let union = find(other, isAbove: false) { return (union, family) } }
        return nil
    }
}
