import Connection
import Testing

@Suite struct `Agreeing on a protocol` {
    private func exchange(_ dialer: inout MultistreamSelect, _ responder: inout MultistreamSelect)
        throws -> (String?, String?)
    {
        var toDialer = ByteQueue()
        var toResponder = ByteQueue()
        var results: (String?, String?) = (nil, nil)
        for _ in 0..<20 {
            toResponder.append(dialer.drainOutbound())
            if results.1 == nil { results.1 = try responder.advance(&toResponder) }
            toDialer.append(responder.drainOutbound())
            if results.0 == nil { results.0 = try dialer.advance(&toDialer) }
        }
        return results
    }

    @Test func `the dialer sends header and first proposal in one write`() {
        var dialer = MultistreamSelect(dialing: ["/noise"])
        let bytes = dialer.drainOutbound()
        #expect(bytes == Array("\u{13}/multistream/1.0.0\n\u{07}/noise\n".utf8))
        #expect(dialer.drainOutbound().isEmpty)
    }

    @Test func `the responder writes its header without waiting`() {
        var responder = MultistreamSelect(serving: ["/noise"])
        #expect(responder.drainOutbound() == Array("\u{13}/multistream/1.0.0\n".utf8))
    }

    @Test func `na leads to the next proposal and the responder keeps listening`() throws {
        var dialer = MultistreamSelect(dialing: ["/a", "/b", "/c"])
        var responder = MultistreamSelect(serving: ["/x", "/c"])
        let (mine, theirs) = try exchange(&dialer, &responder)
        #expect(mine == "/c" && theirs == "/c")
    }

    @Test func `a dialer without a common protocol says so`() {
        var dialer = MultistreamSelect(dialing: ["/a", "/b"])
        var responder = MultistreamSelect(serving: ["/x"])
        #expect(throws: ConnectionError.noCommonProtocol(proposed: ["/a", "/b"])) {
            try exchange(&dialer, &responder)
        }
    }

    @Test func `bytes behind the agreed id are left for the protocol`() throws {
        var responder = MultistreamSelect(serving: ["/meshsub/1.1.0"])
        var inbound = ByteQueue()
        var dialer = MultistreamSelect(dialing: ["/meshsub/1.1.0"])
        let early: [UInt8] = [9, 10, 7, 8, 1]
        for byte in dialer.drainOutbound() + early {
            inbound.append([byte])
            if responder.agreed == nil { _ = try responder.advance(&inbound) }
        }
        #expect(responder.agreed == "/meshsub/1.1.0")
        #expect([UInt8](inbound.takeAll()) == early)
    }

    @Test func `proposals and messages are bounded`() {
        var responder = MultistreamSelect(serving: ["/x"])
        var inbound = ByteQueue()
        inbound.append(MultistreamSelect.message(MultistreamSelect.header))
        for index in 0..<16 { inbound.append(MultistreamSelect.message("/p/\(index)")) }
        #expect(throws: ConnectionError.tooManyProposals(limit: 16)) {
            try responder.advance(&inbound)
        }
        var other = MultistreamSelect(serving: ["/x"])
        var long = ByteQueue()
        long.append([0x81, 0x08])
        #expect(throws: ConnectionError.messageTooLong(limit: 1_024, found: 1_025)) {
            try other.advance(&long)
        }
    }

    @Test(arguments: ["\u{13}/multistream/2.0.0\n", "\u{03}abc", "\u{01}\n", "\u{00}"])
    func `a wrong header is refused`(text: String) {
        var responder = MultistreamSelect(serving: ["/x"])
        var inbound = ByteQueue()
        inbound.append(Array(text.utf8))
        #expect(throws: ConnectionError.malformedNegotiation) {
            try responder.advance(&inbound)
        }
    }
}
