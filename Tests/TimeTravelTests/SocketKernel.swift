import Foundation
import Fuzzing

@testable import TimeTravel

/// A fake kernel on a thread of its own that is a client of a calendar over a real socket.
final class SocketKernel: Sendable {
    private let done = DispatchSemaphore(value: 0)
    private let result = Result()

    private final class Result: @unchecked Sendable {
        var kernel: SimulatedKernel?
        var error: (any Error)?
    }

    /// Has its events, and goes.
    init(_ kernel: sending SimulatedKernel, connectedTo path: String) throws {
        let socket = try Connection.connect(to: path)
        let result = result
        let done = done
        result.kernel = kernel
        Thread.detachNewThread {
            do { try Self.run(&result.kernel, socket) } catch { result.error = error }
            done.signal()
        }
    }

    /// Waits until it is gone.
    func finish() throws -> SimulatedKernel? {
        done.wait()
        if let error = result.error { throw error }
        return result.kernel
    }

    private static func run(_ kernel: inout SimulatedKernel?, _ socket: Descriptor) throws {
        guard var client = kernel else { return }
        var connection = Connection(socket)
        for message in client.start() { try connection.send(message) }
        while true {
            var poll = pollfd(fd: connection.descriptor, events: Int16(POLLIN), revents: 0)
            _ = Foundation.poll(&poll, 1, 100)
            let arrivals = connection.receive()
            for message in arrivals.messages {
                let slot = UInt16(truncatingIfNeeded: message.time)
                let memory = try arrivals.descriptors.first.flatMap { try SharedSchedule(mapping: $0, slot: slot) }
                for answer in client.take(message, memory: memory) { try connection.send(answer) }
                // There is nobody to take its interrupts here.
                while client.stage == .kicking { for answer in client.goOnAfterKick() { try connection.send(answer) } }
            }
            kernel = client
            if arrivals.end != nil || client.stage == .idle && client.eventsLeft == 0 && client.awaited == Time.forever { return }
        }
    }
}
