import Automata
import Exploration
import Foundation
import Promela
import Testing

@testable import Traces

@Test func scratch() throws {
    let path = ProcessInfo.processInfo.environment["SCRATCH"] ?? ""
    let result = try ModelReader.read(fileAt: path)
    let system = try System(try #require(result.program))
    let search = try Search(system, options: SearchOptions(order: ProcessInfo.processInfo.environment["DEPTH"] != nil ? .depth : .breadth, memoryLimit: 2 << 30))
    let r = search.run()
    let violation = try #require(r.violations.first)
    let trace = try Fixture.record(violation, in: system, path: path)
    let columns = Int(ProcessInfo.processInfo.environment["COLS"] ?? "100")!
    let format = TraceFormat(rawValue: ProcessInfo.processInfo.environment["FORMAT"] ?? "text")!
    print(format.render(trace, options: TextOptions(columns: columns, isASCII: ProcessInfo.processInfo.environment["ASCII"] != nil)))
    let text = ITFEncoder.text(trace)
    let back = try TraceFile.decode(text)
    #expect(back == trace)
}
