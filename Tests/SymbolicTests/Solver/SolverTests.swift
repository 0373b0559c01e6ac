@testable import Symbolic
import Testing

/// A solver answers yes, no, or that it does not know, and forgets what it is told to forget.
struct SolverTests {
    @Test("assertions are forgotten by pop")
    func pushAndPop() throws {
        let solver = Solver()
        let x = solver.unknown("x", .integer)
        solver.assert(x .> solver.integer(3))
        solver.scoped {
            solver.assert(x .< solver.integer(4))
            #expect(solver.check() == .unsatisfiable)
        }
        #expect(solver.check() == .satisfiable)
        #expect(solver.depth == 0)
        #expect(solver.statistics.queries == 2)
        #expect(solver.statistics.unknowns == 0)
    }

    @Test("assumptions hold for one question, and those that conflict are named")
    func assumptions() throws {
        let solver = Solver()
        let flags = (0..<4).map { solver.unknown("flag\($0)", .boolean) }
        solver.assert(flags[1].implies(!flags[3]))
        #expect(solver.check(assuming: flags) == .unsatisfiable)
        #expect(Set(try solver.conflictingAssumptions()) == [flags[1], flags[3]])
        #expect(solver.check(assuming: Array(flags[..<3])) == .satisfiable)
        #expect(try solver.model().truth(flags[3]) == false)
    }

    @Test("there is no model where nothing was found, and asking for it is an error")
    func noModel() {
        let solver = Solver()
        solver.assert(solver.truth(false))
        #expect(solver.check() == .unsatisfiable)
        #expect(throws: SolverError.self) { try solver.model() }
    }

    @Test("a question that takes too long has no answer")
    func timeLimit() {
        let solver = Solver(timeLimit: 100)
        // The sum of three cubes that is 114: nobody knows whether there is one.
        let cubes = ["x", "y", "z"].map { name -> Term in
            let root = solver.unknown(name, .integer)
            return root * root * root
        }
        solver.assert(cubes[0] + cubes[1] + cubes[2] .== solver.integer(114))
        guard case .unknown = solver.check() else {
            Issue.record("an answer to an open question")
            return
        }
        #expect(solver.statistics.unknowns == 1)
    }

    @Test("a solver goes on answering after one question too hard", arguments: [Solver.Logic.all, .bitVectors])
    func afterTimeLimit(logic: Solver.Logic) throws {
        let solver = Solver(logic)
        let (x, y) = (solver.unknown("x", .bitVector(width: 64)), solver.unknown("y", .bitVector(width: 64)))
        for round in 0..<30 {
            solver.timeLimit = 1 + round % 5
            solver.scoped {
                // Two factors of a product of two large primes.
                let product = x.extended(to: 128, isSigned: false) * y.extended(to: 128, isSigned: false)
                let primes: (UInt128, UInt128) = (18_446_744_073_709_551_557, 18_446_744_073_709_551_533)
                solver.assert(product .== solver.bits(primes.0 * primes.1, width: 128))
                solver.assert(x.isLess(than: y, isSigned: false))
                solver.assert(solver.bits(1, width: 64).isLess(than: x, isSigned: false))
                guard case .unknown = solver.check() else {
                    Issue.record("an answer in \(round % 5 + 1) ms")
                    return
                }
            }
            // Not so hard, and right.
            solver.timeLimit = 60_000
            try solver.scoped {
                let number = UInt64(1000 + round)
                solver.assert(x * y .== solver.bits(number * 3, width: 64))
                solver.assert(y.isLess(than: solver.bits(4, width: 64), isSigned: false))
                solver.assert(x.isLess(than: solver.bits(4096, width: 64), isSigned: false))
                solver.assert(y .== solver.bits(3, width: 64))
                #expect(solver.check() == .satisfiable)
                let model = try solver.model()
                #expect(try model.bits(x) == number)
                solver.assert(x .!= solver.bits(number, width: 64))
                #expect(solver.check() == .unsatisfiable)
            }
        }
    }

