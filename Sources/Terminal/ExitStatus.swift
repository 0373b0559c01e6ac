/// What the exit code says. These numbers are documented.
package enum ExitStatus: Int32, Error {
    case holds = 0
    case violated = 1
    case wrongInput = 2
    case inconclusive = 3
    case internalFault = 4
}

/// Something that the user has to mend: one clear sentence.
package struct UserError: Error {
    package var message: String
    package var hint: String?

    package init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }
}
