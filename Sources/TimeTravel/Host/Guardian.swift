import Glibc

/// Clears up if this process dies without having done so: kills the programs that it has started, and removes its files.
///
/// It is a shell that waits for the end of a pipe, so not even SIGKILL gets past it.
public final class Guardian {
    private let process: Int32
    private var pipe: Descriptor?

    private static let script = """
        trap '' INT TERM HUP QUIT
        trees=
        while read -r change tree; do
            kept=
            for other in $trees; do [ "$other" = "$tree" ] || kept="$kept $other"; done
            trees=$kept
            [ "$change" = end ] || trees="$trees $tree"
        done
        for tree in $trees; do kill -s TERM "$tree"; done
        folder=$1
        shift
        rm -f -- "$@"
        [ -z "$folder" ] || rm -rf -- "$folder"
        """

    /// Starts the watch over some files, and over a folder.
    package init(removing files: [String], folder: String?) throws(SystemError) {
        let (reading, writing) = try Descriptor.pipe()
        process = try ProcessTree.start(
            ["/bin/sh", "-c", Self.script, "heddle-guardian", folder ?? ""] + files, input: reading, output: try Descriptor.null())
        pipe = writing
    }

    /// Closes the pipe, as the end of this process does, and waits until the guardian has done its work.
    func release() {
        pipe = nil
        while waitpid(process, nil, 0) < 0, errno == EINTR {}
    }

    /// All has been cleared up.
    deinit {
        guard pipe != nil else { return }
        kill(-process, SIGKILL)
        while waitpid(process, nil, 0) < 0, errno == EINTR {}
    }

    /// Where a process says that it is there and has to be told to end. It does so itself: between its start and the next step of this
    /// process there would be a gap.
    var announcements: Int32 { pipe?.number ?? -1 }

    /// All of a program has ended.
    package func forget(_ tree: ProcessTree) {
        let bytes = Array("end \(tree.number)\n".utf8)
        while write(announcements, bytes, bytes.count) < 0, errno == EINTR {}
    }
}
