import Promela

/// A send and a receive that meet.
extension SuccessorGenerator {
    /// Takes a send on a rendezvous channel together with every receive that fits.
    func takeRendezvous(
        _ index: Int, _ transition: TransitionRecord, _ sender: Int, _ source: UnsafeMutableRawPointer, _ size: Int,
        _ outcome: inout Outcome
    ) -> Bool {
        let offer = Step(pid: sender, transition: index, isTimeout: machine.allowsTimeout)
        offerScratch.copyMemory(from: source, byteCount: size)
        machine.use(offerScratch, size: size)
        machine.handshake = 0
        beginStep()
        defer {
            machine.handshake = 0
            machine.use(source, size: size)
            machine.enter(sender)
        }
        guard perform(transition, sender, offer) else { return true }
        let channel = machine.handshake
        let messageCount = machine.messageCount
        offeredMessage.update(from: machine.message, count: messageCount)
        let offeredSize = machine.size
        var moved = false
        for receiver in stride(from: machine.processCount - 1, through: 0, by: -1) where receiver != sender {
            machine.use(offerScratch, size: offeredSize)
            guard mayMove(receiver) else {
                _ = takeFault(offer)
                continue
            }
            machine.enter(receiver)
            var group: Int32 = 0
            let location = machine.locationRecord(ofProcessAt: receiver)
            for receiveIndex in Int(location.first)..<Int(location.end) {
                let receive = tables.transitions[receiveIndex]
                if group > 0 && group != receive.escapeGroup { break }
                guard receive.canReceive else { continue }
                var step = offer
                step.receiver = Step.Receiver(pid: receiver, transition: receiveIndex)
                let value = machine.truth(of: machine.run(Int(receive.guardEntry)))
                if machine.hasFault {
                    _ = takeFault(step)
                    continue
                }
                if value == 0 { continue }
                let state = endOfOutput()
                state.copyMemory(from: offerScratch, byteCount: offeredSize)
                machine.use(state, size: offeredSize)
                if perform(receive, receiver, step) {
                    finish(
                        state, size: machine.size, step, keepsControl: receive.keepsControl, receiver, &outcome)
                }
                machine.handshake = channel
                machine.message.update(from: offeredMessage, count: messageCount)
                machine.messageCount = messageCount
                machine.messageChannel = channel
                machine.use(offerScratch, size: offeredSize)
                machine.enter(receiver)
                moved = true
                group = receive.escapeGroup
            }
        }
        return moved
    }
}
