import Automata
import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// The formulas of our own models hold where their headers say so, and where they hold in Spin.
@Suite struct OwnModelLivenessTests {
    /// A model file with the macros that it is read with, and the formulas that some run breaks.
    struct Variant: Sendable, CustomTestStringConvertible {
        var model: String
        var defines: [String]
        var violated: Set<String>
        /// Those that some weakly fair run breaks.
        var violatedWeaklyFair: Set<String>

        init(_ model: String, _ defines: [String], violated: Set<String> = [], weaklyFair: Set<String>? = nil) {
            self.model = model
            self.defines = defines
            self.violated = violated
            violatedWeaklyFair = weaklyFair ?? violated
        }

        var testDescription: String { ([model] + defines).joined(separator: " ") }

        var file: URL { OwnModelTests.models.appendingPathComponent(model) }

        func program() throws -> Program {
            var options = ReadOptions()
            options.preprocessor.defines = defines
            return try #require(try ModelReader.read(fileAt: file.path, options: options).program)
        }
    }

    private static let socket = OwnModelTests.socket
    private static let vfioCcw = OwnModelTests.vfioCcw
    /// What QEMU cannot do well with a driver that has one IRB.
    private static let oneIRB: Set = ["own_status", "irb_whole", "right_cc", "fc_kept"]
    /// A deadlock breaks all of these.
    private static let lost: Set = ["requests_are_run", "sleepers_are_woken", "time_advances"]

    static let small: [Variant] = [
        Variant("tutorial/lost-wakeup.pml", [], violated: ["sleeper_is_woken"]),
        Variant("tutorial/lost-wakeup.pml", ["PREPARE"]),
        Variant(socket, ["N=1"]),
        Variant(socket, ["N=1", "NO_IRQ_ACK", "CALENDAR_SEQ"], violated: lost),
        Variant(
            socket, ["N=1", "RUN_ONLY_IN_IDLE", "CALENDAR_RESENDS"],
            violated: ["sleepers_are_woken", "time_advances"]),
        Variant(socket, ["N=1", "BROADCASTS"]),
        Variant(socket, ["N=1", "GET_TOD"]),
        Variant(OwnModelTests.handoff, []),
        Variant(OwnModelTests.handoff, ["ACK_FIRST"], violated: ["sleepers_are_woken"]),
        Variant(OwnModelTests.handoff, ["NO_IRQ_ACK", "MAX_TIME=1"], violated: ["sleepers_are_woken"]),
    ]

    static let large: [Variant] = [
        Variant(socket, ["N=1", "NO_IRQ_ACK"], violated: lost),
        Variant(socket, ["N=1", "RUN_ONLY_IN_IDLE"], violated: lost),
        Variant(socket, ["N=1", "RUN_ONLY_IN_IDLE", "CALENDAR_SEQ"], violated: lost),
        Variant(socket, ["N=2"]),
        Variant(
            socket, ["N=2", "NEWCOMER"], violated: lost.union(["sigios_are_served", "newcomer_is_started"]),
            weaklyFair: lost.union(["newcomer_is_started"])),
        Variant(socket, ["N=2", "NEWCOMER", "CALENDAR_SEQ"], violated: ["newcomer_is_started"]),
        Variant(socket, ["N=2", "NEWCOMER", "SLICE"]),
    ]

    private static let uintr = OwnModelTests.uintr
    private static let asleep: Set = ["no_lost_wakeup", "sleeper_is_woken"]

