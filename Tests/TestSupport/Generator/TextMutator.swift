/// Makes broken, odd and sometimes still valid models out of whole ones.
///
/// The same seed always gives the same text, so a seed is all that has to be kept of a failure.
public struct TextMutator: Sendable {
    /// A text, cut up in advance because mutations are many and texts few.
    private struct Original: Sendable {
        var bytes: [UInt8]
        /// Words, numbers and single marks, each with the blanks behind it.
        var tokens: [ArraySlice<UInt8>]
        /// Lines with their ends.
        var lines: [ArraySlice<UInt8>]
    }

    /// The original texts up to this size are used mostly.
    public static let smallSize = 1_500

    private let small: [Original]
    private let large: [Original]

    /// What the texts of a mutator for these originals come from; there must be at least one.
    public init(originals: [[UInt8]]) {
        let cut = originals.filter { !$0.isEmpty }.map {
            Original(bytes: $0, tokens: Self.tokens(of: $0), lines: Self.lines(of: $0))
        }
        let shortest = cut.map(\.bytes.count).min() ?? 0
        let limit = max(Self.smallSize, shortest)
        small = cut.filter { $0.bytes.count <= limit }
        large = cut.filter { $0.bytes.count > limit }
    }

    /// The text that belongs to a seed.
    public func mutant(seed: UInt64) -> [UInt8] {
        var random = SplitMix64(seed: seed)
        var text: [UInt8]
        switch Int.random(in: 0..<10, using: &random) {
        case 0..<4: text = mutate(original(&random).tokens, with: original(&random).tokens, &random)
        case 4..<7: text = mutate(original(&random).lines, with: original(&random).lines, &random)
        case 7: text = splice(original(&random).bytes, original(&random).bytes, &random)
        default: text = original(&random).bytes
        }
        if Int.random(in: 0..<10, using: &random) < 4 {
            for _ in 0..<Int.random(in: 1...5, using: &random) { mutateBytes(&text, &random) }
        }
        return text
    }

    private func original(_ random: inout SplitMix64) -> Original {
        let isLarge = !large.isEmpty && Int.random(in: 0..<40, using: &random) == 0
        let originals = isLarge ? large : small
        return originals[Int.random(in: originals.indices, using: &random)]
    }

    // MARK: Pieces

    /// Up to four changes to the order and number of tokens or lines; some pieces come from another text.
    private func mutate(
        _ pieces: [ArraySlice<UInt8>], with others: [ArraySlice<UInt8>], _ random: inout SplitMix64
    ) -> [UInt8] {
        var pieces = pieces
        for _ in 0..<Int.random(in: 1...4, using: &random) {
            guard !pieces.isEmpty else { break }
            let place = Int.random(in: pieces.indices, using: &random)
            let end = min(pieces.count, place + Int.random(in: 1...8, using: &random))
            switch Int.random(in: 0..<8, using: &random) {
            case 0: pieces.swapAt(place, Int.random(in: pieces.indices, using: &random))
            case 1: pieces.insert(contentsOf: pieces[place..<end], at: place)
            case 2: pieces.removeSubrange(place..<end)
            case 3: pieces.remove(at: place)
            case 4: pieces[place] = pieces[Int.random(in: pieces.indices, using: &random)]
            case 5:
                let source = Int.random(in: others.indices, using: &random)
                pieces[place] = others[source]
            case 6:
                let source = Int.random(in: others.indices, using: &random)
                let sourceEnd = min(others.count, source + Int.random(in: 1...8, using: &random))
                pieces.insert(contentsOf: others[source..<sourceEnd], at: place)
            default: nest(&pieces, place..<end, &random)
            }
        }
        return Array(pieces.joined())
    }