    @Test("an answer that comes as the time runs out spoils nothing", arguments: [Solver.Logic.all, .bitVectors])
    func races(logic: Solver.Logic) throws {
        let solver = Solver(logic)
        let (x, y) = (solver.unknown("x", .bitVector(width: 20)), solver.unknown("y", .bitVector(width: 20)))
        var answers: Set<Answer> = []
        for round in 0..<400 {
            solver.timeLimit = 1 + round % 4
            try solver.scoped {
                solver.assert(x * y .== solver.bits(997 + round * 7919, width: 20))
                solver.assert(x.isLess(than: solver.bits(700 + round, width: 20), isSigned: false))
                solver.assert(solver.bits(1 + round % 50, width: 20).isLess(than: y, isSigned: false))
                let answer = solver.check()
                answers.insert(answer)
                if answer == .satisfiable { _ = try solver.model().bits(x) }
            }
            solver.timeLimit = 60_000
            solver.scoped {
                solver.assert(x .== y)
                #expect(solver.check(assuming: [x .!= y]) == .unsatisfiable)
                #expect(solver.check() == .satisfiable)
            }
        }
        #expect(answers.count > 1)
    }

    @Test("an interrupt that comes when the question is answered is forgotten", arguments: [Solver.Logic.all, .bitVectors])
    func lateInterrupt(logic: Solver.Logic) throws {
        let solver = Solver(logic)
        let x = solver.unknown("x", .bitVector(width: 8))
        solver.assert(x * x .== solver.bits(49, width: 8))
        #expect(solver.check() == .satisfiable)
        solver.context.interrupt()
        solver.forgetInterrupt()
        try solver.scoped {
            solver.assert(x.isLess(than: solver.bits(100, width: 8), isSigned: false))
            #expect(solver.check() == .satisfiable)
            let root = try solver.model().bits(x)
            #expect(root * root & 0xFF == 49)
        }
    }

    @Test("quantities are counted: all, any, distinct, at most")
    func gathering() throws {
        let solver = Solver()
        let flags = (0..<5).map { solver.unknown("flag\($0)", .boolean) }
        #expect(solver.all([]) == solver.truth(true))
        #expect(solver.any([]) == solver.truth(false))
        solver.assert(solver.atMost(1, of: flags))
        solver.assert(solver.any(flags))
        solver.assert(solver.all(flags[1...].map { !$0 }))
        #expect(solver.check() == .satisfiable)
        #expect(try solver.model().truth(flags[0]))
        let small = (0..<3).map { solver.unknown("small\($0)", .bitVector(width: 1)) }
        #expect(solver.check(assuming: [solver.distinct(small)]) == .unsatisfiable)
    }

    @Test("the smallest values are found one term after the other")
    func minimization() throws {
        let solver = Solver()
        let (x, y) = (solver.unknown("x", .integer), solver.unknown("y", .integer))
        solver.assert(x + y .>= solver.integer(Int128(1) << 100))
        solver.assert(x .>= solver.integer(17))
        solver.assert(y .< solver.integer(Int128(1) << 99))
        #expect(try solver.minimize([y, x]) == .found([0, Int128(1) << 100]))
        #expect(try solver.minimize([x, y]) == .found([Int128(1) << 99 + 1, Int128(1) << 99 - 1]))
        #expect(try solver.minimize([x], from: -5) == .found([Int128(1) << 99 + 1]))
        #expect(solver.depth == 0)
        solver.assert(x .< solver.integer(0))
        #expect(try solver.minimize([x]) == .unsatisfiable)
    }

    @Test("two threads work side by side, each with a solver of its own")
    func threads() async {
        let sums = await withTaskGroup(of: Int.self) { group in
            for seed in 0..<2 {
                group.addTask {
                    let solver = Solver(.bitVectors)
                    let x = solver.unknown("x", .bitVector(width: 32))
                    var satisfiable = 0
                    for round in 0..<500 {
                        let wanted = solver.bits(round * 2 + seed, width: 32)
                        let isOdd = x * solver.bits(2, width: 32) .== wanted
                        if solver.check(assuming: [isOdd]) == .satisfiable { satisfiable += 1 }
                    }
                    return satisfiable
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(sums) == [0, 500])
    }
}
