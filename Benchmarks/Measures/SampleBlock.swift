internal import Cryptography
package import IOP
package import Payments
package import Primitives

/// A block of two leaves under a network's usual parameters, to prove and throw away.
package struct SampleBlock: Sendable {
    package let block: ExecutedBlock
    package let header: BlockHeader
    package let networkID: NetworkID
    package let prover: OperatorKey
    package let parameters: RollupParameters

    /// Usual ones: as many payments a leaf as the profile's rows have room for.
    package static func parameters(_ profile: ProofProfile) throws -> RollupParameters {
        try RollupParameters(
            networkID: NetworkID(genesisNonce: [0]), accountTreeDepth: 24, keyTreeHeight: 10,
            leafCapacity: profile.degreeBits < 14 ? 25 : 50, maximumLeafCount: 16)
    }

    /// A leaf that has only one payment takes as long as a full one: its rows are all there.
    package init(_ parameters: RollupParameters) throws {
        self.parameters = parameters
        networkID = parameters.networkID
        prover = OperatorKey(
            try SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 1, count: 32))).publicKey)
        var wallet = try Wallet(
            seed: Bytes32(words: 1, 1, 1, 1), keyState: WalletKeyState(newAccount: 0),
            parameters: parameters)
        let state = try RollupState(
            accounts: [
                Account(openedBy: wallet.authenticationKey, balance: Amount(units: 1_000_000))
            ], parameters: parameters)
        let payments = try (0...parameters.leafCapacity).map { index in
            try wallet.sign(
                PaymentOrder(
                    recipient: 0, recipientKey: nil, amount: Amount(units: 5),
                    fee: Amount(units: 1), nonce: UInt64(index)))
        }
        block = try BlockExecutor.execute(payments, on: state)
        header = BlockHeader(
            slot: Slot(1), round: 0, parent: BlockID(.zero), stateBefore: state.root,
            stateAfter: block.after.root, paymentRoot: block.paymentRoot,
            leafCount: block.leaves.count, feeSum: block.feeSum, bodyHash: .zero)
    }
}