    /// What opens and closes something in Promela.
    private static let brackets: [(opening: [UInt8], closing: [UInt8])] = [
        ("(", ")"), ("{ ", " }\n"), ("if :: ", " fi\n"), ("do :: ", " od\n"), ("atomic { ", " }\n"),
        ("d_step { ", " }\n"), ("!", ""), ("(1 + ", ")"), ("(1 -> ", " : 0)"), ("[", "]"), ("{ ", " } unless { skip }\n"),
        ("for (i : 1 .. 2) { ", " }\n"), ("[] (", ")"), ("\n#if 1\n", "\n#endif\n"), ("eval(", ")"), ("L: ", ""),
    ].map { (Array($0.0.utf8), Array($0.1.utf8)) }

    /// Puts brackets around some pieces: now and then more of them than can be read.
    private func nest(_ pieces: inout [ArraySlice<UInt8>], _ range: Range<Int>, _ random: inout SplitMix64) {
        let (opening, closing) = Self.brackets[Int.random(in: Self.brackets.indices, using: &random)]
        let isDeep = Int.random(in: 0..<10, using: &random) == 0
        let depth = Int.random(in: isDeep ? 4...260 : 1...3, using: &random)
        pieces.insert(contentsOf: Array(repeating: closing[...], count: depth), at: range.upperBound)
        pieces.insert(contentsOf: Array(repeating: opening[...], count: depth), at: range.lowerBound)
    }

    // MARK: Bytes

    /// The beginning of one text and the end of another.
    private func splice(_ first: [UInt8], _ second: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
        Array(first.prefix(Int.random(in: 0...first.count, using: &random)))
            + Array(second.suffix(Int.random(in: 0...second.count, using: &random)))
    }

    /// Texts that scanners are known to stumble over.
    private static let awkward: [[UInt8]] =
        [
            "\0", "\r", "\r\n", "\\\n", "/*", "*/", "//", "\"", "'", "\\", "##", "\n#", "\n#define ", "\n#include ", "\n#if ",
            "\n#endif\n", "0", "255", "2147483648", "9223372036854775807", "18446744073709551616", "-", "_", "_pid", "..",
            "unless", "timeout", "run ", "provided (", "\u{FEFF}", "\u{202E}", "é",
        ].map { Array($0.utf8) } + [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]]

    private func mutateBytes(_ text: inout [UInt8], _ random: inout SplitMix64) {
        let place = Int.random(in: 0...text.count, using: &random)
        let end = min(text.count, place + Int.random(in: 1...20, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0 where place < text.count: text[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: text.removeSubrange(place..<end)
        case 2: text.insert(contentsOf: Array(text[place..<end]), at: place)
        case 3:
            let count = Int.random(in: 1...6, using: &random)
            text.insert(contentsOf: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }, at: place)
        case 4 where place < text.count: text[place] = UInt8(ascii: "0") + UInt8.random(in: 0...9, using: &random)
        default:
            text.insert(contentsOf: Self.awkward[Int.random(in: Self.awkward.indices, using: &random)], at: place)
        }
    }

    // MARK: Cutting

    private static func lines(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        pieces(of: bytes) { $0 == UInt8(ascii: "\n") }
    }

    private static func tokens(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        func isWord(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
            default: false
            }
        }
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\n") || byte == 9 }
        return pieces(of: bytes) { byte, next in !isBlank(next) && !(isWord(byte) && isWord(next)) }
    }

    /// Cuts behind every byte that ends a piece.
    private static func pieces(of bytes: [UInt8], endingAt isEnd: (UInt8) -> Bool) -> [ArraySlice<UInt8>] {
        pieces(of: bytes) { byte, _ in isEnd(byte) }
    }

    /// Cuts between every two bytes that belong to different pieces.
    private static func pieces(of bytes: [UInt8], between isCut: (UInt8, UInt8) -> Bool) -> [ArraySlice<UInt8>] {
        var result: [ArraySlice<UInt8>] = []
        var start = 0
        for index in bytes.indices where index + 1 == bytes.count || isCut(bytes[index], bytes[index + 1]) {
            result.append(bytes[start...index])
            start = index + 1
        }
        return result
    }
}
