import Symbolic
import Testing

/// Terms mean what Swift's own arithmetic means, and values come in and out whole.
struct ModelTests {
    @Test("integers of 128 bits go in and come out", arguments: [0, -1, Int128(Int64.min) - 1, Int128.max, Int128.min])
    func wideIntegers(value: Int128) throws {
        let solver = Solver()
        let x = solver.unknown("x", .integer)
        solver.assert(x - solver.integer(1) .== solver.integer(value) - solver.integer(1))
        #expect(solver.check() == .satisfiable)
        #expect(try solver.model().integer(x) == value)
    }

    @Test("an integer of more bits is an error, not another integer")
    func tooWide() throws {
        let solver = Solver()
        let x = solver.unknown("x", .integer)
        solver.assert(x .== solver.integer(Int128.max) + solver.integer(1))
        #expect(solver.check() == .satisfiable)
        let model = try solver.model()
        #expect(throws: SolverError.self) { try model.integer(x) }
    }

    @Test("bit vectors wrap at 64 bits")
    func bits() throws {
        let solver = Solver(.bitVectors)
        let x = solver.unknown("x", .bitVector(width: 64))
        solver.assert(x + solver.bits(1, width: 64) .== solver.bits(0, width: 64))
        #expect(solver.check() == .satisfiable)
        #expect(try solver.model().bits(x) == .max)
        solver.assert(x.isLess(than: solver.bits(0, width: 64), isSigned: false))
        #expect(solver.check() == .unsatisfiable)
    }

    @Test("negative numbers have their bits in two's complement, in every width", arguments: [8, 32, 63, 64, 100])
    func negativeBits(width: Int) throws {
        let solver = Solver()
        let minusOne = solver.bits(-1, width: width)
        solver.assert((minusOne + solver.bits(1, width: width)) .== solver.bits(0, width: width))
        #expect(solver.check() == .satisfiable)
    }

    @Test("operations on bits are those of the machine")
    func machineArithmetic() throws {
        let solver = Solver()
        let numbers: [Int64] = [7, -7, 2, -2, 0x7FFF_FFFF, -0x8000_0000, 12345]
        for one in numbers {
            for other in numbers {
                let (a, b) = (Int32(one), Int32(other))
                let (x, y) = (solver.bits(a, width: 32), solver.bits(b, width: 32))
                let expected: [(Term, Int32)] = [
                    (x + y, a &+ b), (x - y, a &- b), (x * y, a &* b), (x .& y, a & b), (x .| y, a | b), (x .^ y, a ^ b),
                    (~x, ~a), (-x, 0 &- a),
                    (x.remainder(by: y, isSigned: true), a.remainderReportingOverflow(dividingBy: b).partialValue),
                    (x.quotient(by: y, isSigned: true), a.dividedReportingOverflow(by: b).partialValue),
                    (x.shiftedRight(by: y .& solver.bits(31, width: 32), isSigned: true), a &>> b),
                    (x.shiftedLeft(by: y .& solver.bits(31, width: 32)), a &<< b),
                ]
                for (term, value) in expected {
                    #expect(solver.check() == .satisfiable)
                    #expect(try solver.model().bits(term) == UInt64(UInt32(bitPattern: value)), "\(term) of \(a) and \(b)")
                }
                #expect(try solver.model().truth(x.isLess(than: y, isSigned: true)) == (a < b))
                let isAtMost = UInt32(bitPattern: a) <= UInt32(bitPattern: b)
                #expect(try solver.model().truth(x.isAtMost(y, isSigned: false)) == isAtMost)
            }
        }
    }

    @Test("bits are cut, joined, widened, and read as integers")
    func conversions() throws {
        let solver = Solver()
        #expect(solver.check() == .satisfiable)
        let model = try solver.model()
        let x = solver.bits(0xABCD, width: 16)
        #expect(try model.bits(x.extracting(4..<12)) == 0xBC)
        #expect(try model.bits(x.extracting(8..<16).concatenated(with: x)) == 0xABABCD)
        #expect(try model.bits(x.extended(to: 32, isSigned: true)) == 0xFFFF_ABCD)
        #expect(try model.bits(x.extended(to: 32, isSigned: false)) == 0xABCD)
        #expect(try model.integer(x.integer(isSigned: true)) == Int128(Int16(bitPattern: 0xABCD)))
        #expect(try model.bits(solver.integer(-1).bits(12)) == 0xFFF)
        #expect(try model.integer(solver.integer(-7).quotient(by: solver.integer(2))) == -4)
        #expect(try model.integer(solver.integer(-7).remainder(by: solver.integer(2))) == 1)
    }

    @Test("arrays keep what was put in them")
    func arrays() throws {
        let solver = Solver()
        let index = solver.unknown("i", .integer)
        let array = solver.array(of: solver.integer(5), index: .integer).replacingElement(at: index, by: solver.integer(6))
        solver.assert(array.element(at: solver.integer(3)) .== solver.integer(6))
        #expect(solver.check() == .satisfiable)
        #expect(try solver.model().integer(index) == 3)
    }

    @Test("replacing parts of a term replaces them everywhere, and at once")
    func substitution() throws {
        let solver = Solver()
        let (x, y) = (solver.unknown("x", .integer), solver.unknown("y", .integer))
        #expect((x - y).substituting([(x, y), (y, x)]) == y - x)
        #expect((solver.integer(1) + solver.integer(2)).simplified == solver.integer(3))
    }
}
