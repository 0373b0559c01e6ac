import Automata
import Exploration
import Promela
import TestSupport
import Testing

/// What is said of whole runs where not all states were searched.
struct UnfinishedSearchTests {
    private static let model = """
        int x
        bit y
        active proctype Endless() { do :: x++ od }
        active proctype Toggle() { do :: y = 1 - y od }
        ltl toggled { [] <> (y == 1) }
        ltl counted { [] <> (x > 0 || y < 2) }
        ltl bounded { [] (x < 100) }
        """
    private static let toggled = Property.claim(.formula(0))
    private static let counted = Property.claim(.formula(1))
    private static let bounded = Property.claim(.formula(2))

    @Test func aCycleIsFoundThoughTheStatesNeverEnd() throws {
        // Toggle alone goes round; that Endless is kept waiting does not matter.
        let model = Self.model.replacing("y == 1", with: "y == 0 && x > 3")
        let result = try Checked.search(model, SearchOptions(properties: [Self.toggled], memoryLimit: 1 << 28))
        #expect(Checked.verdict(Self.toggled, in: result) == .violated)
        #expect(result.statistics.statesStored < 500_000)
    }

    @Test func aStateIsFoundThoughTheStatesNeverEnd() throws {
        let result = try Checked.search(Self.model, SearchOptions(properties: [Self.bounded], memoryLimit: 1 << 28))
        #expect(Checked.verdict(Self.bounded, in: result) == .violated)
        #expect(result.violations.first?.path.count == 100)
    }

    @Test func uponALimitWhatIsNotViolatedIsOpen() throws {
        let result = try Checked.search(
            Self.model, SearchOptions(properties: [Self.toggled, Self.counted, Self.bounded], depthLimit: 8))
        #expect(Checked.verdict(Self.toggled, in: result) == .inconclusive(.depth(8)))
        #expect(Checked.verdict(Self.counted, in: result) == .inconclusive(.depth(8)))
        #expect(Checked.verdict(Self.bounded, in: result) == .inconclusive(.depth(8)))
        #expect(result.violations.isEmpty)
    }

    @Test func aCycleIsFoundWhenMemoryIsFull() throws {
        let model = Self.model.replacing("y == 1", with: "y == 0 && x > 3")
        let result = try Checked.search(model, SearchOptions(properties: [Self.toggled, Self.counted], memoryLimit: 1 << 23))
        #expect(Checked.verdict(Self.toggled, in: result) == .violated)
        #expect(Checked.verdict(Self.counted, in: result) == .inconclusive(.memory(bytes: 1 << 23)))
    }

    @Test func aDepthFirstSearchFindsADeepCycleInAModelTooLargeForAnother() throws {
        let model = "byte a[12]\nactive [12] proctype P() { do :: a[_pid]++ od }\nltl p { [] <> (a[3] == 1) }"
        let result = try Checked.search(
            model, SearchOptions(order: .depth, properties: [.claim(.formula(0))], memoryLimit: 1 << 28))
        #expect(Checked.verdict(.claim(.formula(0)), in: result) == .violated)
        #expect(result.statistics.statesStored < 100_000)
    }

    @Test(.enabled(if: SpinOracle.isAvailable, "Spin's examples are not installed"))
    func aDepthFirstSearchFindsWhatSpinFindsAtOnce() throws {
        guard let examples = try SpinExamples.find() else { return }
        let file = examples.appendingPathComponent("LTL/petersonN.pml")
        let program = try #require(try ModelReader.read(fileAt: file.path).program)
        let options = SearchOptions(order: .depth, properties: [.claim(.formula(0))], memoryLimit: 1 << 28)
        let result = try Search(System(program), options: options).run()
        #expect(Checked.verdict(.claim(.formula(0)), in: result) == .violated)
    }

    @Test func aDepthFirstSearchDoesNotDecideStrongFairness() throws {
        let model = "bool x\nactive proctype P() { x = true }\nltl p { <> x }"
        let result = try Checked.search(model, SearchOptions(order: .depth, fairness: .strong))
        #expect(Checked.verdict(.claim(.formula(0)), in: result) == .inconclusive(.breadthNeeded))
        #expect(Checked.verdict(.endStates, in: result) == .holds)
    }

    @Test func aPathThatIsCutDecidesNothing() throws {
        let model = "byte x\nactive proctype P() { do :: x < 50 -> x++ :: else -> x = 0 od }\nltl p { [] (x < 50) }"
        let limited = try Checked.search(model, SearchOptions(order: .depth, properties: [.claim(.formula(0))], depthLimit: 10))
        #expect(Checked.verdict(.claim(.formula(0)), in: limited) == .inconclusive(.pathLength(10)))
        let whole = try Checked.search(model, SearchOptions(order: .depth, properties: [.claim(.formula(0))]))
        #expect(Checked.verdict(.claim(.formula(0)), in: whole) == .violated)
    }

    @Test func littleMemoryIsNamed() throws {
        let result = try Checked.search(Self.model, SearchOptions(properties: [Self.counted], memoryLimit: 1 << 22))
        #expect(Checked.verdict(Self.counted, in: result) == .inconclusive(.memory(bytes: 1 << 22)))
    }
}
