import Foundation

/// Compiled objects in a folder of the user's, by the hash of what they were made from.
///
/// Whoever can write there can have Heddle run what they like, so a folder that is not the user's alone is not used.
struct ObjectCache {
    let folder: URL
    /// The most bytes that the objects may take.
    var sizeLimit = 256 << 20
    /// Work that was left behind so many seconds ago is cleared away.
    private static let staleAge: TimeInterval = 24 * 3600

    /// `heddle` in the user's cache folder; nil where there is no such folder, or none to be trusted.
    static func standard(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> ObjectCache? {
        if let path = environment["XDG_CACHE_HOME"], path.hasPrefix("/") {
            return ObjectCache(URL(fileURLWithPath: path).appendingPathComponent("heddle", isDirectory: true))
        }
        guard let home = environment["HOME"], home.hasPrefix("/") else { return nil }
        return ObjectCache(URL(fileURLWithPath: home).appendingPathComponent(".cache/heddle", isDirectory: true))
    }

    /// Makes the folder, if it is not there yet.
    /// - Returns: nil if it cannot be made, or anybody else can write to it.
    init?(_ folder: URL) {
        self.folder = folder
        try? FileManager.default.createDirectory(
            at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
        mkdir(folder.path, 0o700)
        guard Self.isPrivate(folder, type: S_IFDIR) else { return nil }
    }

    /// Whether only this user can write to a file or folder, which is no link.
    private static func isPrivate(_ file: URL, type: mode_t) -> Bool {
        var status = stat()
        return lstat(file.path, &status) == 0 && status.st_mode & S_IFMT == type && status.st_uid == geteuid()
            && status.st_mode & 0o022 == 0
    }

    private func file(_ key: String) -> URL { folder.appendingPathComponent(key + ".so") }

    /// The object with this key, if there is one; it counts as used now.
    func object(_ key: String) -> URL? {
        let file = file(key)
        guard Self.isPrivate(file, type: S_IFREG) else { return nil }
        utimensat(AT_FDCWD, file.path, nil, 0)
        return file
    }

    /// Takes an object in, at once or not at all, and lets go of those that were not used for longest.
    /// - Parameter made: a file in a folder that `makeWorkFolder` made.
    /// - Returns: where it lies now; nil if it cannot be taken in.
    func insert(_ made: URL, key: String) -> URL? {
        chmod(made.path, 0o600)
        let file = file(key)
        guard rename(made.path, file.path) == 0 else { return nil }
        removeOldest(keeping: file)
        return file
    }

    /// Makes a folder for a compilation, on the same file system.
    func makeWorkFolder() -> URL? { WorkFolder.make(in: folder) }

    private func removeOldest(keeping kept: URL) {
        let files = FileManager.default
        let keys: Set<URLResourceKey> = [.fileSizeKey, .contentModificationDateKey]
        let found = (try? files.contentsOfDirectory(at: folder, includingPropertiesForKeys: Array(keys))) ?? []
        var objects: [(file: URL, size: Int, used: Date)] = []
        for file in found {
            guard let values = try? file.resourceValues(forKeys: keys), let used = values.contentModificationDate else { continue }
            if file.pathExtension == "so" {
                objects.append((file, values.fileSize ?? 0, used))
            } else if WorkFolder.isOne(file), used.timeIntervalSinceNow < -Self.staleAge {
                try? files.removeItem(at: file)
            }
        }
        var total = objects.reduce(0) { $0 + $1.size }
        for object in objects.sorted(by: { $0.used < $1.used })
        where total > sizeLimit && object.file.lastPathComponent != kept.lastPathComponent {
            try? files.removeItem(at: object.file)
            total -= object.size
        }
    }
}

/// A folder of the user's own for the time of a compilation.
enum WorkFolder {
    private static let prefix = "heddle-work-"

    static func make(in parent: URL) -> URL? {
        var template = Array(parent.appendingPathComponent(prefix + "XXXXXX").path.utf8CString)
        return template.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress, mkdtemp(base) != nil else { return nil }
            return URL(fileURLWithPath: String(cString: base), isDirectory: true)
        }
    }

    static func isOne(_ file: URL) -> Bool { file.lastPathComponent.hasPrefix(prefix) }
}
