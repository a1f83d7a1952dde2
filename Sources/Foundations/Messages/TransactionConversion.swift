internal import Cryptography
internal import FoundationEssentials
internal import Primitives
internal import VRF

extension LedgerTransaction: WireConvertible {
    /// A body that does not decode leaves `body` nil: the transaction is still an entry of the
    /// log and uses its nonce.
    init(wire: Grove_V1_LedgerTransaction) throws(DecodingError) {
        guard let kind = TransactionKind(rawValue: wire.kind) else {
            throw .unknownKind(wire.kind)
        }
        guard wire.body.count <= kind.maximumBodyByteCount else {
            throw .tooLong(
                limitByteCount: kind.maximumBodyByteCount, foundByteCount: wire.body.count)
        }
        let bodyBytes = [UInt8](wire.body)
        self.init(
            networkID: try WireField.bytes32(wire.networkID, "network_id"),
            key: try WireField.bytes32(wire.key, "key"), nonce: wire.nonce, kind: kind,
            bodyBytes: bodyBytes, signature: try WireField.signature(wire.signature, "signature"),
            body: try? MessageCodec.decodeBody(kind, from: bodyBytes))
    }

    var wire: Grove_V1_LedgerTransaction {
        var wire = Grove_V1_LedgerTransaction()
        wire.networkID = Data(networkID.bytes)
        wire.key = Data(key.bytes)
        wire.nonce = nonce
        wire.kind = kind.rawValue
        wire.body = Data(bodyBytes)
        wire.signature = Data(signature.bytes)
        return wire
    }
}

extension Transfer: WireConvertible {
    init(wire: Grove_V1_Transfer) throws(DecodingError) {
        self.init(
            recipient: try WireField.bytes32(wire.recipient, "recipient"),
            amount: Amount(units: wire.amount))
    }

    var wire: Grove_V1_Transfer {
        var wire = Grove_V1_Transfer()
        wire.recipient = Data(recipient.bytes)
        wire.amount = amount.units
        return wire
    }
}

extension Registration: WireConvertible {
    init(wire: Grove_V1_Registration) throws(DecodingError) {
        self.init(
            role: try Role(wire: wire.role), vrfKey: try WireField.bytes32(wire.vrfKey, "vrf_key"),
            stake: Amount(units: wire.stake),
            possession: try WireField.vrfProof(wire.possession, "possession"))
    }

    var wire: Grove_V1_Registration {
        var wire = Grove_V1_Registration()
        wire.role = UInt32(role.rawValue)
        wire.vrfKey = Data(vrfKey.bytes)
        wire.stake = stake.units
        wire.possession = Data(possession.bytes)
        return wire
    }
}

extension Exit: WireConvertible {
    init(wire: Grove_V1_Exit) throws(DecodingError) {
        self.init(role: try Role(wire: wire.role))
    }

    var wire: Grove_V1_Exit {
        var wire = Grove_V1_Exit()
        wire.role = UInt32(role.rawValue)
        return wire
    }
}

extension Role {
    fileprivate init(wire: UInt32) throws(DecodingError) {
        guard let role = UInt8(exactly: wire).flatMap(Role.init(rawValue:)) else {
            throw .outOfRange(
                field: "role", limit: UInt64(Role.prover.rawValue), found: UInt64(wire))
        }
        self = role
    }
}

extension FernetCommit: WireConvertible {
    init(wire: Grove_V1_FernetCommit) throws(DecodingError) {
        self.init(
            slot: Slot(wire.slot),
            proposalHash: try WireField.bytes32(wire.proposalHash, "proposal_hash"))
    }

    var wire: Grove_V1_FernetCommit {
        var wire = Grove_V1_FernetCommit()
        wire.slot = slot.number
        wire.proposalHash = Data(proposalHash.bytes)
        return wire
    }
}

extension FernetProposal: WireConvertible {
    init(wire: Grove_V1_FernetProposal) throws(DecodingError) {
        guard let feeShare = BasisPoints(wire.feeShareBasisPoints) else {
            throw .outOfRange(
                field: "fee_share_basis_points", limit: BasisPoints.whole,
                found: wire.feeShareBasisPoints)
        }
        self.init(
            slot: Slot(wire.slot), parent: try WireField.blockID(wire.parent, "parent"),
            blockCommitment: try WireField.bytes32(wire.blockCommitment, "block_commitment"),
            feeShare: feeShare, vrfProof: try WireField.vrfProof(wire.vrfProof, "vrf_proof"))
    }

    var wire: Grove_V1_FernetProposal {
        var wire = Grove_V1_FernetProposal()
        wire.slot = slot.number
        wire.parent = Data(parent.bytes)
        wire.blockCommitment = Data(blockCommitment.bytes)
        wire.feeShareBasisPoints = feeShare.value
        wire.vrfProof = Data(vrfProof.bytes)
        return wire
    }
}

extension Evidence: WireConvertible {
    init(wire: Grove_V1_Evidence) throws(DecodingError) {
        guard wire.hasFirst else { throw .missing(field: "first") }
        guard wire.hasSecond else { throw .missing(field: "second") }
        // Refused before either body is decoded, so that decoding never goes two levels down.
        let evidence = TransactionKind.evidence.rawValue
        guard wire.first.kind != evidence, wire.second.kind != evidence else {
            throw .nestedEvidence
        }
        self.init(
            first: try LedgerTransaction(wire: wire.first),
            second: try LedgerTransaction(wire: wire.second))
    }

    var wire: Grove_V1_Evidence {
        var wire = Grove_V1_Evidence()
        wire.first = first.wire
        wire.second = second.wire
        return wire
    }
}
