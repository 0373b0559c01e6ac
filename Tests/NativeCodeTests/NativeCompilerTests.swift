import Automata
import Foundation
@testable import NativeCode
import Synchronization
import Testing

@Suite(.enabled(if: CompilerProcess.path != nil, "there is no C compiler"))
struct NativeCompilerTests {
    private let place: Workplace
    private let cache: ObjectCache
    private let system: Automata.System

    init() throws {
        place = try Workplace()
        cache = try #require(ObjectCache(place.folder.appendingPathComponent("heddle", isDirectory: true)))
        system = try Model.system("byte x; active proctype A() { do :: x < 200 -> x++ :: x = 0 od }")
    }

    @Test("nothing is compiled for a search that is short")
    func shortSearch() throws {
        let compiler = NativeCompiler(cache: cache)
        #expect(compiler.expansion(of: system, states: 1000, seconds: 0.05) == nil)
        #expect(compiler.failure == nil)
        #expect(try place.names(in: "heddle").isEmpty)
    }

    @Test("a long search goes on until there is machine code", .timeLimit(.minutes(20)))
    func longSearch() async throws {
        let compiler = NativeCompiler(cache: cache)
        while compiler.expansion(of: system, states: 100_000, seconds: 0.1) == nil {
            #expect(compiler.failure == nil)
            try await Task.sleep(for: .milliseconds(5))
        }
        let names = try place.names(in: "heddle")
        #expect(names.count == 1)
        #expect(names.first?.hasSuffix(".so") == true)
    }

    @Test("a search that is to begin with machine code waits for it, however short it is")
    func waitingSearch() throws {
        let compiler = NativeCompiler(cache: cache, waits: { true })
        #expect(compiler.expansion(of: system, states: 1, seconds: 0) != nil)
        #expect(try place.names(in: "heddle").count == 1)
    }

    @Test("a search that waits can be ended", .timeLimit(.minutes(20)))
    func endedWait() async throws {
        let questions = Mutex(0)
        let compiler = NativeCompiler(
            cache: cache,
            waits: {
                questions.withLock { $0 += 1 }
                return false
            })
        while compiler.expansion(of: system, states: 1, seconds: 0) == nil { try await Task.sleep(for: .milliseconds(5)) }
        #expect(questions.withLock { $0 } > 0)
    }

    @Test("what was compiled once is there at once, and what is broken is compiled again")
    func cached() throws {
        _ = try NativeCompiler(cache: cache).compile(system)
        let name = try #require(try place.names(in: "heddle").first)
        #expect(NativeCompiler(cache: cache).expansion(of: system, states: 100_000, seconds: 1) != nil)
        let file = cache.folder.appendingPathComponent(name)
        try FileManager.default.removeItem(at: file)
        try Data("no object".utf8).write(to: file)
        chmod(file.path, 0o600)
        let compared = Comparison(system, try NativeCompiler(cache: cache).compile(system), limit: 1000)
        #expect(compared.difference == nil)
        #expect(compared.compiledStates == compared.states)
        #expect(try place.names(in: "heddle") == [name])
    }

    @Test("each system has code of its own, whichever is asked for when")
    func severalSystems() throws {
        let plain = try Model.system("byte x; active proctype A() { byte y; do :: x < 200 -> y = 1; x = x + y :: x = 0 od }")
        let merged = plain.merging(LocalSteps(plain, keeping: []))
        let compiler = NativeCompiler(cache: cache)
        for system in [system, merged, plain, merged, system] {
            let compared = Comparison(system, try compiler.compile(system), limit: 2000)
            #expect(compared.difference == nil)
            #expect(compared.compiledStates == compared.states)
        }
        #expect(try place.names(in: "heddle").count == 3)
    }

    @Test("a compilation that is stopped leaves nothing behind")
    func stopped() throws {
        let compiler = NativeCompiler(cache: cache)
        _ = compiler.expansion(of: system, states: 100_000, seconds: 1)
        compiler.stop()
        #expect(try place.names(in: "heddle").isEmpty)
        #expect(compiler.failure == .stopped)
        #expect(compiler.expansion(of: system, states: 100_000, seconds: 1) == nil)
        _ = NativeCompiler(cache: cache).expansion(of: system, states: 100_000, seconds: 1)
        #expect(try place.names(in: "heddle").isEmpty)
    }
}
