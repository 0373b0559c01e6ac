import Promela

/// Compiles a `d_step`: a test of whether it can start, and one piece of code that runs it to its end.
struct DeterministicStepCompiler {
    private let step: DeterministicStep
    private var compiler: ExpressionCompiler
    private var positionOfNode: [Int?]
    private var pendingJumps: [Int: [Int]] = [:]

    private init(_ step: DeterministicStep, _ compiler: ExpressionCompiler) {
        self.step = step
        self.compiler = compiler
        positionOfNode = [Int?](repeating: nil, count: step.nodes.count)
    }

    /// Emits a test of whether the first statement can be executed into `target`.
    static func emitGuard(of step: DeterministicStep, into target: Int, with compiler: inout ExpressionCompiler) {
        guard let first = step.first else {
            compiler.builder.emit(.constant, target: target, immediate: 1)
            return
        }
        emitTest(of: first, in: step, into: target, with: &compiler)
    }

    /// Emits the effect, up to and including the end of the code.
    static func emitEffect(of step: DeterministicStep, with compiler: inout ExpressionCompiler) {
        var own = DeterministicStepCompiler(step, compiler)
        own.emitAll()
        compiler = own.compiler
    }

    /// Whether the step may start with a receive, and so complete a rendezvous.
    static func canReceive(_ step: DeterministicStep) -> Bool {
        func starts(_ node: Int) -> Bool {
            switch step.nodes[node] {
            case .statement(let statement, _): statement.isReceive
            case .choice(let options, _): options.contains { starts($0) }
            default: false
            }
        }
        return step.first.map(starts) ?? false
    }

    private static func emitTest(
        of node: Int, in step: DeterministicStep, into target: Int, with compiler: inout ExpressionCompiler
    ) {
        switch step.nodes[node] {
        case .statement(let statement, _):
            if statement.isReceive {
                _ = compiler.emitGuard(of: statement, into: target)
                return
            }
            compiler.builder.emit(.notInHandshake, target: target)
            let blocked = compiler.builder.emitJump(.jumpIfZero, source: target)
            _ = compiler.emitGuard(of: statement, into: target)
            compiler.builder.patch(blocked)
        case .skip, .otherwise:
            compiler.builder.emit(.notInHandshake, target: target)
        case .choice(let options, _):
            compiler.builder.emit(.constant, target: target, immediate: 0)
            var found: [Int] = []
            for option in options {
                emitTest(of: option, in: step, into: target, with: &compiler)
                found.append(compiler.builder.emitJump(.jumpIfNotZero, source: target))
            }
            compiler.builder.patch(found)
        }
    }

    private mutating func emitAll() {
        guard let first = step.first else {
            emitFinish()
            return
        }
        emitNode(first, isEntry: true)
        while let node = pendingJumps.keys.min() {
            let jumps = pendingJumps.removeValue(forKey: node) ?? []
            if let position = positionOfNode[node] {
                for jump in jumps { compiler.builder.code.instructions[jump].immediate = Int64(position) }
            } else {
                compiler.builder.patch(jumps)
                emitNode(node, isEntry: false)
            }
        }
    }

    private mutating func emitFinish() { compiler.builder.emit(.finish) }

    private mutating func emitJump(to next: Int?) {
        guard let next else {
            emitFinish()
            return
        }
        pendingJumps[next, default: []].append(compiler.builder.emitJump(.jump))
    }

    /// Emits a node and what follows it, as far as that is a chain.
    private mutating func emitNode(_ start: Int, isEntry: Bool) {
        var node = start
        var isEntry = isEntry
        while true {
            if positionOfNode[node] != nil {
                emitJump(to: node)
                return
            }
            // The entry tests for a partner of a rendezvous too, so a jump back to it must not land there.
            if !isEntry { positionOfNode[node] = compiler.builder.position }
            switch step.nodes[node] {
            case .choice(let options, let span):
                var end: [Int] = []
                emitChoice(options, isEntry: isEntry, failed: &end)
                compiler.builder.patch(end)
                compiler.builder.emit(
                    .fail, immediate: compiler.faultSite(.blockedDeterministicStep, span))
                return
            case .statement(let statement, let next):
                var blocked: [Int] = []
                emitStatement(statement, isEntry: isEntry, failed: &blocked)
                if !blocked.isEmpty {
                    let done = compiler.builder.emitJump(.jump)
                    compiler.builder.patch(blocked)
                    compiler.builder.emit(
                        .fail, immediate: compiler.faultSite(.blockedDeterministicStep, statement.span))
                    compiler.builder.patch(done)
                }
                guard let next else {
                    emitFinish()
                    return
                }
                node = next
            case .skip(let next), .otherwise(let next):
                guard let next else {
                    emitFinish()
                    return
                }
                node = next
            }
            isEntry = false
        }
    }

    private mutating func emitChoice(_ options: [Int], isEntry: Bool, failed: inout [Int]) {
        for option in options {
            var optionFailed: [Int] = []
            switch step.nodes[option] {
            case .statement(let statement, let next):
                emitStatement(statement, isEntry: isEntry, failed: &optionFailed)
                emitJump(to: next)
            case .skip(let next), .otherwise(let next):
                if isEntry { emitHandshakeTest(failed: &optionFailed) }
                emitJump(to: next)
            case .choice(let inner, _):
                emitChoice(inner, isEntry: isEntry, failed: &optionFailed)
            }
            compiler.builder.patch(optionFailed)
        }
        failed.append(compiler.builder.emitJump(.jump))
    }

    private mutating func emitHandshakeTest(failed: inout [Int]) {
        let register = compiler.builder.allocate()
        compiler.builder.emit(.notInHandshake, target: register)
        failed.append(compiler.builder.emitJump(.jumpIfZero, source: register))
        compiler.builder.release(to: register)
    }

    private mutating func emitStatement(_ statement: Statement, isEntry: Bool, failed: inout [Int]) {
        if isEntry && !statement.isReceive { emitHandshakeTest(failed: &failed) }
        let register = compiler.builder.allocate()
        if compiler.emitGuard(of: statement, into: register) {
            failed.append(compiler.builder.emitJump(.jumpIfZero, source: register))
            if statement.isSend {
                compiler.builder.emit(.equal, target: register, source: register, immediate: 2, flags: 1)
                let fine = compiler.builder.emitJump(.jumpIfZero, source: register)
                compiler.builder.emit(
                    .fail, immediate: compiler.faultSite(.rendezvousInDeterministicStep, statement.span))
                compiler.builder.patch(fine)
            }
        }
        compiler.builder.release(to: register)
        compiler.emitEffect(of: statement)
    }
}
