import Cryptography
import Primitives
import SettlementLog
import Testing

@Suite struct LogChainVerifierTests {
    let fixture: LogFixture

    init() throws { fixture = try LogFixture() }

    private func block(
        height: UInt64, previous: Digest, transactions: [LedgerTransaction] = [],
        signer: Signer? = nil
    ) -> LogBlock {
        let header = LogHeader(
            height: Height(height), timeMilliseconds: 0, previousHash: previous,
            transactionsHash: LogHeader.transactionsHash(of: transactions))
        let signature = (signer ?? fixture.authority).sign(
            header.signedBytes(networkID: fixture.networkID))
        return LogBlock(
            header: SignedLogHeader(header: header, signature: signature),
            transactions: transactions)
    }

    @Test func `a chain from the policy hash is accepted`() throws {
        var verifier = fixture.verifier
        let first = block(height: 0, previous: fixture.policyHash)
        try verifier.accept(first)
        let hash = first.header.header.hash(networkID: fixture.networkID)
        try verifier.accept(block(height: 1, previous: hash))
        #expect(verifier.nextHeight == Height(2))
    }

    @Test func `a log of another policy is a fork at its first block`() {
        var verifier = fixture.verifier
        let other = taggedHash("other")
        #expect(
            throws: LogChainError.fork(
                Height(0), expectedPrevious: fixture.policyHash, foundPrevious: other)
        ) { try verifier.accept(block(height: 0, previous: other)) }
        #expect(verifier == fixture.verifier)
    }

    @Test func `two signed blocks of one height are a fork`() throws {
        var verifier = fixture.verifier
        try verifier.accept(block(height: 0, previous: fixture.policyHash))
        #expect(throws: LogChainError.self) {
            try verifier.accept(block(height: 1, previous: taggedHash("another block 0")))
        }
    }

    @Test func `a stranger's signature, other transactions and another height are refused`()
        throws
    {
        var verifier = fixture.verifier
        let stranger = try Signer("stranger")
        #expect(throws: LogChainError.badSignature(Height(0))) {
            try verifier.accept(
                block(height: 0, previous: fixture.policyHash, signer: stranger))
        }
        let honest = block(height: 0, previous: fixture.policyHash)
        let stuffed = LogBlock(
            header: honest.header, transactions: [fixture.transaction(stranger, nonce: 1)])
        #expect(throws: LogChainError.wrongTransactions(Height(0))) {
            try verifier.accept(stuffed)
        }
        #expect(throws: LogChainError.wrongHeight(expected: Height(0), found: Height(1))) {
            try verifier.accept(block(height: 1, previous: fixture.policyHash))
        }
        try verifier.accept(honest)
    }
}
