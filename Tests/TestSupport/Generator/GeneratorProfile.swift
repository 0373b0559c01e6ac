/// What a generated program claims of its infinite runs.
public enum GeneratedClaim: String, CaseIterable, Sendable {
    /// A formula, in an `ltl` block.
    case formula
    /// A `never` claim.
    case neverClaim
    /// `accept` labels of its processes.
    case acceptance
    /// `progress` labels of its processes.
    case progress
}

/// What a generated program may contain, and how likely it is to contain it.
///
/// Every program draws its own subset of the features, so that most programs mix a few and all mixes come up.
public struct GeneratorProfile: Sendable {
    /// A part of the language that can be left out.
    public enum Feature: String, CaseIterable, Sendable {
        // Data.
        case arrays, typedefs, initializers, wraparound, blockScopes, inlines, macros, hidden, enumerations
        case conditionalExpressions, bitwiseExpressions, division
        // Channels.
        case bufferedChannels, rendezvous, channelArrays, channelMessages, structureMessages, sortedSend, randomReceive
        case peeking, polling, channelQueries
        // Control.
        case loops, forLoops, selections, gotos, nestedChoices, elseBranches, timeouts, printing
        case atomic, dStep, unless
        // Processes.
        case run, multipleInstances, initProcess, provided, endLabels
        case predefinedVariables, lastProcess, enabledQueries, programCounters, remoteLabels, remoteVariables
        // Properties.
        case assertions
    }

    /// The chance, from 0 to 1, that a program uses the feature.
    public var chances: [Feature: Double]
    /// The number of processes of a program at any time.
    public var processes: ClosedRange<Int> = 1...4
    /// The number of statements of a program, roughly; they are dealt out to the processes.
    public var statements: ClosedRange<Int> = 12...32
    /// The chance that a program's statements that may block come with a way out, so that it has no deadlock from them.
    public var guardedChance = 0.6
    /// The chance that a program's assertions may fail.
    public var violatingChance = 0.6
    /// What is claimed of the program's infinite runs; nil for programs that are searched for bad states only.
    public var claim: GeneratedClaim?

    /// A profile with these chances; what is not mentioned is left out.
    public init(chances: [Feature: Double]) {
        self.chances = chances
    }

    /// All features; each program has about half of them.
    public static let everything: GeneratorProfile = {
        var profile = GeneratorProfile(chances: Dictionary(uniqueKeysWithValues: Feature.allCases.map { ($0, 0.45) }))
        // Some exclude others or shape the whole program, so they are rarer.
        for (feature, chance) in [
            (Feature.provided, 0.2), (.enabledQueries, 0.15), (.programCounters, 0.15), (.lastProcess, 0.15),
            (.hidden, 0.2), (.unless, 0.35), (.channelMessages, 0.25), (.structureMessages, 0.2),
            (.loops, 0.7), (.elseBranches, 0.8), (.assertions, 0.75),
        ] { profile.chances[feature] = chance }
        return profile
    }()

    /// Arithmetic, types and conversions, arrays and structures, in few processes.
    public static let data: GeneratorProfile = {
        var profile = GeneratorProfile.only([
            .arrays, .typedefs, .initializers, .wraparound, .blockScopes, .inlines, .macros, .enumerations,
            .conditionalExpressions, .bitwiseExpressions, .division, .loops, .forLoops, .selections, .nestedChoices,
            .elseBranches, .assertions,
        ])
        profile.processes = 1...2
        profile.statements = 14...36
        return profile
    }()

    /// Messages of all kinds.
    public static let channels: GeneratorProfile = {
        var profile = GeneratorProfile.only([
            .bufferedChannels, .rendezvous, .channelArrays, .channelMessages, .structureMessages, .sortedSend,
            .randomReceive, .peeking, .polling, .channelQueries, .enumerations, .loops, .nestedChoices, .elseBranches,
            .endLabels, .timeouts, .atomic, .arrays, .assertions,
        ])
        profile.chances[.bufferedChannels] = 0.9
        profile.processes = 2...4
        profile.statements = 18...40
        return profile
    }()

    /// Indivisible sequences: `atomic`, `d_step`, `unless`, jumps, and messages between them.
    public static let atomicity: GeneratorProfile = {
        var profile = GeneratorProfile.only([
            .atomic, .dStep, .unless, .gotos, .nestedChoices, .loops, .elseBranches, .bufferedChannels, .rendezvous,
            .timeouts, .run, .assertions, .inlines,
        ])
        profile.chances[.atomic] = 0.9
        profile.chances[.unless] = 0.7
        return profile
    }()

    /// Processes that start and end, and what they can know of each other.
    public static let processes: GeneratorProfile = {
        var profile = GeneratorProfile.only([
            .run, .multipleInstances, .initProcess, .provided, .endLabels, .predefinedVariables, .lastProcess,
            .enabledQueries, .programCounters, .remoteLabels, .remoteVariables, .atomic, .loops, .nestedChoices,
            .elseBranches, .timeouts, .bufferedChannels, .assertions,
        ])
        profile.chances[.run] = 0.8
        profile.processes = 2...5
        profile.statements = 10...28
        return profile
    }()

    /// Small programs, most of which go on for ever, and something that is claimed of them.
    public static func liveness(_ claim: GeneratedClaim) -> GeneratorProfile {
        var profile = GeneratorProfile.only(
            [
                .arrays, .enumerations, .channelQueries, .rendezvous, .polling, .randomReceive, .nestedChoices, .gotos,
                .dStep, .unless, .multipleInstances, .initProcess, .predefinedVariables, .remoteLabels, .remoteVariables,
                .inlines, .run,
            ], chance: 0.3)
        for (feature, chance) in [
            (Feature.elseBranches, 0.8), (.timeouts, 0.5), (.atomic, 0.6), (.bufferedChannels, 0.5), (.endLabels, 0.5),
            (.provided, 0.2), (.lastProcess, 0.1), (.enabledQueries, 0.1), (.programCounters, 0.1), (.loops, 0.3),
        ] { profile.chances[feature] = chance }
        // Assertions end runs, and what comes after one that fails is anyone's guess.
        profile.violatingChance = 0
        profile.guardedChance = 0.85
        profile.processes = 1...3
        profile.statements = 6...16
        profile.claim = claim
        return profile
    }

    /// A profile of these features, each with the same chance.
    public static func only(_ features: [Feature], chance: Double = 0.6) -> GeneratorProfile {
        GeneratorProfile(chances: Dictionary(uniqueKeysWithValues: features.map { ($0, chance) }))
    }

    /// The same profile without these features.
    public func without(_ features: Feature...) -> GeneratorProfile {
        var profile = self
        for feature in features { profile.chances[feature] = 0 }
        return profile
    }
}
