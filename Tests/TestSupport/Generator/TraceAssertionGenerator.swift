/// Adds a random `trace` or `notrace` to a generated program, over channels that it declares at its top.
///
/// Many fit the program for a while only. What it says is drawn around what programs often do with their channels: sends and
/// receives of small values, in loops and choices.
public struct TraceAssertionGenerator {
    private struct Channel {
        var name: String
        var fields: Int
    }

    private var random: SplitMix64

    public init(seed: UInt64) { random = SplitMix64(seed: seed) }

    /// The program with an assertion behind it; nil if it has no channel to speak of.
    public mutating func extend(_ program: String) -> String? {
        let channels = Self.channels(of: program)
        guard !channels.isEmpty else { return nil }
        let scope = channels.filter { _ in Bool.random(using: &random) }
        let events = scope.isEmpty ? channels : scope
        let word = chance(0.4) ? "notrace" : "trace"
        return program + "\n\(word) {\n\(sequence(events, depth: 0))\n}\n"
    }

    private mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &random) < probability }

    private mutating func sequence(_ channels: [Channel], depth: Int) -> String {
        // A label makes the assertion accept that nothing happens any more, which most programs come to.
        let count = Int.random(in: 1...2, using: &random)
        return (0..<count).map { index in
            let label = chance(0.5) && depth == 0 ? "end\(index): " : ""
            return label + step(channels, depth: depth)
        }.joined(separator: ";\n")
    }

    private mutating func step(_ channels: [Channel], depth: Int) -> String {
        guard depth < 2, chance(depth == 0 ? 0.5 : 0.2) else { return event(channels) }
        let isLoop = chance(0.75)
        var options: [String] = []
        if isLoop && chance(0.4) {
            // Everything that can happen, but for one thing perhaps: this is what programs can keep to.
            let events = channels.flatMap { channel in ["!", "?"].map { "\(channel.name)\($0)\(holes(channel))" } }
            let missing = chance(0.3) ? Int.random(in: 0..<events.count, using: &random) : -1
            options = events.enumerated().filter { $0.offset != missing || events.count == 1 }.map(\.element)
        } else {
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                options.append(sequence(channels, depth: depth + 1))
            }
        }
        if isLoop && chance(0.25) { options.append("\(event(channels)); break") }
        if isLoop && chance(0.15) { options.append("break") }
        let text = options.map { ":: \($0)" }.joined(separator: "\n")
        return isLoop ? "do\n\(text)\nod" : "if\n\(text)\nfi"
    }

    private mutating func event(_ channels: [Channel]) -> String {
        let channel = channels[Int.random(in: 0..<channels.count, using: &random)]
        let sign = chance(0.5) ? "!" : "?"
        let fields = (0..<channel.fields).map { _ in chance(0.7) ? "_" : String(Int.random(in: 0...3, using: &random)) }
        return "\(channel.name)\(sign)\(fields.joined(separator: ","))"
    }

    private func holes(_ channel: Channel) -> String {
        Array(repeating: "_", count: channel.fields).joined(separator: ",")
    }

    /// The channels whose declarations stand at the start of a line: `chan c0 = [1] of { byte, bit };`.
    private static func channels(of program: String) -> [Channel] {
        program.split(separator: "\n").flatMap { line -> [Channel] in
            guard line.hasPrefix("chan "), let start = line.firstIndex(of: "{"), !line.contains("Message") else { return [] }
            let fields = line[start...].split(separator: ",").count
            let name = String(line.dropFirst(5).prefix { $0 != " " })
            guard name.hasSuffix("[2]") else { return [Channel(name: name, fields: fields)] }
            return (0...1).map { Channel(name: "\(name.dropLast(3))[\($0)]", fields: fields) }
        }
    }
}
