import Cryptography
import Messages
import NodeCore
import NodeRuntime
import Primitives
import Storage
import Testing

struct StatementBookTests {
    private let directory = TemporaryDirectory()
    private let networkID = NetworkID(genesisNonce: [3])
    private let duty = Duty("election/7")

    private func open() throws -> StatementBook {
        StatementBook(
            eventLog: try EventLog(directory: directory.path, networkID: networkID))
    }

    private func attempt(
        _ duty: Duty, nonce: UInt64, number: UInt64 = 0, units: UInt64 = 1
    ) throws -> SubmissionAttempt {
        let signer = try SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 9, count: 32)))
        let transfer = Transfer(
            recipient: OperatorKey(signer.publicKey), amount: Amount(units: units))
        let transaction = MessageCodec.transaction(
            .transfer(transfer), networkID: networkID, key: OperatorKey(signer.publicKey),
            nonce: nonce, sign: { signer.sign($0) })
        return SubmissionAttempt(duty: duty, number: number, transaction: transaction)
    }

    private func envelope(_ byte: UInt8) throws -> GossipEnvelope {
        GossipEnvelope(
            networkID: networkID, topic: .log, bodyBytes: [byte],
            key: OperatorKey(Bytes32(words: 1, 2, 3, 4)),
            signature: try #require(Signature([UInt8](repeating: byte, count: 64))))
    }

    @Test func `a duty is signed for once, also after a restart`() throws {
        do {
            let book = try open()
            #expect(try book.envelope(for: duty) == nil)
            try book.record(envelope(1), for: duty)
            #expect(throws: StorageError.self) { try book.record(envelope(2), for: duty) }
        }
        let book = try open()
        #expect(try book.envelope(for: duty)?.bodyBytes == [1])
        #expect(throws: StorageError.self) { try book.record(envelope(2), for: duty) }
        #expect(try book.lastAttempt(for: duty) == nil, "gossip and the log are apart")
    }

    @Test func `a duty's transaction is found again after a restart`() throws {
        let first = try attempt(duty, nonce: 4)
        do { try open().record(first) }
        let book = try open()
        let kept = try #require(try book.lastAttempt(for: duty))
        #expect(kept.attempt == first && !kept.isRefused)
    }

    @Test func `another body for a signed duty is refused, whatever its attempt`() throws {
        let book = try open()
        try book.record(attempt(duty, nonce: 4))
        let other = try attempt(duty, nonce: 4, units: 2)
        #expect(throws: StorageError.self) { try book.record(other) }
        let next = try attempt(duty, nonce: 5, number: 1, units: 2)
        #expect(throws: StorageError.self) { try book.record(next) }
        #expect(try book.transactions(after: 0).count == 1)
    }

    @Test func `a refused body is signed again under another nonce`() throws {
        let first = try attempt(duty, nonce: 4)
        let second = try attempt(duty, nonce: 2, number: 1)
        do {
            let book = try open()
            try book.record(first)
            try book.recordRefusal(of: first, reason: "nonceGap")
            try book.recordRefusal(of: first, reason: "said once more")
            #expect(try book.lastAttempt(for: duty)?.isRefused == true)
            try book.record(second)
        }
        let kept = try #require(try open().lastAttempt(for: duty))
        #expect(kept.attempt == second && !kept.isRefused)
    }

    @Test func `a refused nonce is used again by another duty`() throws {
        let book = try open()
        let refused = try attempt(duty, nonce: 4)
        try book.record(refused)
        try book.recordRefusal(of: refused, reason: "malformed")
        let next = try attempt(Duty("election/8"), nonce: 4, units: 2)
        try book.record(next)
        #expect(try book.transactions(after: 3) == [next])
    }

    @Test func `only what is above the nonce and not refused is sent again, in order`() throws {
        let attempts = try (1...5).map { try attempt(Duty("duty/\($0)"), nonce: 6 - $0) }
        do {
            let book = try open()
            for attempt in attempts { try book.record(attempt) }
            try book.recordRefusal(of: attempts[2], reason: "malformed")
        }
        let book = try open()
        #expect(try book.transactions(after: 1).map(\.transaction.nonce) == [2, 4, 5])
        #expect(try book.transactions(after: 0).map(\.duty.name).first == "duty/5")
        #expect(try book.transactions(after: 5).isEmpty)
    }

    @Test func `a duty whose records are discarded keeps its statement`() throws {
        let book = try open()
        let first = try attempt(duty, nonce: 4)
        try book.record(first)
        let newest = try #require(try book.eventLog.lastSequence(of: .duty))
        try book.eventLog.discardRecords(of: .duty, through: newest)
        #expect(try book.transactions(after: 0).isEmpty)
        #expect(try book.lastAttempt(for: duty)?.attempt == first)
    }

    @Test func `a block that was built for a slot is the block of that slot`() throws {
        let header = BlockHeader(
            slot: Slot(3), round: 0, parent: BlockID(.zero), stateBefore: .zero,
            stateAfter: .zero, paymentRoot: .zero, leafCount: 0, feeSum: .zero,
            bodyHash: SHA256.hash([]))
        let share = try #require(BasisPoints(4_000))
        let block = BuiltBlock(header: header, body: [], feeShare: share)
        do { try open().record(block, for: Slot(3)) }
        #expect(try open().block(for: Slot(3)) == block)
        #expect(try open().block(for: Slot(4)) == nil)
        #expect(throws: StorageError.self) {
            try open().record(
                BuiltBlock(header: header, body: [], feeShare: .zero), for: Slot(3))
        }
    }
}

struct NonceCounterTests {
    @Test func `a refused nonce comes next again, and with it all above`() {
        var counter = NonceCounter(lastSigned: 3)
        let first = [counter.next(folded: 2), counter.next(folded: 2)]
        counter.refused(4)
        let again = counter.next(folded: 2)
        counter.refused(9)
        let next = counter.next(folded: 2)
        #expect(first == [4, 5] && again == 4 && next == 5)
    }

    @Test func `the counter goes where the log says`() {
        var counter = NonceCounter(lastSigned: 7)
        counter.refused(7)
        counter.expect(3)
        let lower = counter.next(folded: 1)
        counter.expect(12)
        let higher = [counter.next(folded: 1), counter.next(folded: 40)]
        counter.expect(0)
        counter.refused(0)
        let first = counter.next(folded: 0)
        #expect(lower == 3 && higher == [12, 41] && first == 1)
    }
}
