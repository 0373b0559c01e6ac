/// The reserved words of Promela.
enum Keywords {
    static let types: Set<String> = ["bit", "bool", "byte", "short", "int", "unsigned", "pid", "mtype", "chan"]

    static let visibilities: Set<String> = ["hidden", "show", "local"]

    /// Words that can only start something at the outermost level: where recovery from an error may stop.
    static let units: Set<String> = [
        "proctype", "D_proctype", "active", "init", "never", "trace", "notrace", "ltl", "inline", "typedef",
    ]

    /// Words of C that take a block of foreign text, or strings.
    static let embedded: Set<String> = ["c_code", "c_expr", "c_decl", "c_state", "c_track"]

    static let all: Set<String> = types.union(visibilities).union(units).union(embedded).union([
        "assert", "atomic", "break", "do", "d_step", "else", "empty", "enabled", "eval", "false", "fi", "for", "full",
        "get_priority", "goto", "if", "len", "nempty", "nfull", "np_", "od", "of", "pc_value", "printf", "printm",
        "priority", "provided", "return", "run", "select", "set_priority", "skip", "timeout", "true", "unless", "xr",
        "xs",
    ])

    /// Words of C that are no words of Promela, with what to write instead.
    static let foreign: [String: String] = [
        "while": "a loop is written `do :: condition -> ... :: else -> break od`",
        "switch": "a choice is written `if :: condition -> ... :: else -> ... fi`",
        "case": "an option is written `:: condition -> ...`",
        "default": "the option that is left is written `:: else -> ...`",
        "continue": "jump to a label in front of the loop with `goto`",
        "return": "leave a process with `goto` to a label at its end",
        "struct": "a structure is declared with `typedef NAME { ... }`, and used by its name alone",
        "void": "an inline has no type: `inline name(parameters) { ... }`",
        "static": "leave the word out: a variable belongs to the block that it is declared in",
        "const": "leave the word out, or use `#define`",
        "volatile": "leave the word out: every variable is read anew each time",
        "char": "write `byte`",
        "long": "write `int`, or `unsigned x : 64`",
        "uint8_t": "write `byte`",
        "uint16_t": "write `unsigned x : 16`",
        "uint32_t": "write `unsigned x : 32`",
        "uint64_t": "write `unsigned x : 64`",
        "u8": "write `byte`",
        "u16": "write `unsigned x : 16`",
        "u32": "write `unsigned x : 32`",
        "u64": "write `unsigned x : 64`",
    ]

    /// Constants of C that are no names of Promela, with what to write instead.
    static let foreignConstants: [String: String] = [
        "TRUE": "true", "True": "true", "FALSE": "false", "False": "false", "NULL": "0", "nil": "0",
    ]
}
