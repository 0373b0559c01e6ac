import Foundation

/// Numbers, in words.
public enum NumberText {
    /// `1 state`, `2,000 states`.
    public static func counted(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// The number with thousands set off.
    public static func grouped(_ number: some BinaryInteger, by separator: String = ",") -> String {
        let digits = Array(String(number.magnitude))
        var result = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += separator }
            result.append(digit)
        }
        return result
    }

    /// `99.98 %`, or with as many nines as it takes; never rounded up, for what is all but whole is not.
    public static func share(_ share: Double) -> String {
        var (decimals, whole) = (2, 1e4)
        while decimals < 8, share < 1, share * whole > whole - 1 { (decimals, whole) = (decimals + 1, whole * 10) }
        let units = share < 1 ? min((share * whole).rounded(.down), whole - 1) : whole
        return String(format: "%.\(decimals)f %%", units / whole * 100)
    }
}
