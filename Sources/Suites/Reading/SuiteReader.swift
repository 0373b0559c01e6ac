import Automata
import Exploration
import Foundation
import Promela
import Yams

extension Suite {
    /// Reads a suite from its file.
    /// - Throws: `WrongSuite`, or what the system says about a file that cannot be read.
    public init(fileAt path: String) throws {
        try self.init(bytes: try SourceReader.bytes(ofFileAt: path, allowsPipes: false), path: path)
    }

    /// Reads a suite in memory; the paths in it lead on from `path`.
    public init(bytes: [UInt8], path: String) throws(WrongSuite) {
        var reader = SuiteReader(bytes: bytes, path: path)
        checks = reader.read()
        sources = reader.text.sources
        self.path = path
        guard reader.errors.isEmpty else {
            throw WrongSuite(errors: reader.errors.sorted { $0.span.start < $1.span.start }, sources: sources)
        }
    }
}

/// Reads the nodes of a suite; notes what is wrong, and goes on with the next check.
struct SuiteReader {
    private static let suiteKeys = ["checks"]
    private static let checkKeys = [
        "name", "model", "defines", "ltl", "property", "fairness", "engine", "solver-time", "depth", "memory", "expect", "trace",
        "reason", "states",
    ]

    let text: SuiteText
    private let path: String
    private(set) var errors: [SuiteError] = []
    /// Where the texts began that were read.
    private var seen: Set<Int32> = []

    init(bytes: [UInt8], path: String) {
        text = SuiteText(bytes: bytes, path: path)
        self.path = path
    }

    mutating func read() -> [SuiteCheck] {
        let root: Node?
        do {
            root = try Parser(yaml: text.string).singleRoot()
        } catch {
            errors.append(text.error(for: error))
            return []
        }
        guard let root else {
            report("there is nothing in this suite", at: text.start, hint: "a suite has `checks:`, a list")
            return []
        }
        let fields = fields(of: root, "a suite", Self.suiteKeys)
        guard let list = fields["checks"] else {
            if errors.isEmpty { report("there are no `checks`", at: text.span(of: root), hint: "a suite has `checks:`, a list") }
            return []
        }
        guard let sequence = list.sequence else {
            report("`checks` is a list", at: text.span(of: list), hint: "begin each check with `- model: …`")
            return []
        }
        if sequence.isEmpty { report("there are no checks", at: text.span(of: list), hint: "begin each check with `- model: …`") }
        return sequence.compactMap { check($0) }
    }

    // MARK: Checks

    private mutating func check(_ node: Node) -> SuiteCheck? {
        let before = errors.count
        let fields = fields(of: node, "a check", Self.checkKeys)
        let name = string(fields["name"], "name")
        var model: String?
        if let node = fields["model"], let written = string(node, "model") {
            let resolved = RelativePath.resolve(written, besides: path)
            model = resolved
            var isFolder: ObjCBool = false
            if !FileManager.default.fileExists(atPath: resolved, isDirectory: &isFolder) || isFolder.boolValue {
                report(
                    "there is no model `\(resolved)`", at: text.span(of: node),
                    hint: "the path leads on from the folder of the suite")
            }
        }
        let formulas = strings(fields["ltl"], "ltl")
        if let node = fields["ltl"], formulas.contains(where: { $0.contains { "{}".contains($0) } }) {
            report("a formula is written without braces", at: text.span(of: node), hint: nil)
        }
        let defines = strings(fields["defines"], "defines")
        let properties = strings(fields["property"], "property")
        let fairness = word(fields["fairness"], "fairness", Fairness.allCases.map(\.rawValue)).flatMap(Fairness.init) ?? .none
        let engine = word(fields["engine"], "engine", ModelCheck.Engine.allCases.map(\.rawValue))
            .flatMap(ModelCheck.Engine.init) ?? .explicit
        let solverTime = solverTime(fields["solver-time"], engine)
        let depth = number(fields["depth"], "depth")
        let memory = memory(fields["memory"])
        let states = number(fields["states"], "states")
        let expectation = expectation(fields)
        let trace = string(fields["trace"], "trace").map { RelativePath.resolve($0, besides: path) }
        if node.mapping != nil {
            for key in ["model", "expect"] where fields[key] == nil {
                report("this check has no `\(key)`", at: text.span(of: node), hint: Self.hint(for: key))
            }
        }
        guard errors.count == before, let model, let expectation, let modelNode = fields["model"],
            let expectNode = fields["expect"], let mapping = node.mapping
        else { return nil }
        return SuiteCheck(
            name: name, model: model, defines: defines, formulas: formulas, properties: properties, fairness: fairness,
            engine: engine, solverTime: solverTime, depthLimit: depth, memoryLimit: memory, expectation: expectation, trace: trace,
            states: states,
            places: SuiteCheck.Places(
                model: text.span(of: modelNode), properties: fields["property"].map { text.span(of: $0) },
                expectation: text.span(of: expectNode), trace: fields["trace"].map { text.span(of: $0) },
                states: fields["states"].map { text.span(of: $0) },
                keyColumn: text.isInBraces(node) ? nil : mapping.first?.key.mark?.column))
    }

