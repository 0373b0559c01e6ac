import TimeTravel

/// Faults of clients in files: `time soon`, and with its place among the client's messages `3 time soon`.
extension ClientFault {
    /// Its name, and its values if it has any: what `init(_:)` reads.
    var spelling: String {
        switch self {
        case .send(let operation, let time): "send \(operation) \(time.rawValue)"
        case .time(let time): "time \(time.rawValue)"
        case .sequence(let delta): "sequence \(delta)"
        case .duplicate: "duplicate"
        case .split(let length): "split \(length)"
        case .truncate(let length): "truncate \(length)"
        case .drop: "drop"
        case .flood(let count): "flood \(count)"
        case .close(let length): "close \(length)"
        case .store(let field, let time): "store \(field.rawValue) \(time.rawValue)"
        case .storeSlot(let slot, let bits, let time): "store-slot \(slot) \(bits) \(time.rawValue)"
        }
    }

    /// The most GETs that a flood has.
    private static let largestFlood = 1_000_000

    /// Reads a spelling.
    init?(_ spelling: String) {
        let words = spelling.split(separator: " ").map(String.init)
        guard let name = words.first else { return nil }
        let values = Array(words.dropFirst())
        let time = values.last.flatMap(TimeChoice.init(rawValue:))
        let number = values.first.flatMap(UInt32.init)
        func length(from least: UInt32) -> Int? { number.flatMap { (least..<UInt32(Message.length)).contains($0) ? Int($0) : nil } }
        switch (name, values.count) {
        case ("duplicate", 0): self = .duplicate
        case ("drop", 0): self = .drop
        case ("time", 1): if let time { self = .time(time) } else { return nil }
        case ("sequence", 1): if let number { self = .sequence(number) } else { return nil }
        case ("split", 1): if let length = length(from: 1) { self = .split(length) } else { return nil }
        case ("truncate", 1): if let length = length(from: 1) { self = .truncate(length) } else { return nil }
        case ("close", 1): if let length = length(from: 0) { self = .close(length) } else { return nil }
        case ("flood", 1): if let number, number <= Self.largestFlood { self = .flood(Int(number)) } else { return nil }
        case ("send", 2): if let number, let time { self = .send(number, time) } else { return nil }
        case ("store", 2): if let field = SharedField(rawValue: values[0]), let time { self = .store(field, time) } else { return nil }
        case ("store-slot", 3):
            guard let slot = UInt16(values[0]), let bits = UInt32(values[1]), let time else { return nil }
            self = .storeSlot(slot, bits: bits, time)
        default: return nil
        }
    }
}

extension CalendarPlan.Entry {
    /// `3 time soon`.
    var spelling: String { "\(position) \(fault.spelling)" }

    /// Reads a spelling.
    init?(_ spelling: String) {
        let parts = spelling.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let position = Int(parts[0]), position >= 0, let fault = ClientFault(String(parts[1])) else { return nil }
        self.init(position: position, fault: fault)
    }
}

extension CalendarPlan: Codable {
    public init(from decoder: any Decoder) throws { clients = try decoder.singleValueContainer().decode([Client].self) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(clients)
    }
}

extension CalendarPlan.Client: Codable {
    private enum Key: String, CodingKey { case sharesMemory = "shared_memory", events, seed, arrival, faults }

    /// Numbers of 64 bits are strings, for not every reader of JSON has those.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        func wrong(_ key: Key, _ text: String) -> DecodingError {
            DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: text)
        }
        sharesMemory = try container.decode(Bool.self, forKey: .sharesMemory)
        events = try container.decode(Int.self, forKey: .events)
        guard events >= 0 else { throw wrong(.events, "a client has 0 or more events") }
        let text = try container.decode(String.self, forKey: .seed)
        guard let number = UInt64(text) else { throw wrong(.seed, "`\(text)` is no seed") }
        seed = number
        arrival = try container.decodeIfPresent(Int.self, forKey: .arrival) ?? 0
        faults = try (container.decodeIfPresent([String].self, forKey: .faults) ?? []).map { text in
            guard let entry = CalendarPlan.Entry(text) else { throw wrong(.faults, "`\(text)` is no fault of a client") }
            return entry
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(sharesMemory, forKey: .sharesMemory)
        try container.encode(events, forKey: .events)
        try container.encode("\(seed)", forKey: .seed)
        if arrival != 0 { try container.encode(arrival, forKey: .arrival) }
        if !faults.isEmpty { try container.encode(faults.map(\.spelling), forKey: .faults) }
    }
}
