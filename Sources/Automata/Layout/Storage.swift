import Promela

/// Where and how one scalar lies in a section of the state vector.
public struct Storage: Hashable, Sendable {
    public enum Form: UInt8, Sendable {
        /// Some bits of one byte.
        case bits
        case unsigned8, unsigned16, unsigned32, unsigned64
        case signed16, signed32
        /// A `TermValue`.
        case unsignedTerm, signedTerm

        /// Whether values are sign-extended.
        @inline(__always)
        package var isSigned: Bool { self == .signed16 || self == .signed32 || self == .signedTerm }

        /// Whether what lies there may be the name of a term.
        @inline(__always)
        var mayHoldTerm: Bool { self == .unsignedTerm || self == .signedTerm }
    }

    public var form: Form
    /// Bytes from the start of the section.
    public var offset: Int
    /// For `.bits`: the position of the lowest bit.
    public var shift: Int
    /// How many bits of a value are kept; for `.bits`, also how many it takes.
    public var width: Int

    package init(form: Form, offset: Int, shift: Int, width: Int) {
        (self.form, self.offset, self.shift, self.width) = (form, offset, shift, width)
    }

    /// The form that a value of `type` takes where it has bytes of its own.
    /// - Parameter termWidth: numbers of at least so many bits may be terms.
    static func form(of type: ScalarType, termWidth: Int?) -> Form {
        if let termWidth, type.isNumber, type.width >= termWidth { return type.isSigned ? .signedTerm : .unsignedTerm }
        switch type {
        case .short: return .signed16
        case .int: return .signed32
        default:
            switch type.width {
            case ...8: return .unsigned8
            case ...16: return .unsigned16
            case ...32: return .unsigned32
            default: return .unsigned64
            }
        }
    }

    /// Bytes that the form takes.
    static func size(of form: Form) -> Int {
        switch form {
        case .bits, .unsigned8: 1
        case .unsigned16, .signed16: 2
        case .unsigned32, .signed32: 4
        case .unsigned64, .unsignedTerm, .signedTerm: 8
        }
    }

    /// `value` as a variable of this width keeps it: cut to its bits, and sign-extended where it is signed.
    @inline(__always)
    public static func truncate(_ value: Int64, width: Int, isSigned: Bool) -> Int64 {
        if width >= 64 { return value }
        let unused = Int64(64 - width)
        return isSigned
            ? (value &<< unused) &>> unused
            : Int64(bitPattern: (UInt64(bitPattern: value) &<< UInt64(unused)) &>> UInt64(unused))
    }

    /// Whether values are sign-extended.
    public var isSigned: Bool { form.isSigned }
}

extension ScalarType {
    /// Whether values are numbers, not the names of something.
    fileprivate var isNumber: Bool {
        switch self {
        case .byte, .short, .int, .unsigned: true
        case .bit, .bool, .pid, .mtype, .chan: false
        }
    }
}
