/// Which file of a `SourceMap` a position is in.
public struct FileID: Hashable, Sendable {
    /// The place in `SourceMap.files`.
    public var index: Int32
    public init(_ index: Int32) { self.index = index }
}

/// Which expansion of a `SourceMap` text came through.
public struct ExpansionID: Hashable, Sendable {
    /// The place in `SourceMap.expansions`; -1 for none.
    public var index: Int32
    public init(_ index: Int32) { self.index = index }

    /// Text that stands in the file as it was written.
    public static let none = ExpansionID(-1)
}

/// A half-open range of bytes in one file, with the chain of expansions that brought it where it is used.
///
/// The range says where the text is *spelled* (in the body of a macro, or in the argument of its call); `expansion` leads
/// outwards to the calls, so that a diagnostic can show both.
public struct Span: Hashable, Sendable {
    public var file: FileID
    /// Offset of the first byte.
    public var start: Int32
    /// Offset behind the last byte.
    public var end: Int32
    /// What brought the text where it is used; `.none` for text that is used where it stands.
    public var expansion: ExpansionID

    public init(file: FileID, start: Int32, end: Int32, expansion: ExpansionID = .none) {
        self.file = file
        self.start = start
        self.end = end
        self.expansion = expansion
    }

    /// The smallest span from the start of this one to the end of `other`; this one alone when the two do not lie in the
    /// same expansion of the same file, in order.
    public func joined(with other: Span) -> Span {
        guard file == other.file, expansion == other.expansion, other.end >= start else { return self }
        return Span(file: file, start: start, end: max(end, other.end), expansion: expansion)
    }
}

/// How text came to be where the parser saw it.
public struct Expansion: Hashable, Sendable {
    /// What was expanded.
    public enum Kind: Hashable, Sendable {
        /// The body of a preprocessor macro.
        case macro
        /// The body of a Promela `inline`.
        case inline
    }

    public var kind: Kind
    /// Name of the macro or inline.
    public var name: String
    /// The call; its own `expansion` leads further out.
    public var callSite: Span
    /// Where the macro or inline got its meaning, if that is in a file.
    public var definition: Span?

    public init(kind: Kind, name: String, callSite: Span, definition: Span? = nil) {
        self.kind = kind
        self.name = name
        self.callSite = callSite
        self.definition = definition
    }
}

/// A file as it was read.
public struct SourceFile: Sendable {
    /// The path as the user (or an `#include`) gave it.
    public var path: String
    /// The bytes, which need not be valid UTF-8.
    public var bytes: [UInt8]
    /// Where this file was included, if it was.
    public var includedAt: Span?
    /// Byte offset of the start of each line; never empty.
    public let lineStarts: [Int32]

    public init(path: String, bytes: [UInt8], includedAt: Span? = nil) {
        self.path = path
        self.bytes = bytes
        self.includedAt = includedAt
        var starts: [Int32] = [0]
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(Int32(offset + 1))
        }
        lineStarts = starts
    }

    /// The text of one line, without its line end; invalid UTF-8 is replaced.
    /// - Parameter line: counted from 1.
    public func text(ofLine line: Int) -> String {
        guard line >= 1, line <= lineStarts.count else { return "" }
        let start = Int(lineStarts[line - 1])
        var end = line < lineStarts.count ? Int(lineStarts[line]) - 1 : bytes.count
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
    }
}

/// A place as people name it: line and column count from 1, columns in bytes.
public struct SourceLocation: Hashable, Sendable {
    public var path: String
    public var line: Int
    public var column: Int

    public init(path: String, line: Int, column: Int) {
        self.path = path
        self.line = line
        self.column = column
    }
}

/// All files of one model, and every expansion that happened on the way to its tokens.
public struct SourceMap: Sendable {
    /// The files that were read, by `FileID.index`.
    public private(set) var files: [SourceFile] = []
    /// The expansions that took place, by `ExpansionID.index`.
    public private(set) var expansions: [Expansion] = []

    public init() {}

    /// Adds a file, and returns what spans call it from now on.
    public mutating func add(_ file: SourceFile) -> FileID {
        files.append(file)
        return FileID(Int32(files.count - 1))
    }

    /// Adds an expansion, and returns what spans call it from now on.
    public mutating func add(_ expansion: Expansion) -> ExpansionID {
        expansions.append(expansion)
        return ExpansionID(Int32(expansions.count - 1))
    }

    /// The file that a span names; it must come from this map.
    public subscript(file: FileID) -> SourceFile { files[Int(file.index)] }

    /// The expansion that a span names, or nil for `.none`.
    public subscript(expansion: ExpansionID) -> Expansion? {
        expansion == .none ? nil : expansions[Int(expansion.index)]
    }

    /// Where `span` starts, as spelled.
    public func location(of span: Span) -> SourceLocation {
        location(of: span.start, in: span.file)
    }

    /// Where the byte at `offset` of `file` is.
    public func location(of offset: Int32, in file: FileID) -> SourceLocation {
        let source = self[file]
        var low = 0
        var high = source.lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if source.lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return SourceLocation(
            path: source.path, line: low + 1, column: Int(offset - source.lineStarts[low]) + 1)
    }

    /// The text that `span` covers; invalid UTF-8 is replaced.
    public func text(of span: Span) -> String {
        let bytes = self[span.file].bytes
        let start = min(max(0, Int(span.start)), bytes.count)
        let end = min(max(start, Int(span.end)), bytes.count)
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }

    /// Where the author wrote what a span came from: the use of a macro, not its body; but the body of an inline.
    public func spanOutsideMacros(_ span: Span) -> Span {
        var current = span
        while let expansion = self[current.expansion], expansion.kind == .macro { current = expansion.callSite }
        return current
    }

    /// The span itself, then each call that it was expanded from, outwards.
    public func backtrace(of span: Span) -> [Span] {
        var result = [span]
        var current = span
        while let expansion = self[current.expansion] {
            current = expansion.callSite
            result.append(current)
        }
        return result
    }
}
