import Automata
import Conformance
import Promela
import Testing

/// What a log takes of a model.
@Suite struct ModelFollowerTests {
    /// The text of each statement that is taken, in its order.
    private static func statements(_ model: String, _ events: [(String, UInt64)]) throws -> (path: ModelFollower.Path, taken: [String]) {
        let program = try ConformanceCheckTests.read(model)
        let follower = try ModelFollower(program)
        let path = try follower.follow(try ConformanceCheckTests.log(events))
        let sources = program.sources
        let lines = ("\n\n\n\n" + model).split(separator: "\n", omittingEmptySubsequences: false)
        return (path, path.steps.map { step in
            let place = sources.location(of: follower.system.transitions[step.transition].span)
            return String(lines[place.line - 1]).trimmingCharacters(in: .whitespaces)
        })
    }

    private static let branches = """
        chan c = [2] of { byte };
        byte x, inner;
        active proctype P() {
            if
            :: inner = 1; false; c!1
            :: inner = 2; x = 1
            :: inner = 3; x = 2
            fi;
            c!x;
            inner = 4;
            c!x + 10
        }
        """

    @Test(arguments: [
        ([], 0, true, []),
        ([1], 1, true, [":: inner = 2; x = 1", ":: inner = 2; x = 1", "c!x;"]),
        ([2], 1, true, [":: inner = 3; x = 2", ":: inner = 3; x = 2", "c!x;"]),
        ([2, 12], 2, true, [":: inner = 3; x = 2", ":: inner = 3; x = 2", "c!x;", "inner = 4;", "c!x + 10"]),
        // What comes behind the last event that fits is not known.
        ([2, 11], 1, false, [":: inner = 3; x = 2", ":: inner = 3; x = 2", "c!x;"]),
        ([3], 0, false, []),
    ] as [([UInt64], Int, Bool, [String])])
    func onlyWhatLeadsToTheEventsIsTaken(times: [UInt64], matched: Int, isWhole: Bool, taken: [String]) throws {
        let (path, statements) = try Self.statements(Self.branches, times.map { ("put", $0) })
        #expect(path.matched == matched)
        #expect(path.isWhole == isWhole)
        #expect(statements == taken)
    }

    /// What was found until then is the beginning of a behaviour all the same.
    @Test func aSearchMayBeStopped() throws {
        let follower = try ModelFollower(try KernelLog.memory.program())
        let path = try follower.follow(try KernelLog.memory.log(), limit: 300)
        #expect(path.isStopped && !path.isWhole)
        #expect((1..<40).contains(path.matched))
        #expect(!path.steps.isEmpty)
    }

    /// Numbers that are not known yet are on both branches, and together they would be one state.
    @Test(arguments: [(UInt64(2), ":: select (x : 1 .. 3)"), (5, ":: select (x : 4 .. 6)")])
    func statesAreNotMadeOneOnTheWay(time: UInt64, branch: String) throws {
        let model = """
            chan c = [1] of { unsigned : 64 };
            unsigned x : 64;
            active proctype P() {
                if
                :: select (x : 1 .. 3)
                :: select (x : 4 .. 6)
                fi;
                c!x
            }
            """
        let (path, statements) = try Self.statements(model, [("put", time)])
        #expect(path.isWhole)
        #expect(statements == [branch, "c!x"])
    }

    /// The model has no words for `bark`: neither for it nor for what follows.
    @Test func whatTheModelHasNoWordsForIsTheEnd() throws {
        let (path, statements) = try Self.statements(Self.branches, [("put", 1), ("bark", 1), ("put", 11)])
        #expect(path.matched == 1)
        #expect(!path.isWhole)
        #expect(statements.last == "c!x;")
    }

    @Test func aModelWithoutRulesIsRefused() throws {
        let program = try #require(ModelReader.read(text: "active proctype P() { skip }", path: "m.pml").program)
        #expect(throws: ConformanceError.self) { try ModelFollower(program) }
    }

