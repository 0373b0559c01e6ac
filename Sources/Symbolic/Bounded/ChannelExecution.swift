import Automata
import Promela

/// What a receive looks for.
struct SymbolicPattern {
    var matches: [(field: Int, value: SymbolicValue)]
    var fieldCount: Int
    /// `??`: any message in the channel, not just the first.
    var isRandom: Bool
    /// `<...>`: the message stays.
    var keepsMessage: Bool
    var span: Span
}

/// Channels.
extension Execution {
    func channelType(_ channel: Int) -> StateLayout.ChannelType { layout.channelTypes[schema.channels[channel].type] }

    /// The channels that a number can be, and when. Another number is a fault.
    mutating func channels(_ number: SymbolicValue, _ span: Span) -> [(channel: Int, condition: Term)] {
        let candidates = schema.channels.indices.compactMap { channel -> (channel: Int, condition: Term)? in
            let condition = algebra.and(algebra.equal(number, .constant(Int64(channel + 1))), exists(channel))
            return condition == algebra.no ? nil : (channel, condition)
        }
        fail(.uninitializedChannel, where: algebra.not(algebra.any(candidates.map(\.condition))), span)
        return candidates
    }

    /// A value that depends on a channel.
    mutating func overChannels(
        _ channel: Expression, _ span: Span, _ body: (inout Execution, Int) throws -> SymbolicValue
    ) throws -> SymbolicValue {
        try overChannels(try evaluate(channel), span, body)
    }

    mutating func overChannels(
        _ number: SymbolicValue, _ span: Span, _ body: (inout Execution, Int) throws -> SymbolicValue
    ) rethrows -> SymbolicValue {
        var result = SymbolicValue.constant(0)
        for (channel, condition) in channels(number, span) {
            try when(condition) { result = $0.algebra.choose(condition, try body(&$0, channel), result) }
        }
        return result
    }

    func length(of channel: Int) -> SymbolicValue {
        channelType(channel).isRendezvous
            ? algebra.value(algebra.equal(handshake, .constant(Int64(channel + 1))))
            : cells[schema.channels[channel].length]
    }

    private func cell(_ slot: Int, _ field: Int, of channel: Int) -> Int {
        schema.channels[channel].messages + slot * channelType(channel).fields.count + field
    }

    // MARK: Looking

    mutating func pattern(
        _ arguments: [ReceiveArgument], isRandom: Bool, keepsMessage: Bool, _ span: Span
    ) throws -> SymbolicPattern {
        var matches: [(field: Int, value: SymbolicValue)] = []
        for (field, argument) in arguments.enumerated() {
            if case .match(let expression) = argument { matches.append((field, try evaluate(expression, wide: true))) }
        }
        return SymbolicPattern(
            matches: matches, fieldCount: arguments.count, isRandom: isRandom, keepsMessage: keepsMessage, span: span)
    }

    /// For each slot of a channel, whether its message is the one that a receive would take.
    private func findMessage(_ channel: Int, _ pattern: SymbolicPattern) -> [Term] {
        let type = channelType(channel)
        if type.isRendezvous {
            let isOffered = algebra.equal(handshake, .constant(Int64(channel + 1)))
            guard isOffered != algebra.no else { return [algebra.no] }
            let fits = pattern.matches.filter { $0.field < message.count }.map { algebra.equal(message[$0.field], $0.value) }
            return [algebra.and(isOffered, algebra.all(fits))]
        }
        let isFree = algebra.equal(handshake, .constant(0))
        var isFound = algebra.no
        return (0..<(pattern.isRandom ? type.capacity : 1)).map { slot in
            let fits = pattern.matches.filter { $0.field < type.fields.count }.map {
                algebra.equal(cells[cell(slot, $0.field, of: channel)], $0.value)
            }
            let isThere = algebra.less(.constant(Int64(slot)), length(of: channel), orEqual: false, isUnsigned: false)
            let isOne = algebra.and(algebra.and(isFree, isThere), algebra.all(fits))
            defer { isFound = algebra.or(isFound, isOne) }
            return algebra.and(isOne, butNot: isFound)
        }
    }

    /// Whether a message could be received. One of the wrong length is a fault.
    mutating func canReceive(_ channel: Int, _ pattern: SymbolicPattern) -> Term {
        let isFound = algebra.any(findMessage(channel, pattern))
        if pattern.fieldCount != channelType(channel).fields.count {
            fail(.wrongMessageLength, where: isFound, pattern.span)
            return algebra.no
        }
        return isFound
    }

    /// The same for a poll, which may leave out fields at the end.
    mutating func canPoll(_ channel: Int, _ pattern: SymbolicPattern) -> SymbolicValue {
        let type = channelType(channel)
        if type.isRendezvous { return .constant(0) }
        let isFound = algebra.any(findMessage(channel, pattern))
        if pattern.fieldCount > type.fields.count {
            fail(.wrongMessageLength, where: isFound, pattern.span)
            return .constant(0)
        }
        return algebra.value(isFound)
    }

    // MARK: Sending and receiving

