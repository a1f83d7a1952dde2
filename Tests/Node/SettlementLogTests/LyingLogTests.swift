import Cryptography
import Messages
import Primitives
import SettlementLog
import Synchronization
import TestSupport
import Testing

/// A settlement log that lies, breaks off, stalls or never ends, and what a reader makes of it: what
/// is not the authority's is told, forgotten and asked for again; what the authority has signed
/// against itself ends the reader.
@Suite(.timeLimit(.minutes(1))) struct LyingLogTests {
    private let fixture: LogFixture
    private let stranger: Signer

    init() throws {
        fixture = try LogFixture()
        stranger = try Signer("stranger")
    }

    private func client(
        port: Int, requestTimeout: Duration = .seconds(20), pollWait: Duration = .seconds(5),
        submissionDeadline: Duration = .milliseconds(50)
    ) -> SettlementClient {
        SettlementClient(
            parameters: SettlementClientParameters(
                host: "127.0.0.1", port: port, networkID: fixture.networkID,
                policyHash: fixture.policyHash, authority: fixture.authority.operatorKey,
                requestTimeout: requestTimeout, pollWait: pollWait,
                submissionDeadline: submissionDeadline, minimumBackOff: .milliseconds(1),
                maximumBackOff: .milliseconds(4)))
    }

    // MARK: Blocks

    /// Three true blocks.
    private func chain() throws -> [LogBlock] {
        var previous = fixture.policyHash
        return try (0..<3).map { height in
            let block = try block(UInt64(height), after: previous)
            previous = block.header.header.hash(networkID: fixture.networkID)
            return block
        }
    }

    private func block(
        _ height: UInt64, after previous: Digest, time: UInt64? = nil,
        transactions: [LedgerTransaction] = [], signer: Signer? = nil, networkID: NetworkID? = nil
    ) throws -> LogBlock {
        let header = LogHeader(
            height: Height(height), timeMilliseconds: time ?? 1_000 + height,
            previousHash: previous,
            transactionsHash: LogHeader.transactionsHash(of: transactions))
        let bytes = header.signedBytes(networkID: networkID ?? fixture.networkID)
        return LogBlock(
            header: SignedLogHeader(
                header: header, signature: (signer ?? fixture.authority).sign(bytes)),
            transactions: transactions)
    }

    private static func page(_ blocks: [LogBlock]) -> ScriptedServer.Reply {
        .answer(status: 200, MessageCodec.encode(PeerResponse.logBlocks(blocks)))
    }

    /// The status of a log with blocks up to `height`.
    private func status(_ height: UInt64, networkID: NetworkID? = nil) -> ScriptedServer.Reply {
        let text = """
            {"networkId":"\((networkID ?? fixture.networkID).hex)",\
            "policyHash":"\(fixture.policyHash.hex)",\
            "authority":"\(fixture.authority.operatorKey.hex)","height":\(height),\
            "tickMilliseconds":100,"pendingCount":0,"heldCount":0}
            """
        return .answer(status: 200, Array(text.utf8))
    }

    /// From a request's first line to the blocks from there on.
    private static func honestPage(_ request: String, _ chain: [LogBlock]) -> ScriptedServer.Reply {
        let from = request.split(separator: "from=").last?.prefix { $0.isNumber } ?? ""
        return page(Array(chain.dropFirst(Int(from) ?? chain.count)))
    }

    /// Every lie that nobody but the authority's own key could make true. After each the log is
    /// honest again.
    private func lies(_ chain: [LogBlock]) throws -> [(name: String, lie: ScriptedServer.Reply)] {
        let policy = fixture.policyHash
        let paid = fixture.transaction(stranger, nonce: 1)
        let good = try block(0, after: policy)
        let otherContent = LogBlock(header: good.header, transactions: [paid])
        let encoded = MessageCodec.encode(PeerResponse.logBlocks([chain[0]]))
        let promised = ScriptedServer.head(status: 200, byteCount: encoded.count)
        return [
            ("a block of another height", Self.page([chain[1]])),
            ("a gap", Self.page([chain[0], chain[2]])),
            ("a height twice", Self.page([chain[0], chain[0]])),
            ("another's signature", Self.page([try block(0, after: policy, signer: stranger)])),
            (
                "another network's signature",
                Self.page([
                    try block(0, after: policy, networkID: NetworkID(genesisNonce: [8]))
                ])
            ),
            ("other transactions than signed", Self.page([otherContent])),
            ("an answer of another kind", .answer(status: 200, MessageCodec.encode(.unavailable))),
            ("garbage", .answer(status: 200, [UInt8](repeating: 0xFF, count: 5_000))),
            ("nothing", .answer(status: 200, [])),
            ("a failure", .answer(status: 500, Array("no".utf8))),
            ("a page that is not there", .answer(status: 404, [])),
            ("no HTTP", .raw(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))),
            ("half an answer", .raw(promised + encoded.prefix(encoded.count / 2))),
            ("the end at once", .raw([])),
            (
                "an endless answer",
                .endless(
                    head: Array(
                        "HTTP/1.1 200 A\r\ntransfer-encoding: chunked\r\n\r\n".utf8),
                    Array("10000\r\n".utf8) + [UInt8](repeating: 7, count: 0x10000)
                        + Array("\r\n".utf8))
            ),
            (
                "an endless header",
                .endless(
                    head: Array("HTTP/1.1 200 A\r\n".utf8),
                    Array("x-a: ".utf8) + [UInt8](repeating: 97, count: 900) + [13, 10])
            ),
        ]
    }

    @Test func `a lie that is not signed is told, and the reader goes on where it was`()
        async throws
    {
        let chain = try chain()
        for (name, lie) in try lies(chain) {
            let lied = Mutex(false)
            let honest = status(2)
            let server = try await ScriptedServer { request, _ in
                if request.contains("/status") { return honest }
                let isFirst = lied.withLock { lied in
                    defer { lied = true }
                    return !lied
                }
                return isFirst ? lie : Self.honestPage(request, chain)
            }
            let contacts = Mutex<[LogContact]>([])
            var read: [LogBlock] = []
            let blocks = client(port: server.port).blocks(from: Height(0)) { contact in
                contacts.withLock { $0.append(contact) }
            }
            for try await block in blocks {
                read.append(block)
                if read.count == 3 { break }
            }
            #expect(read == chain, "\(name)")
            let told = contacts.withLock(\.self)
            let isTold = told.contains { if case .failing = $0 { true } else { false } }
            #expect(isTold && told.contains(.restored), "\(name): \(told)")
            try await server.close()
        }
    }

    @Test func `a log that says nothing is asked again when the time is up`() async throws {
        let chain = try chain()
        let honest = status(2)
        for silence in [[], ScriptedServer.head(status: 200, byteCount: 100)] {
            let server = try await ScriptedServer { request, number in
                if request.contains("/status") { return honest }
                return number < 3 ? .silence(after: silence) : Self.honestPage(request, chain)
            }
            let client = client(port: server.port, requestTimeout: .milliseconds(30))
            let first = try await client.blocks(from: Height(0)).first { _ in true }
            #expect(first == chain[0])
            try await server.close()
        }
    }

    @Test func `two signed histories end the reader`() async throws {
        let chain = try chain()
        let fork = try block(1, after: taggedHash("another-block"))
        try await expect(
            .chain(
                .fork(
                    Height(1),
                    expectedPrevious: chain[0].header.header.hash(networkID: fixture.networkID),
                    foundPrevious: taggedHash("another-block"))),
            reading: [chain[0], fork])
        let foreign = try block(0, after: taggedHash("another-policy"))
        try await expect(
            .chain(
                .fork(
                    Height(0), expectedPrevious: fixture.policyHash,
                    foundPrevious: taggedHash("another-policy"))), reading: [foreign])
    }

    @Test func `a signed time that goes back ends the reader`() async throws {
        let first = try block(0, after: fixture.policyHash, time: 5_000)
        let hash = first.header.header.hash(networkID: fixture.networkID)
        let earlier = try block(1, after: hash, time: 4_999)
        try await expect(
            .chain(.timeWentBack(Height(1), from: 5_000, to: 4_999)), reading: [first, earlier])
        // Standing still is allowed: a clock that was set back.
        let still = try block(1, after: hash, time: 5_000)
        let honest = status(1)
        let server = try await ScriptedServer { request, _ in
            request.contains("/status") ? honest : Self.honestPage(request, [first, still])
        }
        var read: [LogBlock] = []
        for try await block in client(port: server.port).blocks(from: Height(0)) {
            read.append(block)
            if read.count == 2 { break }
        }
        #expect(read == [first, still])
        try await server.close()
    }

    private func expect(
        _ error: SettlementClientError, reading blocks: [LogBlock]
    ) async throws {
        let honest = status(9)
        let server = try await ScriptedServer { request, _ in
            request.contains("/status") ? honest : Self.honestPage(request, blocks)
        }
        await #expect(throws: error) {
            for try await _ in client(port: server.port).blocks(from: Height(0)) {}
        }
        try await server.close()
    }

    @Test func `a log that turns into another one is a fault of the moment, not an end`()
        async throws
    {
        let chain = try chain()
        let foreign = status(2, networkID: NetworkID(genesisNonce: [8]))
        let honest = status(2)
        // Identity, a block, a failure, then twice another network, then itself again.
        let server = try await ScriptedServer { request, number in
            switch number {
            case 0: honest
            case 1: Self.page([chain[0]])
            case 2: .raw([])
            case 3, 4: foreign
            default: request.contains("/status") ? honest : Self.honestPage(request, chain)
            }
        }
        var read: [LogBlock] = []
        for try await block in client(port: server.port).blocks(from: Height(0)) {
            read.append(block)
            if read.count == 3 { break }
        }
        #expect(read == chain)
        try await server.close()
    }

    @Test func `a log that lost blocks is told, and waited for`() async throws {
        let chain = try chain()
        let (short, whole) = (status(0), status(2))
        let server = try await ScriptedServer { request, number in
            if number < 3 { return short }
            return request.contains("/status") ? whole : Self.honestPage(request, chain)
        }
        let reasons = Mutex<[String]>([])
        let previous = chain[1].header.header.hash(networkID: fixture.networkID)
        let blocks = client(port: server.port).blocks(from: Height(2), previousHash: previous) {
            contact in
            if case .failing(let reason, _) = contact {
                reasons.withLock { $0.append(reason) }
            }
        }
        #expect(try await blocks.first { _ in true } == chain[2])
        #expect(reasons.withLock { $0.first?.contains("it has lost blocks") } == true)
        try await server.close()
    }

    @Test func `empty answers that come at once are not asked for at once`() async throws {
        let honest = status(2)
        let server = try await ScriptedServer { request, _ in
            request.contains("/status") ? honest : Self.page([])
        }
        let client = SettlementClient(
            parameters: SettlementClientParameters(
                host: "127.0.0.1", port: server.port, networkID: fixture.networkID,
                policyHash: fixture.policyHash, authority: fixture.authority.operatorKey,
                requestTimeout: .seconds(20), pollWait: .seconds(5),
                submissionDeadline: .milliseconds(50), minimumBackOff: .seconds(30),
                maximumBackOff: .seconds(30)))
        let reader = Task {
            for try await _ in client.blocks(from: Height(0)) {}
        }
        try await until { server.requestCount >= 2 }
        for _ in 0..<10_000 { await Task.yield() }
        #expect(server.requestCount == 2)
        reader.cancel()
        _ = await reader.result
        try await server.close()
    }

    // MARK: Receipts

    @Test func `a receipt that is not the authority's, of another transaction or cut is refused`()
        async throws
    {
        let transaction = fixture.transaction(stranger, nonce: 1)
        let other = fixture.transaction(stranger, nonce: 2)
        func receipt(_ id: Digest, _ height: UInt64, by signer: Signer) -> Receipt {
            Receipt(
                transactionID: id, lastInclusionHeight: Height(height),
                signature: signer.sign(
                    Receipt.signedBytes(
                        networkID: fixture.networkID, transactionID: id,
                        lastInclusionHeight: Height(height))))
        }
        let good = receipt(transaction.id, 4, by: fixture.authority)
        let moved = Receipt(
            transactionID: transaction.id, lastInclusionHeight: Height(5),
            signature: good.signature)
        let bytes = MessageCodec.encode(good)
        var bodies = [
            MessageCodec.encode(receipt(transaction.id, 4, by: stranger)),
            MessageCodec.encode(receipt(other.id, 4, by: fixture.authority)),
            MessageCodec.encode(moved), [], Array(bytes.dropLast()),
        ]
        for place in stride(from: 0, to: bytes.count, by: 5) {
            var flipped = bytes
            flipped[place] ^= 1
            bodies.append(flipped)
        }
        for body in bodies {
            let server = try await ScriptedServer { _, _ in .answer(status: 200, body) }
            await #expect(
                throws: SettlementClientError.falseReceipt(transactionID: transaction.id)
            ) { try await client(port: server.port).submit(transaction) }
            try await server.close()
        }
        let server = try await ScriptedServer { _, _ in .answer(status: 200, bytes) }
        #expect(try await client(port: server.port).submit(transaction) == good)
        try await server.close()
    }

    @Test func `a submission to a log that breaks off, fails or says nothing ends in its deadline`()
        async throws
    {
        let transaction = fixture.transaction(stranger, nonce: 1)
        let replies: [ScriptedServer.Reply] = [
            .raw([]), .raw(Array("SSH-2.0\r\n".utf8)), .answer(status: 503, []),
            .answer(status: 200 + 99, Array("{}".utf8)), .silence(after: []),
            .answer(status: 400, [UInt8](repeating: UInt8(ascii: "["), count: 10_000)),
            .endless(
                head: Array("HTTP/1.1 200 A\r\ncontent-length: 99999999999\r\n\r\n".utf8),
                [UInt8](repeating: 1, count: 1_000)),
        ]
        for reply in replies {
            let server = try await ScriptedServer { _, _ in reply }
            let client = client(port: server.port, requestTimeout: .milliseconds(20))
            await #expect {
                try await client.submit(transaction)
            } throws: { error in
                if case SettlementClientError.unreachable = error { true } else { false }
            }
            try await server.close()
        }
    }
}
