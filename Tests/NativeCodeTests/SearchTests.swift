import Automata
@testable import Exploration
import Foundation
@testable import NativeCode
import Promela
import Testing

/// Machine code from the first state on.
final class Ready: SuccessorCompiler {
    private let expansion: CompiledExpansion

    init(_ expansion: CompiledExpansion) { self.expansion = expansion }

    init(_ system: Automata.System) throws { expansion = try NativeCompiler(cache: nil).compile(system) }

    func expansion(of system: Automata.System, states: Int, seconds: Double) -> CompiledExpansion? { expansion }
}

@Suite(.enabled(if: CompilerProcess.path != nil, "there is no C compiler"))
struct SearchTests {
    static let models = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Models", isDirectory: true)

    /// A model with the definitions that it is checked with; everything of its suite would take too long.
    static let checked: [[String]] = [
        ["tutorial/lost-wakeup.pml"], ["tutorial/lost-wakeup.pml", "PREPARE"],
        ["um-timetravel/socket.pml", "N=1"], ["um-timetravel/socket.pml", "N=1", "NO_IRQ_ACK", "CALENDAR_SEQ"],
        ["um-timetravel/socket.pml", "N=1", "RUN_ONLY_IN_IDLE", "CALENDAR_RESENDS"],
        ["um-timetravel/shm.pml", "N=2"], ["um-timetravel/shm.pml", "N=1", "DISCONNECT"],
        ["um-timetravel/device-message.pml"], ["um-timetravel/device-message.pml", "BEFORE_FIX"],
        ["um-timetravel/handoff.pml"], ["um-timetravel/handoff.pml", "ACK_FIRST"],
        ["uintr/uintr.pml", "SENDS=1"], ["uintr/uintr.pml", "SENDS=1", "FAULT", "FIX"],
        ["qemu-replay/timers.pml", "HALTS"], ["qemu-replay/replay.pml", "VIRTUAL_EXT"],
        ["vfio-ccw/vfio-ccw.pml", "FIX"], ["vfio-ccw/vfio-ccw.pml", "V6", "REQUESTS=3"],
    ]

    @Test("a search finds the same with machine code and without", arguments: checked)
    func sameResult(model: [String]) throws {
        var read = ReadOptions()
        read.preprocessor.defines = Array(model.dropFirst())
        let system = try Model.system(
            ModelReader.read(fileAt: Self.models.appendingPathComponent(model[0]).path, options: read))
        let ready = try Ready(system)
        for order in SearchOptions.Order.allCases { try compare(system, ready, order) }
    }

    private func compare(_ system: Automata.System, _ ready: Ready, _ order: SearchOptions.Order) throws {
        func search(_ compiler: (any SuccessorCompiler)?, packingThreshold: Int = .max) throws -> SearchResult {
            let search = try Search(
                system,
                options: SearchOptions(
                    order: order, properties: order == .depth ? Set(Property.ofStates) : nil,
                    depthLimit: order == .depth ? 2000 : nil, violationLimit: 3, compiler: compiler))
            search.packingThreshold = packingThreshold
            return search.run()
        }
        let interpreted = try search(nil)
        let compiled = try search(ready)
        var packed = try search(ready, packingThreshold: 1)
        #expect(packed.violations.map(\.path) == interpreted.violations.map(\.path))
        (packed.statistics.seconds, packed.statistics.bytes) = (compiled.statistics.seconds, compiled.statistics.bytes)
        #expect(packed.statistics == compiled.statistics)
        #expect(interpreted.statistics.compiledFrom == nil)
        #expect(compiled.statistics.compiledFrom == 1 || order == .depth)
        var statistics = (interpreted.statistics, compiled.statistics)
        (statistics.0.seconds, statistics.1.seconds) = (0, 0)
        statistics.1.compiledFrom = nil
        #expect(statistics.0 == statistics.1)
        #expect(compiled.verdicts.map(\.verdict) == interpreted.verdicts.map(\.verdict))
        #expect(compiled.violations.map(\.message) == interpreted.violations.map(\.message))
        #expect(compiled.violations.map(\.path) == interpreted.violations.map(\.path))
        #expect(compiled.truncations == interpreted.truncations)
    }

    @Test("machine code is not used where it does not do all that is asked for")
    func notUsed() throws {
        let system = try Model.system("byte x; active proctype A() { do :: x++ od }")
        let compiler = try Ready(system)
        let wrapAround = try Search(
            system, options: SearchOptions(properties: [.wrapAround], compiler: compiler)
        ).run()
        #expect(wrapAround.statistics.compiledFrom == nil)
        #expect(wrapAround.verdict == .violated)
    }
}
