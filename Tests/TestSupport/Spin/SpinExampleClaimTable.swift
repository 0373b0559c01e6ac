extension SpinExamples {
    static let claimTable = ""
}
