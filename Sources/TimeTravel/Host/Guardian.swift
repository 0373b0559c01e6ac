import Glibc

/// Clears up if this process dies without having done so: kills the process groups that it has started, and removes its files.
///
/// It is a shell that waits for the end of a pipe, so not even SIGKILL gets past it.
final class Guardian {
    private let process: Int32
    private let pipe: Descriptor

    private static let script = """
        trap '' INT TERM HUP QUIT
        groups=' '
        while read -r change group; do
            case $change in
            start) groups="$groups$group " ;;
            end) groups="${groups%% $group *} ${groups#* $group }" ;;
            esac
        done
        for group in $groups; do kill -9 -- "-$group"; done
        folder=$1
        shift
        rm -f -- "$@"
        [ -z "$folder" ] || rm -rf -- "$folder"
        """

    /// Starts the watch over some files, and over a folder.
    init(removing files: [String], folder: String?) throws(SystemError) {
        let (reading, writing) = try Descriptor.pipe()
        pipe = writing
        process = try ProcessGroup.start(
            ["/bin/sh", "-c", Self.script, "heddle-guardian", folder ?? ""] + files, input: reading, output: try Descriptor.null())
    }

    /// All has been cleared up.
    deinit {
        kill(-process, SIGKILL)
        while waitpid(process, nil, 0) < 0, errno == EINTR {}
    }

    /// A process group is there that has to be killed.
    func watch(_ child: ProcessGroup) { tell("start \(child.number)\n") }

    /// A process group has ended.
    func forget(_ child: ProcessGroup) { tell("end \(child.number)\n") }

    private func tell(_ line: String) {
        let bytes = Array(line.utf8)
        while write(pipe.number, bytes, bytes.count) < 0, errno == EINTR {}
    }
}
