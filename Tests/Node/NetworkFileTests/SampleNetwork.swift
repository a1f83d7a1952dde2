import Cryptography
import Foundation
import NetworkFile

/// A network file that is right in every field, to be made wrong by a test.
enum SampleNetwork {
    static func publicKey(_ number: UInt8) throws -> String {
        let seed = [UInt8](repeating: number, count: 32)
        return try SigningKey(seed: SecretBytes(copying: seed)).publicKey.hex
    }

    /// A verifying key of either profile and 31 public inputs; no circuit has it.
    static func verifyingKey(_ number: UInt8) -> String {
        let digest =
            (number < 16 ? "0" : "") + String(number, radix: 16)
            + String(repeating: "00", count: 31)
        return "1f" + String(repeating: "00", count: 7) + String(repeating: digest, count: 16)
    }

    static func document() throws -> NetworkDocument {
        NetworkDocument(
            format: 2, name: "sample", genesisNonce: String(repeating: "07", count: 32),
            settlement: .init(
                url: "http://127.0.0.1:7000", authority: try publicKey(1), tickMilliseconds: 1_000),
            bootstrap: ["/ip4/127.0.0.1/tcp/4001"],
            rollup: .init(
                accountTreeDepth: 8, keyTreeHeight: 4, leafCapacity: 4,
                maxLeaves: 8,
                accounts: [
                    .init(authenticationKey: String(repeating: "00", count: 32), balance: 1_000)
                ]),
            proofs: .init(
                profile: "fast", rows: 8_192, leafKey: verifyingKey(1),
                mergeKey: verifyingKey(2)),
            slots: .init(firstSlotHeight: 10, lag: 2, evidenceExpiryTicks: 250),
            fernet: .init(
                proposeTicks: 2, openTicks: 2, revealTicks: 3, provingTicks: 90,
                score: "literal", feeShareWeight: 0),
            election: .init(weighting: "uniform", leafTicks: 16, mergeTicks: 6, stepTicks: 4),
            rewards: .init(
                blockReward: 128_000_000_000, leafWeight: 1, mergeWeight: 1, forfeit: "burn"),
            penalties: .init(equivocation: 1_000, noReveal: 100, reporterShare: 500),
            fees: .init(
                transfer: 1, register: 2, intents: 3, proofCommitment: 4, rootProof: 5,
                evidence: 6, exit: 7, account: 8),
            stakes: .init(
                sequencerMinimum: 100, builderMinimum: 100, proverMinimum: 100, ejection: 5_000,
                exitDelayTicks: 300),
            genesis: try genesis())
    }

    private static func genesis() throws -> NetworkDocument.Genesis {
        NetworkDocument.Genesis(
            beacon: String(repeating: "09", count: 32),
            accounts: [
                .init(key: try publicKey(2), balance: 1_000),
                .init(key: try publicKey(3), balance: 1_000),
            ],
            registrants: [
                .init(
                    role: "sequencer", key: try publicKey(2), vrfKey: try publicKey(12),
                    stake: 100),
                .init(
                    role: "prover", key: try publicKey(3), vrfKey: try publicKey(13), stake: 100),
            ],
            offers: [
                .init(
                    key: try publicKey(3), sequence: 1, firstSlot: 0, lastSlot: .max,
                    capacity: 64, minFeePerUnit: 0)
            ])
    }

    static func object() throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: document().encoded())
        return object as? [String: Any] ?? [:]
    }
}
