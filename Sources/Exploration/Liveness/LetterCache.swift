import Automata
import CStatePacking

/// The letters that packed states are to a claim, by those bits of their keys on which the propositions depend: most states need not be
/// unpacked, nor the propositions be evaluated there.
struct LetterCache {
    private struct Entry {
        var bits: SIMD4<UInt64>
        /// One more than the letter; 0 if there is none.
        var letter = 0
    }

    private static let entryCount = 1 << 10

    /// The form of the store that this is for; see `StoredStates`.
    let form: Int
    private let packed: PackedStates
    private let mask: SIMD4<UInt64>
    private var entries = [Entry](repeating: Entry(bits: .zero), count: entryCount)

    /// - Returns: nil if the states are not packed, or the propositions depend on something that lies in no fixed place.
    init?(_ states: StoredStates, _ evaluator: PropositionEvaluator) {
        guard let packed = states.packed, let packing = states.packing, let ranges = evaluator.bytesRead else { return nil }
        (self.packed, form) = (packed, states.form)
        mask = packing.keyBits(of: ranges)
    }

    /// Where the letter of a state is, or would be: its bits, and the number of the entry. The store still has the form.
    typealias Place = (bits: SIMD4<UInt64>, entry: Int)

    @inline(__always)
    func place(of state: Int) -> Place {
        let key = packed.key(state)
        var bits = SIMD4<UInt64>(key[0] & mask[0], 0, 0, 0)
        for word in 1..<max(1, packed.keyWords) { bits[word] = key[word] & mask[word] }
        let mixed = (bits[0] ^ bits[1] &* 0x9E37_79B9_7F4A_7C15 ^ bits[2] &* 0xD6E8_FEB8_6659_FD93 ^ bits[3]) &* 0xA076_1D64_78BD_642F
        return (bits, Int(truncatingIfNeeded: mixed >> 54))
    }

    /// The letter, if it is known.
    @inline(__always)
    func letter(at place: Place) -> Int? {
        let entry = entries[place.entry]
        return entry.letter != 0 && entry.bits == place.bits ? entry.letter &- 1 : nil
    }

    mutating func set(_ letter: Int, at place: Place) { entries[place.entry] = Entry(bits: place.bits, letter: letter + 1) }
}

extension StatePacking {
    /// The bits of keys that say what some bytes of a state are, whatever its size is, and what size that is.
    func keyBits(of bytes: [Range<Int>]) -> SIMD4<UInt64> {
        var result = SIMD4<UInt64>(packing.pointee.sizeMask, 0, 0, 0)
        for size in sizes {
            for byte in bytes.joined() where byte < size.size {
                for word in 0..<keyWords {
                    let changes = size.changes + (word * Int(size.size) + byte) * Self.changesOfByte
                    result[word] |= (0..<Self.changesOfByte).reduce(0) { $0 | changes[$1] }
                }
            }
        }
        return result
    }
}