    private static func hint(for key: String) -> String {
        key == "model" ? "`model: PATH`, from the folder of the suite" : "`expect: holds`, `violated` or `open`"
    }

    private mutating func expectation(_ fields: [String: Node]) -> SuiteCheck.Expectation? {
        let word = word(fields["expect"], "expect", ["holds", "violated", "open"])
        if let node = fields["trace"], let word, word != "violated" {
            report("`expect: \(word)` has no trace", at: text.span(of: node), hint: "`trace` goes with `expect: violated`")
        }
        if let node = fields["reason"], let word, word != "open" {
            report("`expect: \(word)` has no reason", at: text.span(of: node), hint: "`reason` goes with `expect: open`")
        }
        switch word {
        case "holds": return .holds
        case "violated": return .violated
        case "open":
            if let reason = string(fields["reason"], "reason") { return .open(reason: reason) }
            if let node = fields["expect"], fields["reason"] == nil {
                report("nothing says why this is open", at: text.span(of: node), hint: "add `reason: …`")
            }
            return nil
        default: return nil
        }
    }

    // MARK: Values

    /// The values of a mapping by their keys.
    private mutating func fields(of node: Node, _ what: String, _ known: [String]) -> [String: Node] {
        guard let mapping = node.mapping else {
            report("\(what) has the form `key: value`", at: text.span(of: node), hint: "\(what) has \(Self.list(known))")
            return [:]
        }
        var result: [String: Node] = [:]
        for (key, value) in mapping {
            guard let name = key.scalar?.string, known.contains(name) else {
                let name = key.scalar?.string ?? "this"
                let near = nearestName(to: name, among: known)
                report(
                    "`\(name)` is nothing that \(what) has", at: text.span(of: key),
                    hint: near.map { "did you mean `\($0)`?" } ?? "\(what) has \(Self.list(known))")
                continue
            }
            result[name] = value
        }
        return result
    }

    private static func list(_ words: [String]) -> String { words.map { "`\($0)`" }.joined(separator: ", ") }

    private mutating func string(_ node: Node?, _ key: String) -> String? {
        guard let node else { return nil }
        guard let string = node.scalar?.string, !string.isEmpty else {
            report("`\(key)` needs a text", at: text.span(of: node), hint: nil)
            return nil
        }
        // An update could not change what stands for two checks at once.
        guard seen.insert(text.span(of: node).start).inserted else {
            report("this is used again by an alias", at: text.span(of: node), hint: "write it out for each check")
            return nil
        }
        return string
    }

    /// One text, or a list of them.
    private mutating func strings(_ node: Node?, _ key: String) -> [String] {
        guard let node else { return [] }
        if let sequence = node.sequence { return sequence.compactMap { string($0, key) } }
        return string(node, key).map { [$0] } ?? []
    }

    private mutating func word(_ node: Node?, _ key: String, _ known: [String]) -> String? {
        guard let node, let word = string(node, key) else { return nil }
        if known.contains(word) { return word }
        report(
            "there is no \(key) `\(word)`", at: text.span(of: node),
            hint: nearestName(to: word, among: known).map { "did you mean `\($0)`?" } ?? "there are \(Self.list(known))")
        return nil
    }

    private mutating func number(_ node: Node?, _ key: String) -> Int? {
        guard let node, let string = string(node, key) else { return nil }
        // `229_556` and `229,556` are easier to read.
        guard let number = Int(string.filter { !"_,".contains($0) }), number >= 0, string.first?.isNumber == true else {
            report("`\(key)` takes a number from 0 on", at: text.span(of: node), hint: nil)
            return nil
        }
        return number
    }

    /// Milliseconds.
    private mutating func solverTime(_ node: Node?, _ engine: ModelCheck.Engine) -> Int? {
        guard let node, let string = string(node, "solver-time") else { return nil }
        if engine == .explicit {
            report("`solver-time` is for engines that ask Z3", at: text.span(of: node), hint: "add `engine: symbolic`, or another")
            return nil
        }
        guard let seconds = Double(string), ModelCheck.solverSeconds.contains(seconds) else {
            report("`solver-time` takes a number of seconds from 0.001 on", at: text.span(of: node), hint: nil)
            return nil
        }
        return Int(seconds * 1000)
    }

    private mutating func memory(_ node: Node?) -> Int? {
        guard let node, let string = string(node, "memory") else { return nil }
        guard let bytes = ByteCount.read(string) else {
            report("`memory` takes a size", at: text.span(of: node), hint: "such as 512M or 4G")
            return nil
        }
        return bytes
    }

    private mutating func report(_ message: String, at span: Span, hint: String?) {
        errors.append(SuiteError(message: message, span: span, hint: hint))
    }
}
