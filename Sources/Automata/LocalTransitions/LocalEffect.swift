/// What a local transition does to the values that go together.
struct LocalEffect {
    /// The values that it depends on, by number.
    let conditions: [Int]
    private var outcomes: [Outcome]
    /// When it was looked at last what goes with the conditions.
    private var time = -1

    fileprivate struct Outcome {
        /// The fields that are something else afterwards.
        var fields: [Int] = []
        var constants: [Int] = []
        var copies: [(field: Int, source: Int)] = []
        /// The numbers of the values that are copied, and of those that they become.
        var copied: [(source: Int, own: Int)] = []
        /// What went with the conditions when values were copied last.
        var known = NumberSet()
    }

    /// What is worked on, so that there need not be new room each time.
    struct Room {
        fileprivate var (before, after, joined, news) = (NumberSet(), NumberSet(), NumberSet(), NumberSet())
        fileprivate var copied: [(source: Int, own: Int)] = []
    }

    /// Values that have no number yet are given one.
    init(_ transition: LocalTransition, _ joint: JointValues) {
        conditions = transition.conditions.map { joint.insert($0.value, in: $0.field) }
        outcomes = transition.outcomes.map { assignments in
            var outcome = Outcome()
            for assignment in assignments {
                outcome.fields.append(assignment.field)
                switch assignment.value {
                case .constant(let value): outcome.constants.append(joint.insert(value, in: assignment.field))
                case .copy(let source): outcome.copies.append((assignment.field, source))
                }
            }
            return outcome
        }
    }

    /// Puts the values together that the transition puts together, wherever it may be taken.
    mutating func spread(in joint: JointValues, _ room: inout Room) {
        if outcomes.isEmpty || time == joint.time || !canHaveChanged(joint) { return }
        let lastTime = time
        time = joint.time
        guard joint.collect(companionsOf: conditions, in: &room.before) else {
            // They were together before if all was forgotten since, and what came of it too.
            for index in outcomes.indices { outcomes[index].known = NumberSet() }
            return
        }
        for index in outcomes.indices {
            if outcomes[index].takeCopies(joint) {
                // There may be more numbers than before.
                _ = joint.collect(companionsOf: conditions, in: &room.before)
            }
            outcomes[index].spread(in: joint, since: lastTime, &room)
        }
    }

    private func canHaveChanged(_ joint: JointValues) -> Bool {
        if conditions.isEmpty || joint.haveChanged(conditions, since: time) { return true }
        return outcomes.contains { outcome in outcome.copies.contains { joint.haveChanged(joint.numbers[$0.source], since: time) } }
    }
}

extension LocalEffect.Outcome {
    /// Sees to it that all values that are copied have numbers in the fields that copy them.
    /// - Returns: whether some had none.
    fileprivate mutating func takeCopies(_ joint: JointValues) -> Bool {
        if copied.count == copies.reduce(0, { $0 + joint.numbers[$1.source].count }) { return false }
        copied.removeAll(keepingCapacity: true)
        for copy in copies {
            for number in joint.numbers[copy.source] {
                copied.append((number, joint.insert(joint.members[number].value, in: copy.field)))
            }
        }
        return true
    }

    /// - Parameter lastTime: when the same was done before with `known`; what comes of what was known then is not looked at again.
    fileprivate mutating func spread(in joint: JointValues, since lastTime: Int, _ room: inout LocalEffect.Room) {
        room.after.become(room.before)
        for field in fields {
            for number in joint.numbers[field] { room.after.remove(number) }
        }
        for constant in constants { room.after.insert(constant) }
        if !copies.isEmpty {
            room.copied.removeAll(keepingCapacity: true)
            for pair in copied where room.before.contains(pair.source) { room.copied.append(pair) }
            room.news.become(room.before)
            room.news.subtract(known)
            known.become(room.before)
            for pair in room.copied where joint.hasChanged(pair.source, since: lastTime) || joint.goesWithOne(of: room.news, pair.source) {
                room.joined.become(room.after)
                joint.intersect(&room.joined, pair.source)
                for constant in constants { room.joined.insert(constant) }
                joint.add(room.copied, ofCompanionsOf: pair.source, to: &room.joined)
                joint.join(pair.own, room.joined)
            }
            for pair in room.copied { room.after.insert(pair.own) }
        }
        for constant in constants { joint.join(constant, room.after) }
    }
}
