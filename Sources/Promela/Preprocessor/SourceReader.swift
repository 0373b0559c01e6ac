#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Why a file could not be read.
public struct SourceReadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path as it was asked for.
    public var path: String
    /// What the system said, such as "No such file or directory".
    public var reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "cannot read `\(path)`: \(reason)" }
}

/// Reads whole files, within bounds.
package enum SourceReader {
    /// Far above any model; offsets are 32 bits wide.
    static let largestFile = 256 << 20

    /// - Parameter allowsPipes: whether a file that is not a regular one may be read. An `#include` must not: reading a
    ///   pipe that nobody writes to would never return.
    package static func bytes(ofFileAt path: String, allowsPipes: Bool) throws(SourceReadError) -> [UInt8] {
        func failure(_ code: Int32) -> SourceReadError {
            SourceReadError(path: path, reason: String(cString: strerror(code)))
        }
        guard !path.utf8.contains(0) else { throw failure(ENOENT) }
        let descriptor = open(path, allowsPipes ? O_RDONLY | O_CLOEXEC : O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        let type = status.st_mode & S_IFMT
        if type == S_IFDIR { throw failure(EISDIR) }
        guard type == S_IFREG || allowsPipes else {
            throw SourceReadError(path: path, reason: "Not a regular file")
        }

        var result: [UInt8] = []
        result.reserveCapacity(min(max(0, Int(status.st_size)), largestFile))
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count == 0 { return result }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(errno)
            }
            result.append(contentsOf: chunk[..<count])
            guard result.count <= largestFile else {
                throw SourceReadError(path: path, reason: "Larger than \(largestFile >> 20) MiB")
            }
        }
    }

    /// Whether something of this name is there, be it readable or not.
    static func exists(_ path: String) -> Bool {
        !path.utf8.contains(0) && access(path, F_OK) == 0
    }

    /// The one path of a file that many paths may lead to; the path itself if there is no such file.
    static func canonicalPath(_ path: String) -> String {
        guard !path.utf8.contains(0), let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
