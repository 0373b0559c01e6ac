import Promela
import TestSupport
import Testing

/// No bytes whatsoever may crash the preprocessor or the renderer, or keep them busy.
@Suite struct PreprocessorFuzzTests {
    private static let seeds: [String] = [
        "#define N 3\n#define F(a, ...) a ## N #a __VA_ARGS__\nactive proctype P() { F(x, 1, 'a') }\n",
        "#if defined(A) && (B + 1) * 2 > 0x10 || !C ? 1 : 0\nyes\n#elif 'a' / 2 % 3 << 1\nno\n#else\n#endif\n",
        "#define f(a) a*g\n#define g(a) f(a)\nf(2)(9) f(f)(g)\n#undef f\n#line 3\n# 4 \"x\"\n#pragma once\n",
        "ltl p { [] (x -> <> y) }\nchan c = [2] of { byte }; c!!1; c?<x>; \"s\\n\" /* c */ // d\n0..5 \\\n x\n",
        "#include \"no\"\n#include <no>\n#error e\n#warning w\n__LINE__ __FILE__ 99999999999999999999 é \u{FEFF}\n",
    ]
    private static let pieces: [[UInt8]] =
        [
            "#", "##", "\n#define ", "\n#if ", "\n#endif\n", "\n#else\n", "(", ")", ",", "...", "__VA_ARGS__", "\\\n",
            "/*", "*/",
            "//", "\"", "'", "\\", "defined ", "N", "F(", "f(", "g", "\r\n", "0x", "18446744073709551616",
            "\n#include ", "? ",
            " : ", "/", "%", "-", "!!", "<<",
        ].map { Array($0.utf8) } + [
            [0], [0xFF], [0xC0, 0x80], [0xEF, 0xBB, 0xBF], [0xE2, 0x80, 0xAE], [0x0D], [0x1B],
        ]

    @Test(arguments: 0..<8)
    func `survives mutated models`(worker: Int) {
        var random = SplitMix64(seed: UInt64(worker))
        for _ in 0..<500 {
            let bytes = Self.mutant(using: &random)
            let result = Preprocessed(bytes: bytes)
            #expect(result.tokens.last?.kind == .end)
            for token in result.tokens {
                #expect(token.span.start <= token.span.end, "\(bytes)")
                #expect(Int(token.span.end) <= result.sources[token.span.file].bytes.count, "\(bytes)")
            }
            let text = DiagnosticRenderer(sources: result.sources).render(result.diagnostics)
            #expect(text.isEmpty == result.diagnostics.isEmpty)
        }
    }

    private static func mutant(using random: inout SplitMix64) -> [UInt8] {
        var bytes = Array((seeds.randomElement(using: &random) ?? "").utf8)
        bytes += Array((seeds.randomElement(using: &random) ?? "").utf8)
        for _ in 0..<Int.random(in: 1...12, using: &random) {
            let place = Int.random(in: 0...bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0 where place < bytes.count:
                bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 1:
                bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...9, using: &random)))
            case 2:
                let other = Int.random(in: 0...bytes.count, using: &random)
                bytes.insert(contentsOf: Array(bytes[min(place, other)..<max(place, other)].prefix(40)), at: place)
            default:
                bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
            }
        }
        return bytes
    }
}
