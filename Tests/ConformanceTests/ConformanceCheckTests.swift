import Automata
import Conformance
import Promela
import TestSupport
import Testing

/// Whether a log is a behaviour of a model.
@Suite struct ConformanceCheckTests {
    static func read(_ model: String) throws -> Program {
        try #require(ModelReader.read(text: "/* observe\n put: c!time\n take: c?time\n */\n" + model, path: "m.pml").program)
    }

    /// A log of `put` and `take`, with their numbers.
    static func log(_ events: [(String, UInt64)]) throws -> EventLog {
        let lines = events.map { #"{"event":"\#($0.0)","time":"\#($0.1)"}"# }
        return try EventLog(path: "l.log", bytes: Array(lines.joined(separator: "\n").utf8))
    }

    private static func divergence(_ model: String, _ events: [(String, UInt64)]) throws -> ConformanceCheck.Divergence? {
        guard case .diverges(let divergence) = try ConformanceCheck(try read(model), try log(events)).run().result else { return nil }
        return divergence
    }

    private static let clock = """
        chan c = [1] of { unsigned : 64 };
        unsigned now : 64; unsigned step : 64;
        active proctype P() {
          select (now : 0 .. 18446744073709551615); select (step : 1 .. 3);
          do :: c!now; now = now + step od
        }
        active proctype Q() { unsigned x : 64; do :: c?x od }
        """

    /// What one event tells of the variables is known when the next one comes, in all 64 bits.
    @Test(arguments: [
        ([], nil), ([5, 6, 7], nil), ([5, 7, 9], nil), ([5, 7, 10], 2), ([5, 9], 1), ([5, 5], 1), ([5, 4], 1),
        ([1 << 63, 1 << 63 + 3, 1 << 63 + 6], nil), ([1 << 63, 1 << 63 + 3, 1 << 63 + 7], 2),
        ([UInt64.max, 0, 1], nil), ([UInt64.max, 0, 2], 2), ([1 << 61, 1 << 61 + 1, 1 << 61 + 2], nil),
    ] as [([UInt64], Int?)])
    func timesOf64BitsAreExact(times: [UInt64], wrong: Int?) throws {
        let events = times.flatMap { [("put", $0), ("take", $0)] }
        #expect(try Self.divergence(Self.clock, events)?.matched == wrong.map { $0 * 2 })
    }

    @Test func whatItCouldHaveDoneInstead() throws {
        let divergence = try #require(try Self.divergence(Self.clock, [("put", 5), ("take", 5), ("put", 9)]))
        #expect(divergence.line.number == 3)
        #expect(divergence.expected == "c!9")
        #expect(divergence.alternatives.map(\.text) == ["c!6 to 8"])
        #expect(divergence.alternatives.flatMap(\.differences) == ["time is 6 to 8, not 9"])
        #expect(divergence.alternatives.map(\.location) == [SourceLocation(path: "m.pml", line: 9, column: 9)])
    }

    @Test func whichConditionWasFalse() throws {
        let model = """
            chan c = [1] of { byte };
            byte level = 2;
            active proctype P() { level > 3; c!1 }
            """
        let divergence = try #require(try Self.divergence(model, [("put", 1)]))
        #expect(divergence.alternatives.isEmpty)
        #expect(divergence.waits.map(\.reasons) == [["waits for condition (level > 3): level is 2"]])
        #expect(divergence.waits.map(\.location.line) == [7])
    }

    /// Both sends of a `d_step` are events, and a step that has one that was not seen is none.
    @Test(arguments: [
        ([("put", 1), ("put", 2)], nil), ([("put", 1), ("put", 3)], 1), ([("put", 2)], 0), ([("put", 1)], nil),
    ] as [([(String, UInt64)], Int?)])
    func aStepMayHaveManyEvents(events: [(String, UInt64)], wrong: Int?) throws {
        let model = "chan c = [2] of { byte }; active proctype P() { d_step { c!1; c!2 } }"
        #expect(try Self.divergence(model, events)?.matched == wrong)
    }

    /// What is sent by a step that cannot be done to its end is not sent.
    @Test func aStepThatBlocksHalfwayHasNoEvents() throws {
        let model = "chan c = [1] of { byte }; active proctype P() { d_step { c!1; c!2 } }"
        #expect(try Self.divergence(model, [("put", 1)])?.matched == 0)
    }

    /// `timeout` and `else` mean what they mean to the whole model, whatever the log says.
    @Test(arguments: [([1], nil), ([2], 0), ([3], 0)] as [([UInt64], Int?)]) func aStepThatDoesNotFitIsStillPossible(sent: [UInt64], wrong: Int?) throws {
        let model = """
            chan c = [1] of { byte };
            active proctype P() { if :: c!1 :: else -> c!2 fi }
            active proctype Q() { timeout; len(c) == 0; c!3 }
            """
        #expect(try Self.divergence(model, sent.map { ("put", $0) })?.matched == wrong)
    }

    // MARK: All words

    static let models = [
        """
        chan c = [1] of { byte }; byte a;
        active [2] proctype P() { byte x; do :: a = 1 - a :: atomic { a == 1; c!_pid } :: c?x; if :: x == 1 -> a = 0 :: else fi od }
        """,
        """
        chan c = [2] of { byte };
        active proctype P() { byte x; do :: select (x : 0 .. 2); c!x :: c?1 :: c??2 -> break od; c!0 }
        """,
        """
        chan c = [2] of { byte }; bool done;
        active proctype P() { { do :: c!0; c!1 od } unless { done -> c!2 } }
        active proctype Q() { byte x; c?x; c?x; done = true; do :: c?eval(2) :: timeout -> c?x od }
        """,
    ]

    /// An explicit search of the same: every word of a model up to a length.
    private static func words(_ program: Program, length: Int) throws -> Set<[Int]> {
        let system = try System(program)
        let generator = SuccessorGenerator(system)
        struct Place: Hashable { var state: [UInt8], control: Int?, word: [Int] }
        var places: Set<Place> = [Place(state: generator.initialState().state, control: nil, word: [])]
        var pending = Array(places)
        while let place = pending.popLast() {
            for move in generator.moves(from: place.state, control: place.control).moves {
                var word = place.word
                if let message = move.message, case .statement(let statement) = system.transitions[move.step.transition].action {
                    let isSend = if case .send = statement.kind { true } else { false }
                    word.append(Int(message.fields[0]) * 2 + (isSend ? 0 : 1))
                }
                let next = Place(state: move.state, control: move.control, word: word)
                if word.count <= length, places.insert(next).inserted { pending.append(next) }
            }
        }
        return Set(places.map(\.word))
    }

    @Test(arguments: models) func agreesWithAnExplicitSearchOnEveryShortWord(model: String) throws {
        let program = try Self.read(model)
        let known = try Self.words(program, length: 3)
        #expect(known.count > 5)
        let letters = 0..<6
        var all: [[Int]] = [[]]
        for _ in 0..<3 { all += all.filter { $0.count == all.last?.count }.flatMap { word in letters.map { word + [$0] } } }
        for word in all {
            let log = try Self.log(word.map { ($0 % 2 == 0 ? "put" : "take", UInt64($0 / 2)) })
            let wrong = try ConformanceCheck.firstWrongLine(program, log)
            let longest = (0...word.count).last { known.contains(Array(word.prefix($0))) }
            #expect(wrong == (longest == word.count ? nil : longest.map { $0 + 1 }), "\(word)")
        }
    }
}
