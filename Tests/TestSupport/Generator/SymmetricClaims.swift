/// What is claimed of clients that differ in nothing but their names.
extension SymmetricProgramGenerator {
    /// A label that the claim is about, in each client.
    private var label: String {
        switch claim {
        case .acceptance: "acceptBusy"
        case .progress: "progressBusy"
        case .formula, .neverClaim, nil: "busy"
        }
    }

    /// What a client does around the label.
    mutating func labelledOptions() -> [String] {
        if claim == nil { return [] }
        return ["\(clientStatement()); \(label): \(clientStatement())"]
    }

    mutating func claimText() -> String {
        switch claim {
        case .formula: "ltl claimed { \(formula(Int.random(in: 1...3, using: &random))) }"
        case .neverClaim: neverClaim()
        case .acceptance, .progress, nil: ""
        }
    }

    private mutating func formula(_ depth: Int) -> String {
        if depth == 0 { return proposition() }
        switch Int.random(in: 0..<10, using: &random) {
        case 0, 1: return "([] \(formula(depth - 1)))"
        case 2, 3: return "(<> \(formula(depth - 1)))"
        case 4: return "([] (\(proposition()) -> <> \(formula(depth - 1))))"
        case 5: return "(<> [] \(formula(depth - 1)))"
        case 6: return "(!\(formula(depth - 1)))"
        case 7: return "(\(formula(depth - 1)) U \(formula(depth - 1)))"
        case 8: return "(\(formula(depth - 1)) \(pick(["&&", "||", "->"])) \(formula(depth - 1)))"
        default: return "(X \(formula(depth - 1)))"
        }
    }

    private mutating func neverClaim() -> String {
        """
        never {
            do :: \(pick(["true", proposition()])) :: \(proposition()) -> goto accept1 :: \(proposition()) -> break od;
            \(proposition());
            accept1:
            do :: \(proposition()) :: \(proposition()) -> goto accept1 \(pick(["", ":: else -> goto other", ":: np_ -> goto other"])) od;
            other: if :: \(proposition()) -> goto accept1 :: \(pick(["timeout", proposition()])) -> goto other fi;
            acceptLast: false
        }
        """
    }

    /// What is true or false of a state.
    private mutating func proposition() -> String {
        if Double.random(in: 0..<1, using: &random) < claimBias {
            return pick(["(owner == 1)", "flag[1]", "Client[1]@\(label)", "(slot[1] < slot[2])", "(record[2].peer == 1)"])
        }
        func each(_ text: String, _ operation: String) -> String {
            let texts = (1...clients).shuffled(using: &random).map { text.replacing("%", with: "\($0)") }
            return "(\(texts.joined(separator: " \(operation) ")))"
        }
        return pick([
            "(owner == 0)", "(owner == last)", "(last != 0)", "(len(common) == 1)", "record[owner].up", "(common??[owner,1])",
            each("flag[%]", pick(["&&", "||"])), each("Client[%]@\(label)", pick(["&&", "||"])), "(\(each("slot[%]", "+")) > 1)",
            "(\(each("(record[%].up + 1)", "*")) == 2)", each("(owner == % && flag[%])", "||"), each("full(ask[%])", "||"),
        ])
    }
}
