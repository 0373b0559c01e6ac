import Automata

/// Small expressions and statements of C.
enum CText {
    /// Types, and ways to values in vectors, which lie anywhere.
    static let preamble = """
        typedef unsigned char B; typedef int64_t I; typedef uint64_t U; typedef struct ExpansionContext C;
        typedef int32_t S32; typedef uint32_t U32; typedef int16_t S16; typedef uint16_t U16;
        #define NARROW(x) ((I)(S32)(x))
        #define LOAD(name, type) static inline I name(const B *p) { type v; __builtin_memcpy(&v, p, sizeof v); return (I)v; }
        LOAD(u16, U16) LOAD(s16, S16) LOAD(u32, U32) LOAD(s32, S32) LOAD(s64, I)

        """

    /// How a short text has transitions in tables, and goes through those of a location.
    static let tables = """
        /* A transition, and the function that takes it, which others may share that lead elsewhere or cut other values: it says 1 if
           it has, 2 if it has not and lets go of the escape that was taken, 0, or -1. */
        struct row {
            int (*take)(C *c, const B *s, const I size, const I frame, const I pid, const struct row *t);
            const U32 *sites; I target, group, isElse;
        };
        /* The transitions of a location. */
        struct span { U32 first, count; };
        static int look(C *c, const B *s, const I size, const I frame, const I pid, const struct row *t, const I count) {
            const U rest = c->sleeping;
            int moved = 0; I group = 0;
            for (I slot = 0; slot < count; slot++, t++) {
                if (group > 0 && group != t->group) break;
                if (slot < 64 && rest >> slot & 1) { moved = 1; group = t->group; continue; }
                if (t->isElse && moved) continue;
                c->slot = slot;
                const int taken = t->take(c, s, size, frame, pid, t);
                if (taken < 0) return -1;
                if (taken) group = taken == 1 ? t->group : 0;
                moved |= taken & 1;
            }
            return moved;
        }

        """

    static func literal(_ value: Int64) -> String { value == .min ? "(-9223372036854775807LL - 1)" : "\(value)LL" }

    static func load(_ form: Storage.Form, _ place: String) -> String {
        switch form {
        case .bits, .unsigned8: "*(\(place))"
        case .unsigned16: "u16(\(place))"
        case .unsigned32: "u32(\(place))"
        case .signed16: "s16(\(place))"
        case .signed32: "s32(\(place))"
        case .unsigned64, .unsignedTerm, .signedTerm: "s64(\(place))"
        }
    }

    /// Reads a scalar of a section.
    static func load(_ storage: Storage, from section: String) -> String {
        let value = load(storage.form, "\(section) + \(storage.offset)")
        return storage.form == .bits ? "\(value) >> \(storage.shift) & \((1 << storage.width) - 1)" : value
    }

    /// Writes a value to a state, so many bytes from its beginning.
    static func store(_ form: Storage.Form, at place: String, _ value: String) -> String {
        "c->set\(bits(form))(c, (B *)b, \(place), \(value));"
    }

    /// A whole step to a location, which writes a value to the state.
    static func step(_ form: Storage.Form, to target: String, at place: String, _ value: String) -> String {
        "if (c->steps.assign\(bits(form))(c, frame, \(target), \(place), \(value))) goto left;"
    }

    private static func bits(_ form: Storage.Form) -> Int {
        switch form {
        case .bits, .unsigned8: 8
        case .unsigned16, .signed16: 16
        case .unsigned32, .signed32: 32
        case .unsigned64, .unsignedTerm, .signedTerm: 64
        }
    }

    /// A value cut to so many bits, as `Storage.truncate` does it.
    static func cut(_ value: String, width: Int, isSigned: Bool) -> String {
        if width >= 64 { return value }
        return isSigned
            ? "(I)((U)\(value) << \(64 - width)) >> \(64 - width)" : "(I)((U)\(value) & \((UInt64(1) << UInt64(width)) - 1)ULL)"
    }
}
