import Connection
import Cryptography
import Testing

@Suite struct `Dialling again, and dialling twice` {
    @Test func `pauses double with jitter up to five seconds, for ever`() {
        var backoff = DialBackoff(seed: 4)
        var ceiling = Duration.milliseconds(250)
        for _ in 0..<50 {
            let pause = backoff.nextPause()
            #expect(pause >= ceiling / 2 && pause <= ceiling)
            ceiling = min(ceiling * 2, .seconds(5))
        }
        backoff.reset()
        #expect(backoff.nextPause() <= .milliseconds(250))
    }

    @Test func `two nodes starting together do not dial in step`() {
        var first = DialBackoff(seed: 1)
        var second = DialBackoff(seed: 2)
        #expect((0..<8).contains { _ in first.nextPause() != second.nextPause() })
    }

    private func peer(_ byte: UInt8) -> PeerID {
        PeerID(publicKey: Bytes32([UInt8](repeating: byte, count: 32))!)
    }

    @Test(arguments: [(UInt8(1), UInt8(2)), (2, 1)])
    func `of a simultaneous dial both sides keep the one of the smaller id`(
        local: UInt8, remote: UInt8
    ) {
        for newIsMine in [true, false] {
            let replaces = DuplicateRule.replaces(
                existing: (isDialer: !newIsMine, age: .seconds(1)), byNewDialler: newIsMine,
                local: peer(local), remote: peer(remote))
            // The survivor's dialler is the smaller id, whichever came first.
            let survivorIsMine = replaces ? newIsMine : !newIsMine
            #expect(survivorIsMine == (local < remote))
        }
    }

    @Test func `a peer that dials again has lost the older connection`() {
        for (existing, new) in [(true, false), (false, true), (false, false)] {
            #expect(
                DuplicateRule.replaces(
                    existing: (isDialer: existing, age: .seconds(11)), byNewDialler: new,
                    local: peer(1), remote: peer(2)))
        }
        #expect(
            DuplicateRule.replaces(
                existing: (isDialer: false, age: .zero), byNewDialler: false, local: peer(1),
                remote: peer(2)))
    }
}
