extension PreprocessingRun {
    /// Does what `-D` and `-U` say. Each stands in a file of its own, so that faults in it can be shown.
    mutating func applyOptions() {
        for define in options.defines { applyDefine(define) }
        for name in options.undefines { applyUndefine(name) }
    }

    private mutating func applyDefine(_ text: String) {
        // Without a value, the macro is 1.
        var bytes = Array((text.utf8.contains(UInt8(ascii: "=")) ? text : text + "=1").utf8)
        // A definition is one line, as it would be in a file.
        bytes = bytes.map { $0 == UInt8(ascii: "\n") ? UInt8(ascii: " ") : $0 }
        let file = sources.add(SourceFile(path: "<command line>", bytes: bytes))
        if let sign = bytes.firstIndex(of: UInt8(ascii: "=")) { bytes[sign] = UInt8(ascii: " ") }
        var scanner = Scanner(bytes: bytes, file: file)
        var lexemes: [Lexeme] = []
        while let lexeme = scanner.nextOnLine() { lexemes.append(lexeme) }
        if let fault = Lexer.unterminatedComment(in: scanner) { report(fault) }
        define(lexemes, place: Span(file: file, start: 0, end: 0))
    }

    private mutating func applyUndefine(_ text: String) {
        let bytes = Array(text.utf8)
        let file = sources.add(SourceFile(path: "<command line>", bytes: bytes))
        var scanner = Scanner(bytes: bytes, file: file)
        guard let name = scanner.next(), name.kind == .identifier, scanner.next() == nil else {
            return report(
                .error, .malformedMacro, "`\(text)` is not the name of a macro",
                at: Span(file: file, start: 0, end: Int32(clamping: bytes.count)))
        }
        macros[name.text] = nil
    }
}
