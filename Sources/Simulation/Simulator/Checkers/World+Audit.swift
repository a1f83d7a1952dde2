package import Audit
internal import Cryptography
internal import Ledger
internal import Messages
internal import NodeCore
package import Primitives

/// The log and everything that nodes have on disk, checked by the same audit as a real network's.
extension World {
    package mutating func audit() -> AuditReport {
        var audit = audit(of: logBlocks)
        for (index, node) in nodes.enumerated() {
            let name = "node \(index)"
            audit.noteNode(node.machine.identity.networkID, in: name)
            for (duty, envelope) in node.disk.statements {
                audit.note(envelope, in: name, duty: duty.name)
            }
            for (duty, transaction) in node.disk.transactions {
                audit.note(transaction, in: name, duty: duty.name)
            }
        }
        return audit.report()
    }

    package var logBlocks: [LogBlock] { log.blocks }

    /// Of `blocks` alone, as far as they can be folded.
    package mutating func audit(of blocks: [LogBlock]) -> LogAudit {
        var audit = LogAudit(
            ledger: founding.ledger, rollup: founding.rollup,
            authority: founding.authority.publicKey)
        for block in blocks {
            let judgements = audit.judgements(neededFor: block)
            guard audit.add(block, judge(judgements, audit.rollup)) else { break }
        }
        return audit
    }

    /// What node `index` would sign if it lied.
    package func envelope(_ message: GossipMessage, signedBy index: Int) -> GossipEnvelope {
        let node = nodes[index]
        return MessageCodec.envelope(
            message, networkID: node.machine.identity.networkID, key: node.key,
            sign: node.signer.sign)
    }
}
