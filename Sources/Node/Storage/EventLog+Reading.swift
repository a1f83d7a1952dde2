internal import Foundation
internal import GRDB
package import Primitives

/// A record with its place: later ones have higher sequences.
package struct StoredRecord: Hashable, Sendable {
    package let sequence: Int64
    package let key: [UInt8]
    package let value: [UInt8]
}

/// An encoded log block.
package struct StoredLogBlock: Hashable, Sendable {
    package let height: Height
    package let content: [UInt8]
}

extension EventLog {
    package func record(_ kind: RecordKind, key: [UInt8]) throws(StorageError) -> [UInt8]? {
        try read { database in
            try Row.fetchOne(
                database,
                sql: "SELECT value AS content, checksum FROM record WHERE kind = ? AND key = ?",
                arguments: [kind.rawValue, Data(key)]
            ).map { try StoredContent.read($0, "record-\(kind.rawValue)", key) }
        }
    }

    /// Records of `kind` in the order of their writing, those after `sequence`; 0 begins. As many
    /// as `limit` and the limits of a read allow, at least one where there is one.
    package func records(
        of kind: RecordKind, after sequence: Int64, limit: Int
    ) throws(StorageError) -> [StoredRecord] {
        try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT sequence, key, value AS content, checksum FROM record
                    WHERE kind = ? AND sequence > ? ORDER BY sequence LIMIT ?
                    """,
                arguments: [kind.rawValue, sequence, Self.rowLimit(limit)])
            return try Self.page(rows) { row in
                let key = [UInt8](try row.decode(Data.self, forColumn: "key"))
                return StoredRecord(
                    sequence: try row.decode(Int64.self, forColumn: "sequence"), key: key,
                    value: try StoredContent.read(row, "record-\(kind.rawValue)", key))
            } byteCount: {
                $0.value.count
            }
        }
    }

    /// The newest record of `kind`; nil where there is none. Looks from the newest record back.
    package func lastSequence(of kind: RecordKind) throws(StorageError) -> Int64? {
        try read { database in
            try Int64.fetchOne(
                database,
                sql: "SELECT sequence FROM record WHERE kind = ? ORDER BY sequence DESC LIMIT 1",
                arguments: [kind.rawValue])
        }
    }

    /// What was recorded as signed for `duty`.
    package func statement(duty: [UInt8]) throws(StorageError) -> [UInt8]? {
        try read { database in
            try Row.fetchOne(
                database, sql: "SELECT content, checksum FROM statement WHERE duty = ?",
                arguments: [Data(duty)]
            ).map { try StoredContent.read($0, "statement", duty) }
        }
    }

    /// Log blocks from `height` on, in order; as many as `limit` and the limits of a read allow.
    package func logBlocks(
        from height: Height, limit: Int
    ) throws(StorageError) -> [StoredLogBlock] {
        guard let first = Int64(exactly: height.number) else { return [] }
        return try read { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT height, content, checksum FROM log_block
                    WHERE height >= ? ORDER BY height LIMIT ?
                    """,
                arguments: [first, Self.rowLimit(limit)])
            return try Self.page(rows) { row in
                let number = try row.decode(Int64.self, forColumn: "height")
                return StoredLogBlock(
                    height: try Self.height(number),
                    content: try StoredContent.read(row, "block", Array("\(number)".utf8)))
            } byteCount: {
                $0.content.count
            }
        }
    }

    /// Nil before the first log block.
    package func lastHeight() throws(StorageError) -> Height? {
        try read { database in
            try Int64.fetchOne(database, sql: "SELECT MAX(height) FROM log_block")
                .map { try Self.height($0) }
        }
    }

    /// SQLite's `PRAGMA synchronous` of the writing connection; 2 is FULL.
    package func synchronousLevel() throws(StorageError) -> Int {
        try Self.guarded {
            try pool.writeWithoutTransaction { database in
                try Int.fetchOne(database, sql: "PRAGMA synchronous") ?? 0
            }
        }
    }

    private func read<Value>(
        _ body: (Database) throws -> Value
    ) throws(StorageError) -> Value {
        try Self.guarded { try pool.read(body) }
    }

    private static func height(_ number: Int64) throws -> Height {
        guard number >= 0, number < .max else {
            throw StorageError.damaged("a log block of height \(number)")
        }
        return Height(UInt64(number))
    }

    private static func rowLimit(_ limit: Int) -> Int {
        min(max(limit, 0), StorageParameters.maximumRowsPerRead)
    }

    private static func page<Element>(
        _ rows: RowCursor, _ element: (Row) throws -> Element, byteCount: (Element) -> Int
    ) throws -> [Element] {
        var elements: [Element] = []
        var total = 0
        while let row = try rows.next() {
            let next = try element(row)
            total += byteCount(next)
            guard elements.isEmpty || total <= StorageParameters.maximumByteCountPerRead else {
                break
            }
            elements.append(next)
        }
        return elements
    }
}
