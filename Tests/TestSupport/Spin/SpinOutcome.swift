/// How Spin fared with a model.
public enum SpinOutcome: Sendable {
    /// The model was verified.
    case result(SpinResult)
    /// Spin does not take this for a model; its messages.
    case rejected(String)
    /// Spin took the model, but the verification did not come to its end: a compiler error, a crash of the verifier, or
    /// the time was up.
    case failed(String)

    /// The result, if there is one.
    public var result: SpinResult? {
        if case .result(let result) = self { result } else { nil }
    }
}
