import Automata
import Testing

/// Messages: in which order they wait, which of them a receive takes, and what a rendezvous is.
struct ChannelTests {
    private func queue(_ walk: Walk, _ name: String = "q") -> [[Walk.Value]]? {
        guard case .channel(_, let messages)? = walk[name] else { return nil }
        return messages
    }

    @Test("messages come out in the order in which they went in")
    func firstInFirstOut() throws {
        let walk = try Walk(
            """
            chan q = [3] of { byte }; byte a, b;
            active proctype P() { q!3; q!1; q!2; q?a; q?b }
            """)
        walk.run(steps: 3)
        #expect(queue(walk) == [[.integer(3)], [.integer(1)], [.integer(2)]])
        walk.run(steps: 2)
        #expect(walk["a"] == .integer(3) && walk["b"] == .integer(1))
        #expect(queue(walk) == [[.integer(2)]])
    }

    @Test("a sorted send keeps the order of the first field that differs")
    func sortedSend() throws {
        let walk = try Walk(
            """
            chan q = [4] of { byte, int };
            active proctype P() { q!!3,1; q!!1,5; q!!3,-2; q!!1,5 }
            """)
        walk.run(steps: 4)
        #expect(
            queue(walk) == [
                [.integer(1), .integer(5)], [.integer(1), .integer(5)], [.integer(3), .integer(-2)],
                [.integer(3), .integer(1)],
            ])
    }

    @Test("a random receive takes the first message that fits, an ordinary one only the oldest")
    func randomReceive() throws {
        let walk = try Walk(
            """
            chan q = [4] of { byte, byte }; byte x;
            active proctype P() { q!1,10; q!2,20; q!2,21; if :: q?2,x -> x = 99 :: q??2,x fi }
            """)
        walk.run(steps: 4)
        #expect(walk["x"] == .integer(20))
        #expect(queue(walk) == [[.integer(1), .integer(10)], [.integer(2), .integer(21)]])
    }

    @Test("looking at a message leaves it where it is", arguments: ["q?<x>", "q??<x>", "q?[5]; x = 5", "q??[5]; x = 5"])
    func peeking(receive: String) throws {
        let walk = try Walk("chan q = [2] of { byte }; byte x; active proctype P() { q!5; q!6; \(receive) }")
        walk.run()
        #expect(walk["x"] == .integer(5))
        #expect(queue(walk) == [[.integer(5)], [.integer(6)]])
    }

    @Test("eval matches a value instead of receiving it")
    func matching() throws {
        let walk = try Walk("chan q = [2] of { byte }; byte x = 4; active proctype P() { q!5; if :: q?eval(x) :: q?eval(x + 1) -> x = 9 fi }")
        walk.run()
        #expect(walk["x"] == .integer(9))
    }

    @Test(
        "the tests of a channel with room for two messages",
        arguments: [
            ("len(q) == 1", [1]), ("empty(q)", [0]), ("nempty(q)", [1, 2]), ("full(q)", [2]), ("nfull(q)", [0, 1]),
            ("q?[1]", [1, 2]), ("q??[2]", [2]), ("q?[2]", []),
        ] as [(String, [Int])])
    func tests(test: String, holdsAfter: [Int]) throws {
        for sent in 0...2 {
            let sends = ["q!1; ", "q!2; "].prefix(sent).joined()
            let walk = try Walk("chan q = [2] of { byte }; active proctype P() { \(sends) \(test) }")
            walk.run(steps: sent)
            #expect(walk.moves.isEmpty != holdsAfter.contains(sent), "after \(sent)")
        }
    }

    @Test("a full channel blocks the send, an empty one the receive")
    func blocking() throws {
        let full = try Walk("chan q = [1] of { byte }; active proctype P() { q!1; q!2 }")
        try full.step()
        #expect(full.moves.isEmpty)
        let empty = try Walk("chan q = [1] of { byte }; byte x; active proctype P() { q?x }")
        #expect(empty.moves.isEmpty)
    }

    @Test("fields are cut to the size that the channel has for them")
    func cutFields() throws {
        let walk = try Walk("chan q = [1] of { byte, short }; active proctype P() { q!300,70000 }")
        let move = try walk.step()
        #expect(move.message?.fields == [44, 4464])
        #expect(queue(walk) == [[.integer(44), .integer(4464)]])
    }

    // MARK: Rendezvous

    @Test("a rendezvous is one move with a partner and a message, and nothing waits in the channel")
    func rendezvous() throws {
        let walk = try Walk(
            """
            chan c = [0] of { byte, byte }; byte x;
            active proctype Sender() { c!7,9 }
            active proctype Receiver() { c?7,x }
            """)
        let move = try walk.step()
        #expect(move.step.pid == 0)
        #expect(move.step.receiver?.pid == 1)
        #expect(move.message?.channel == 1)
        #expect(move.message?.fields == [7, 9])
        #expect(walk["x"] == .integer(9))
        #expect(queue(walk, "c") == [])
    }

    @Test("every partner that fits is a move of its own, and nobody is a partner of himself")
    func partners() throws {
        let walk = try Walk(
            """
            chan c = [0] of { byte }; byte x;
            active proctype Sender() { if :: c!7 :: c?x fi }
            active [2] proctype Receiver() { c?x }
            active proctype Other() { c?8 }
            """)
        #expect(Set(walk.moves.compactMap { $0.step.receiver?.pid }) == [1, 2])
        #expect(walk.moves.count == 2)
    }

    @Test("else is possible where a rendezvous has no partner, and not where it has one")
    func elseBesideRendezvous() throws {
        let walk = try Walk(
            """
            chan c = [0] of { byte }; bool ready; byte x;
            active proctype Sender() { do :: c!1 -> break :: else -> ready = true od }
            active proctype Receiver() { ready; c?x }
            """)
        #expect(walk.moves.map { walk.text(of: $0) } == ["else"])
        try walk.step()
        try walk.step("ready = true")
        try walk.step("ready", by: 1)
        #expect(walk.moves.map { walk.text(of: $0) } == ["c!1"])
    }

    @Test("timeout is possible only when nothing else is")
    func timeout() throws {
        let walk = try Walk("byte x; active proctype P() { do :: x < 2 -> x++ :: timeout -> break od }")
        walk.run(steps: 4)
        let move = try walk.step()
        #expect(walk.text(of: move) == "timeout")
        #expect(move.step.isTimeout)
        #expect(walk["x"] == .integer(2))
    }

    @Test("control follows the message into an atomic sequence of the receiver")
    func controlAfterRendezvous() throws {
        let walk = try Walk(
            """
            chan c = [0] of { byte }; byte x, y;
            active proctype Sender() { c!1; y = 1 }
            active proctype Receiver() { atomic { c?x; x = 2; x = 3 } }
            """)
        try walk.step()
        #expect(walk.control == 1)
        #expect(walk.moves.map { walk.text(of: $0) } == ["x = 2"])
    }
}
