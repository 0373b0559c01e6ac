import CHost
import Foundation

/// A file descriptor with one owner, closed when nobody has it any more.
public final class Descriptor: Sendable {
    public let number: Int32

    /// Takes over a descriptor.
    public init(_ number: Int32) { self.number = number }

    deinit { close(number) }

    /// Something that takes all that is written to it, and has nothing to read.
    public static func null() throws(SystemError) -> Descriptor {
        let number = open("/dev/null", O_RDWR | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open /dev/null") }
        return Descriptor(number)
    }

    /// The number of the process that has connected to this end of a Unix socket; nil if that is not known.
    package var peerProcess: pid_t? {
        // `struct ucred`: a process, a user and a group.
        var credentials: (pid: pid_t, uid: uid_t, gid: gid_t) = (0, 0, 0)
        var length = socklen_t(MemoryLayout.size(ofValue: credentials))
        guard getsockopt(number, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0, credentials.pid > 0 else { return nil }
        return credentials.pid
    }

    /// Two ends of a pipe.
    static func pipe() throws(SystemError) -> (reading: Descriptor, writing: Descriptor) {
        var ends: [Int32] = [0, 0]
        guard host_make_pipe(&ends) == 0 else { throw SystemError("make a pipe") }
        return (Descriptor(ends[0]), Descriptor(ends[1]))
    }
}

/// A folder that only this user can look into, removed with what made it, and with all that is in it by then.
package final class PrivateFolder {
    package let path: String

    /// Makes one where temporary files go.
    package init() throws(SystemError) {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/heddle-calendar-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError("make a folder in \(parent)") }
        path = template.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// The operating system has refused something.
public struct SystemError: Error, CustomStringConvertible, Sendable {
    /// What was wanted: `open /dev/null`.
    public var action: String
    /// The number of the error.
    public var code: Int32

    /// What was wanted, and the error that the last system call has left.
    public init(_ action: String, code: Int32 = errno) {
        self.action = action
        self.code = code
    }

    public var description: String { "cannot \(action): \(String(cString: strerror(code)))" }
}
