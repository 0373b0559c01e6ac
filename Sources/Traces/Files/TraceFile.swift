#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Traces in files: ITF JSON, by convention named `….itf.json`.
public enum TraceFile {
    /// Far above any trace that somebody would look at.
    static let largestFile = 512 << 20

    /// Reads a trace.
    /// - Throws: one error for whatever is wrong with the file.
    public static func read(at path: String) throws(TraceFileError) -> Trace {
        do {
            return try ITFDecoder.trace(try bytes(ofFileAt: path))
        } catch {
            var located = error
            located.path = path
            throw located
        }
    }

    /// Reads a trace from the text of a file.
    public static func decode(_ text: String) throws(TraceFileError) -> Trace {
        try ITFDecoder.trace(Array(text.utf8))
    }

    /// Reads a trace from the bytes of a file.
    public static func decode(_ bytes: [UInt8]) throws(TraceFileError) -> Trace {
        try ITFDecoder.trace(bytes)
    }

    /// Writes a trace as ITF.
    /// - Parameter overwrite: whether a file that is there already may be replaced.
    public static func write(_ trace: Trace, to path: String, overwrite: Bool = false) throws(TraceFileError) {
        try write(text: ITFEncoder.text(trace), to: path, overwrite: overwrite)
    }

    /// Writes text so that there is never half a file: it is written under another name first.
    /// - Parameter overwrite: whether a file that is there already may be replaced.
    public static func write(text: String, to path: String, overwrite: Bool = false) throws(TraceFileError) {
        guard !path.utf8.contains(0), !path.isEmpty else { throw failure(path, ENOENT) }
        var status = stat()
        if lstat(path, &status) == 0 {
            guard status.st_mode & S_IFMT != S_IFDIR else { throw failure(path, EISDIR) }
            guard overwrite else {
                throw TraceFileError("there is such a file already, and it was not asked to be replaced", path: path)
            }
        }
        let (temporary, descriptor) = try createTemporary(besides: path)
        var isInPlace = false
        defer { if !isInPlace { unlink(temporary) } }
        let code = write(Array(text.utf8), to: descriptor)
        let closed = close(descriptor)
        if code != 0 { throw failure(path, code) }
        if closed != 0 { throw failure(path, errno) }
        // A link, unlike a renaming, fails if somebody else has made such a file in the meantime.
        if !overwrite, link(temporary, path) == 0 { return }
        if !overwrite, errno == EEXIST {
            throw TraceFileError("there is such a file already, and it was not asked to be replaced", path: path)
        }
        guard rename(temporary, path) == 0 else { throw failure(path, errno) }
        isInPlace = true
    }

    private static func createTemporary(besides path: String) throws(TraceFileError) -> (path: String, descriptor: Int32) {
        for _ in 0..<100 {
            let name = "\(path).\(getpid())-\(UInt32.random(in: 0...UInt32.max)).tmp"
            let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
            if descriptor >= 0 { return (name, descriptor) }
            guard errno == EEXIST else { throw failure(path, errno) }
        }
        throw failure(path, EEXIST)
    }

    /// - Returns: 0, or the number of the error.
    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { buffer in
                #if canImport(Glibc)
                    Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                    Musl.write(descriptor, buffer.baseAddress, buffer.count)
                #else
                    Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            written += count
        }
        return fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS ? 0 : errno
    }

    private static func bytes(ofFileAt path: String) throws(TraceFileError) -> [UInt8] {
        guard !path.utf8.contains(0) else { throw failure(path, ENOENT) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var result: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let size = chunk.count
            let count = chunk.withUnsafeMutableBytes { buffer in
                #if canImport(Glibc)
                    Glibc.read(descriptor, buffer.baseAddress, size)
                #elseif canImport(Musl)
                    Musl.read(descriptor, buffer.baseAddress, size)
                #else
                    Darwin.read(descriptor, buffer.baseAddress, size)
                #endif
            }
            if count == 0 { return result }
            if count < 0 {
                if errno == EINTR { continue }
                throw failure(path, errno)
            }
            result.append(contentsOf: chunk[..<count])
            guard result.count <= largestFile else {
                throw TraceFileError("the file is larger than \(largestFile >> 20) MiB", path: path)
            }
        }
    }

    private static func failure(_ path: String, _ code: Int32) -> TraceFileError {
        TraceFileError(String(cString: strerror(code)), path: path)
    }
}
