import Promela

/// A path through a model that ends where a property fails: what was done, and what the state was in between.
///
/// It speaks of statements and processes, not of transition numbers, so it can be replayed on a model that was edited since.
public struct Trace: Hashable, Sendable {
    /// The model, and how it has to be read.
    public var model: ModelReference
    /// What fails at the end.
    public var violation: Violation
    /// State 0 is the state after initialization; step `n` leads from state `n` to state `n + 1`.
    public var states: [State]
    public var steps: [Step]
    /// For a path that goes on for ever: the state that the last one is again, so that the steps from there on are taken over
    /// and over. It is the last state itself if nothing can move in it: then that state lasts for ever.
    public var loopStart: Int?
    /// What happens, in sentences of somebody who knows the code that the model stands for. Heddle shows them, and writes none.
    public var story: [String]

    public init(
        model: ModelReference, violation: Violation, states: [State], steps: [Step], loopStart: Int? = nil, story: [String] = []
    ) {
        self.model = model
        self.violation = violation
        self.states = states
        self.steps = steps
        self.loopStart = loopStart
        self.story = story
    }
}

/// A model file, with all that decides how it is read: enough to read the same model again.
public struct ModelReference: Hashable, Sendable {
    /// The path as it was given.
    public var path: String
    /// As after `-D`.
    public var defines: [String]
    /// As after `-U`.
    public var undefines: [String]
    /// As after `-I`.
    public var includeDirectories: [String]
    /// Whether `select` was expanded to the choices that Spin makes of it.
    public var expandsSelect: Bool
    /// Formulas that were given besides those of the model.
    public var formulas: [String]

    public init(
        path: String, defines: [String] = [], undefines: [String] = [], includeDirectories: [String] = [],
        expandsSelect: Bool = false, formulas: [String] = []
    ) {
        self.path = path
        self.defines = defines
        self.undefines = undefines
        self.includeDirectories = includeDirectories
        self.expandsSelect = expandsSelect
        self.formulas = formulas
    }

    /// A reference to a model that was read with these options.
    public init(path: String, options: ReadOptions) {
        self.init(
            path: path, defines: options.preprocessor.defines, undefines: options.preprocessor.undefines,
            includeDirectories: options.preprocessor.includeDirectories, expandsSelect: options.expandsSelect,
            formulas: options.formulas)
    }

    /// The options to read the model with again.
    public var readOptions: ReadOptions {
        ReadOptions(
            preprocessor: PreprocessorOptions(
                defines: defines, undefines: undefines, includeDirectories: includeDirectories),
            expandsSelect: expandsSelect, formulas: formulas)
    }
}

extension Trace {
    /// Whether the path ends where nothing can move, and that state lasts for ever.
    public var staysForEver: Bool { loopStart == states.count - 1 }

    /// This trace with the story of one that it takes the place of. A story of another failure, or of another model, is not its own.
    public func withStory(ofFileAt path: String) -> Trace {
        guard story.isEmpty, let old = try? TraceFile.read(at: path) else { return self }
        guard old.model.path == model.path, old.violation.property == violation.property else { return self }
        var result = self
        result.story = old.story
        return result
    }
}
