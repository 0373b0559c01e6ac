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
    /// The frame of a cycle: its first line, those between, its last; and what stands before a state that lasts for ever.
    var cycleStart: String
    var cycleMiddle: Character
    var cycleEnd: String
    var cycleStay: String

    static let unicode = TextGlyphs(
        bar: "│", line: "─", crossing: "┼", rightArrow: "▶", leftArrow: "◀", rightCorner: "└", leftCorner: "┘",
        sends: "─▶", receives: "◀─", copies: "◁─", becomes: "→", ellipsis: "…", failure: "✗", groupStart: "╭",
        groupMiddle: "│", groupEnd: "╰", cycleStart: "┏━▶", cycleMiddle: "┃", cycleEnd: "┗━━", cycleStay: "━━▶")

    static let ascii = TextGlyphs(
        bar: "|", line: "-", crossing: "+", rightArrow: ">", leftArrow: "<", rightCorner: "+", leftCorner: "+",
        sends: "->", receives: "<-", copies: "<~", becomes: "->", ellipsis: "...", failure: "X", groupStart: "/",
        groupMiddle: "|", groupEnd: "\\", cycleStart: "#=>", cycleMiddle: "#", cycleEnd: "#==", cycleStay: "==>")
}
