import TimeTravel

/// Faults and plans in files and on the command line: `run after`, and with its place in a plan `2 run after`.
extension Fault {
    /// Its name, and its value if it has one: what `init(_:)` reads.
    public var spelling: String {
        switch self {
        case .broadcast(let value): "broadcast \(value)"
        case .freeUntil(let time): "free-until \(time)"
        case .split(let count): "split \(count)"
        case .withoutDescriptors: "no-descriptors"
        case .run(let choice): "run \(choice.rawValue)"
        case .duplicate: "duplicate"
        case .sequence(let delta): "sequence \(delta)"
        case .time(let choice): "time \(choice.rawValue)"
        case .unknownOperation(let number): "operation \(number)"
        case .close: "close"
        case .delay(let count): "delay \(count)"
        case .overtaken: "overtaken"
        case .interrupt: "interrupt"
        case .store(let field, let choice): "store \(field.rawValue)=\(choice.rawValue)"
        }
    }

    /// Reads a spelling.
    public init?(_ spelling: String) {
        let words = spelling.split(separator: " ").map(String.init)
        guard let name = words.first, words.count <= 2 else { return nil }
        let value = words.dropFirst().first
        if let value, let fault = Fault(name, value) {
            self = fault
        } else if value == nil, let fault = Self.plain.first(where: { $0.spelling == name }) {
            self = fault
        } else {
            return nil
        }
    }

    /// Those without a value.
    private static let plain: [Fault] = [.withoutDescriptors, .duplicate, .close, .overtaken, .interrupt]

    private init?(_ name: String, _ value: String) {
        let choice = TimeChoice(rawValue: value)
        let number = UInt64(value)
        let short = UInt32(value)
        switch name {
        case "broadcast": if let number { self = .broadcast(number) } else { return nil }
        case "free-until": if let number { self = .freeUntil(number) } else { return nil }
        case "split": if let length = Int(value), (1..<Message.length).contains(length) { self = .split(length) } else { return nil }
        case "run": if let choice { self = .run(choice) } else { return nil }
        case "sequence": if let short { self = .sequence(short) } else { return nil }
        case "time": if let choice { self = .time(choice) } else { return nil }
        case "operation": if let short { self = .unknownOperation(short) } else { return nil }
        case "delay": if let count = Int(value), count > 0 { self = .delay(count) } else { return nil }
        case "store":
            let parts = value.split(separator: "=").map(String.init)
            guard parts.count == 2, let field = SharedField(rawValue: parts[0]), let choice = TimeChoice(rawValue: parts[1])
            else { return nil }
            self = .store(field, choice)
        default: return nil
        }
    }
}

extension FaultPlan.Entry {
    /// `2 run after`.
    public var spelling: String { "\(position) \(fault.spelling)" }

    /// Reads a spelling.
    public init?(_ spelling: String) {
        let parts = spelling.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let position = Int(parts[0]), position >= 0, let fault = Fault(String(parts[1])) else { return nil }
        self.init(position: position, fault: fault)
    }
}
