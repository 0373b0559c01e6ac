import Promela

/// Somebody who watches what single moves send and receive.
public protocol EventObserver: AnyObject {
    /// A move is about to be tried.
    func stepBegins()
    /// The move sends or receives something.
    func observe(_ event: ChannelEvent)
    /// What is to be remembered of the move, which is done.
    var markOfStep: Int { get }
}

/// A message that is being sent or received, at that moment.
public struct ChannelEvent {
    public var isSend: Bool
    /// The number of the channel, from 1 on; those that globals declare come first, in the order of `StateLayout.globalChannels`.
    public var channel: Int
    /// The message; each may be the bits of a `TermValue`.
    public var fields: [Int64]
    /// The statement.
    public var span: Span
    let machine: Machine

    /// What a global variable holds; may be the bits of a `TermValue`.
    public func value(of storage: Storage) -> Int64 { machine.load(storage, base: 0) }
}

extension Machine {
    @inline(never)
    func tell(_ observer: any EventObserver, isSend: Bool, site: Int) {
        observer.observe(
            ChannelEvent(
                isSend: isSend, channel: messageChannel, fields: [Int64](UnsafeBufferPointer(start: message, count: messageCount)),
                span: system.code.code.faultSites[site].source, machine: self))
    }
}
