internal import Cryptography
internal import FoundationEssentials
internal import Primitives

extension LogHeader: WireConvertible {
    init(wire: Grove_V1_LogHeader) throws(DecodingError) {
        self.init(
            height: Height(wire.height), timeMilliseconds: wire.timeMilliseconds,
            previousHash: try WireField.bytes32(wire.previousHash, "previous_hash"),
            transactionsHash: try WireField.bytes32(wire.transactionsHash, "transactions_hash"))
    }

    var wire: Grove_V1_LogHeader {
        var wire = Grove_V1_LogHeader()
        wire.height = height.number
        wire.timeMilliseconds = timeMilliseconds
        wire.previousHash = Data(previousHash.bytes)
        wire.transactionsHash = Data(transactionsHash.bytes)
        return wire
    }
}

extension SignedLogHeader: WireConvertible {
    init(wire: Grove_V1_SignedLogHeader) throws(DecodingError) {
        guard wire.hasHeader else { throw .missing(field: "header") }
        self.init(
            header: try LogHeader(wire: wire.header),
            signature: try WireField.signature(wire.signature, "signature"))
    }

    var wire: Grove_V1_SignedLogHeader {
        var wire = Grove_V1_SignedLogHeader()
        wire.header = header.wire
        wire.signature = Data(signature.bytes)
        return wire
    }
}

extension LogBlock: WireConvertible {
    init(wire: Grove_V1_LogBlock) throws(DecodingError) {
        guard wire.hasHeader else { throw .missing(field: "header") }
        var transactions: [LedgerTransaction] = []
        transactions.reserveCapacity(wire.transactions.count)
        for transaction in wire.transactions {
            transactions.append(try LedgerTransaction(wire: transaction))
        }
        self.init(header: try SignedLogHeader(wire: wire.header), transactions: transactions)
    }

    var wire: Grove_V1_LogBlock {
        var wire = Grove_V1_LogBlock()
        wire.header = header.wire
        wire.transactions = transactions.map(\.wire)
        return wire
    }
}

extension Receipt: WireConvertible {
    init(wire: Grove_V1_Receipt) throws(DecodingError) {
        self.init(
            transactionID: try WireField.bytes32(wire.transactionID, "transaction_id"),
            lastInclusionHeight: Height(wire.lastInclusionHeight),
            signature: try WireField.signature(wire.signature, "signature"))
    }

    var wire: Grove_V1_Receipt {
        var wire = Grove_V1_Receipt()
        wire.transactionID = Data(transactionID.bytes)
        wire.lastInclusionHeight = lastInclusionHeight.number
        wire.signature = Data(signature.bytes)
        return wire
    }
}

extension LedgerRootStatement: WireConvertible {
    init(wire: Grove_V1_LedgerRootStatement) throws(DecodingError) {
        self.init(
            height: Height(wire.height),
            ledgerRoot: try WireField.bytes32(wire.ledgerRoot, "ledger_root"))
    }

    var wire: Grove_V1_LedgerRootStatement {
        var wire = Grove_V1_LedgerRootStatement()
        wire.height = height.number
        wire.ledgerRoot = Data(ledgerRoot.bytes)
        return wire
    }
}
