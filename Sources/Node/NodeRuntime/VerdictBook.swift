package import Cryptography
package import Ledger
package import Payments
internal import Primitives
package import Storage

/// The root proofs that this node has verified itself, on its own disk: folding its log again, it
/// need not verify them again, which is most of what a restart would take.
///
/// A proof is known by its transaction and the block that it was verified for; what it states is
/// kept, and compared by the ledger as ever. What was found invalid is found so again.
package struct VerdictBook: Sendable {
    private let eventLog: EventLog

    package init(eventLog: EventLog) { self.eventLog = eventLog }

    /// By transaction id: what the proofs state that are known.
    package func known(_ judgements: [Judgement]) throws -> [Digest: NodeStatement] {
        var known: [Digest: NodeStatement] = [:]
        for case .rootProof(let id, _, let header) in judgements {
            guard let bytes = try eventLog.record(.state, key: Self.name(id, header)) else {
                continue
            }
            known[id] = NodeStatement(kept: bytes)
        }
        return known
    }

    package func record(_ verdicts: LedgerVerdicts, on judgements: [Judgement]) throws {
        var entries: [LogEntry] = []
        for case .rootProof(let id, _, let header) in judgements {
            guard case .valid(let statement) = verdicts.rootProofs[id] else { continue }
            entries.append(
                .record(.state, key: Self.name(id, header), value: statement.keptBytes))
        }
        if !entries.isEmpty { try eventLog.commit(entries) }
    }

    private static func name(_ id: Digest, _ header: BlockHeader) -> [UInt8] {
        taggedHash("verified-root-proof", .key(id), .key(header.commitment)).bytes
    }
}

/// Seven digests, then first leaf, leaf count and fee sum as eight big-endian bytes each.
extension NodeStatement {
    fileprivate var keptBytes: [UInt8] {
        let digests = [
            blockID.digest, stateBefore, stateAfter, paymentRoot, proverID, contribution, ownKey,
        ]
        let numbers = [UInt64(range.first), UInt64(range.count), feeSum.units]
        return digests.flatMap(\.bytes)
            + numbers.flatMap { number in
                (0..<8).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt64($0))) }
            }
    }

    /// Nil where the bytes are not what `keptBytes` makes.
    fileprivate init?(kept bytes: [UInt8]) {
        guard bytes.count == 7 * 32 + 3 * 8 else { return nil }
        let digests = (0..<7).compactMap { FieldDigest(bytes: bytes[32 * $0..<32 * ($0 + 1)]) }
        let numbers = (0..<3).map { place in
            bytes[(224 + 8 * place)..<(232 + 8 * place)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        }
        guard digests.count == 7, let first = Int(exactly: numbers[0]),
            let count = Int(exactly: numbers[1]),
            let range = LeafRange(first: first, count: count)
        else { return nil }
        self.init(
            blockID: BlockID(digests[0]), range: range, stateBefore: digests[1],
            stateAfter: digests[2], paymentRoot: digests[3], proverID: digests[4],
            contribution: digests[5], feeSum: Amount(units: numbers[2]), ownKey: digests[6])
    }
}