    /// Models in which somebody else can always go on, so that runs that are not fair break more, and models with formulas
    /// of the form `[] p`.
    static let weaklyFair: [Variant] = [
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "ONE_VECTOR", "FIX"], violated: asleep),
        Variant(
            uintr, ["SENDS=1", "SIGNALS=0"], violated: asleep.union(["bystander_left_alone", "not_for_ever"]),
            weaklyFair: asleep.union(["bystander_left_alone"])),
        Variant(
            uintr, ["SENDS=1", "SIGNALS=0", "PREPARE"],
            violated: asleep.union(["bystander_left_alone", "not_for_ever"]),
            weaklyFair: asleep.union(["bystander_left_alone"])),
        Variant(
            uintr, ["SENDS=1", "SIGNALS=0", "FIX", "HOTPLUG"],
            violated: ["sleeper_is_woken", "bystander_left_alone", "not_for_ever"],
            weaklyFair: ["bystander_left_alone"]),
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "FAULT"], violated: asleep),
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "FAULT", "FIX"], violated: ["sleeper_is_woken"], weaklyFair: []),
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "POLLED"], violated: ["no_poller_forgotten"]),
        Variant(OwnModelTests.timers, ["HALTS", "FIX"]),
        Variant(OwnModelTests.replay, ["IDLE_FIRST"], violated: ["no_virtual_mark", "no_account_mark"]),
        Variant(
            OwnModelTests.replay, ["EXTERNAL", "IDLE_FIRST", "WARP_SKIPS_EXTERNAL", "KEYS=1"],
            violated: ["no_start_mark", "no_account_mark"]),
        Variant(
            vfioCcw, ["V4_PATCH1", "REQUESTS=3"],
            violated: oneIRB.union(["no_free_in_use", "never_stuck", "comes_to_rest"])),
        Variant(vfioCcw, ["V6", "REQUESTS=3"], violated: oneIRB.union(["no_free_in_use"])),
        Variant(vfioCcw, ["FIX", "REQUESTS=3"]),
    ]

    static let weaklyFairLarge: [Variant] = [
        Variant(
            uintr, ["SENDS=0", "SIGNALS=0", "FIX"], violated: ["bystander_left_alone", "not_for_ever"]),
        Variant(uintr, ["SENDS=0", "SIGNALS=0", "FAULT", "FIX"]),
    ]

    @Test("as the header says", arguments: small)
    func isAsDocumented(variant: Variant) throws {
        #expect(try violated(variant, under: .none) == variant.violated)
    }

    /// Minutes.
    @Test(
        "as the header says, in larger models and with weak fairness",
        .enabled(if: OwnModelTests.checksLargeModels, "HEDDLE_LARGE_MODELS is not set"), arguments: large)
    func largeModelIsAsDocumented(variant: Variant) throws {
        #expect(try violated(variant, under: .none) == variant.violated)
        #expect(try violated(variant, under: .weak) == variant.violatedWeaklyFair)
    }

    @Test("as in Spin", .enabled(if: SpinOracle.isAvailable, "Spin is not installed"), arguments: small)
    func agreesWithSpin(variant: Variant) throws {
        // Deadlocks and assertions are not asked for, and end no run.
        try compareWithSpin(variant, verifierFlags: ["-E", "-A"])
    }

    @Test("as the header says, with weak fairness", arguments: weaklyFair)
    func weaklyFairModelIsAsDocumented(variant: Variant) throws {
        #expect(try violated(variant, under: .weak) == variant.violatedWeaklyFair)
    }

    /// Minutes.
    @Test(
        "as the header says, in larger models with weak fairness",
        .enabled(if: OwnModelTests.checksLargeModels, "HEDDLE_LARGE_MODELS is not set"), arguments: weaklyFairLarge)
    func largeWeaklyFairModelIsAsDocumented(variant: Variant) throws {
        #expect(try violated(variant, under: .weak) == variant.violatedWeaklyFair)
    }

    /// Spin is not asked about fair runs: its `-f` finds no cycle in which a `provided` clause holds a process back.
    @Test(
        "as in Spin, without fairness", .enabled(if: SpinOracle.isAvailable, "Spin is not installed"),
        arguments: weaklyFair)
    func agreesWithSpinOnAllRuns(variant: Variant) throws {
        #expect(try violated(variant, under: .none) == variant.violated)
        // With -A, Spin would leave out formulas of the form `[] p` too: it makes assertions of them.
        try compareWithSpin(variant, verifierFlags: ["-E"])
    }

    /// Compares the verdicts about all runs, fair or not.
    private func compareWithSpin(_ variant: Variant, verifierFlags: [String]) throws {
        let oracle = SpinOracle(compiler: .optimizing, timeout: 300, hashBits: 20, verifierFlags: verifierFlags)
        for formula in try variant.program().formulas {
            let question = SpinLivenessQuestion.claim(name: formula.name)
            func answer(_ mode: SpinOracle.Mode) throws -> Bool? {
                let spin = try oracle.checkAllRuns(file: variant.file, question, mode: mode, defines: variant.defines)
                return try #require(spin.result, "\(spin)").answer(to: question)
            }
            // A formula `[] p` can fail some million times. Only where an assertion of the model fails first, Spin has to go on.
            let found = try answer(.firstViolation) ?? answer(.allViolations)
            #expect(found == !variant.violated.contains(formula.name), "\(formula.name)")
        }
    }

    /// The names of the formulas that are violated.
    private func violated(_ variant: Variant, under fairness: Fairness) throws -> Set<String> {
        let program = try variant.program()
        #expect(!program.formulas.isEmpty)
        let options = SearchOptions(
            properties: Set(program.formulas.indices.map { .claim(.formula($0)) }), fairness: fairness,
            memoryLimit: 4 << 30, violationLimit: .max)
        let found = try Search(System(program), options: options).run()
        #expect(found.truncations.isEmpty)
        return Set(
            found.verdicts.compactMap { entry in
                guard case .claim(.formula(let index)) = entry.property, entry.verdict == .violated else { return nil }
                return program.formulas[index].name
            })
    }
}