    private static let models = ConformanceCheckTests.models + [
        """
        chan c = [8] of { byte };
        active proctype P() { byte x; do :: d_step { c!0; c!1 } :: d_step { c!0; c!2; c?x } :: c?x od }
        """,
        // What comes second makes a difference for what is first.
        """
        chan c = [8] of { byte };
        active proctype P() { byte x; do :: c!0; c!1 :: d_step { c!0; c!2 } :: c?x od }
        """,
        // Where a log ends, not all is looked for that a longer one needs.
        """
        chan c = [8] of { byte };
        active proctype P() { if :: d_step { c!0; c!1 } :: c!0; false :: skip; c!0; c!1; c!2 fi }
        """,
    ]

    private static func matched(_ program: Program, _ log: EventLog) throws -> Int? {
        let check = try ConformanceCheck(program, log)
        switch try check.run().result {
        case .conforms: return check.eventCount
        case .diverges(let divergence): return divergence.matched
        case .stopped: return nil
        }
    }

    /// Every step can be taken, and together they have the events that were matched: as many as a search finds that knows of no other log.
    @Test(arguments: models) func theStepsAreABehaviourOfTheModel(model: String) throws {
        let follower = try ModelFollower(try ConformanceCheckTests.read(model))
        let generator = SuccessorGenerator(follower.system)
        var words: [[Int]] = [[]]
        for length in 0..<4 { words += words.filter { $0.count == length }.flatMap { word in (0..<6).map { word + [$0] } } }
        var longest = 0
        for word in words {
            let log = try ConformanceCheckTests.log(word.map { ($0 % 2 == 0 ? "put" : "take", UInt64($0 / 2)) })
            let path = try follower.follow(log)
            #expect(try Self.matched(follower.system.program, log) == path.matched, "\(word)")
            var (state, control) = (generator.initialState().state, Int?.none)
            var taken: [Int] = []
            for step in path.steps {
                let moves = generator.moves(from: state, control: control).moves
                let move = try #require(moves.first { $0.step == step } ?? moves.first { $0.step.pid == step.pid && $0.step.transition == step.transition })
                if let message = move.message, case .statement(let statement) = follower.system.transitions[step.transition].action {
                    let isSend = if case .send = statement.kind { true } else { false }
                    taken.append(Int(message.fields[0]) * 2 + (isSend ? 0 : 1))
                }
                (state, control) = (move.state, move.control)
            }
            // Of a `d_step`, the last message alone is told.
            if !model.contains("d_step") { #expect(taken == Array(word.prefix(path.matched))) }
            #expect(path.isWhole == (path.matched == word.count))
            longest = max(longest, path.matched)
        }
        #expect(longest > 2)
    }

    /// Logs that begin as others do are followed from where they differ, and yet as if there had been no others.
    @Test func logsWithTheSameBeginningAreFollowedAsIfAlone() throws {
        let program = try KernelLog.sockets.program()
        let follower = try ModelFollower(program)
        let whole = try KernelLog.sockets.log()
        _ = try follower.follow(whole, limit: 600)
        for (length, difference) in [(30, UInt64(0)), (45, 1), (whole.lines.count, 0), (whole.lines.count, 1), (20, 1)] {
            var log = whole
            log.lines = Array(log.lines.prefix(length))
            let index = try #require(log.lines.lastIndex { $0.event == "sent" })
            guard case .number(let time)? = log.lines[index].values["time"] else { continue }
            log.lines[index].values["time"] = .number(time + difference)
            let path = try follower.follow(log)
            let alone = try ModelFollower(program).follow(log)
            #expect(path.matched == alone.matched && path.isWhole == alone.isWhole && path.steps == alone.steps, "\(length) \(difference)")
            #expect(alone.isWhole == (difference == 0))
        }
    }

    @Test(arguments: KernelLog.all) func logsOfRealKernelsAreFollowedToTheirEnds(log: KernelLog) throws {
        let follower = try ModelFollower(try log.program())
        let path = try follower.follow(try log.log())
        #expect(path.isWhole)
        #expect(path.matched > 15)
        let names = Set(path.transitions.map { follower.system.program.proctypes[follower.system.transitions[$0].proctype].name })
        #expect(names.contains("Kernel"))
        #expect(!names.contains("Client"))
    }
}
