import Automata
import CStatePacking

/// The words of a key, with room for `keyWordLimit`.
typealias KeyBits = SIMD8<UInt64>

/// The letters that packed states are to a claim, by those bits of their keys on which the propositions depend: most states need not be
/// unpacked, nor the propositions be evaluated there.
///
/// It is asked for every state, and so is nothing but addresses, of which no references are counted.
struct LetterCache {
    private struct Entry {
        var bits: KeyBits
        /// One more than the letter; 0 if there is none.
        var letter = 0
    }

    private static let entryCount = 1 << 10

    private let packed: PackedStates
    private let mask: KeyBits
    private let entries: UnsafeMutablePointer<Entry>

    /// - Returns: nil if the states are not packed, or the propositions depend on something that lies in no fixed place.
    init?(_ states: StoredStates, _ evaluator: PropositionEvaluator) {
        guard let packed = states.packed, let packing = states.packing, let ranges = evaluator.bytesRead else { return nil }
        self.packed = packed
        mask = packing.keyBits(of: ranges)
        entries = .allocate(capacity: Self.entryCount)
        entries.initialize(repeating: Entry(bits: .zero), count: Self.entryCount)
    }

    func deallocate() { entries.deallocate() }

    /// Where the letter of a state is, or would be: its bits, and the number of the entry. The store still has the form that it had.
    typealias Place = (bits: KeyBits, entry: Int)

    @inline(__always)
    func place(of state: Int) -> Place {
        let key = UnsafeRawPointer(packed.key(state))
        var bits = KeyBits.zero
        var mixed: UInt64 = 0
        for word in 0..<packed.keyWords {
            bits[word] = key.loadUnaligned(fromByteOffset: word &* 8, as: UInt64.self) & mask[word]
            mixed = (mixed ^ bits[word]) &* 0x9E37_79B9_7F4A_7C15
        }
        return (bits, Int(truncatingIfNeeded: mixed >> 54))
    }

    /// The letter, if it is known.
    @inline(__always)
    func letter(at place: Place) -> Int? {
        let entry = entries[place.entry]
        return entry.letter != 0 && entry.bits == place.bits ? entry.letter &- 1 : nil
    }

    func set(_ letter: Int, at place: Place) { entries[place.entry] = Entry(bits: place.bits, letter: letter + 1) }
}

extension StatePacking {
    /// The bits of keys that say what some bytes of a state are, whatever its size is, and what size that is.
    func keyBits(of bytes: [Range<Int>]) -> KeyBits {
        var result = KeyBits.zero
        result[0] = packing.pointee.sizeMask
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
