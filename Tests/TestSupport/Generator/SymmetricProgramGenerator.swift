/// Random programs of clients that differ in nothing but their names, and a server that treats them alike; now and then one
/// says something that tells them apart.
public struct SymmetricProgramGenerator {
    var random: SplitMix64
    let clients: Int
    /// The chance that a statement tells clients apart.
    private let bias: Double
    /// Whether there are wide numbers, which grow to 3 at most.
    private let hasTimes: Bool
    /// What is claimed of the clients' runs.
    let claim: GeneratedClaim?
    /// The chance that a proposition of the claim tells clients apart.
    let claimBias: Double

    public init(seed: UInt64, bias: Double, hasTimes: Bool = false, claim: GeneratedClaim? = nil, claimBias: Double = 0) {
        random = SplitMix64(seed: seed)
        clients = Int.random(in: 2...3, using: &random)
        self.bias = bias
        self.hasTimes = hasTimes
        self.claim = claim
        self.claimBias = claimBias
    }

    public mutating func makeProgram() -> String {
        let count = clients + 1
        return """
            #define MIN(a, b) ((a) <= (b) -> (a) : (b))
            mtype = { ASK, GIVE };
            typedef Record { byte peer; bool up; byte level };
            Record record[\(count)];
            byte owner, last;
            bool flag[\(count)];
            byte slot[\(count)];
            chan ask[\(count)] = [1] of { mtype, byte };
            chan common = [2] of { byte, bit };
            chan meet = [0] of { byte };
            \(hasTimes ? "unsigned now : 20; unsigned time : 20 [\(count)]; chan late = [1] of { byte, int };" : "")

            proctype Client(byte me) {
                byte who; bit x;\(hasTimes ? " unsigned own : 20; int due;" : "")
            \(loop(options(Int.random(in: 2...4, using: &random)) { $0.clientStatement() } + labelledOptions()))
            }

            proctype Server() {
                byte who; mtype kind;
            \(loop(serverOptions()))
            }

            init { atomic { \((1...clients).map { "run Client(\($0))" }.joined(separator: "; ")); run Server() } }
            \(claimText())
            """
    }

    private func loop(_ options: [String]) -> String {
        "    do\n" + options.map { "    :: \($0)\n" }.joined() + "    od"
    }

    private mutating func options(_ count: Int, _ statement: (inout Self) -> String) -> [String] {
        (0..<count).map { _ in
            let statements = (0..<Int.random(in: 1...3, using: &random)).map { _ in statement(&self) }
            switch Int.random(in: 0..<5, using: &random) {
            case 0: return "atomic { \(statements.joined(separator: "; ")) }"
            case 1: return "if :: \(statements[0]) :: else -> skip fi"
            default: return statements.joined(separator: "; ")
            }
        }
    }

    mutating func clientStatement() -> String {
        if Double.random(in: 0..<1, using: &random) < bias {
            return pick([
                "owner < me -> flag[me] = true", "me == 1 -> flag[me] = true", "slot[1] = 1", "slot[me] = me & 1", "record[2].up -> skip",
                "assert(owner != 2)",
            ])
        }
        let times = [
            "time[me] = now", "now < 3 -> now++", "atomic { time[me] < 3 -> select (own : time[me] .. 3); time[me] = own; own = 0 }", "time[me] > now -> now = time[me]",
            "own < time[me] -> own = time[me]", "own > 0 && time[me] == own -> flag[me] = true", "owner != 0 && time[owner] < time[me] -> owner = me",
            "assert(time[me] < 3 || owner != me)", "late!me,time[me] + own", "late?who,due; time[who] = (due > 3 -> 0 : due); who = 0; due = 0", "own = 0",
        ]
        return pick((hasTimes ? times : []) + [
            "flag[me] = !flag[me]", "owner == 0 -> owner = me", "owner == me -> owner = 0", "record[me].peer = owner",
            "record[me].up -> record[me].up = false", "record[owner].up = true", "slot[me] < 2 -> slot[me]++", "slot[me] = 0",
            "ask[me]!ASK,owner", "ask[me]?GIVE,who; who = 0", "common!me,flag[me]", "common??eval(me),x; x = 0",
            "common?who,x; record[me].peer = who; who = 0; x = 0", "record[me].peer != me -> record[record[me].peer].level = slot[me]",
            "d_step { owner != me -> last = owner; owner = me }", "assert(owner != me || last != me || !flag[me])",
            "assert(slot[me] < 2 || flag[me])", "meet!me", "meet?who; last = who; who = 0", "last == owner -> last = 0", "nempty(ask[me]) -> skip",
        ])
    }

    private mutating func serverOptions() -> [String] {
        let times = ["time[@] > now -> now = time[@]; last = @", "time[@] == 2 -> time[@] = 0", "owner == @ && now == time[@] -> now = 0"]
        let chosen = (0..<Int.random(in: 1...3, using: &random)).map { _ in
            pick((hasTimes ? times : []) + [
                "ask[@]?ASK,who; record[@].peer = who; who = 0", "flag[@] -> flag[@] = false; last = @",
                "LEAST == slot[@] && owner == @ -> owner = 0", "SUM > 2 -> slot[@] = 0", "d_step { owner == @ -> record[@].up = true; owner = 0 }",
                "nfull(ask[@]) && last == @ -> ask[@]!GIVE,@; last = 0", "meet!@", "record[@].peer == 0 || record[record[@].peer].up -> record[@].level = 0",
            ])
        }
        var least = "slot[1]"
        for client in 2...clients { least = Bool.random(using: &random) ? "MIN(\(least), slot[\(client)])" : "MIN(slot[\(client)], \(least))" }
        let sum = (1...clients).shuffled(using: &random).map { "slot[\($0)]" }.joined(separator: " + ")
        let served = Double.random(in: 0..<1, using: &random) < bias ? 1...clients - 1 : 1...clients
        return chosen.flatMap { option in
            served.shuffled(using: &random).map { client in
                option.replacing("@", with: "\(client)").replacing("LEAST", with: least).replacing("SUM", with: "(\(sum))")
            }
        }
    }

    mutating func pick(_ choices: [String]) -> String { choices[Int.random(in: 0..<choices.count, using: &random)] }
}
