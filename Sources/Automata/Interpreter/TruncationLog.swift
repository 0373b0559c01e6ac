import Promela

/// The values that did not fit their variables, by the store that cut them.
final class TruncationLog {
    private let sites: [StoreSite]
    /// How often each site has cut a value. Some models do so at every other step, so this must be quick.
    let counts: UnsafeMutablePointer<Int>
    private var first: [Int: (value: Int64, stored: Int64)] = [:]

    init(_ sites: [StoreSite]) {
        self.sites = sites
        counts = .allocate(capacity: sites.count + 1)
        counts.initialize(repeating: 0, count: sites.count + 1)
    }

    deinit { counts.deallocate() }

    @inline(__always)
    func note(site: Int, value: Int64, stored: Int64) {
        if counts[site] == 0 { noteFirst(site, value, stored) }
        counts[site] += 1
    }

    @inline(never)
    private func noteFirst(_ site: Int, _ value: Int64, _ stored: Int64) { first[site] = (value, stored) }

    /// Every place where a value was cut, in no particular order.
    var truncations: [Truncation] {
        first.map { site, values in
            let place = sites[site]
            return Truncation(
                name: place.name, typeName: place.typeName, value: values.value, stored: values.stored,
                span: place.source, count: counts[site], site: site)
        }
    }

    /// Forgets all of them.
    func removeAll() {
        for site in first.keys { counts[site] = 0 }
        first.removeAll()
    }
}
