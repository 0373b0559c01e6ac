public struct BuchiTranslationError: Error {}
enum BuchiTranslation { static func automaton(for: LinearFormula) throws -> GeneralizedBuchiAutomaton { throw BuchiTranslationError() } }
extension LinearFormula { var isSyntacticSafety: Bool { false } }
