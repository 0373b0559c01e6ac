extension PreprocessingRun {
    /// Does what a line that begins with `#` says, to its end.
    mutating func directive(_ hash: Lexeme) {
        guard let innermost = files.indices.last else { return }
        // A `#` alone is allowed, and means nothing.
        guard let name = files[innermost].scanner.nextOnLine() else { return }
        if !conditionalDirective(name), !files[innermost].isSkipping { plainDirective(name) }
        // Inclusion closes the files that it opens, so this is still the same one.
        if files.indices.last == innermost { files[innermost].scanner.skipLine() }
    }

    private mutating func plainDirective(_ name: Lexeme) {
        // `# 12 "file"`, as cpp writes it.
        if name.kind == .number { return }
        switch name.text {
        case "define":
            define(restOfLine(), place: name.span)
        case "undef":
            guard let macro = nameOperand(of: name) else { return }
            macros[macro.text] = nil
            expectEndOfLine(of: name)
        case "include":
            include(name)
        case "error":
            report(.error, .errorDirective, "#error \(messageOnLine())", at: name.span)
        case "warning":
            report(.warning, .warningDirective, "#warning \(messageOnLine())", at: name.span)
        case "pragma":
            pragma()
        case "line":
            // Places are reported as they are in the file that is read.
            break
        default:
            report(
                .error, .unknownDirective, "`#\(name.text)` is no directive", at: name.span,
                hint:
                    "known are define, undef, include, if, ifdef, ifndef, elif, else, endif, error, warning, line, pragma"
            )
        }
    }

    // MARK: Macros

    /// Enters a definition into the table.
    mutating func define(_ definition: [Lexeme], place: Span) {
        do throws(MacroSyntaxError) {
            let macro = try Macro(definition: definition, place: place)
            if let former = macros[macro.name], !former.isSame(as: macro) {
                report(
                    .warning, .macroRedefined, "`\(macro.name)` is defined again, differently", at: macro.span,
                    hint: "take the former definition back with `#undef \(macro.name)`",
                    notes: [Diagnostic.Note("the former definition", at: former.span)])
            }
            macros[macro.name] = macro
        } catch {
            report(.error, .malformedMacro, error.message, at: error.span)
        }
    }

    /// `#pragma once` keeps a file from being read twice; other pragmas are for other programs.
    private mutating func pragma() {
        guard let innermost = files.indices.last,
            files[innermost].scanner.nextOnLine()?.text == "once", files.count > 1
        else { return }
        includedOnce.insert(SourceReader.canonicalPath(files[innermost].path))
    }

    // MARK: What stands on the line

    /// The lexemes from here to the end of the line.
    mutating func restOfLine() -> [Lexeme] {
        guard let innermost = files.indices.last else { return [] }
        var result: [Lexeme] = []
        while let lexeme = files[innermost].scanner.nextOnLine() { result.append(lexeme) }
        return result
    }

    /// The name that a directive is about; nil, with a diagnostic, if there is none.
    mutating func nameOperand(of directive: Lexeme) -> Lexeme? {
        guard let innermost = files.indices.last else { return nil }
        let operand = files[innermost].scanner.nextOnLine()
        if let operand, operand.kind == .identifier { return operand }
        report(
            .error, .malformedDirective, "`#\(directive.text)` must be followed by the name of a macro",
            at: operand?.span ?? directive.span)
        return nil
    }

    /// Warns of text that a directive has no use for.
    mutating func expectEndOfLine(of directive: Lexeme) {
        guard let first = restOfLine().first else { return }
        report(
            .warning, .extraTokens, "text after `#\(directive.text)` has no meaning", at: first.span,
            hint: "make it a comment")
    }

    /// The rest of the line as it was written, for `#error`.
    private mutating func messageOnLine() -> String {
        let lexemes = restOfLine()
        guard let first = lexemes.first, let last = lexemes.last else { return "" }
        return sources.text(of: first.span.joined(with: last.span))
    }
}
