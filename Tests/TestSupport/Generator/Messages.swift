/// Writing sends and receives.
extension ProgramBuilder {
    /// The fields of a receive: variables to receive into, values to match, and holes.
    func pattern(_ channel: Channel, isPoll: Bool = false, keepsChannelIn channelVariable: String? = nil) -> String {
        var used: Set<String> = []
        // In an inline a parameter may stand for any other variable, and Spin refuses one in two fields.
        let isInInline = globals.contains { $0.path[0].name == "p" }
        return channel.fields.map { field in
            guard case .value(let type) = field else { return channelVariable ?? "_" }
            if chance(0.2) { return type == .mtype ? pick(colours) ?? "red" : "\(number(0...2))" }
            // Spin matches a variable in a poll by its type alone; eval() is needed to match its value.
            let candidates = variables.filter {
                $0.isWritable && ($0.type == .mtype) == (type == .mtype) && !used.contains($0.path[0].name)
                    // Spin refuses a variable in two fields, even as an index.
                    && ($0.isScalar || channel.fields.count == 1)
            }
            guard let variable = pick(candidates), chance(0.8), !isInInline || used.isEmpty else {
                return isPoll && type == .mtype ? pick(colours) ?? "red" : isPoll ? "\(number(0...2))" : "_"
            }
            used.insert(variable.path[0].name)
            // When Spin's verifier backs up, it puts back the value that the variable kept: a message that did not fit is
            // changed by that. A parameter of an inline may stand for any variable.
            let fits = variable.type.holdsAll(of: type) && variable.path[0].name != "p"
            return chance(0.25) || (!fits && !isPoll) ? "eval(\(reference(variable)))" : reference(variable)
        }.joined(separator: ",")
    }

    /// A send to the channel; it blocks unless there is room or a partner.
    func send(_ channel: Channel) -> String {
        let fields = channel.fields.map { field in
            switch field {
            case .value(let type): value(for: type, in: Context(isRepeated: true))
            case .channel: pick(channels.filter { $0.isPlain && !$0.isRendezvous })?.name ?? channel.name
            }
        }
        let isSorted = !channel.isRendezvous && chance(0.4, of: .sortedSend)
        let sign = isSorted ? "!!" : "!"
        if fields.count > 1, chance(0.3) {
            return "\(channel.name)\(sign)\(fields[0])(\(fields.dropFirst().joined(separator: ",")))"
        }
        return "\(channel.name)\(sign)\(fields.joined(separator: ","))"
    }

    /// A receive from the channel; it blocks until there is a message that fits.
    func receive(_ channel: Channel) -> String {
        let fields = pattern(channel)
        guard !channel.isRendezvous else { return "\(channel.name)?\(fields)" }
        let sign = chance(0.35, of: .randomReceive) ? "??" : "?"
        return chance(0.25, of: .peeking) ? "\(channel.name)\(sign)<\(fields)>" : "\(channel.name)\(sign)\(fields)"
    }

    /// A send or a receive, if the program has channels.
    func communication() -> String? {
        guard let channel = pick(channels.filter(\.carriesValuesOnly)) else { return nil }
        return chance(0.5) ? send(channel) : receive(channel)
    }

    /// A send or a receive of a whole structure.
    func structureMessage() -> String? {
        guard let name = structureChannel else { return nil }
        return "\(name)\(pick("!", "?"))\(pick("m0", "m1"))"
    }

    /// Gives a channel away, or gets one and uses it.
    func channelExchange(in context: Context) {
        guard let channel = pick(channels.filter { !$0.carriesValuesOnly }) else { return }
        if chance(0.5) {
            emit("\(send(channel));")
        } else {
            let name = fresh("given")
            emit("chan \(name);")
            emit("\(channel.name)?\(pattern(channel, keepsChannelIn: name));")
            let given = Channel(name: name, capacity: 1, fields: [.value(.byte)])
            emit("\(chance(0.5) ? send(given) : receive(given));")
        }
    }

    /// Declares the program's channels.
    func declareChannels() {
        let hasPlainChannel = has(.bufferedChannels) || has(.channelMessages)
        if hasPlainChannel {
            declareChannel(capacity: number(1...3), fields: [.value(.byte)])
            if chance(0.5) { declareChannel(capacity: number(1...2), fields: randomFields()) }
        }
        if has(.rendezvous) {
            declareChannel(capacity: 0, fields: chance(0.5) ? [.value(.byte)] : randomFields())
        }
        if has(.structureMessages) {
            emit("typedef Message { byte key; bit flag; short load };")
            emit("Message m0;")
            emit("Message m1;")
            for name in ["m0", "m1"] {
                globals.append(Variable(path: [(name, nil), ("key", nil)], type: .byte))
                globals.append(Variable(path: [(name, nil), ("load", nil)], type: .short))
            }
            let name = fresh("s")
            emit("chan \(name) = [\(has(.rendezvous) ? number(0...2) : number(1...2))] of { Message };")
            structureChannel = name
        }
        if has(.channelMessages) {
            declareChannel(capacity: has(.rendezvous) ? number(0...1) : 1, fields: [.channel, .value(.byte)].shuffled(using: &random))
        }
    }

    private func randomFields() -> [Channel.Field] {
        (0..<number(1...3)).map { _ in
            .value(has(.enumerations) && chance(0.4) ? .mtype : pick(.byte, .bit, .short, .bool, .int))
        }
    }

    private func declareChannel(capacity: Int, fields: [Channel.Field]) {
        let name = fresh("c")
        let types = fields.map { field in
            switch field {
            case .value(let type): type.keyword
            case .channel: "chan"
            }
        }.joined(separator: ", ")
        if chance(0.3, of: .channelArrays) {
            emit("chan \(name)[2] = [\(capacity)] of { \(types) };")
            for index in 0...1 {
                channels.append(Channel(name: "\(name)[\(index)]", capacity: capacity, fields: fields))
            }
            if capacity > 0, let selector = pick(globals.filter { $0.isScalar && $0.type.isBinary }) {
                channels.append(Channel(name: "\(name)[\(reference(selector))]", capacity: capacity, fields: fields))
            }
        } else {
            emit("chan \(name) = [\(capacity)] of { \(types) };")
            channels.append(Channel(name: name, capacity: capacity, fields: fields))
        }
    }
}
