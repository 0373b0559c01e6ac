import Foundation
import Promela

/// Channels: what their instructions do.
extension Machine {
    /// Carries out one instruction; false if it failed.
    func runChannelOperation(_ instruction: Instruction, _ registers: UnsafeMutablePointer<Int64>) -> Bool {
        let number = registers[Int(instruction.source)]
        guard isChannel(number) else {
            let span: Span
            switch instruction.operation {
            case .canReceive, .receive: span = system.code.code.patterns[Int(instruction.immediate)].source
            default: span = system.code.code.faultSites[Int(instruction.immediate)].source
            }
            fail(
                .uninitializedChannel,
                FaultMessage.text(for: FaultSite(kind: .uninitializedChannel, source: span), in: system), span)
            return false
        }
        let channel = Int(number) - 1
        let type = tables.channelTypes[channelTypeIndices[channel]]
        let target = Int(instruction.target)
        switch instruction.operation {
        case .length:
            registers[target] = Int64(length(of: channel, type))
        case .channelTest:
            let length = length(of: channel, type)
            let result: Bool
            switch instruction.detail {
            case 0: result = length == 0
            case 1: result = length != 0
            case 2: result = length == type.capacity
            default: result = length != type.capacity
            }
            registers[target] = result ? 1 : 0
        case .canSend:
            if type.isRendezvous {
                registers[target] = handshake == 0 ? 2 : 0
            } else {
                registers[target] = length(of: channel, type) < type.capacity ? 1 : 0
            }
        case .send:
            guard Int(instruction.detail) == type.fieldCount else {
                return failLength(
                    Int(instruction.detail), type, system.code.code.faultSites[Int(instruction.immediate)].source)
            }
            send(registers + target, to: channel, type, isSorted: instruction.flags != 0)
        case .canReceive:
            let pattern = tables.patterns[Int(instruction.immediate)]
            if instruction.flags != 0 && type.isRendezvous {
                registers[target] = 0
                return true
            }
            guard findMessage(channel, type, pattern, registers) != nil else {
                registers[target] = 0
                return true
            }
            // A poll may leave fields out at the end; a receive may not.
            let isPoll = instruction.flags != 0
            guard pattern.fieldCount == type.fieldCount || (isPoll && pattern.fieldCount < type.fieldCount) else {
                return failLength(
                    pattern.fieldCount, type, system.code.code.patterns[Int(instruction.immediate)].source)
            }
            registers[target] = 1
        case .receive:
            let pattern = tables.patterns[Int(instruction.immediate)]
            guard let slot = findMessage(channel, type, pattern, registers) else { return true }
            guard pattern.fieldCount == type.fieldCount else {
                return failLength(
                    pattern.fieldCount, type, system.code.code.patterns[Int(instruction.immediate)].source)
            }
            receive(slot, from: channel, type, pattern, into: registers + target)
        default: break
        }
        return true
    }

    private func failLength(_ count: Int, _ type: ChannelTypeRecord, _ span: Span) -> Bool {
        fail(
            .wrongMessageLength,
            "`\(system.program.sources.text(of: span))` has \(count) field\(count == 1 ? "" : "s"), but the channel's messages have \(type.fieldCount)",
            span)
        return false
    }

    func length(of channel: Int, _ type: ChannelTypeRecord) -> Int {
        switch type.countSize {
        case 0: handshake == channel + 1 ? 1 : 0
        case 1: Int(loadNoting(.unsigned8, at: channelOffsets[channel]))
        default: Int(loadNoting(.unsigned16, at: channelOffsets[channel]))
        }
    }

    private func setLength(_ length: Int, of channel: Int, _ type: ChannelTypeRecord) {
        if type.countSize == 1 {
            state.storeBytes(of: UInt8(truncatingIfNeeded: length), toByteOffset: channelOffsets[channel], as: UInt8.self)
        } else {
            state.storeBytes(of: UInt16(truncatingIfNeeded: length), toByteOffset: channelOffsets[channel], as: UInt16.self)
        }
    }

    func messageAddress(_ slot: Int, of channel: Int, _ type: ChannelTypeRecord) -> Int {
        channelOffsets[channel] + type.countSize + slot * type.messageSize
    }

