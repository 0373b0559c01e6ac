/// The characters that drawings are made of.
struct TextGlyphs {
    var bar: Character
    var line: Character
    var crossing: Character
    var rightArrow: Character
    var leftArrow: Character
    /// Where an arrow leaves a lane downwards: to the right, to the left.
    var rightCorner: Character
    var leftCorner: Character
    var sends: String
    var receives: String
    var copies: String
    var becomes: String
    var ellipsis: String
    var failure: String
    /// The marks of an atomic sequence: its first line, those between, its last.
    var groupStart: Character
    var groupMiddle: Character
    var groupEnd: Character

    static let unicode = TextGlyphs(
        bar: "│", line: "─", crossing: "┼", rightArrow: "▶", leftArrow: "◀", rightCorner: "└", leftCorner: "┘",
        sends: "─▶", receives: "◀─", copies: "◁─", becomes: "→", ellipsis: "…", failure: "✗", groupStart: "╭",
        groupMiddle: "│", groupEnd: "╰")

    static let ascii = TextGlyphs(
        bar: "|", line: "-", crossing: "+", rightArrow: ">", leftArrow: "<", rightCorner: "+", leftCorner: "+",
        sends: "->", receives: "<-", copies: "<~", becomes: "->", ellipsis: "...", failure: "X", groupStart: "/",
        groupMiddle: "|", groupEnd: "\\")
}
