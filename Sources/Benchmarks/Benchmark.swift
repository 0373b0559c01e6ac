/// A model to measure with, and how large to make it.
public struct Benchmark: Sendable {
    /// How much work there is.
    public enum Size: String, Sendable, CaseIterable {
        /// Up to some hundred thousand states: what one waits for while writing a model.
        case small
        /// Some millions of states.
        case standard
        /// Some tens of millions of states.
        case large
    }

    /// A formula of the model that holds.
    public struct Formula: Sendable {
        public var name: String
        /// Whether it holds of weakly fair runs only.
        public var needsFairness: Bool
        /// What the formula is checked with: product states are many.
        public var defines: [String]
    }

    public var name: String
    /// The path from the folder of models.
    public var model: String
    /// The macros for each size, as after `-D`.
    public var defines: [Size: [String]]
    /// What is measured for infinite runs; nil where the model has no such property.
    public var formula: Formula?

    init(
        _ name: String, _ model: String, small: [String], standard: [String], large: [String]? = nil, formula: Formula? = nil
    ) {
        self.name = name
        self.model = model
        defines = [.small: small, .standard: standard, .large: large ?? standard]
        self.formula = formula
    }

    /// A model that does not belong to the set.
    /// - Parameter path: from the folder of models.
    public init(modelAt path: String) {
        self.init(path, path, small: [], standard: [])
    }
}
