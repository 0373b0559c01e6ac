import Promela
import Testing

@testable import Symbolic

#if compiler(>=6.2)

@Suite struct SearchMemoryTests {
    @Test("the bytes that a search reports are those by which the process grows, about")
    func reportedBytes() async {
        let process = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let text = """
                byte a, b, c;
                unsigned x : 64;
                active proctype P() {
                  do
                  :: a < 39 -> a++
                  :: b < 39 -> b++
                  :: c < 39 -> c++
                  :: select (x : 0 .. 9000000000)
                  od
                }
                """
            let program = try #require(ModelReader.read(text: text, path: "model.pml").program)
            let search = try SymbolicSearch(program)
            let before = MemoryTests.residentBytes()
            let statistics = try search.run().result.statistics
            let growth = MemoryTests.residentBytes() - before
            print("\(statistics.statesStored) states: \(statistics.bytes >> 10) KiB reported, \(growth >> 10) KiB more in memory")
            precondition(statistics.statesStored > 100_000)
            precondition(statistics.bytes > growth / 2 && statistics.bytes < growth * 2)
        }
        if let process { print(String(decoding: process.standardOutputContent, as: UTF8.self)) }
    }
}

#endif
