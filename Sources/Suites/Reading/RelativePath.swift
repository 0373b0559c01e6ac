/// Paths that a suite has, which lead on from its own folder.
enum RelativePath {
    /// The path from the current folder, without needless `..`.
    static func resolve(_ path: String, besides file: String) -> String {
        if path.hasPrefix("/") { return normalized(path) }
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        return normalized(folder + path)
    }

    static func normalized(_ path: String) -> String {
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(part) }
        }
        return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
    }
}
