/// How reading goes on after an error.
extension Parser {
    /// Skips to where the next statement of the sequence may start, or to what ends the sequence.
    ///
    /// Whole blocks are skipped over; a word that can only start something at the outermost level stops the search, because
    /// then a closing brace is missing.
    func skipStatement() {
        var open = 0
        while !isAtEnd {
            if current.kind == .punctuation {
                switch current.text {
                case ";", "->":
                    if open == 0 { return }
                case "::":
                    if open == 0 { return }
                case "{": open += 1
                case "}":
                    if open == 0 { return }
                    open -= 1
                default: break
                }
            } else if current.kind == .identifier {
                switch current.text {
                case "if", "do":
                    // What C has under these words ends with its braces.
                    if next.isPunctuation("::") { open += 1 }
                case "fi", "od":
                    if open == 0 { return }
                    open -= 1
                default:
                    if startsUnit { return }
                }
            }
            advance()
        }
    }

    /// Skips `while (condition)` as C has it, so that its body can be read for faults of its own; false if no body follows.
    func skipHeadOfWhile() -> Bool {
        guard next.isPunctuation("("), let end = matchingParenthesis(), stream[end + 1].token.isPunctuation("{") else {
            return false
        }
        while position <= end { advance() }
        impliedSeparator = nil
        return true
    }

    /// Skips to the next unit of the outermost level.
    func skipUnit() {
        var open = 0
        while !isAtEnd {
            if isPunctuation("{") {
                open += 1
            } else if isPunctuation("}") {
                advance()
                open -= 1
                if open <= 0 { return }
                continue
            } else if isPunctuation(";"), open == 0 {
                advance()
                return
            } else if startsUnit {
                return
            }
            advance()
        }
    }

    /// Whether the current token can only start something at the outermost level.
    var startsUnit: Bool {
        current.kind == .identifier && Keywords.units.contains(current.text)
            && !(current.text == "init" && next.isPunctuation("="))
    }

    /// Skips `{ ... }`, whatever it contains; at its opening brace.
    func skipBraces() {
        var open = 0
        while !isAtEnd {
            if isPunctuation("{") {
                open += 1
            } else if isPunctuation("}") {
                open -= 1
                if open <= 0 {
                    advance()
                    return
                }
            }
            advance()
        }
    }

    /// Reports and skips `c_code` and its kin.
    func skipEmbedded() {
        let word = advance()
        report(
            .error, .embeddedC, "`\(word.text)` embeds C, which is not supported", at: word.span,
            hint: "write what the C text does in Promela")
        if isPunctuation("[") {
            while !isAtEnd, !isPunctuation("]"), !isPunctuation("{") { advance() }
            _ = accept("]")
        }
        while current.kind == .string { advance() }
        if isPunctuation("{") { skipBraces() }
    }
}