    private func send(
        _ fields: UnsafeMutablePointer<Int64>, to channel: Int, _ type: ChannelTypeRecord, isSorted: Bool
    ) {
        messageCount = type.fieldCount
        for index in 0..<type.fieldCount {
            let field = tables.fields[type.firstField + index]
            message[index] = kept(fields[index], field)
        }
        messageChannel = channel + 1
        if type.isRendezvous {
            handshake = channel + 1
            if observesEvents { keepMessageAsEvent() }
            return
        }
        let length = length(of: channel, type)
        var slot = length
        if isSorted {
            slot = 0
            while slot < length && !isMessage(at: slot, of: channel, type, after: fields) { slot += 1 }
            let from = messageAddress(slot, of: channel, type)
            memmove(state + from + type.messageSize, state + from, (length - slot) * type.messageSize)
        }
        let address = messageAddress(slot, of: channel, type)
        for index in 0..<type.fieldCount {
            let field = tables.fields[type.firstField + index]
            store(message[index], field.form, at: address + field.offset)
        }
        setLength(length + 1, of: channel, type)
        if observesEvents { keepEvent(slot: length, of: channel, type) }
    }

    /// Keeps a message for the trace assertion, which may look at another one than was sent or received: see `TraceAssertion`.
    private func keepEvent(slot: Int, of channel: Int, _ type: ChannelTypeRecord) {
        eventFieldCount = type.fieldCount
        let address = messageAddress(slot, of: channel, type)
        for index in 0..<type.fieldCount {
            let field = tables.fields[type.firstField + index]
            eventMessage[index] = loadNoting(field.form, at: address + field.offset)
        }
    }

    private func keepMessageAsEvent() {
        eventFieldCount = messageCount
        eventMessage.update(from: message, count: messageCount)
    }

    /// Whether the message in a slot comes after another in the order of sorted sends: field by field, the first that differs
    /// decides. The other's fields are compared as they were sent, before they are cut to size: so does Spin's verifier.
    private func isMessage(
        at slot: Int, of channel: Int, _ type: ChannelTypeRecord, after other: UnsafeMutablePointer<Int64>
    ) -> Bool {
        let address = messageAddress(slot, of: channel, type)
        for index in 0..<type.fieldCount {
            let field = tables.fields[type.firstField + index]
            let value = loadNoting(field.form, at: address + field.offset)
            if !areEqual(value, other[index]) { return isGreater(value, than: other[index]) }
        }
        return false
    }

    /// The slot of the message that a receive would take, or nil.
    private func findMessage(
        _ channel: Int, _ type: ChannelTypeRecord, _ pattern: PatternRecord,
        _ registers: UnsafeMutablePointer<Int64>
    ) -> Int? {
        if type.isRendezvous {
            guard handshake == channel + 1 else { return nil }
            for index in pattern.firstMatch..<pattern.firstMatch + pattern.matchCount {
                let match = tables.matches[index]
                if match.field < messageCount, !areEqual(message[match.field], registers[match.register]) { return nil }
            }
            return 0
        }
        if handshake != 0 { return nil }
        let length = length(of: channel, type)
        var slot = 0
        while slot < length {
            let address = messageAddress(slot, of: channel, type)
            var fits = true
            for index in pattern.firstMatch..<pattern.firstMatch + pattern.matchCount {
                let match = tables.matches[index]
                guard match.field < type.fieldCount else { continue }
                let field = tables.fields[type.firstField + match.field]
                if !areEqual(loadNoting(field.form, at: address + field.offset), registers[match.register]) {
                    fits = false
                    break
                }
            }
            if fits { return slot }
            if !pattern.isRandom { return nil }
            slot += 1
        }
        return nil
    }

    private func receive(
        _ slot: Int, from channel: Int, _ type: ChannelTypeRecord, _ pattern: PatternRecord,
        into registers: UnsafeMutablePointer<Int64>
    ) {
        if type.isRendezvous {
            for index in 0..<messageCount { registers[index] = message[index] }
            handshake = 0
            if observesEvents { keepMessageAsEvent() }
            return
        }
        messageCount = type.fieldCount
        messageChannel = channel + 1
        if observesEvents { keepEvent(slot: 0, of: channel, type) }
        let address = messageAddress(slot, of: channel, type)
        for index in 0..<type.fieldCount {
            let field = tables.fields[type.firstField + index]
            let value = loadNoting(field.form, at: address + field.offset)
            registers[index] = value
            message[index] = value
        }
        if pattern.keepsMessage { return }
        let length = length(of: channel, type)
        let following = (length - slot - 1) * type.messageSize
        memmove(state + address, state + address + type.messageSize, following)
        memset(state + address + following, 0, type.messageSize)
        setLength(length - 1, of: channel, type)
    }
}
