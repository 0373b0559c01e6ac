import Promela

/// What a fault says to a person.
enum FaultMessage {
    static func text(for site: FaultSite, in system: System) -> String {
        let sources = system.program.sources
        let source = sources.text(of: sources.spanOutsideMacros(site.source))
        switch site.kind {
        case .assertionFailed: return "the assertion `\(source)` fails"
        case .divisionByZero: return "`\(source)` is zero, and something is divided by it"
        case .uninitializedChannel: return "the channel in `\(source)` was never created"
        case .wrongMessageLength: return "`\(source)` does not have as many fields as the channel's messages"
        case .blockedDeterministicStep: return "`\(source)` blocks inside a `d_step`"
        case .endlessDeterministicStep: return "this `d_step` does not come to an end within ten million jumps"
        case .rendezvousInDeterministicStep: return "`\(source)` needs a partner, which a `d_step` cannot wait for"
        case .indexOutOfBounds: return "`\(source)` is out of bounds"
        case .tooManyProcesses: return "there are 255 processes already"
        case .tooManyChannels: return "there are 255 channels already"
        case .remoteReferenceToOtherType: return "`\(source)` refers to a process of another type"
        case .priorityOutOfRange: return "a priority is not in 1 to 255"
        case .selectRangeTooLarge: return "`\(source)` has more values than can be tried one by one"
        case .wrapAround: return "`\(source)` wraps around"
        case .traceMismatch: return "`\(source)` does not fit the `trace`"
        case .notraceMatched: return "with `\(source)`, all that the `notrace` describes has happened"
        case .unfinishedTrace: return "`\(source)` has not come to its end"
        case .nondeterministicTrace: return "`\(source)` fits two ways on in the trace assertion"
        }
    }
}
