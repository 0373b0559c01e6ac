import Automata
import Promela

/// What must hold, as a file says it: models with what is expected of them.
public struct Suite: Sendable {
    /// The path as it was given.
    public var path: String
    /// In the order of the file.
    public var checks: [SuiteCheck]
    /// The file as it was read, for showing places in it.
    public var sources: SourceMap

    /// The checks with this text in the name, the model, the definitions or a property, whatever the case of its letters.
    public func checks(matching text: String) -> [SuiteCheck] {
        checks.filter { $0.searchableText.lowercased().contains(text.lowercased()) }
    }
}

/// One check of a suite.
public struct SuiteCheck: Sendable {
    /// What must come of it.
    public enum Expectation: Hashable, Sendable {
        case holds
        case violated
        /// Nobody knows yet; why, in words.
        case open(reason: String)

        /// As a suite has it.
        public var word: String {
            switch self {
            case .holds: "holds"
            case .violated: "violated"
            case .open: "open"
            }
        }
    }

    /// Where the parts of a check stand in the file.
    struct Places: Sendable {
        var model: Span
        var properties: Span?
        var expectation: Span
        var trace: Span?
        var states: Span?
        /// The column of its keys, from 1; nil if the check is written in braces.
        var keyColumn: Int?
    }

    /// The name, if it has one.
    public var name: String?
    /// The path from the current folder.
    public var model: String
    /// As after `-D`.
    public var defines: [String]
    /// Formulas besides those of the model.
    public var formulas: [String]
    /// The names of what is checked; the usual properties if there are none.
    public var properties: [String]
    /// Which runs count for claims about whole runs.
    public var fairness: Fairness
    /// What does the work.
    public var engine = ModelCheck.Engine.explicit
    /// Milliseconds that Z3 may think about one question, if it is not to be as long as the engine thinks right.
    public var solverTime: Int?
    /// Levels that are searched; nil for all.
    public var depthLimit: Int?
    /// Bytes that the search may take, if it is not to be its share of what there is.
    public var memoryLimit: Int?
    /// What must come of it.
    public var expectation: Expectation
    /// The path of the counterexample from the current folder.
    public var trace: String?
    /// The recorded number of states.
    public var states: Int?
    let places: Places

    /// How people know the check: its name, or the model with what is said of it.
    public var title: String {
        if let name { return name }
        let file = model.split(separator: "/").last.map(String.init) ?? model
        return ([file] + defines + properties + formulas + (fairness == .none ? [] : [fairness.rawValue])
            + (engine == .explicit ? [] : [engine.rawValue])).joined(separator: " ")
    }

    var searchableText: String { ([title, model] + defines + properties + formulas).joined(separator: " ") }

    /// A command line that does this check alone, and shows what it finds.
    public var command: String {
        var words = ["heddle", "check", Self.quoted(model)] + defines.map { Self.quoted("-D\($0)") }
        words += properties.flatMap { ["--property", Self.quoted($0)] } + formulas.flatMap { ["--ltl", Self.quoted($0)] }
        if fairness != .none { words += ["--fairness", fairness.rawValue] }
        if engine != .explicit { words += ["--engine", engine.rawValue] }
        if let solverTime { words += ["--solver-time", "\(Double(solverTime) / 1000)"] }
        if let depthLimit { words += ["--depth", "\(depthLimit)"] }
        return words.joined(separator: " ")
    }

    /// For a shell.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_=./+,:@%".contains($0)) }
        return isPlain && !word.isEmpty ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
    }
}

/// What is wrong with a suite, and where.
public struct SuiteError: Error, Hashable, Sendable {
    /// In one sentence.
    public var message: String
    /// The place in the suite.
    public var span: Span
    /// What to do about it.
    public var hint: String?
}

/// The suite cannot be run as it is.
public struct WrongSuite: Error, Sendable {
    /// In the order of the text; at least one.
    public var errors: [SuiteError]
    /// The file, for showing the places.
    public var sources: SourceMap

    /// What is wrong, with the lines of the file.
    public func text(usesColor: Bool = false) -> String {
        let renderer = DiagnosticRenderer(sources: sources, usesColor: usesColor)
        return errors.map { renderer.renderError($0.message, at: $0.span, hint: $0.hint) }.joined()
    }
}
