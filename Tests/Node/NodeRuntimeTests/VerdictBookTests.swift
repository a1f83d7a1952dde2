import Cryptography
import Ledger
import NodeRuntime
import Payments
import Primitives
import Storage
import Testing

struct VerdictBookTests {
    private let directory = TemporaryDirectory()
    private let id = taggedHash("a transaction")

    private func open() throws -> VerdictBook {
        VerdictBook(
            eventLog: try EventLog(
                directory: directory.path, networkID: NetworkID(genesisNonce: [3])))
    }

    private func header(slot: UInt64) -> BlockHeader {
        BlockHeader(
            slot: Slot(slot), round: 0, parent: BlockID(.zero), stateBefore: .zero,
            stateAfter: .zero, paymentRoot: .zero, leafCount: 1, feeSum: .zero,
            bodyHash: SHA256.hash([]))
    }

    private func judgement(slot: UInt64) -> Judgement {
        .rootProof(
            transactionID: id,
            rootProof: RootProof(
                slot: Slot(slot), blockID: BlockID(.zero), proof: [1],
                contributions: Contributions(leaves: [], merges: [])),
            header: header(slot: slot))
    }

    private func statement() throws -> NodeStatement {
        let digests = try (1...7).map { number in
            try #require(
                FieldDigest(elements: (0..<4).map { UInt64(1_000 * number + $0) << 30 }))
        }
        return NodeStatement(
            blockID: BlockID(digests[0]), range: try #require(LeafRange(first: 4, count: 3)),
            stateBefore: digests[1], stateAfter: digests[2], paymentRoot: digests[3],
            proverID: digests[4], contribution: digests[5],
            feeSum: Amount(units: 0x0123_4567_89AB_CDEF), ownKey: digests[6])
    }

    @Test func `what a verified root proof states is known after a restart, to the last bit`()
        throws
    {
        let statement = try statement()
        let verdicts = LedgerVerdicts(reveals: [:], rootProofs: [id: .valid(statement)])
        do {
            let book = try open()
            #expect(try book.known([judgement(slot: 3)]).isEmpty)
            try book.record(verdicts, on: [judgement(slot: 3)])
            try book.record(verdicts, on: [judgement(slot: 3)])
        }
        let book = try open()
        #expect(try book.known([judgement(slot: 3)]) == [id: statement])
        #expect(try book.known([judgement(slot: 4)]).isEmpty, "for another block")
    }

    @Test func `a proof that was found wrong is found wrong again`() throws {
        let book = try open()
        let verdicts = LedgerVerdicts(reveals: [:], rootProofs: [id: .invalid("altered")])
        try book.record(verdicts, on: [judgement(slot: 3)])
        #expect(try book.known([judgement(slot: 3)]).isEmpty)
    }
}
