import Cryptography
import Foundation
import GRDB
import Ledger
import Messages
import Primitives
import ProverElection
import Sequencing
import SettlementLog
import TestSupport
import VRF

/// A signing key with holders.
final class Signer: Sendable {
    private let key: SigningKey
    private let seed: [UInt8]

    init(_ name: String) throws {
        seed = taggedHash("test-signer", .text(name)).bytes
        key = try SigningKey(seed: SecretBytes(copying: seed))
    }

    var operatorKey: OperatorKey { OperatorKey(key.publicKey) }
    func sign(_ bytes: [UInt8]) -> Signature { key.sign(bytes) }
    func copyKey() throws -> SigningKey { try SigningKey(seed: SecretBytes(copying: seed)) }
}

/// A network with one settlement authority and a folder that goes with the fixture.
final class LogFixture: Sendable {
    /// What each account of the genesis holds, and what every kind costs that is not free.
    static let balance = Amount(units: 1_000_000)
    static let fee = Amount(units: 10)
    /// Of the genesis, beside the sequencer; anybody else is a stranger.
    static let accountNames = ["alice", "authority", "bob"] + (0..<6).map { "writer-\($0)" }
    static let sequencerName = "sequencer"

    let networkID = NetworkID(genesisNonce: [7])
    let authority: Signer
    let folder: URL
    let genesis: Genesis
    let rules: LedgerRules
    let policyHash: Digest

    init() throws {
        rules = try Self.rules(networkID: networkID)
        genesis = try Self.genesis()
        policyHash = try LedgerState(genesis: genesis, rules: rules).policyHash
        authority = try Signer("authority")
        folder = ScratchDirectory.root
            .appending(path: "grove-log-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var path: String { folder.appending(path: "log.sqlite").path() }

    var parameters: SettlementLogParameters {
        SettlementLogParameters(
            networkID: networkID, policyHash: policyHash, tick: .milliseconds(100))
    }

    /// On the closed database, past everything that a log would do.
    func execute(_ statement: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: statement) }
        try queue.close()
    }

    func open(
        at path: String? = nil, as parameters: SettlementLogParameters? = nil,
        signing signer: Signer? = nil
    ) throws -> EmbeddedLog {
        try EmbeddedLog(
            path: path ?? self.path, parameters: parameters ?? self.parameters,
            key: try (signer ?? authority).copyKey(),
            ledger: try LedgerState(genesis: genesis, rules: rules), judge: NothingToJudge())
    }

    /// Any kind with any body.
    func transaction(
        _ signer: Signer, nonce: UInt64, _ kind: TransactionKind, bodyBytes: [UInt8]
    ) -> LedgerTransaction {
        let key = signer.operatorKey
        return LedgerTransaction(
            networkID: networkID, key: key, nonce: nonce, kind: kind, bodyBytes: bodyBytes,
            signature: signer.sign(
                LedgerTransaction.signedBytes(
                    networkID: networkID, key: key, nonce: nonce, kind: kind,
                    bodyBytes: bodyBytes)),
            body: try? MessageCodec.decodeBody(kind, from: bodyBytes))
    }

    func transaction(
        _ signer: Signer, nonce: UInt64, units: UInt64 = 1, networkID: NetworkID? = nil
    ) -> LedgerTransaction {
        MessageCodec.transaction(
            .transfer(
                Transfer(recipient: authority.operatorKey, amount: Amount(units: units))),
            networkID: networkID ?? self.networkID, key: signer.operatorKey, nonce: nonce,
            sign: signer.sign)
    }

    func isValid(_ receipt: Receipt) -> Bool {
        Ed25519.verify(
            receipt.signature,
            message: Receipt.signedBytes(
                networkID: networkID, transactionID: receipt.transactionID,
                lastInclusionHeight: receipt.lastInclusionHeight),
            key: authority.operatorKey)
    }

