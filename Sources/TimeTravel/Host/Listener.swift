import CHost
import Glibc
import Synchronization

/// The socket that clients connect to: only the user's own processes can, and its file is removed at the end.
public final class Listener {
    public let path: String
    private static let rights = Mutex(())
    private let socket: Descriptor
    /// Goes with the socket.
    private let folder: PrivateFolder?
    /// The file as it was made: another that somebody has put in its place is not removed.
    private let file: FileIdentity

    private struct FileIdentity: Equatable {
        var device: UInt
        var number: UInt

        init?(_ path: String) {
            var status = stat()
            guard lstat(path, &status) == 0 else { return nil }
            device = UInt(status.st_dev)
            number = UInt(status.st_ino)
        }
    }

    /// Listens at a path; without one, in a folder that is made for it.
    /// - Throws: if there is anything at the path, but for a socket that nobody listens on any more.
    public init(path requested: String? = nil) throws(SystemError) {
        if let requested {
            folder = nil
            path = requested
        } else {
            let folder = try PrivateFolder()
            self.folder = folder
            path = folder.path + "/calendar"
        }
        socket = try UnixAddress.makeSocket()
        try Self.removeStale(path)
        let number = socket.number
        let bound = try UnixAddress.with(path) { address, length in
            // The rights of a socket's file are those that it is made with; changing them later leaves a gap. They are the whole process's.
            Self.rights.withLock { _ in
                let mask = umask(0o177)
                let bound = bind(number, address, length)
                let error = errno
                umask(mask)
                errno = error
                return bound
            }
        }
        guard bound == 0 else { throw SystemError("listen on \(path)") }
        guard let file = FileIdentity(path) else { throw SystemError("listen on \(path)") }
        self.file = file
        guard listen(number, 128) == 0 else { throw SystemError("listen on \(path)") }
    }

    deinit { if FileIdentity(path) == file { unlink(path) } }

    /// The folder that was made for it, if one was.
    package var folderPath: String? { folder?.path }

    /// To wait for.
    public var descriptor: Int32 { socket.number }

    /// Removes what a calendar that was killed has left.
    private static func removeStale(_ path: String) throws(SystemError) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return }
        let isSocket = status.st_mode & S_IFMT == S_IFSOCK
        do {
            if isSocket { _ = try Connection.connect(to: path) }
        } catch where error.code == ECONNREFUSED {
            unlink(path)
            return
        } catch {}
        throw SystemError("listen on \(path)", code: isSocket ? EADDRINUSE : EEXIST)
    }

    /// Takes the next client that has connected.
    /// - Returns: nil if there is none, or it has gone already.
    public func accept() -> Descriptor? {
        let number = host_accept(socket.number)
        return number >= 0 ? Descriptor(number) : nil
    }
}

/// Addresses of Unix sockets.
enum UnixAddress {
    /// The longest path that an address has room for, in bytes.
    static let maximumLength = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    static func makeSocket() throws(SystemError) -> Descriptor {
        let number = host_make_socket()
        guard number >= 0 else { throw SystemError("make a socket") }
        return Descriptor(number)
    }

    /// Calls with the address of a path.
    static func with(
        _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) throws(SystemError) -> Int32 {
        let bytes = Array(path.utf8)
        guard !bytes.isEmpty, bytes.count <= maximumLength, !bytes.contains(0) else {
            throw SystemError("use \(path) as the path of a socket, which has room for \(maximumLength) bytes", code: ENAMETOOLONG)
        }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }
}
