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

    /// A name in a block.
    private struct Place: Hashable {
        var name: String
        var path: [Int]
    }

    private(set) var entries: [Entry] = []
    private(set) var jumps: [Jump] = []
    private var path: [Int] = []
    private var step = 0
    private var blockCount = 0
    /// The first label of a name in a block; the first and the last anywhere.
    private var byPlace: [Place: Int] = [:]
    private var first: [String: Int] = [:]
    private var last: [String: Int] = [:]

    init(_ body: SyntaxBlock) {
        walk(body)
    }

    /// The label that `jump` leads to: Spin prefers one in the same block, then one in a block around it, then any.
    func target(of jump: Jump) -> Int? {
        let name = jump.target.text
        if let exact = byPlace[Place(name: name, path: jump.path)] { return exact }
        let around = jump.path.indices.compactMap { byPlace[Place(name: name, path: Array(jump.path[..<$0]))] }.min()
        return around ?? last[name]
    }

    func index(of name: String) -> Int? { first[name] }

    private mutating func add(_ label: Name) {
        let index = entries.count
        entries.append(Entry(name: label, path: path, step: step))
        let place = Place(name: label.text, path: path)
        if byPlace[place] == nil { byPlace[place] = index }
        if first[label.text] == nil { first[label.text] = index }
        last[label.text] = index
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
        for label in statement.labels { add(label) }
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