    /// Every block of the log, checked from the policy hash on.
    func blocks(of log: EmbeddedLog) async throws -> [LogBlock] {
        var verifier = verifier
        var blocks: [LogBlock] = []
        while true {
            let page = try await log.encodedBlocks(from: verifier.nextHeight, limit: 256)
            if page.isEmpty { return blocks }
            for bytes in page {
                let block = try MessageCodec.decodeLogBlock(bytes)
                try verifier.accept(block)
                blocks.append(block)
            }
        }
    }

    var verifier: LogChainVerifier {
        LogChainVerifier(
            networkID: networkID, authority: authority.operatorKey, nextHeight: Height(0),
            previousHash: policyHash)
    }
}

extension EmbeddedLog {
    func submit(_ transaction: LedgerTransaction) async throws -> Receipt {
        try await submit(transaction, byteCount: MessageCodec.encode(transaction).count)
    }

    /// Lets other tasks run until as many transactions are held.
    func waitForHeld(_ count: Int) async throws {
        try await until { status.heldCount == count }
    }
}

/// For logs without reveals and proofs.
private struct NothingToJudge: LedgerJudge {
    struct Asked: Error {}

    func judge(_ judgements: [Judgement]) async throws -> LedgerVerdicts { throw Asked() }
    func follow(_ events: [LedgerEvent]) async throws {}
}

// MARK: - The ledger

extension LogFixture {
    private static func genesis() throws -> Genesis {
        let sequencer = try Signer(sequencerName).operatorKey
        let vrf = try VRFSecretKey(seed: SecretBytes(copying: [UInt8](repeating: 3, count: 32)))
        let stake = Amount(units: 1_000)
        let keys = try (accountNames + [sequencerName]).map { try Signer($0).operatorKey }
        return Genesis(
            accounts: keys.sorted().map { Genesis.Account(key: $0, balance: balance) },
            // Without an offer of a prover no slot goes on.
            registrants: [Role.sequencer, .prover].map {
                Genesis.Registrant(
                    role: $0, key: sequencer, vrfKey: vrf.publicKey, stake: stake)
            },
            offers: [
                Genesis.Offer(
                    key: sequencer,
                    intent: Intent(
                        sequence: 1, firstSlot: Slot(0), lastSlot: Slot(.max), capacity: 64,
                        minFeePerUnit: .zero))
            ], beacon: Beacon(Bytes32(words: 1, 2, 3, 4)),
            rollupBlockID: BlockID(.zero), rollupStateRoot: .zero,
            rollupSupply: Amount(units: 1_000),
            settlementAuthority: try Signer("authority").operatorKey)
    }

    /// Slot 0 opens at height 1.
    private static func rules(networkID: NetworkID) throws -> LedgerRules {
        let minimum = Amount(units: 1_000)
        return try LedgerRules(
            networkID: networkID,
            sequencing: FernetSequencing(
                parameters: FernetParameters(
                    proposeTicks: 2, openTicks: 2, revealTicks: 2, provingTicks: 40),
                scoreRule: .literal),
            assignment: TreeAssignmentRule(
                election: TreeElectionParameters(weighting: .uniform),
                ladder: LadderParameters(
                    leafTicks: 4, mergeTicks: 2, stepTicks: 2, provingTicks: 40,
                    maximumLeafCount: 8)),
            reward: UnitReward(leafWeight: 1, mergeWeight: 1, forfeit: .burn)!,
            penalties: PenaltyTable(
                equivocation: BasisPoints(1_000)!, noReveal: BasisPoints(100)!,
                reporterShare: BasisPoints(500)!),
            fees: FeeSchedule(
                transfer: fee, register: fee, intents: fee, proofCommitment: fee, rootProof: fee,
                evidence: fee, exit: fee, account: fee),
            stakes: StakeRules(
                sequencerMinimum: minimum, builderMinimum: minimum, proverMinimum: minimum,
                ejection: BasisPoints(5_000)!, exitDelayTicks: 100),
            firstSlotHeight: Height(1), lag: 2, blockReward: Amount(units: 128), leafCapacity: 2,
            maximumLeaves: 8, evidenceExpiryTicks: 100, otherRules: .zero)
    }
}
