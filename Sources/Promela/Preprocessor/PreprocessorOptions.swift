/// What the command line says about macros and where included files are.
public struct PreprocessorOptions: Hashable, Sendable {
    /// As after `-D`: `NAME`, `NAME=VALUE` or `NAME(parameters)=VALUE`; a `NAME` alone is 1.
    public var defines: [String]
    /// As after `-U`: names that are undefined again, after all `defines`.
    public var undefines: [String]
    /// As after `-I`: where included files are looked for, in this order, after the including file's own directory.
    public var includeDirectories: [String]

    public init(defines: [String] = [], undefines: [String] = [], includeDirectories: [String] = []) {
        self.defines = defines
        self.undefines = undefines
        self.includeDirectories = includeDirectories
    }
}
