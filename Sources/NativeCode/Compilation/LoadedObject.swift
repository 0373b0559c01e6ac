import Automata
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
        typealias ContextSize = @convention(c) () -> Int
        guard let contextSize = dlsym(handle, "heddle_context_size"), let prepare = dlsym(handle, "heddle_prepare"),
            let expand = dlsym(handle, "heddle_expand"), let pass = dlsym(handle, "heddle_pass")
        else { return nil }
        return CompiledExpansion(
            contextSize: unsafeBitCast(contextSize, to: ContextSize.self)(),
            prepare: unsafeBitCast(prepare, to: CompiledExpansion.Prepare.self),
            expand: unsafeBitCast(expand, to: CompiledExpansion.Expand.self),
            pass: unsafeBitCast(pass, to: CompiledExpansion.Pass.self), owner: self)
    }
}
