/// Outcomes in files: a word, and behind a colon what else there is to say.
extension FuzzOutcome {
    /// What `init(_:)` reads.
    public var spelling: String {
        switch self {
        case .finished: "finished"
        case .failed(let line): "failed: \(line)"
        case .refused(let reason): "refused: \(reason)"
        case .hung: "hung"
        case .babbles: "babbles"
        case .ended(.exited(let code)): "exited: \(code)"
        case .ended(.killed(let signal)): "killed: \(signal)"
        }
    }

    /// Reads a spelling.
    public init?(_ spelling: String) {
        if let plain = [FuzzOutcome.finished, .hung, .babbles].first(where: { $0.spelling == spelling }) {
            self = plain
            return
        }
        guard let colon = spelling.range(of: ": ") else { return nil }
        let text = String(spelling[colon.upperBound...])
        switch (spelling[..<colon.lowerBound], Int32(text)) {
        case ("failed", _): self = .failed(text)
        case ("refused", _): self = .refused(text)
        case ("exited", let code?): self = .ended(.exited(code: code))
        case ("killed", let signal?): self = .ended(.killed(signal: signal))
        default: return nil
        }
    }
}
