import Glibc

/// Clears up if this process dies without having done so: kills the process groups that it has started, and removes its files.
///
/// It is a shell that waits for the end of a pipe, so not even SIGKILL gets past it.
public final class Guardian {
    private let process: Int32
    private var pipe: Descriptor?

    private static let script = """
        trap '' INT TERM HUP QUIT
        groups=
        while read -r change group; do
            kept=
            for other in $groups; do [ "$other" = "$group" ] || kept="$kept $other"; done
            groups=$kept
            [ "$change" = end ] || groups="$groups $group"
        done
        for group in $groups; do kill -s KILL -- "-$group"; done
        folder=$1
        shift
        rm -f -- "$@"
        [ -z "$folder" ] || rm -rf -- "$folder"
        """

    /// Starts the watch over some files, and over a folder.
    package init(removing files: [String], folder: String?) throws(SystemError) {
        let (reading, writing) = try Descriptor.pipe()
        process = try ProcessGroup.start(
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

    /// Where a process says that its group is there and has to be killed. It does so itself: between its start and the next step of this
    /// process there would be a gap.
    var announcements: Int32 { pipe?.number ?? -1 }

    /// A process group has ended.
    package func forget(_ group: ProcessGroup) {
        let bytes = Array("end \(group.number)\n".utf8)
        while write(announcements, bytes, bytes.count) < 0, errno == EINTR {}
    }
}
