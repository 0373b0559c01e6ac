import Foundation
import Promela

/// What was found out about processes that stay together: which exchanges there are, and how to tell which of them makes the bytes
/// of a state the smallest, mostly without carrying any of them out.
final class SymmetryGroup {
    let configuration: ProcessConfiguration
    /// What all others come of.
    let generators: [Exchange]
    let failures: [Exchange.Failure]
    /// Whether all that can be composed are there, not just the generators.
    let isComplete: Bool
    /// For each of the permutations.
    private let exchanges: [Exchange]
    private let permutations: [StatePermutation]
    /// Runs of bytes that come from somewhere unchanged, under every permutation, and under some from elsewhere: how many bytes, and
    /// for each permutation where from; the identity comes last.
    private let lengths: [Int]
    private let sources: [Int]

    init(
        _ configuration: ProcessConfiguration, _ generators: [Exchange], _ failures: [Exchange.Failure], limit: Int,
        _ makePermutation: (Exchange) -> StatePermutation
    ) {
        (self.configuration, self.generators, self.failures) = (configuration, generators, failures)
        let all: [Exchange]
        (all, isComplete) = Self.closure(generators, limit: limit)
        exchanges = all
        permutations = all.map(makePermutation)
        let size = permutations.first?.size ?? 0
        let places = permutations.map(\.sources) + [Array(0..<size)]
        var (starts, lengths): ([Int], [Int]) = ([], [])
        for byte in 0..<size {
            let here = places.map { $0[byte] }
            if here.contains(nil) || here.allSatisfy({ $0 == byte }) { continue }
            if let start = starts.last, let length = lengths.last, start + length == byte,
                zip(here, places).allSatisfy({ place, all in all[byte - 1].map { $0 + 1 } == place })
            {
                lengths[lengths.count - 1] += 1
            } else {
                starts.append(byte)
                lengths.append(1)
            }
        }
        self.lengths = lengths
        sources = places.flatMap { place in starts.map { place[$0] ?? $0 } }
    }

    var isTrivial: Bool { permutations.isEmpty }

    /// All that comes of exchanging again and again; just the given ones, if that is too much.
    private static func closure(_ generators: [Exchange], limit: Int) -> ([Exchange], isComplete: Bool) {
        var known = Set(generators)
        var all = generators
        var next = 0
        while next < all.count {
            for generator in generators {
                let both = all[next].followed(by: generator)
                if both.isIdentity || !known.insert(both).inserted { continue }
                if known.count > limit { return (generators, false) }
                all.append(both)
            }
            next += 1
        }
        return (all, true)
    }
}

extension SymmetryGroup {
    /// Memory for states that are made on the way.
    struct Scratch {
        private(set) var one = UnsafeMutableRawPointer.allocate(byteCount: 1024, alignment: 16)
        private(set) var other = UnsafeMutableRawPointer.allocate(byteCount: 1024, alignment: 16)
        private var capacity = 1024

        mutating func reserve(_ size: Int) {
            if size <= capacity { return }
            deallocate()
            capacity = size * 2
            one = .allocate(byteCount: capacity, alignment: 16)
            other = .allocate(byteCount: capacity, alignment: 16)
        }

        func deallocate() {
            one.deallocate()
            other.deallocate()
        }
    }

    /// Makes of a state that which stands for it.
    func canonicalize(_ state: UnsafeMutableRawPointer, size: Int, _ machine: Machine, _ scratch: inout Scratch) {
        while makeSmaller(state, size: size, machine, &scratch) != nil, !isComplete {}
    }

    /// Makes of a state that which stands for it.
    /// - Returns: what has become what; nil if the state stands for itself.
    func canonicalization(of state: UnsafeMutableRawPointer, size: Int, _ machine: Machine, _ scratch: inout Scratch) -> Exchange? {
        var result: Exchange?
        while let permutation = makeSmaller(state, size: size, machine, &scratch) {
            result = result?.followed(by: exchanges[permutation]) ?? exchanges[permutation]
            if isComplete { break }
        }
        return result
    }

    /// Makes the bytes of a state as small as one permutation can.
    /// - Returns: the permutation; nil if none makes them smaller.
    @inline(__always)
    private func makeSmaller(_ state: UnsafeMutableRawPointer, size: Int, _ machine: Machine, _ scratch: inout Scratch) -> Int? {
        guard size == permutations.first?.size else { return nil }
        scratch.reserve(size)
        let identity = permutations.count
        var best = identity
        for permutation in 0..<identity where isSmaller(permutation, than: best, state, size, machine, scratch) { best = permutation }
        if best == identity { return nil }
        permutations[best].apply(state, size: size, into: scratch.one, machine)
        state.copyMemory(from: scratch.one, byteCount: size)
        return best
    }

    /// The permutations that make a state smallest; nil for the identity, which comes first if it is one of them.
    func smallest(_ state: UnsafeMutableRawPointer, size: Int, _ machine: Machine, _ scratch: inout Scratch) -> [Renaming?] {
        guard isComplete, size == permutations.first?.size else { return [nil] }
        scratch.reserve(size)
        let identity = permutations.count
        var best = [identity]
        for permutation in 0..<identity {
            let order = compare(permutation, with: best[0], state, size, machine, scratch)
            if order < 0 { best = [permutation] } else if order == 0 { best.append(permutation) }
        }
        return best.map { $0 == identity ? nil : Renaming(exchange: exchanges[$0], permutation: permutations[$0]) }
    }

    /// Whether one permutation makes a state smaller than another does.
    @inline(__always)
    private func isSmaller(
        _ one: Int, than other: Int, _ state: UnsafeMutableRawPointer, _ size: Int, _ machine: Machine, _ scratch: Scratch
    ) -> Bool {
        compare(one, with: other, state, size, machine, scratch) < 0
    }

    /// How what one permutation, not the identity, makes of a state compares with what another makes.
    @inline(__always)
    private func compare(
        _ one: Int, with other: Int, _ state: UnsafeMutableRawPointer, _ size: Int, _ machine: Machine, _ scratch: Scratch
    ) -> Int32 {
        let order = sources.withUnsafeBufferPointer { sources in
            lengths.withUnsafeBufferPointer { lengths -> Int32 in
                let count = lengths.count
                for run in 0..<count {
                    let order = memcmp(state + sources[one * count + run], state + sources[other * count + run], lengths[run])
                    if order != 0 { return order }
                }
                return 0
            }
        }
        if order != 0 { return order }
        permutations[one].apply(state, size: size, into: scratch.one, machine)
        if other == permutations.count { return memcmp(scratch.one, state, size) }
        permutations[other].apply(state, size: size, into: scratch.other, machine)
        return memcmp(scratch.one, scratch.other, size)
    }
}
