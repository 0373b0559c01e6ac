import Conformance
import Foundation
import Promela
import TestSupport
import Testing
import TimeTravel

@testable import Fuzzing

/// Which runs are followed in a model, and what is made of that.
@Suite struct ModelGuideTests {
    private let guide: ModelGuide

    init() throws {
        let model = """
            /* observe
             * sent: c!time
             */
            chan c = [4] of { byte };
            byte other;
            active proctype P() {
                do
                :: c!0
                :: c!1; other = 1
                :: c!2; other = 2
                od
            }
            """
        guide = try ModelGuide(ModelFollower(try #require(ModelReader.read(text: model, path: "m.pml").program)))
    }

    /// Hands in a run that has sent these times.
    private func add(_ times: [Int], shape: Int, took time: Duration = .zero, isNew: Bool = false) throws {
        let path = guide.makeLogPath()
        try Data(times.map { #"{"event":"sent","time":"\#($0)"}"# + "\n" }.joined().utf8).write(to: URL(fileURLWithPath: path))
        let run = FuzzRun(
            outcome: .finished, misdeeds: [], console: [], messages: 0, shape: shape,
            phases: FuzzRun.Phases(boot: time, protocolPhase: .zero, teardown: .zero))
        guide.add(logAt: path, of: run, with: Self.plan(shape), isNew: isNew)
        #expect(!FileManager.default.fileExists(atPath: path), "a record that was taken is not left behind")
    }

    /// A plan by which a run is known again.
    private static func plan(_ number: Int) -> FaultPlan { FaultPlan([FaultPlan.Entry(position: number, fault: .close)]) }

    private static let long = Duration.seconds(1_000_000)

    @Test func aPlanThatTakesTheModelWhereNoneHasBeenIsPreferred() throws {
        try add([0], shape: 1, took: Self.long)
        #expect(guide.follow() == [Self.plan(1)])
        try add([0, 0], shape: 2)
        #expect(guide.follow() == [], "that has nothing new")
        try add([0, 1], shape: 3)
        #expect(guide.follow() == [Self.plan(3)])
        // A prefix that the model has counts.
        try add([2, 7], shape: 4)
        #expect(guide.follow() == [Self.plan(4)])
        let summary = guide.summary
        #expect(summary.followed == 4)
        #expect(summary.whole == 3)
        #expect(summary.waiting == 0)
        // `other = 1` and `other = 2` are behind the last events that fit.
        #expect(summary.taken.count == 3)
        #expect(summary.failure == nil)
        try add([1, 0], shape: 5)
        #expect(guide.follow() == [Self.plan(5)])
        #expect(guide.summary.taken.count == 4)
    }

    @Test func oneOfTheRunsWithTheSameMessagesIsFollowed() throws {
        try add([0], shape: 1, took: Self.long)
        try add([1], shape: 1)
        #expect(guide.follow() == [Self.plan(1)])
        #expect(guide.summary.followed == 1)
    }

    @Test func runsWaitUntilThereIsTime() throws {
        try add([0], shape: 1)
        try add([1], shape: 2)
        #expect(guide.follow() == [])
        #expect(guide.summary.waiting == 2)
        #expect(guide.follow(anyway: true).count == 1)
        #expect(guide.summary.waiting == 1)
        try add([2], shape: 3, took: Self.long)
        #expect(guide.follow().count == 2)
        #expect(guide.summary.waiting == 0)
    }

    @Test func whatHasShownSomethingNewComesFirst() throws {
        try add([0], shape: 1)
        try add([1], shape: 2, isNew: true)
        try add([2], shape: 3)
        #expect(guide.follow(anyway: true) == [Self.plan(2)])
    }

    @Test func aRecordThatIsNoneIsPassedOver() throws {
        guide.add(
            logAt: guide.makeLogPath(), of: FuzzRun(outcome: .finished, misdeeds: [], console: [], messages: 0), with: FaultPlan(), isNew: true)
        #expect(guide.summary.waiting == 0)
    }
}

/// Real kernels, followed in the model of them.
@Suite(.enabled(if: LiveKernel.isThere), .serialized, .timeLimit(.minutes(20))) struct LiveGuideTests {
    @Test(arguments: [("socket.pml", false), ("shm.pml", true)]) func theModelShowsWhereRunsHaveBeen(model: String, sharesMemory: Bool) throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Models/um-timetravel/\(model)").path
        let options = ReadOptions(preprocessor: PreprocessorOptions(defines: ["REAL_KERNEL", "N=1"]))
        let guide = try ModelGuide(ModelFollower(try #require(try ModelReader.read(fileAt: path, options: options).program)))
        var configuration = CalendarServer.Configuration()
        configuration.sharesMemory = sharesMemory
        configuration.command = LiveKernel.command()
        let campaign = FuzzCampaign(configuration, guide: guide)
        #expect(try campaign.begin { false }.outcome == .finished)
        let first = guide.summary
        #expect(first.failure == nil)
        #expect(first.followed == 1)
        #expect(first.whole == 1)
        #expect(first.taken.count > 30)
        // No calendar says this; what was before it counts.
        _ = try campaign.step(FaultPlan([FaultPlan.Entry(position: 2, fault: .unknownOperation(255))]), seed: 0) { false }
        while guide.summary.waiting > 0 { _ = guide.follow(anyway: true) }
        let second = guide.summary
        #expect(second.followed == 2)
        #expect(second.whole == 1)
        #expect(second.taken.isSuperset(of: first.taken))
    }
}
