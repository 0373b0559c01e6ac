import Automata
import Exploration
import Foundation
import Promela
import TestSupport
import Testing

/// Our own models have the same states and verdicts as in Spin.
@Suite(.enabled(if: SpinOracle.isAvailable, "Spin is not installed"))
struct OwnModelTests {
    /// A model file with the macros that it is read with.
    struct Variant: Sendable, CustomTestStringConvertible {
        var model: String
        var defines: [String]
        /// The number of states, where the model's header states it.
        var documentedStates: Int?

        init(_ model: String, _ defines: [String], documentedStates: Int? = nil) {
            self.model = model
            self.defines = defines
            self.documentedStates = documentedStates
        }

        var testDescription: String { ([model] + defines).joined(separator: " ") }
    }

    static let socket = "um-timetravel/socket.pml"
    static let shm = "um-timetravel/shm.pml"
    static let uintr = "uintr/uintr.pml"
    static let timers = "qemu-replay/timers.pml"
    static let replay = "qemu-replay/replay.pml"
    static let vfioCcw = "vfio-ccw/vfio-ccw.pml"
    static let deviceMessage = "um-timetravel/device-message.pml"
    static let handoff = "um-timetravel/handoff.pml"

    static let small: [Variant] = [
        Variant("tutorial/lost-wakeup.pml", []),
        Variant("tutorial/lost-wakeup.pml", ["PREPARE"]),
        Variant(socket, ["N=1"], documentedStates: 6057),
        Variant(socket, ["N=1", "NO_IRQ_ACK"]),
        Variant(socket, ["N=1", "NO_IRQ_ACK", "CALENDAR_SEQ", "CHECKS=0"]),
        Variant(socket, ["N=1", "RUN_ONLY_IN_IDLE", "CALENDAR_RESENDS", "CHECKS=1"], documentedStates: 174_181),
        Variant(socket, ["N=2"], documentedStates: 229_556),
        Variant(socket, ["N=2", "NEWCOMER", "CALENDAR_SEQ"]),
        Variant(socket, ["N=1", "GET_TOD"], documentedStates: 6226),
        Variant(socket, ["N=1", "WAIT_ACK_RACE"], documentedStates: 6530),
        Variant(socket, ["N=1", "WAIT_ACK_READ"], documentedStates: 6057),
        Variant(socket, ["N=1", "WAIT_FIRST_EVENT"], documentedStates: 6057),
        Variant(socket, ["N=1", "STACK"], documentedStates: 6057),
        Variant(socket, ["N=2", "STACK"], documentedStates: 229_556),
        Variant(socket, ["N=2", "BROADCASTS"], documentedStates: 251_313),
        Variant(socket, ["N=1", "BROADCASTS", "BROADCAST_ANY_TIME"]),
        Variant(socket, ["N=1", "DIES=1", "FIX_REMOVAL", "CHECKS=128"], documentedStates: 378_722),
        Variant(socket, ["N=1", "DIES=DEV", "CHECKS=0"], documentedStates: 188_420),
        Variant(deviceMessage, [], documentedStates: 6889),
        Variant(deviceMessage, ["BEFORE_FIX"]),
        Variant(deviceMessage, ["INNER_DRAINS"]),
        Variant(handoff, [], documentedStates: 7941),
        Variant(handoff, ["N=3"], documentedStates: 174_052),
        Variant(handoff, ["NO_IRQ_ACK", "MAX_TIME=1"], documentedStates: 103_994),
        Variant(handoff, ["ACK_FIRST"]),
        Variant(shm, ["N=1"], documentedStates: 3937),
        Variant(shm, ["N=1", "NO_IRQ_ACK"]),
        Variant(shm, ["N=2"], documentedStates: 44_731),
        Variant(shm, ["N=2", "MIXED_CLIENTS"]),
        Variant(shm, ["N=2", "TWO_AT_ONCE"]),
        Variant(shm, ["N=2", "LATE_JOINER"]),
        Variant(shm, ["N=2", "LATE_JOINER", "FIX_OFFSET", "FIX_STARVATION"]),
        Variant(shm, ["N=2", "LATE_JOINER", "MIXED_CLIENTS", "FIX_RUN_OFFSET"]),
        Variant(shm, ["N=1", "DISCONNECT"]),
        Variant(
            shm, ["N=1", "DISCONNECT", "FIX_REMOVE", "FIX_STALE", "REPLY_FIRST"], documentedStates: 170_677),
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "ONE_VECTOR", "FIX"]),
        Variant(uintr, ["SENDS=1"]),
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "RECHECK"]),
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "PREPARE"]),
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "PREPARE", "UIRR_TOO", "HOTPLUG"]),
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "FIX", "HOTPLUG"]),
        Variant(uintr, ["SENDS=1", "SIGNALS=0", "FAULT", "PREEMPT"]),
        Variant(uintr, ["SENDS=1", "FAULT", "FIX"]),
        Variant(uintr, ["SENDS=1", "POLLED", "POLLED_NV2"]),
        Variant(timers, [], documentedStates: 472),
        Variant(timers, ["VIRTUAL_EXT"], documentedStates: 20_817),
        Variant(timers, ["HALTS"], documentedStates: 18_175),
        Variant(timers, ["HALTS", "FIX", "WARP_SKIPS_EXTERNAL"], documentedStates: 1722),
        Variant(replay, [], documentedStates: 28_308),
        Variant(replay, ["VIRTUAL_EXT"], documentedStates: 7109),
        Variant(replay, ["EXTERNAL", "DHCP"], documentedStates: 7967),
        Variant(replay, ["EXTERNAL", "IDLE_FIRST", "WARP_SKIPS_EXTERNAL", "KEYS=1"], documentedStates: 18_102),
        Variant(replay, ["UP_FRONT", "TODAY", "OTHER"], documentedStates: 9885),
        Variant(replay, ["EXTERNAL", "TODAY", "OTHER_AFTER"], documentedStates: 36_852),
        Variant(replay, ["EVERY", "TODAY", "KEYS=1"], documentedStates: 15_907),
        Variant(vfioCcw, ["ANY_USERSPACE", "V4", "WORK_BUSY"], documentedStates: 89_772),
        Variant(vfioCcw, ["ANY_USERSPACE", "V6_MUTEX"], documentedStates: 178_442),
        Variant(vfioCcw, ["ANY_USERSPACE", "FIX_FREE"], documentedStates: 162_955),
        Variant(vfioCcw, ["ANY_USERSPACE", "VCPUS=2", "REQUESTS=2"]),
        Variant(vfioCcw, ["V4_PATCH1", "REQUESTS=3"]),
        Variant(vfioCcw, ["V6", "REQUESTS=3"]),
        Variant(vfioCcw, ["V6", "RETRY", "REQUESTS=3"]),
        Variant(vfioCcw, ["FIX_FREE", "UNSOLICITED", "REQUESTS=1"]),
        Variant(vfioCcw, ["FIX"], documentedStates: 94_060),
    ]

    @Test("as in Spin", arguments: small)
    func agreesWithSpin(variant: Variant) throws {
        try compare(variant, SpinOracle(compiler: .optimizing, timeout: 300, hashBits: 20))
    }

    /// Minutes, and some hundred megabytes.
    @Test(
        "as in Spin, with three clients",
        .enabled(if: checksLargeModels, "HEDDLE_LARGE_MODELS is not set"))
    func agreesWithSpinOnThreeClients() throws {
        try compare(
            Variant(Self.socket, ["N=3"], documentedStates: 6_251_088),
            SpinOracle(compiler: .optimizing, timeout: 1200, hashBits: 24, compilerFlags: ["-DVECTORSZ=2048"]))
    }

    static var checksLargeModels: Bool { ProcessInfo.processInfo.environment["HEDDLE_LARGE_MODELS"] != nil }

    private func compare(_ variant: Variant, _ oracle: SpinOracle) throws {
        var oracle = oracle
        // The formulas of a model would add the states of their automata.
        oracle.compilerFlags.append("-DNOCLAIM")
        let file = Self.models.appendingPathComponent(variant.model)
        let outcome = try oracle.check(file: file, mode: .allViolations, defines: variant.defines)
        let spin = try #require(outcome.result, "\(outcome)")
        #expect(spin.isComplete)

        var options = ReadOptions(expandsSelect: true)
        options.preprocessor.defines = variant.defines
        let program = try #require(try ModelReader.read(fileAt: file.path, options: options).program)
        let found = try Search(
            System(program),
            options: SearchOptions(properties: Set(Property.ofStates), memoryLimit: 4 << 30, violationLimit: .max)
        ).run()
        #expect(Findings(found) == Findings(of: spin))
        #expect(found.truncations.isEmpty)
        if let documentedStates = variant.documentedStates {
            #expect(found.statistics.statesStored == documentedStates)
        }
    }

    /// The models lie beside the tests.
    static let models = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Models", isDirectory: true)
}
