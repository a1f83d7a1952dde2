package import Cryptography
package import Ledger
internal import Messages
package import Payments
package import Primitives

/// A network, checked: the rules and the genesis that every node folds, and where to find it.
package struct NetworkDescription: Sendable {
    package let name: String
    package let networkID: NetworkID
    package let rules: LedgerRules
    package let genesis: Genesis
    package let rollup: RollupParameters
    package let rollupGenesis: RollupState
    package let proofs: ProofRules
    package let settlementURL: String
    package let tickMilliseconds: UInt64
    package let bootstrap: [String]
    /// Nil where nobody gives money away.
    package let faucetURL: String?
    /// Over every rule and the genesis, without addresses: what peers compare.
    package let policyHash: Digest

    package init(document: NetworkDocument) throws(NetworkFileError) {
        guard document.format == NetworkDocument.format else {
            throw .format(expected: NetworkDocument.format, found: document.format)
        }
        let nonce = try Reading.bytes(document.genesisNonce, count: 32, field: "genesisNonce")
        let networkID = NetworkID(genesisNonce: nonce)
        let rollup = try document.rollupParameters(networkID: networkID)
        try Self.checkBodySize(rollup)
        let state = try document.rollupGenesis(rollup)
        let proofs = try ProofRules(document.proofs)
        let rules = try document.ledgerRules(networkID: networkID, proofs: proofs)
        let genesis = try document.ledgerGenesis(rollupGenesis: state)
        try document.checkAddresses()
        try document.checkName()
        name = document.name
        self.networkID = networkID
        self.rules = rules
        self.genesis = genesis
        self.rollup = rollup
        self.proofs = proofs
        rollupGenesis = state
        settlementURL = document.settlement.url
        tickMilliseconds = document.settlement.tickMilliseconds
        bootstrap = document.bootstrap
        faucetURL = document.faucet
        do {
            policyHash = try LedgerState(genesis: genesis, rules: rules).policyHash
        } catch {
            throw .contradiction(RuleWords.text(error))
        }
    }
}

extension NetworkDescription {
    /// A full block's body must fit its message, or its leader could not reveal it.
    private static func checkBodySize(_ rollup: RollupParameters) throws(NetworkFileError) {
        // Digests with their tags; the numbers of a payment take less than 320 bytes.
        let digestCount = OneTimeSignature.signatureLength + rollup.keyTreeHeight
        let paymentByteCount = 34 * digestCount + 320
        let limit = MessagesParameters.maximumBlockBodyByteCount
        guard rollup.maximumPaymentCount <= limit / paymentByteCount else {
            throw .contradiction(
                "a block of \(rollup.maximumPaymentCount) payments (leafCapacity · maxLeaves) has "
                    + "more than \(limit) bytes; \(limit / paymentByteCount) payments fit")
        }
    }
}

/// Checked values out of written ones.
enum Reading {
    static func bytes(
        _ hex: String, count: Int, field: String
    ) throws(NetworkFileError) -> [UInt8] {
        guard let bytes = [UInt8](hex: hex), bytes.count == count else {
            throw .value(
                field: field, expected: "\(count) bytes in hexadecimal", found: hex)
        }
        return bytes
    }

    static func key<Key: Bytes32Representable>(
        _ hex: String, as type: Key.Type, field: String
    ) throws(NetworkFileError) -> Key {
        guard let key = Key(hex: hex) else {
            throw .value(field: field, expected: "32 bytes in hexadecimal", found: hex)
        }
        return key
    }

    static func basisPoints(
        _ value: UInt64, field: String
    ) throws(NetworkFileError) -> BasisPoints {
        guard let points = BasisPoints(value) else {
            throw .value(field: field, expected: "0...10000", found: String(value))
        }
        return points
    }

    static func choice<Choice: RawRepresentable<String>>(
        _ written: String, of choices: [Choice], field: String
    ) throws(NetworkFileError) -> Choice {
        guard let choice = Choice(rawValue: written) else {
            throw .value(
                field: field, expected: choices.map(\.rawValue).joined(separator: " or "),
                found: written)
        }
        return choice
    }
}
