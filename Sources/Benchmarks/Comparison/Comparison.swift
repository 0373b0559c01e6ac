/// What Heddle and Spin are compared in.
public enum Comparison: String, Sendable, CaseIterable, Codable {
    /// All states; both must find the same number.
    case states
    /// Partial-order reduction, merged local steps and dead variables: how many states are left.
    case reduction
    /// Memory, with states compressed on both sides (Spin's with `-DCOLLAPSE`).
    case collapse
    /// A formula over infinite runs that holds.
    case liveness
    /// From the command line to the verdict, both as they are by default; Spin's time has `spin -a` and `gcc` in it.
    case verdict

    /// The heading of its table.
    public var title: String {
        switch self {
        case .states: "All states (Heddle one by one with sleep sets, or as a decision diagram; Spin with -DNOREDUCE)"
        case .reduction: "Partial-order reduction, merged steps, dead variables"
        case .collapse: "Memory, states compressed (Heddle with --compress, Spin with -DCOLLAPSE)"
        case .liveness: "Liveness"
        case .verdict: "From the command line to the verdict"
        }
    }

    /// Whether both have to store the same number of states.
    var comparesStates: Bool { self == .states || self == .collapse }

    /// Spin's own options: those that keep it from merging steps and forgetting dead variables, where states are to be the same.
    var spinOptions: [String] { self == .verdict || self == .reduction ? [] : ["-o1", "-o2", "-o3"] }

    /// The ways that Spin may search; the faster one counts.
    var spinOrders: [SpinVerifier.Order] { self == .states ? [.depth, .breadth] : [.depth] }

    /// For the C compiler that makes Spin's verifier.
    func compilerFlags(_ formula: Benchmark.Formula?) -> [String] {
        switch self {
        case .states: ["-DSAFETY", "-DNOCLAIM", "-DNOREDUCE"]
        case .reduction, .verdict: ["-DSAFETY", "-DNOCLAIM"]
        case .collapse: ["-DSAFETY", "-DNOCLAIM", "-DNOREDUCE", "-DCOLLAPSE"]
        // Room for the counters of weak fairness, and none where they are not needed.
        case .liveness: ["-DNOREDUCE"] + (formula?.needsFairness == true ? ["-DNFAIR=4"] : ["-DNOFAIR"])
        }
    }

    /// For Spin's verifier.
    func verifierFlags(_ formula: Benchmark.Formula?) -> [String] {
        guard self == .liveness, let formula else { return [] }
        return ["-a", "-N", formula.name] + (formula.needsFairness ? ["-f"] : [])
    }

    /// The ways that Heddle may search; the fastest one counts.
    func heddleWays(_ formula: Benchmark.Formula?) -> [HeddleWay] {
        let safety = ["--property", "assertions", "--property", "end-states"]
        switch self {
        case .states:
            return [
                HeddleWay(name: "one by one", options: safety + ["--spin-select", "--reduction", "sleep"]),
                HeddleWay(name: "diagram", options: safety + ["--spin-select", "--reduction", "none", "--engine", "diagrams"]),
            ]
        case .collapse: return [HeddleWay(options: safety + ["--spin-select", "--reduction", "sleep", "--compress"])]
        case .reduction:
            let reductions = ["--spin-select", "--reduction", "stubborn", "--merge-local-steps", "--reset-dead-variables"]
            return [HeddleWay(options: safety + reductions)]
        case .verdict: return [HeddleWay(options: safety)]
        case .liveness:
            guard let formula else { return [HeddleWay(options: safety)] }
            let fairness = formula.needsFairness ? ["--fairness", "weak"] : []
            return [HeddleWay(options: ["--property", formula.name, "--reduction", "none"] + fairness)]
        }
    }
}

/// How Heddle searches.
struct HeddleWay {
    /// What tells it from others; nil where there is but one.
    var name: String?
    /// For `heddle check`.
    var options: [String]
}
