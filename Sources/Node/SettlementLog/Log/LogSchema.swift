import Cryptography
import Foundation
import GRDB
import Messages
import Primitives

/// The tables of the log and every statement on them.
enum LogSchema {
    static func create(in database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE IF NOT EXISTS identity (
                    networkID BLOB NOT NULL, policyHash BLOB NOT NULL, authority BLOB NOT NULL
                );
                CREATE TABLE IF NOT EXISTS block (
                    height INTEGER PRIMARY KEY, transactionCount INTEGER NOT NULL,
                    bytes BLOB NOT NULL
                );
                CREATE TABLE IF NOT EXISTS included (
                    id BLOB PRIMARY KEY, key BLOB NOT NULL, nonce INTEGER NOT NULL,
                    height INTEGER NOT NULL, lastInclusionHeight INTEGER NOT NULL
                ) WITHOUT ROWID;
                DROP INDEX IF EXISTS includedNonce;
                CREATE TABLE IF NOT EXISTS pending (
                    sequence INTEGER PRIMARY KEY AUTOINCREMENT, id BLOB NOT NULL UNIQUE,
                    lastInclusionHeight INTEGER NOT NULL, bytes BLOB NOT NULL
                );
                """)
    }

    static func insert(pending entry: PendingTransaction, into database: Database) throws {
        try database.execute(
            sql: "INSERT INTO pending (id, lastInclusionHeight, bytes) VALUES (?, ?, ?)",
            arguments: [
                Data(entry.id.bytes), Int64(entry.lastInclusionHeight.number),
                Data(MessageCodec.encode(entry.transaction)),
            ])
    }

    static func insert(_ new: LogStore.NewBlock, into database: Database) throws {
        let height = Int64(new.block.height.number)
        try database.execute(
            sql: "INSERT INTO block (height, transactionCount, bytes) VALUES (?, ?, ?)",
            arguments: [height, new.entries.count, Data(MessageCodec.encode(new.block))])
        for entry in new.entries {
            let id = Data(entry.id.bytes)
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO included (id, key, nonce, height, lastInclusionHeight)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    id, Data(entry.transaction.key.bytes), Int64(entry.transaction.nonce), height,
                    Int64(entry.lastInclusionHeight.number),
                ])
            try database.execute(sql: "DELETE FROM pending WHERE id = ?", arguments: [id])
        }
    }

    /// The last block's header, where it is the authority's and as many blocks before it as
    /// `checkedBlocksAtStart` lead to it.
    static func tip(
        in database: Database, networkID: NetworkID, authority: OperatorKey
    ) throws -> LogHeader? {
        let rows = try Row.fetchCursor(
            database, sql: "SELECT bytes FROM block ORDER BY height DESC LIMIT ?",
            arguments: [SettlementLogLimits.checkedBlocksAtStart])
        var tip: SignedLogHeader?
        var next: LogHeader?
        while let row = try rows.next() {
            let header = try checkedHeader(bytes(row, "bytes"))
            tip = tip ?? header
            if let next {
                guard next.height == header.header.height.advanced(by: 1),
                    next.previousHash == header.header.hash(networkID: networkID)
                else {
                    throw SettlementLogError.corrupt(
                        "block \(next.height) does not follow block \(header.header.height)")
                }
            }
            next = header.header
        }
        guard let tip else { return nil }
        let signedBytes = tip.header.signedBytes(networkID: networkID)
        guard Ed25519.verify(tip.signature, message: signedBytes, key: authority) else {
            throw SettlementLogError.corrupt(
                "the last block, \(tip.header.height), is not signed by the authority")
        }
        let count = try Int64.fetchOne(database, sql: "SELECT COUNT(*) FROM block") ?? 0
        guard count == Int64(exactly: tip.header.height.advanced(by: 1).number) else {
            throw SettlementLogError.corrupt("\(count) blocks below height \(tip.header.height)")
        }
        return tip.header
    }

    private static func checkedHeader(_ bytes: [UInt8]) throws -> SignedLogHeader {
        let block: LogBlock
        do {
            block = try MessageCodec.decodeLogBlock(bytes)
        } catch {
            throw SettlementLogError.corrupt("a block does not decode: \(error)")
        }
        let header = block.header.header
        guard header.transactionsHash == LogHeader.transactionsHash(of: block.transactions) else {
            throw SettlementLogError.corrupt("block \(header.height) holds other transactions")
        }
        return block.header
    }

    static func pending(in database: Database) throws -> [PendingTransaction] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT id, lastInclusionHeight, bytes FROM pending ORDER BY sequence
                """)
        return try rows.map { row in
            let bytes = try bytes(row, "bytes")
            let transaction: LedgerTransaction
            do {
                transaction = try MessageCodec.decodeTransaction(bytes)
            } catch {
                throw SettlementLogError.corrupt("a pending transaction: \(error)")
            }
            return PendingTransaction(
                transaction: transaction, id: try value(row, "id"), byteCount: bytes.count,
                lastInclusionHeight: Height(try natural(row, "lastInclusionHeight")))
        }
    }

    static func lastInclusionHeight(
        ofIncluded id: Digest, in database: Database
    ) throws -> Height? {
        try Row.fetchOne(
            database, sql: "SELECT lastInclusionHeight FROM included WHERE id = ?",
            arguments: [Data(id.bytes)]
        ).map { Height(try natural($0, "lastInclusionHeight")) }
    }

    /// Within the limits of one response; at least one block where there is one.
    static func blocks(
        from height: Height, limit: Int, in database: Database
    ) throws -> [[UInt8]] {
        guard let first = Int64(exactly: height.number) else { return [] }
        let count = min(max(limit, 1), MessagesParameters.maximumLogBlocksPerResponse)
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT transactionCount, bytes FROM block WHERE height >= ? ORDER BY height",
            arguments: [first])
        var blocks: [[UInt8]] = []
        var byteCount = 0
        var transactionCount = 0
        while blocks.count < count, let row = try rows.next() {
            let bytes = try bytes(row, "bytes")
            byteCount += bytes.count + SettlementLogLimits.transactionFramingByteCount
            // Of a damaged row: one that fits no response with others.
            transactionCount += Int(clamping: min(try natural(row, "transactionCount"), 1 << 32))
            let fits =
                byteCount <= SettlementLogLimits.maximumPageByteCount
                && transactionCount <= MessagesParameters.maximumTransactionsPerLogBlock
            guard fits || blocks.isEmpty else { break }
            blocks.append(bytes)
        }
        return blocks
    }

    // MARK: Columns of a database that may be damaged, whatever SQLite says it holds

    /// A column of thirty-two bytes.
    static func value<Value: Bytes32Representable>(_ row: Row, _ column: String) throws -> Value {
        guard let value = Value(bytes: try bytes(row, column)) else {
            throw SettlementLogError.corrupt("\(column) is not 32 bytes")
        }
        return value
    }

    /// An integer that is not negative and leaves room above it.
    private static func natural(_ row: Row, _ column: String) throws -> UInt64 {
        guard let number = try? row.decode(Int64.self, forColumn: column), number >= 0,
            number < Int64.max / 2
        else { throw SettlementLogError.corrupt("\(column) is no number that a log writes") }
        return UInt64(number)
    }

    private static func bytes(_ row: Row, _ column: String) throws -> [UInt8] {
        guard let data = try? row.decode(Data.self, forColumn: column) else {
            throw SettlementLogError.corrupt("\(column) holds no bytes")
        }
        return [UInt8](data)
    }
}
