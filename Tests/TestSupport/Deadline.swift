/// A test that waits for others has to end even if they never do, for a run of all tests that hangs says nothing about any of them.
public enum Deadline {
    /// - Returns: whether two minutes have gone by since this call.
    public static func twoMinutes() -> () -> Bool {
        let end = ContinuousClock.now + .seconds(120)
        return { ContinuousClock.now > end }
    }
}
