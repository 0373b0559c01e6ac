import ArgumentParser
import Foundation

/// An amount of memory, as people write it: `512M`, `2G`, `1.5GiB`.
struct MemorySize: ExpressibleByArgument, Sendable {
    var bytes: Int

    init(bytes: Int) { self.bytes = bytes }

    init?(argument: String) {
        let digits = argument.prefix { $0.isNumber || $0 == "." }
        guard let number = Double(digits), number > 0 else { return nil }
        let factor: Double
        switch argument.dropFirst(digits.count).lowercased() {
        case "", "b": factor = 1
        case "k", "kb", "kib": factor = 1024
        case "m", "mb", "mib": factor = 1_048_576
        case "g", "gb", "gib": factor = 1_073_741_824
        case "t", "tb", "tib": factor = 1_099_511_627_776
        default: return nil
        }
        let value = number * factor
        guard value >= 1, value < 1e15 else { return nil }
        bytes = Int(value)
    }

    /// Three quarters of the memory that is free now, at least 64 MiB.
    static var automatic: MemorySize {
        let pages = sysconf(Int32(_SC_AVPHYS_PAGES))
        let pageSize = sysconf(Int32(_SC_PAGESIZE))
        guard pages > 0, pageSize > 0 else { return MemorySize(bytes: 1 << 30) }
        return MemorySize(bytes: max(64 << 20, pages * pageSize / 4 * 3))
    }
}

/// `1 state`, `2,000 states`.
func counted(_ number: Int, _ noun: String) -> String { "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")" }

/// Numbers with thousands set off.
func grouped(_ number: Int) -> String {
    let digits = Array(String(abs(number)))
    var result = number < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index) % 3 == 0 { result += "," }
        result.append(digit)
    }
    return result
}
