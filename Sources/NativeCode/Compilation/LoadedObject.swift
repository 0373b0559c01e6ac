import Automata
import CExpansion
import Foundation

/// A compiled object in memory.
final class LoadedObject: @unchecked Sendable {
    // Safe to share: it is never changed, only closed when nobody uses it any more.
    private let handle: UnsafeMutableRawPointer

    /// - Returns: nil if the file is no object that can be loaded.
    init?(_ file: URL) {
        guard let handle = dlopen(file.path, RTLD_NOW | RTLD_LOCAL) else { return nil }
        self.handle = handle
    }

    deinit { dlclose(handle) }

    /// The code in it; nil if that is something else.
    var expansion: CompiledExpansion? {
        guard let model = dlsym(handle, SystemTranslator.modelName) else { return nil }
        return CompiledExpansion(model: UnsafePointer(model.assumingMemoryBound(to: CompiledModel.self)), owner: self)
    }
}
