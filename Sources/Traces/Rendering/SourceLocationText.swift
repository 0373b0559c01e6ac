import Promela

extension SourceLocation {
    /// The name of the file, without its directories, and the line.
    var shortText: String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return "\(name):\(line)"
    }

    /// The path and the line, as compilers write it.
    var text: String { "\(path):\(line)" }
}
