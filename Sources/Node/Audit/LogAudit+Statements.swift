internal import Cryptography
internal import Ledger
internal import Messages
package import Primitives

/// From signed messages to duties: what one key may say once, whichever way it says it. What is
/// free to differ (a VRF proof's π, a nonce, a server's name) is left out.
extension LogAudit {
    /// What a node wrote down before it sent it.
    package mutating func note(_ envelope: GossipEnvelope, in directory: String, duty: String) {
        let place = AuditPlace.node(directory, duty: duty)
        guard envelope.networkID == networkID,
            Ed25519.verify(
                envelope.signature, message: envelope.signedBytes, key: envelope.key)
        else { return findings.add(.badSignature(key: envelope.key, place)) }
        guard let message = try? MessageCodec.decodeGossipMessage(of: envelope) else {
            return findings.add(.undecodable(place))
        }
        note(message, by: envelope.key, at: place)
    }

    package mutating func note(
        _ transaction: LedgerTransaction, in directory: String, duty: String
    ) {
        let place = AuditPlace.node(directory, duty: duty)
        guard transaction.networkID == networkID,
            Ed25519.verify(
                transaction.signature, message: transaction.signedBytes, key: transaction.key)
        else { return findings.add(.badSignature(key: transaction.key, place)) }
        note(transaction, signedAt: place)
    }

    package mutating func noteUndecodable(in directory: String, duty: String) {
        findings.add(.undecodable(.node(directory, duty: duty)))
    }

    /// A log block as a node has kept it. Heights that this audit has not folded say nothing.
    package mutating func noteBlock(_ header: LogHeader, in directory: String) {
        guard let expected = blockHash(at: header.height) else { return }
        counts.nodeBlocks += 1
        if header.hash(networkID: networkID) != expected {
            findings.add(.otherLogBlock(header.height, directory: directory))
        }
    }

    package mutating func noteNode(_ networkID: NetworkID?, in directory: String) {
        counts.nodes += 1
        if networkID != self.networkID { findings.add(.otherNetwork(directory: directory)) }
    }

    /// The signature is checked.
    mutating func note(_ transaction: LedgerTransaction, signedAt place: AuditPlace) {
        let key = transaction.key
        switch transaction.body {
        case .fernetCommit(let commit):
            say(commit.proposalHash, for: "seal of slot \(commit.slot)", by: key, at: place)
        case .fernetProposal(let proposal):
            let seal = FernetProposal.sealingHash(
                networkID: networkID, key: key, bodyBytes: transaction.bodyBytes)
            say(seal, for: "seal of slot \(proposal.slot)", by: key, at: place)
            note(.proposal(proposal), by: key, at: place)
        case .blockReveal(let reveal):
            note(.blockHeader(reveal.header), by: key, at: place)
        case .election(let election):
            note(.election(election), by: key, at: place)
        case .proofCommitment(let commitment):
            note(.proofCommitment(commitment), by: key, at: place)
        case .intents(let batch):
            for signed in batch { note(.intent(signed.intent), by: signed.envelope.key, at: place) }
        default:
            break
        }
    }

    private mutating func note(
        _ message: GossipMessage, by key: OperatorKey, at place: AuditPlace
    ) {
        switch message {
        case .proposal(let proposal):
            let content = taggedHash(
                "audit-proposal", .bytes(proposal.parent.bytes), .key(proposal.blockCommitment),
                .integer(UInt64(proposal.feeShare.value)))
            say(content, for: "proposal of slot \(proposal.slot)", by: key, at: place)
        case .blockHeader(let header):
            say(header.commitment, for: "block of slot \(header.slot)", by: key, at: place)
        case .election(let election):
            let content = taggedHash("audit-election", .bytes(election.blockID.bytes))
            say(content, for: "election of slot \(election.slot)", by: key, at: place)
        case .intent(let intent):
            let content = taggedHash(
                "audit-intent", .integer(intent.firstSlot.number), .integer(intent.lastSlot.number),
                .integer(intent.capacity), .integer(intent.minFeePerUnit.units))
            say(content, for: "intent \(intent.sequence)", by: key, at: place)
        case .proofCommitment(let commitment):
            prove(commitment.commitment, commitment.slot, commitment.range, by: key, at: place)
        case .proofAnnouncement(let announcement):
            let commitment = ProofCommitment.commitment(
                proofHash: announcement.proofHash, prover: key)
            prove(commitment, announcement.slot, announcement.range, by: key, at: place)
        case .ledgerRoot(let statement):
            compare(statement, by: key, at: place)
        case .payment, .evidence, .logHeader:
            break
        }
    }

    private mutating func compare(
        _ statement: LedgerRootStatement, by key: OperatorKey, at place: AuditPlace
    ) {
        let duty = "ledger root at height \(statement.height)"
        say(statement.ledgerRoot, for: duty, by: key, at: place)
        guard let expected = root(at: statement.height) else { return }
        counts.signedRoots += 1
        guard expected != statement.ledgerRoot else { return }
        findings.add(
            .otherLedgerRoot(
                key: key, statement.height, expected: expected, found: statement.ledgerRoot, place))
    }

    private mutating func say(
        _ content: Digest, for duty: String, by key: OperatorKey, at place: AuditPlace
    ) {
        if let before = book.note(content, for: duty, by: key, at: place) {
            findings.add(.contradiction(key: key, duty: duty, before, place))
        }
    }

    private mutating func prove(
        _ commitment: Digest, _ slot: Slot, _ range: LeafRange, by key: OperatorKey,
        at place: AuditPlace
    ) {
        let duty = "the proof of leaves \(range) of slot \(slot)"
        if let before = book.note(commitment, for: duty, by: key, at: place) {
            findings.add(.provenTwice(key: key, duty: duty, before, place))
        }
    }
}