    /// Whether a send can happen by itself, and whether it could if somebody received at the same time.
    mutating func canSend(_ channel: Expression, _ span: Span) throws -> (alone: Term, offered: Term) {
        var (alone, offered) = (algebra.no, algebra.no)
        for (channel, condition) in channels(try evaluate(channel), span) {
            let type = channelType(channel)
            if type.isRendezvous {
                offered = algebra.or(offered, algebra.and(condition, algebra.equal(handshake, .constant(0))))
            } else {
                let hasRoom = algebra.less(
                    length(of: channel), .constant(Int64(type.capacity)), orEqual: false, isUnsigned: false)
                alone = algebra.or(alone, algebra.and(condition, hasRoom))
            }
        }
        return (algebra.and(path, alone), algebra.and(path, offered))
    }

    mutating func send(_ arguments: [SymbolicValue], to number: SymbolicValue, isSorted: Bool, _ span: Span) {
        for (channel, condition) in channels(number, span) {
            when(condition) { execution in
                let type = execution.channelType(channel)
                guard arguments.count == type.fields.count else {
                    execution.fail(.wrongMessageLength, where: execution.algebra.yes, span)
                    return
                }
                let kept = zip(arguments, type.fields).map {
                    execution.algebra.truncate($0, width: $1.width, isSigned: $1.isSigned)
                }
                if type.isRendezvous {
                    execution.offer(kept, on: channel)
                } else {
                    execution.insert(kept, sent: arguments, in: channel, type, isSorted: isSorted)
                }
            }
        }
    }

    private mutating func offer(_ fields: [SymbolicValue], on channel: Int) {
        handshake = algebra.choose(path, .constant(Int64(channel + 1)), handshake)
        // Channels of other lengths have other messages: only those in common are looked at then.
        message = fields.enumerated().map { field, value in
            field < message.count ? algebra.choose(path, value, message[field]) : value
        } + message.dropFirst(fields.count)
    }

    /// - Parameter sent: the message before it was cut to size: so it is compared in sorted sends.
    private mutating func insert(
        _ fields: [SymbolicValue], sent: [SymbolicValue], in channel: Int, _ type: StateLayout.ChannelType, isSorted: Bool
    ) {
        let old = cells
        let length = length(of: channel)
        var isInserted = algebra.no
        for slot in 0..<type.capacity {
            let number = SymbolicValue.constant(Int64(slot))
            var isHere = algebra.equal(length, number)
            if isSorted {
                let isTaken = algebra.less(number, length, orEqual: false, isUnsigned: false)
                let comesAfter = algebra.and(isTaken, isMessage(slot, of: channel, type, after: sent, in: old))
                isHere = algebra.and(algebra.or(isHere, comesAfter), butNot: isInserted)
            }
            for (field, value) in fields.enumerated() {
                let target = cell(slot, field, of: channel)
                if isSorted, slot > 0 {
                    let moves = algebra.and(isInserted, algebra.less(number, length, orEqual: true, isUnsigned: false))
                    store(old[cell(slot - 1, field, of: channel)], in: target, where: moves)
                }
                store(value, in: target, where: isHere)
            }
            isInserted = algebra.or(isInserted, isHere)
        }
        store(algebra.arithmetic(.add, length, .constant(1), isWide: false), in: schema.channels[channel].length)
    }

    private func isMessage(
        _ slot: Int, of channel: Int, _ type: StateLayout.ChannelType, after sent: [SymbolicValue], in cells: [SymbolicValue]
    ) -> Term {
        var isAfter = algebra.no
        for field in type.fields.indices.reversed() {
            let value = cells[cell(slot, field, of: channel)]
            let isEqual = algebra.equal(value, sent[field])
            let isGreater = algebra.less(sent[field], value, orEqual: false, isUnsigned: false)
            isAfter = algebra.or(isGreater, algebra.and(isEqual, isAfter))
        }
        return isAfter
    }

    /// Takes out the message that a receive finds.
    /// - Returns: its fields.
    mutating func receive(from number: SymbolicValue, _ pattern: SymbolicPattern) -> [SymbolicValue] {
        var result = [SymbolicValue](repeating: .constant(0), count: pattern.fieldCount)
        for (channel, condition) in channels(number, pattern.span) {
            when(condition) { execution in
                let type = execution.channelType(channel)
                guard type.fields.count == pattern.fieldCount else { return }
                let found = execution.findMessage(channel, pattern)
                for (slot, isFound) in found.enumerated() where isFound != execution.algebra.no {
                    let place = execution.algebra.and(condition, isFound)
                    for field in 0..<pattern.fieldCount {
                        let value =
                            type.isRendezvous
                            ? execution.message[field] : execution.cells[execution.cell(slot, field, of: channel)]
                        result[field] = execution.algebra.choose(place, value, result[field])
                    }
                }
                if type.isRendezvous {
                    execution.handshake = execution.algebra.choose(execution.path, .constant(0), execution.handshake)
                } else if !pattern.keepsMessage {
                    execution.remove(found, from: channel, type)
                }
            }
        }
        return result
    }

    private mutating func remove(_ found: [Term], from channel: Int, _ type: StateLayout.ChannelType) {
        let old = cells
        var isBehind = algebra.no
        for slot in 0..<type.capacity {
            if slot < found.count { isBehind = algebra.or(isBehind, found[slot]) }
            for field in type.fields.indices {
                let next = slot + 1 < type.capacity ? old[cell(slot + 1, field, of: channel)] : .constant(0)
                store(next, in: cell(slot, field, of: channel), where: isBehind)
            }
        }
        let length = algebra.arithmetic(.subtract, length(of: channel), .constant(1), isWide: false)
        store(length, in: schema.channels[channel].length, where: algebra.any(found))
    }
}
