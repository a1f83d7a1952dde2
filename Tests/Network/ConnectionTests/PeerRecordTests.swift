import Connection
import Cryptography
import TestSupport
import Testing

@Suite struct PeerRecordTests {
    private static func key(_ name: UInt8) throws -> SigningKey {
        try SigningKey(seed: SecretBytes(copying: [UInt8](repeating: name, count: 32)))
    }

    private static func record(
        of name: UInt8, sequence: UInt64 = 7, _ addresses: [String], signedBy signer: UInt8? = nil
    ) throws -> PeerRecord {
        let signing = try key(signer ?? name)
        return try PeerRecord(
            of: PeerID(publicKey: key(name).publicKey), sequence: sequence,
            addresses: addresses.map { try Multiaddress($0) }
        ) { signing.sign($0) }
    }

    private struct IdentifyFile: Decodable {
        struct Vector: Decodable {
            let peer: String
            let identify: String
        }
        let vectors: [Vector]
    }

    @Test func `records of real peers verify`() throws {
        let file = try VectorFile.decode(IdentifyFile.self, from: "captured/identify.json")
        for vector in file.vectors {
            let message = try IdentifyMessage(bytes: try #require([UInt8](hex: vector.identify)))
            let envelope = try #require(message.signedPeerRecord)
            let record = try PeerRecord(verifying: envelope)
            #expect(record.peer.description == vector.peer)
            let told = try message.listenAddresses.map { try $0.naming(record.peer) }
            #expect(record.addresses == told)
            #expect(record.sequence > 1 << 60)
            #expect(try SignedEnvelope(bytes: envelope).bytes == envelope)
        }
    }

    @Test func `a record of ours is read back, and each changed or cut byte is noticed`() throws {
        let record = try Self.record(of: 1, ["/ip4/10.0.0.1/tcp/4001", "/ip6/fd00::1/tcp/4001"])
        let again = try PeerRecord(verifying: record.envelope)
        #expect(again == record && again.sequence == 7 && again.addresses.count == 2)
        for index in record.envelope.indices {
            var bytes = record.envelope
            bytes[index] ^= 1
            #expect((try? PeerRecord(verifying: bytes)) == nil, "byte \(index)")
            #expect((try? PeerRecord(verifying: Array(record.envelope[..<index]))) == nil)
        }
    }

    @Test func `a record signed by another key, or for another purpose, is refused`() throws {
        let stolen = try Self.record(of: 1, ["/ip4/10.0.0.1/tcp/1"], signedBy: 2)
        #expect(throws: ConnectionError.malformed("a peer record with a false signature")) {
            try PeerRecord(verifying: stolen.envelope)
        }
        let sealed = try SignedEnvelope(bytes: stolen.envelope)
        let other = PeerID(publicKey: try Self.key(2).publicKey)
        let relabelled = SignedEnvelope(
            signer: other, payloadType: sealed.payloadType, payload: sealed.payload,
            signature: sealed.signature)
        #expect(throws: ConnectionError.malformed("a peer record signed by another peer")) {
            try PeerRecord(verifying: relabelled.bytes)
        }
        let kind = SignedEnvelope(
            signer: sealed.signer, payloadType: [3, 2], payload: sealed.payload,
            signature: sealed.signature)
        #expect(throws: ConnectionError.malformed("an envelope that holds no peer record")) {
            try PeerRecord(verifying: kind.bytes)
        }
        #expect(throws: ConnectionError.messageTooLong(limit: 2_048, found: 2_049)) {
            try PeerRecord(verifying: [UInt8](repeating: 0, count: 2_049))
        }
    }

    @Test func `addresses that nobody can dial are left out, and eight are kept`() throws {
        let useless = [
            "/ip4/0.0.0.0/tcp/4001", "/ip4/10.0.0.1/tcp/0", "/ip4/224.0.0.1/tcp/1",
            "/ip4/255.255.255.255/tcp/1", "/ip4/169.254.1.1/tcp/1", "/ip6/::/tcp/1",
            "/ip6/ff02::1/tcp/1", "/ip6/fe80::1/tcp/1",
        ]
        let none = try Self.record(of: 1, useless)
        #expect(try PeerRecord(verifying: none.envelope).addresses.isEmpty)
        let many = try Self.record(of: 1, (1...12).map { "/ip4/10.0.0.\($0)/tcp/1" })
        #expect(try PeerRecord(verifying: many.envelope).addresses.count == 8)
    }

    @Test(arguments: [
        ("/ip4/127.0.0.1/tcp/1", AddressScope.machine), ("/ip6/::1/tcp/1", .machine),
        ("/ip6/0:0:0:0:0:ffff:7f00:1/tcp/1", .machine), ("/dns4/a.localhost/tcp/1", .machine),
        ("/ip4/10.1.2.3/tcp/1", .site), ("/ip4/172.31.0.1/tcp/1", .site),
        ("/ip4/172.32.0.1/tcp/1", .world), ("/ip4/192.168.0.1/tcp/1", .site),
        ("/ip4/100.64.0.1/tcp/1", .site), ("/ip6/fd12::1/tcp/1", .site),
        ("/ip6/2001:db8::1/tcp/1", .world), ("/dns4/node.example/tcp/1", .world),
        ("/ip4/10.1.2.3/tcp/0", .nowhere), ("/tcp/1", .nowhere),
    ])
    func `an address says from how far it means something`(text: String, scope: AddressScope)
        throws
    {
        #expect(try Multiaddress(text).scope == scope)
    }

    @Test func `what one machine commands counts as one host`() throws {
        func group(_ text: String) throws -> String? { try Multiaddress(text).hostGroup }
        #expect(
            try group("/ip6/2001:db8:1:2:3::4/tcp/1") == group("/ip6/2001:db8:1:2::9/tcp/7"))
        #expect(try group("/ip6/2001:db8:1:3::4/tcp/1") != group("/ip6/2001:db8:1:2::9/tcp/7"))
        #expect(try group("/ip4/1.2.3.4/tcp/1") == "1.2.3.4")
    }

    @Test func `an answer of the exchange is read back, and bounded`() throws {
        let envelopes = try (1...3).map { try Self.record(of: $0, ["/ip4/1.2.3.4/tcp/1"]).envelope }
        #expect(try PeerExchange.decode(PeerExchange.encode(envelopes)) == envelopes)
        #expect(try PeerExchange.decode([]) == [])
        let bytes = PeerExchange.encode(envelopes)
        for end in 1..<bytes.count {
            let cut = try? PeerExchange.decode(Array(bytes[..<end]))
            #expect((cut?.count ?? 0) < 3)
        }
        #expect(throws: ConnectionError.malformed("more than 32 peer records")) {
            try PeerExchange.decode(PeerExchange.encode([[UInt8]](repeating: [1], count: 33)))
        }
        #expect(throws: ConnectionError.messageTooLong(limit: 2_048, found: 2_049)) {
            try PeerExchange.decode(PeerExchange.encode([[UInt8](repeating: 0, count: 2_049)]))
        }
    }
}
