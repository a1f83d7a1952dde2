internal import Cryptography
internal import Primitives

extension LedgerState {
    mutating func fold(_ block: LogBlock, into fold: inout Fold) throws(LedgerHalt) {
        try checkChain(block)
        for transaction in Self.inNonceOrder(block.transactions) {
            try process(transaction, in: &fold)
            try treasury.checkTotal()
        }
        try endHeight(in: &fold)
        try payExits(in: &fold)
        nextHeight = nextHeight.advanced(by: 1)
        previousHash = block.header.header.hash(networkID: rules.networkID)
        if slot == nil, nextHeight >= rules.firstSlotHeight {
            let opened = openSlot()
            fold.report(
                .slotOpened(opened.slot, at: opened.openingHeight, beacon: opened.beacon))
        }
        try treasury.checkSupply()
    }

    /// The authority's signature is checked where the block comes in.
    private func checkChain(_ block: LogBlock) throws(LedgerHalt) {
        let header = block.header.header
        guard header.height == nextHeight else {
            throw .height(expected: nextHeight, found: header.height)
        }
        guard header.previousHash == previousHash else {
            throw .previousHash(expected: previousHash, found: header.previousHash)
        }
        let hash = LogHeader.transactionsHash(of: block.transactions)
        guard header.transactionsHash == hash else {
            throw .transactionsHash(expected: hash, found: header.transactionsHash)
        }
    }

    /// One key's transactions keep the places that they have together, but in nonce order.
    static func inNonceOrder(_ transactions: [LedgerTransaction]) -> [LedgerTransaction] {
        let log = Array(transactions.indices)
        let places = log.sorted { (transactions[$0].key, $0) < (transactions[$1].key, $1) }
        let ranked = log.sorted {
            (transactions[$0].key, transactions[$0].nonce, $0)
                < (transactions[$1].key, transactions[$1].nonce, $1)
        }
        var ordered = transactions
        for (place, origin) in zip(places, ranked) { ordered[place] = transactions[origin] }
        return ordered
    }

    private mutating func process(
        _ transaction: LedgerTransaction, in fold: inout Fold
    ) throws(LedgerHalt) {
        let id = transaction.id
        do throws(Drop) {
            try useNonce(of: transaction)
            try checkFee(of: transaction)
        } catch {
            fold.report(
                .dropped(transactionID: id, key: transaction.key, kind: transaction.kind, error))
            return
        }
        try treasury.burn(rules.fees.fee(for: transaction.kind), from: .account(transaction.key))
        if let refusal = try perform(transaction, id: id, in: &fold) {
            fold.report(
                .refused(
                    transactionID: id, key: transaction.key, kind: transaction.kind, refusal))
        }
    }

    /// From here on the same transaction, and any of its key with a lower nonce, does nothing. A key
    /// without an account leaves nothing behind, or free keys would fill the memory. The signature
    /// comes last: it is what costs.
    private mutating func useNonce(of transaction: LedgerTransaction) throws(Drop) {
        guard transaction.networkID == rules.networkID else {
            throw .wrongNetwork(transaction.networkID)
        }
        guard treasury.exists(.account(transaction.key)) else { throw .unknownKey }
        let last = nonce(of: transaction.key)
        guard transaction.nonce > last else {
            throw .nonce(last: last, found: transaction.nonce)
        }
        guard
            Ed25519.verify(
                transaction.signature, message: transaction.signedBytes, key: transaction.key)
        else { throw .signature }
        nonces[transaction.key] = transaction.nonce
    }

    private func checkFee(of transaction: LedgerTransaction) throws(Drop) {
        let fee = rules.fees.fee(for: transaction.kind)
        let held = balance(of: transaction.key)
        guard held >= fee else { throw .feeUnpaid(fee: fee, held: held) }
    }

    /// Checks everything, then acts.
    ///
    /// - Returns: why nothing was done; nil where the body took effect.
    private mutating func perform(
        _ transaction: LedgerTransaction, id: Digest, in fold: inout Fold
    ) throws(LedgerHalt) -> Refusal? {
        let key = transaction.key
        switch (transaction.kind, transaction.body) {
        case (.transfer, .transfer(let transfer)):
            return try perform(transfer, by: key, transactionID: id, in: &fold)
        case (.register, .register(let registration)):
            return try perform(registration, by: key, in: &fold)
        case (.intents, .intents(let batch)):
            return record(batch, in: &fold)
        case (.fernetCommit, .fernetCommit(let commit)):
            return seal(commit, by: key, in: &fold)
        case (.fernetProposal, .fernetProposal(let proposal)):
            let seal = FernetProposal.sealingHash(
                networkID: rules.networkID, key: key, bodyBytes: transaction.bodyBytes)
            return open(proposal, sealedAs: seal, by: key, in: &fold)
        case (.blockReveal, .blockReveal(let reveal)):
            return try accept(reveal, by: key, transactionID: id, in: &fold)
        case (.election, .election(let election)):
            return try accept(election, by: key, in: &fold)
        case (.proofCommitment, .proofCommitment(let commitment)):
            return record(commitment, by: key, in: &fold)
        case (.rootProof, .rootProof(let rootProof)):
            return try accept(rootProof, by: key, transactionID: id, in: &fold)
        case (.evidence, .evidence(let evidence)):
            return try accept(evidence, by: key, in: &fold)
        case (.exit, .exit(let exit)):
            return perform(exit, by: key, in: &fold)
        default:
            return .undecodableBody
        }
    }
}
