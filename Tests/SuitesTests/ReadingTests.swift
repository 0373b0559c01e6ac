import Foundation
import Promela
import TestSupport
import Testing

@testable import Suites

/// A suite in a folder with one model, `m.pml`.
struct Sample {
    let directory: TemporaryDirectory
    let path: String

    init(_ text: String, models: [String: String] = [:]) throws {
        directory = try TemporaryDirectory(prefix: "suite")
        path = directory.url.appendingPathComponent("suite.yaml").path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        try Data("byte x; active proctype P() { x++ }\n".utf8).write(to: directory.url.appendingPathComponent("m.pml"))
        for (name, text) in models { try Data(text.utf8).write(to: directory.url.appendingPathComponent(name)) }
    }

    func read() throws -> Suite { try Suite(fileAt: path) }

    /// The errors, as `line:column: message | hint`.
    func errors() throws -> [String] {
        do {
            _ = try read()
            return []
        } catch let wrong as WrongSuite {
            return wrong.errors.map { error in
                let place = wrong.sources.location(of: error.span)
                return "\(place.line):\(place.column): \(error.message)" + (error.hint.map { " | \($0)" } ?? "")
            }
        }
    }
}

@Suite struct ReadingTests {
    @Test func everythingThatACheckMayHave() throws {
        let sample = try Sample(
            """
            # What must hold.
            checks:
              - name: all of it
                model: m.pml
                defines: [N=1, "A B"]
                ltl: [] (x == 0)
            """.replacing("[] (x == 0)", with: "'[] (x == 0)'") + """

                property: assertions
                fairness: weak
                engine: explicit
                depth: 7
                memory: 2M
                expect: violated
                trace: ../Corpus/t.itf.json
                states: 229_556
              - {model: m.pml, expect: holds}
              - model: m.pml
                expect: open
                reason: nobody knows

            """)
        let suite = try sample.read()
        try #require(suite.checks.count == 3)
        let folder = sample.directory.url.path
        let first = suite.checks[0]
        #expect(first.title == "all of it")
        #expect(first.model == folder + "/m.pml")
        #expect(first.defines == ["N=1", "A B"])
        #expect(first.formulas == ["[] (x == 0)"])
        #expect(first.properties == ["assertions"])
        #expect(first.fairness == .weak)
        #expect(first.depthLimit == 7)
        #expect(first.memoryLimit == 2 << 20)
        #expect(first.expectation == .violated)
        #expect(first.trace == RelativePath.normalized(folder + "/../Corpus/t.itf.json"))
        #expect(first.states == 229_556)
        #expect(
            first.command.hasSuffix(
                "/m.pml -DN=1 '-DA B' --property assertions --ltl '[] (x == 0)' --fairness weak --depth 7"))
        #expect(suite.checks[1].expectation == .holds)
        #expect(suite.checks[1].states == nil)
        #expect(suite.checks[2].expectation == .open(reason: "nobody knows"))
    }

    @Test(arguments: [("3", 3000), ("0.25", 250)])
    func theTimeOfTheSolverReachesTheEngine(written: String, milliseconds: Int) throws {
        let sample = try Sample(
            "checks:\n  - {model: m.pml, engine: symbolic, solver-time: \(written), expect: holds}\n  - {model: m.pml, expect: holds}\n")
        let checks = try sample.read().checks
        try #require(checks.count == 2)
        #expect(checks[0].modelCheck(memory: 1).solverTime == milliseconds)
        #expect(checks[0].command.hasSuffix(" --engine symbolic --solver-time \(Double(milliseconds) / 1000)"))
        #expect(checks[1].modelCheck(memory: 1).solverTime == nil)
    }

    @Test(arguments: [
        ("- modle: m.pml\n    expect: holds", ["2:5: `modle` is nothing that a check has | did you mean `model`?", "2:5: this check has no `model` | `model: PATH`, from the folder of the suite"]),
        ("- model: n.pml\n    expect: holds", ["2:12: there is no model `DIR/n.pml` | the path leads on from the folder of the suite"]),
        ("- model: m.pml", ["2:5: this check has no `expect` | `expect: holds`, `violated` or `open`"]),
        ("- model: m.pml\n    expect: hold", ["3:13: there is no expect `hold` | did you mean `holds`?"]),
        ("- model: m.pml\n    expect: open", ["3:13: nothing says why this is open | add `reason: …`"]),
        ("- model: m.pml\n    expect: holds\n    reason: x", ["4:13: `expect: holds` has no reason | `reason` goes with `expect: open`"]),
        ("- model: m.pml\n    expect: holds\n    trace: x", ["4:12: `expect: holds` has no trace | `trace` goes with `expect: violated`"]),
        ("- model: m.pml\n    expect: holds\n    engine: symbolc", ["4:13: there is no engine `symbolc` | did you mean `symbolic`?"]),
        ("- model: m.pml\n    expect: holds\n    fairness: strog", ["4:15: there is no fairness `strog` | did you mean `strong`?"]),
        ("- model: m.pml\n    expect: holds\n    engine: symbolic\n    solver-time: soon", ["5:18: `solver-time` takes a number of seconds from 0.001 on"]),
        ("- model: m.pml\n    expect: holds\n    engine: symbolic\n    solver-time: 0", ["5:18: `solver-time` takes a number of seconds from 0.001 on"]),
        ("- model: m.pml\n    expect: holds\n    solver-time: 3", ["4:18: `solver-time` is for engines that ask Z3 | add `engine: symbolic`, or another"]),
        ("- model: m.pml\n    expect: holds\n    depth: -3", ["4:12: `depth` takes a number from 0 on"]),
        ("- model: m.pml\n    expect: holds\n    states: many", ["4:13: `states` takes a number from 0 on"]),
        ("- model: m.pml\n    expect: holds\n    memory: lots", ["4:13: `memory` takes a size | such as 512M or 4G"]),
        ("- model: m.pml\n    expect: holds\n    ltl: 'ltl { x }'", ["4:10: a formula is written without braces"]),
        ("- model: [m.pml]\n    expect: holds", ["2:12: `model` needs a text"]),
        ("- model: m.pml\n    model: m.pml", ["2:5: `model` is given twice"]),
        ("- &a\n    model: m.pml\n    expect: holds\n  - *a", ["3:12: this is used again by an alias | write it out for each check", "4:13: this is used again by an alias | write it out for each check"]),
        ("- é: [m.pml\n    x", ["4:1: did not find expected ',' or ']' | a suite is written in YAML"]),
        ("- foo", ["2:5: a check has the form `key: value` | a check has `name`, `model`, `defines`, `ltl`, `property`, `fairness`, `engine`, `solver-time`, `depth`, `memory`, `expect`, `trace`, `reason`, `states`"]),
        ("[]", ["2:3: there are no checks | begin each check with `- model: …`"]),
        ("m.pml", ["2:3: `checks` is a list | begin each check with `- model: …`"]),
    ] as [(String, [String])])
    func aMistakeIsShownWhereItIs(checks: String, errors: [String]) throws {
        let sample = try Sample("checks:\n  \(checks)\n")
        #expect(try sample.errors() == errors.map { $0.replacing("DIR", with: sample.directory.url.path) })
    }

    @Test(arguments: [
        ("", "1:1: there is nothing in this suite | a suite has `checks:`, a list"),
        ("check: 1\n", "1:1: `check` is nothing that a suite has | did you mean `checks`?"),
    ])
    func aFileThatIsNoSuite(text: String, error: String) throws { #expect(try Sample(text).errors() == [error]) }

    @Test func allMistakesAreShownWithTheirLines() throws {
        let sample = try Sample("checks:\n  - model: m.pml\n    expect: hold\n  - model: m.pml\n    expect: holds\n    depht: 3\n")
        do {
            _ = try sample.read()
            Issue.record("this has two mistakes")
        } catch let wrong as WrongSuite {
            #expect(
                wrong.text() == """
                    \(sample.path):3:13: error: there is no expect `hold`
                        3 |     expect: hold
                          |             ^~~~
                       hint: did you mean `holds`?
                    \(sample.path):6:5: error: `depht` is nothing that a check has
                        6 |     depht: 3
                          |     ^~~~~
                       hint: did you mean `depth`?

                    """)
        }
    }

    @Test(arguments: [
        ("Models/suite.yaml", "../Corpus/t.json", "Corpus/t.json"), ("suite.yaml", "m.pml", "m.pml"),
        ("suite.yaml", "../m.pml", "../m.pml"), ("/a/b/suite.yaml", "./../m.pml", "/a/m.pml"), ("a/s.yaml", "/m.pml", "/m.pml"),
        ("../s.yaml", "../m.pml", "../../m.pml"),
    ])
    func aPathLeadsOnFromTheFolderOfTheSuite(suite: String, path: String, expected: String) {
        #expect(RelativePath.resolve(path, besides: suite) == expected)
    }

    @Test(arguments: [
        ("first", [0]), ("FIRST", [0]), ("m.pml", [0, 1, 2]), ("N=2", [1]), ("end-states", [1]), ("sleeper", [2]), ("nothing", []),
        ("N=2 end", [1]),
    ] as [(String, [Int])])
    func aFilterLooksAtNameModelDefinitionsAndProperties(text: String, expected: [Int]) throws {
        let suite = try Sample(
            """
            checks:
              - {name: the first, model: m.pml, defines: N=1, expect: holds}
              - {model: m.pml, defines: N=2, property: end-states, expect: holds}
              - {model: m.pml, property: [assertions, sleeper_is_woken], expect: holds}

            """
        ).read()
        let found = suite.checks(matching: text).map(\.title)
        #expect(found == expected.map { suite.checks[$0].title })
    }
}
