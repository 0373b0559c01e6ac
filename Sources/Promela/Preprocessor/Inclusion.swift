extension PreprocessingRun {
    /// `#include`: reads another file where the directive stands.
    mutating func include(_ directive: Lexeme) {
        guard !isCollecting else {
            return report(
                .error, .malformedDirective, "`#include` among the arguments of a macro", at: directive.span)
        }
        guard let header = includedName(directive) else { return }
        let isAngled = header.text.utf8.first == UInt8(ascii: "<")
        let name = String(decoding: header.text.utf8.dropFirst().dropLast(), as: UTF8.self)
        guard !name.isEmpty else {
            return report(
                .error, .malformedDirective, "`#include` of a file without a name", at: header.span,
                hint: "write `#include \"name\"`")
        }
        guard files.count <= Limit.includeDepth else {
            return stop(
                .includeDepth, "files include each other more than \(Limit.includeDepth) deep", at: header.span)
        }

        let folders = name.hasPrefix("/") ? [] : searchedFolders(isAngled: isAngled)
        let candidates = folders.isEmpty ? [name] : folders.map { $0 + name }
        guard let path = candidates.first(where: SourceReader.exists) else {
            return reportMissing(name, in: folders, at: header.span)
        }
        if !includedOnce.isEmpty, includedOnce.contains(SourceReader.canonicalPath(path)) { return }
        guard includeCount < Limit.includes else {
            return stop(.tooManyIncludes, "more than \(Limit.includes) files are included", at: header.span)
        }
        includeCount += 1
        do throws(SourceReadError) {
            let bytes = try SourceReader.bytes(ofFileAt: path, allowsPipes: false)
            process(sources.add(SourceFile(path: path, bytes: bytes, includedAt: header.span)))
        } catch {
            report(.error, .missingInclude, "`\(path)` cannot be read: \(error.reason)", at: header.span)
        }
    }

    /// The name with its quotation marks or angle brackets, which macros may spell.
    private mutating func includedName(_ directive: Lexeme) -> Lexeme? {
        guard let innermost = files.indices.last else { return nil }
        if let header = files[innermost].scanner.headerName() {
            expectEndOfLine(of: directive)
            return header
        }
        let lexemes = expanded(restOfLine(), at: directive.span)
        guard !isStopped else { return nil }
        if var first = lexemes.first {
            if first.kind == .string { return first }
            if first.isPunctuation("<"), let end = lexemes.firstIndex(where: { $0.isPunctuation(">") }) {
                var text = "<"
                for lexeme in lexemes[1..<end] {
                    if lexeme.hasLeadingSpace { text += " " }
                    text += lexeme.text
                }
                first.text = text + ">"
                return first
            }
        }
        report(
            .error, .malformedDirective, "`#include` must be followed by a file name", at: directive.span,
            hint: "write `#include \"name\"`")
        return nil
    }

    /// The folders where a file may be, the likeliest first, as they stand in front of its name: quoted names are looked for
    /// next to the file that includes them.
    private func searchedFolders(isAngled: Bool) -> [String] {
        let includer = files.last?.path ?? ""
        let own = includer.lastIndex(of: "/").map { String(includer[...$0]) } ?? ""
        let given = options.includeDirectories.map { $0.isEmpty || $0.hasSuffix("/") ? $0 : $0 + "/" }
        return isAngled ? given + [own] : [own] + given
    }

    private mutating func reportMissing(_ name: String, in folders: [String], at span: Span) {
        guard !folders.isEmpty else {
            return report(
                .error, .missingInclude, "there is no file `\(name)`", at: span,
                hint: "correct the path, or write one that is relative to the including file")
        }
        var names: [String] = []
        for folder in folders {
            let isRoot = folder == "/"
            let name = folder.isEmpty ? "the current folder" : "`\(isRoot ? folder : String(folder.dropLast()))`"
            if !names.contains(name) { names.append(name) }
        }
        let last = names.removeLast()
        let list = names.isEmpty ? last : "\(names.joined(separator: ", ")) or \(last)"
        report(
            .error, .missingInclude, "`\(name)` is not found in \(list)", at: span,
            hint: "correct the name, or add its folder with `-I`")
    }
}
