import Automata
import Exploration
import Promela
import Symbolic
import Traces

/// Why a model cannot be checked as it was asked for.
public enum ModelError: Error, Sendable {
    /// The file cannot be read; why, in a sentence.
    case unreadable(String)
    /// There are errors in the model.
    case wrong([Diagnostic], SourceMap)
    case unknownProperty(UnknownProperty)
    /// There is not enough address space for the memory limit.
    case outOfAddressSpace(bytes: Int)
    /// The engine that was asked for does not work with something in the model.
    case unsupported(UnsupportedModel, SourceMap)
    /// A counterexample could not be replayed: a fault of Heddle.
    case unsound(TraceRecordingError)
}

/// A model that was read from its file, ready to be run.
public struct LoadedModel: Sendable {
    /// The model, to be run.
    public var system: System
    /// The warnings.
    public var diagnostics: [Diagnostic]

    /// Reads a model and builds its system.
    /// - Parameter isTraced: whether the trace assertion, if there is one, moves with the model.
    public init(
        _ reference: ModelReference, isTraced: (Program) throws(ModelError) -> Bool = { (_) throws(ModelError) in false }
    ) throws(ModelError) {
        let result: ReadResult
        do {
            result = try ModelReader.read(fileAt: reference.path, options: reference.readOptions)
        } catch {
            throw .unreadable("\(error)")
        }
        guard let program = result.program else { throw .wrong(result.diagnostics, result.sources) }
        let tracing = try isTraced(program) && !program.traceAssertions.isEmpty ? 0 : nil
        do {
            system = try System(program, tracing: tracing)
        } catch let error as SystemError {
            throw .wrong(result.diagnostics + [error.diagnostic], result.sources)
        } catch {
            throw .unreadable("\(error)")
        }
        diagnostics = result.diagnostics
    }
}
