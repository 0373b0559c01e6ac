/// The labels of one process, and where each of its jumps leads: found before the body is checked, because jumps go forward.
///
/// The checker meets labels and jumps in the same order, and takes them from here one by one.
struct LabelTable {
    struct Entry {
        var name: Name
        /// The blocks around the label, outermost first.
        var path: [Int]
        /// The `d_step` around it; zero for none.
        var step: Int
    }

    struct Jump {
        var target: Name
        var path: [Int]
        var step: Int
    }

    private(set) var entries: [Entry] = []
    private(set) var jumps: [Jump] = []
    private var path: [Int] = []
    private var step = 0
    private var blockCount = 0

    init(_ body: SyntaxBlock) {
        walk(body)
    }

    /// The label that `jump` leads to: Spin prefers one in the same block, then one in a block around it, then any.
    func target(of jump: Jump) -> Int? {
        var inBlockAround: Int?
        var anywhere: Int?
        for (index, entry) in entries.enumerated() where entry.name.text == jump.target.text {
            if entry.path == jump.path { return index }
            if inBlockAround == nil, jump.path.starts(with: entry.path) { inBlockAround = index }
            anywhere = index
        }
        return inBlockAround ?? anywhere
    }

    func index(of name: String) -> Int? {
        entries.firstIndex { $0.name.text == name }
    }

    private mutating func walk(_ block: SyntaxBlock) {
        blockCount += 1
        path.append(blockCount)
        walk(block.statements)
        path.removeLast()
    }

    private mutating func walk(_ statements: [SyntaxStatement]) {
        for statement in statements { walk(statement) }
    }

    private mutating func walk(_ statement: SyntaxStatement) {
        for label in statement.labels { entries.append(Entry(name: label, path: path, step: step)) }
        switch statement.kind {
        case .goto(let name): jumps.append(Jump(target: name, path: path, step: step))
        case .unless(let main, let escape):
            walk(main)
            walk(escape)
        case .selection(let options), .repetition(let options):
            for option in options { walk(option.statements) }
        case .atomic(let block), .block(let block), .forRange(_, _, _, let block), .forEach(_, _, let block): walk(block)
        case .deterministicStep(let block):
            let outer = step
            // A d_step inside another is part of it.
            if step == 0 { step = blockCount + 1 }
            walk(block)
            step = outer
        default: break
        }
    }
}
