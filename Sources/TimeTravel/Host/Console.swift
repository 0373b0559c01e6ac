/// A process with the lines that it prints.
package struct Console {
    package let process: ProcessTree
    /// Whether anything can come.
    package private(set) var isOpen = true
    private var rest: [UInt8] = []
    /// A longer line is cut in two.
    private static let maximumLength = 1 << 16

    package init(_ process: ProcessTree) { self.process = process }

    /// Some of the lines that have come since, for a process may print faster than anybody reads; at the end, also one that does not end.
    package mutating func read() -> [[UInt8]] {
        var lines: [[UInt8]] = []
        guard isOpen else { return lines }
        let bytes = process.read()
        isOpen = bytes != nil
        for byte in bytes ?? [] {
            if byte == UInt8(ascii: "\n") || rest.count >= Self.maximumLength {
                lines.append(rest)
                rest = []
            }
            if byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") { rest.append(byte) }
        }
        if !isOpen, !rest.isEmpty {
            lines.append(rest)
            rest = []
        }
        return lines
    }
}
