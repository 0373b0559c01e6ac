import Automata

/// Small expressions and statements of C. The names in them are those of `CRuntime`.
enum CText {
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
        let size =
            switch form {
            case .bits, .unsigned8: 8
            case .unsigned16, .signed16: 16
            case .unsigned32, .signed32: 32
            case .unsigned64, .unsignedTerm, .signedTerm: 64
            }
        return "set\(size)(c, (B *)b, \(place), \(value));"
    }

    /// A value cut to so many bits, as `Storage.truncate` does it.
    static func cut(_ value: String, width: Int, isSigned: Bool) -> String {
        if width >= 64 { return value }
        return isSigned
            ? "(I)((U)\(value) << \(64 - width)) >> \(64 - width)" : "(I)((U)\(value) & \((UInt64(1) << UInt64(width)) - 1)ULL)"
    }
}
