import Testing
import TimeTravel

@Suite struct MessageTests {
    /// The bytes are those of `struct um_timetravel_msg` on a little-endian host.
    @Test func aMessageHasTheLayoutOfTheKernelsHeader() {
        let message = Message(.request, sequence: 0x0102_0304, time: 0x1112_1314_1516_1718)
        #if _endian(little)
            let bytes: [UInt8] = [2, 0, 0, 0, 4, 3, 2, 1, 0x18, 0x17, 0x16, 0x15, 0x14, 0x13, 0x12, 0x11]
            #expect(message.bytes == bytes)
        #endif
        #expect(message.bytes.withUnsafeBytes(Message.init) == message)
    }

    @Test(arguments: [0, 1, 15, 17, 32]) func onlySixteenBytesAreAMessage(count: Int) {
        let bytes = [UInt8](repeating: 0, count: count)
        #expect(bytes.withUnsafeBytes(Message.init) == nil)
    }

    @Test(arguments: zip(
        Operation.named,
        ["ACK", "START", "REQUEST", "WAIT", "GET", "UPDATE", "RUN", "FREE_UNTIL", "GET_TOD", "BROADCAST"]))
    func operationsHaveTheNamesOfTheKernelsHeader(operation: Operation, name: String) { #expect(operation.description == name) }

    @Test(arguments: [UInt32(10), .max]) func operationsWithoutANameAreKept(number: UInt32) {
        let message = Message(Operation(rawValue: number), sequence: 1)
        #expect(message.bytes.withUnsafeBytes(Message.init)?.operation.rawValue == number)
        #expect(message.operation.description == "operation \(number)")
    }

    @Test(arguments: [
        (UInt64(0), "0.000000000 s"), (83_004_526_175, "83.004526175 s"), (UInt64(Int64.max) - 1, "9223372036.854775806 s"),
        (UInt64(Int64.max), "for ever"), (.max, "for ever"),
    ])
    func timesAreShownInSeconds(time: UInt64, text: String) { #expect(Time.text(time) == text) }
}
