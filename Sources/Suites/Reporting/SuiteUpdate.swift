import Exploration
import Promela
import Traces

/// Brings what a suite has recorded up to date: numbers of states and counterexamples. What is expected stays as it is.
public struct SuiteUpdate {
    /// A replacement of bytes of the suite's text.
    struct Edit {
        var start: Int
        var end: Int
        var text: String
    }

    /// What was changed, in words.
    public private(set) var changes: [String] = []
    /// What was to be changed but could not be, and why.
    public private(set) var failures: [String] = []
    private var edits: [Edit] = []
    private let bytes: [UInt8]
    private let checkCount: Int

    /// Works out the changes; counterexamples are written at once, the suite only by `write(to:)`.
    /// - Parameter reviews: the differences that are put right are taken out of them.
    public init(_ suite: Suite, _ reviews: inout [CheckReview]) {
        bytes = suite.sources.files.first?.bytes ?? []
        checkCount = suite.checks.count
        for index in reviews.indices {
            updateStates(&reviews[index], suite)
            updateTrace(&reviews[index])
        }
    }

    /// The text of the suite with the changes in it.
    var text: String {
        var result = bytes
        for edit in edits.sorted(by: { $0.start > $1.start }) {
            result.replaceSubrange(edit.start..<edit.end, with: Array(edit.text.utf8))
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Writes the suite, if it has changed; through another file, so that there is never half of it.
    /// - Throws: also if somebody else has changed the file since it was read, or the changes would not make a suite.
    public func write(to path: String) throws {
        if edits.isEmpty { return }
        guard try SourceReader.bytes(ofFileAt: path, allowsPipes: false) == bytes else {
            throw TraceFileError("the file was changed while its checks ran; nothing was written to it", path: path)
        }
        // Whatever way of writing YAML the edits may not be made for: a suite that can be read is never made one that cannot.
        guard let edited = try? Suite(bytes: Array(text.utf8), path: path), edited.checks.count == checkCount else {
            throw TraceFileError("the new numbers of states do not fit in as it is written; write them by hand", path: path)
        }
        try TraceFile.write(text: text, to: path, overwrite: true)
    }

    // MARK: States

    private mutating func updateStates(_ review: inout CheckReview, _ suite: Suite) {
        guard case .finished(let result) = review.outcome, result.isComplete, result.states != review.check.states else { return }
        // A number that goes with an unexpected verdict is nothing to keep.
        guard !review.differences.contains(where: \.isOfVerdict) else { return }
        let place = suite.sources.location(of: review.check.places.model)
        if let span = review.check.places.states, let recorded = review.check.states {
            let old = suite.sources.text(of: span)
            guard Int(old.filter { !"_,'\"".contains($0) }) == recorded else {
                failures.append("\(place.path):\(place.line): the number of states was not found in the text")
                return
            }
            edits.append(Edit(start: Int(span.start), end: Int(span.end), text: Self.number(result.states, like: old)))
            changes.append("\(review.check.title): " + Difference.states(recorded: recorded, found: result.states).text)
        } else {
            edits.append(insertion(of: result.states, into: review.check))
            changes.append("\(review.check.title): states: \(NumberText.grouped(result.states)), which were not recorded")
        }
        review.differences.removeAll(where: \.isOfStates)
        review.check.states = result.states
    }

    /// A number written as another was.
    private static func number(_ number: Int, like old: String) -> String {
        let quote = old.first.map { "'\"".contains($0) ? String($0) : "" } ?? ""
        let separator = old.contains("_") ? "_" : old.contains(",") ? "," : number >= 10_000 && old.count < 4 ? "_" : ""
        return quote + (separator.isEmpty ? "\(number)" : NumberText.grouped(number, by: separator)) + quote
    }

    /// A line after that of `expect`; in braces, right behind it.
    private func insertion(of states: Int, into check: SuiteCheck) -> Edit {
        let number = states < 10_000 ? "\(states)" : NumberText.grouped(states, by: "_")
        guard let column = check.places.keyColumn else {
            let end = Int(check.places.expectation.end)
            return Edit(start: end, end: end, text: ", states: \(number)")
        }
        let lineEnd = bytes[Int(check.places.expectation.end)...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
        let hasReturn = lineEnd > 0 && bytes[lineEnd - 1] == UInt8(ascii: "\r")
        let start = hasReturn ? lineEnd - 1 : lineEnd
        let indent = String(repeating: " ", count: column - 1)
        return Edit(start: start, end: start, text: (hasReturn ? "\r\n" : "\n") + "\(indent)states: \(number)")
    }

    // MARK: Traces

    private mutating func updateTrace(_ review: inout CheckReview) {
        guard case .finished(let result) = review.outcome, let path = review.check.trace, let trace = result.trace,
            let difference = review.differences.first(where: \.isOfTrace), !review.differences.contains(where: \.isOfVerdict)
        else { return }
        // A trace names its model from a folder above itself, so that it can be replayed wherever the repository is.
        guard ![trace.model.path, path].contains(where: { $0.hasPrefix("/") || $0.hasPrefix("..") }) else {
            failures.append("\(path): was not written: run this from a folder that both the model and the trace are in")
            return
        }
        do {
            try TraceFile.write(trace.withStory(ofFileAt: path), to: path, overwrite: true)
        } catch {
            failures.append("\(error)")
            return
        }
        changes.append("\(review.check.title): \(difference.text)")
        review.differences.removeAll(where: \.isOfTrace)
    }
}

extension Difference {
    /// Whether something else holds or is violated than was expected.
    var isOfVerdict: Bool {
        switch self {
        case .verdict, .property: true
        case .states, .trace: false
        }
    }

    var isOfStates: Bool { if case .states = self { true } else { false } }

    var isOfTrace: Bool { if case .trace = self { true } else { false } }
}
