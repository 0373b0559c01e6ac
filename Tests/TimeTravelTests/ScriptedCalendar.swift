import Foundation
import TestSupport
import Testing

@testable import TimeTravel

/// A calendar that says to one or two real kernels what a test wants it to say, and nothing else.
///
/// Everything waits a minute at most: a kernel that hangs makes the test fail.
final class ScriptedCalendar {
    let listener: Listener
    /// Interrupts the kernel that is booted with it.
    let device: InterruptDevice
    private var processes: [ProcessGroup] = []
    private var links: [Link] = []
    /// What all kernels have printed.
    private(set) var console = ""
    /// Sequence numbers of its own RUNs.
    private var runs: UInt32 = 0
    private let deadline = ContinuousClock.now + .seconds(60)

    struct Timeout: Error, CustomStringConvertible { var description: String }

    private final class Link {
        var connection: Connection
        var arrived: [Message] = []
        var isClosed = false

        init(_ socket: Descriptor) { connection = Connection(socket) }
    }

    init() throws {
        listener = try Listener()
        device = try InterruptDevice()
    }

    /// What a kernel is booted with so that the device can interrupt it. There is no driver for the number, nor need there be one.
    var deviceArgument: String { "virtio_uml.device=\(device.path):4" }

    /// Boots a kernel, and waits for its START.
    /// - Returns: its number, from 0 on, and START.
    func boot(_ arguments: [String] = []) throws -> (kernel: Int, start: Message) {
        let kernel = links.count
        let command = LiveKernel.command().map {
            $0.replacingOccurrences(of: "{id}", with: "\(kernel + 1)").replacingOccurrences(of: "{socket}", with: listener.path)
        }
        processes.append(try ProcessGroup(command + arguments))
        while true {
            if let socket = listener.accept() {
                links.append(Link(socket))
                break
            }
            try pump()
        }
        return (kernel, try receive(kernel, .start))
    }

    /// Takes what has come, and waits a little if nothing has.
    private func pump() throws {
        guard ContinuousClock.now < deadline else {
            throw Timeout(description: "a minute has gone by; there came \(links.map(\.arrived)), and the console says:\n\(console)")
        }
        var polls = links.filter { !$0.isClosed }.map { pollfd(fd: $0.connection.descriptor, events: Int16(POLLIN), revents: 0) }
        polls += processes.map { pollfd(fd: $0.output.number, events: Int16(POLLIN), revents: 0) }
        polls += ([listener.descriptor] + device.descriptors).map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        _ = poll(&polls, nfds_t(polls.count), 100)
        for process in processes { console += String(decoding: process.read() ?? [], as: UTF8.self) }
        try device.serve()
        for link in links where !link.isClosed {
            let arrivals = link.connection.receive()
            link.arrived += arrivals.messages
            link.isClosed = arrivals.end != nil
        }
    }

    /// The next message of a kernel; nil if it has gone.
    func next(_ kernel: Int) throws -> Message? {
        while links[kernel].arrived.isEmpty, !links[kernel].isClosed { try pump() }
        return links[kernel].arrived.isEmpty ? nil : links[kernel].arrived.removeFirst()
    }

    /// Waits for the kernel's answer to an interrupt.
    func waitForReply() throws { while try !device.takeReply() { try pump() } }

    /// The next message of a kernel, which has to be this one.
    func receive(_ kernel: Int, _ operation: TimeTravel.Operation) throws -> Message {
        let message = try #require(try next(kernel), "the kernel has gone; the console says:\n\(console)")
        try #require(message.operation == operation)
        return message
    }

    /// Serves a kernel by messages until it has sent WAIT.
    /// - Returns: what it has asked for last.
    func receiveWait(_ kernel: Int) throws -> UInt64 {
        var time = Time.forever
        while true {
            let message = try #require(try next(kernel), "the kernel has gone; the console says:\n\(console)")
            if message.operation == .request { time = message.time }
            try send(kernel, message.acknowledgement())
            if message.operation == .wait { return time }
            try #require([.request, .update].contains(message.operation))
        }
    }

    func send(_ kernel: Int, _ message: Message, descriptors: [Descriptor] = []) throws {
        try links[kernel].connection.send(message, descriptors: descriptors)
    }

    /// Answers START so that the kernel is served by messages.
    func admit(_ kernel: Int, _ start: Message) throws {
        try send(kernel, start.acknowledgement(time: UInt64(kernel + 1)), descriptors: [try SharedSchedule.makeRefused(), try Descriptor.null()])
    }

    /// Sends RUN, and waits for its ACK.
    func run(_ kernel: Int, at time: UInt64) throws {
        runs += 1
        try send(kernel, Message(.run, sequence: runs, time: time))
        let answer = try receive(kernel, .acknowledge)
        try #require(answer.sequence == runs)
    }

    /// Waits until the console says so, and answers what a kernel sends in the meantime.
    /// - Parameter time: what it is told that time it is.
    /// - Returns: what that kernel has sent.
    @discardableResult
    func waitForConsole(
        _ text: String, count: Int = 1, answering time: UInt64 = 0, to kernel: Int? = nil
    ) throws -> [TimeTravel.Operation] {
        var operations: [TimeTravel.Operation] = []
        while console.components(separatedBy: text).count <= count {
            try pump()
            guard let kernel, !links[kernel].isClosed else { continue }
            for message in links[kernel].arrived {
                operations.append(message.operation)
                try send(kernel, message.acknowledgement(time: time))
            }
            links[kernel].arrived = []
        }
        return operations
    }
}
