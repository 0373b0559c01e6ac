/// What `#define` gave a meaning to.
struct Macro: Sendable {
    /// One element of a macro's body.
    struct Piece: Sendable {
        var lexeme: Lexeme
        /// Which parameter stands here, if one does.
        var parameter: Int?
        /// `#` stands in front of the parameter.
        var isStringized = false
        /// `##` follows.
        var pastesNext = false

        func isSpelled(as other: Piece) -> Bool {
            lexeme.kind == other.lexeme.kind && lexeme.text == other.lexeme.text
                && lexeme.hasLeadingSpace == other.lexeme.hasLeadingSpace && parameter == other.parameter
                && isStringized == other.isStringized && pastesNext == other.pastesNext
        }
    }

    var name: String
    /// Where the name stands in the definition.
    var span: Span
    /// Nil for a macro that is called without parentheses.
    var parameters: [String]?
    /// The last parameter takes all arguments that remain, with the commas between them.
    var isVariadic = false
    var body: [Piece] = []

    /// Whether a redefinition as `other` changes nothing; white space counts only for whether there is any.
    func isSame(as other: Macro) -> Bool {
        parameters == other.parameters && isVariadic == other.isVariadic && body.count == other.body.count
            && zip(body, other.body).allSatisfy { $0.isSpelled(as: $1) }
    }

    /// Whether the piece at `index` is the comma of `, ## __VA_ARGS__`, which GNU cpp drops when the remaining
    /// arguments are left out.
    func isDroppableComma(at index: Int) -> Bool {
        guard isVariadic, let parameters, index + 1 < body.count else { return false }
        let piece = body[index]
        let next = body[index + 1]
        return piece.parameter == nil && piece.lexeme.isPunctuation(",") && piece.pastesNext
            && next.parameter == parameters.count - 1 && !next.isStringized
    }
}

/// Why a definition was not understood.
struct MacroSyntaxError: Error {
    var message: String
    var span: Span
}

extension Macro {
    /// Reads a definition from what follows `#define` on its line.
    /// - Parameter place: where to report that there is nothing at all.
    init(definition: [Lexeme], place: Span) throws(MacroSyntaxError) {
        guard let nameLexeme = definition.first else {
            throw MacroSyntaxError(message: "a macro needs a name", span: place)
        }
        guard nameLexeme.kind == .identifier else {
            throw MacroSyntaxError(message: "`\(nameLexeme.text)` is not a name for a macro", span: nameLexeme.span)
        }
        guard nameLexeme.text != "defined" else {
            throw MacroSyntaxError(message: "`defined` cannot be a macro", span: nameLexeme.span)
        }
        name = nameLexeme.text
        span = nameLexeme.span

        var rest = definition.dropFirst()
        if let opening = rest.first, opening.isPunctuation("("), !opening.hasLeadingSpace {
            rest.removeFirst()
            try readParameters(from: &rest, opening: opening)
        }
        try readBody(Array(rest))
    }

    private mutating func readParameters(
        from rest: inout ArraySlice<Lexeme>, opening: Lexeme
    ) throws(MacroSyntaxError) {
        var names: [String] = []
        var known: Set<String> = []
        var expectsName = true
        while let lexeme = rest.popFirst() {
            if lexeme.isPunctuation(")"), !expectsName || names.isEmpty {
                parameters = names
                return
            } else if lexeme.isPunctuation(","), !expectsName, !isVariadic {
                expectsName = true
            } else if lexeme.kind == .identifier, expectsName {
                guard known.insert(lexeme.text).inserted else {
                    throw MacroSyntaxError(message: "two parameters are named `\(lexeme.text)`", span: lexeme.span)
                }
                names.append(lexeme.text)
                expectsName = false
            } else if lexeme.isPunctuation(".."), rest.first?.isPunctuation(".") == true, !isVariadic {
                rest.removeFirst()
                // `rest...` names the remaining arguments; `...` alone calls them __VA_ARGS__.
                if expectsName { names.append("__VA_ARGS__") }
                isVariadic = true
                expectsName = false
            } else {
                throw MacroSyntaxError(
                    message: "`\(lexeme.text)` is unexpected among the parameters of a macro", span: lexeme.span)
            }
        }
        throw MacroSyntaxError(message: "the parameters of this macro never end", span: opening.span)
    }

    private mutating func readBody(_ lexemes: [Lexeme]) throws(MacroSyntaxError) {
        let positions = Dictionary(
            (parameters ?? []).enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var index = 0
        while index < lexemes.count {
            var lexeme = lexemes[index]
            index += 1
            // What stands between the name and the body is not part of it.
            if body.isEmpty { lexeme.hasLeadingSpace = false }
            if lexeme.isPunctuation("##") {
                guard !body.isEmpty, index < lexemes.count else {
                    throw MacroSyntaxError(message: "`##` needs something to join on both sides", span: lexeme.span)
                }
                body[body.count - 1].pastesNext = true
            } else if lexeme.isPunctuation("#"), parameters != nil {
                guard index < lexemes.count, let parameter = positions[lexemes[index].text],
                    lexemes[index].kind == .identifier
                else {
                    throw MacroSyntaxError(message: "`#` must stand before a parameter of the macro", span: lexeme.span)
                }
                lexeme.span = lexeme.span.joined(with: lexemes[index].span)
                lexeme.text = lexemes[index].text
                body.append(Piece(lexeme: lexeme, parameter: parameter, isStringized: true))
                index += 1
            } else if lexeme.kind == .identifier, let parameter = positions[lexeme.text] {
                body.append(Piece(lexeme: lexeme, parameter: parameter))
            } else {
                body.append(Piece(lexeme: lexeme))
            }
        }
    }
}
