internal import Cryptography
internal import Foundation
internal import GRDB
package import Primitives

/// What a node wrote down (`EventLog`), read beside the running node or after its end. Takes no
/// lock, creates nothing and changes nothing.
package struct NodeArchive: Sendable {
    private let queue: DatabaseQueue

    /// Throws `cannotOpen` where `directory` holds no node's records.
    package init(directory path: String) throws(StorageError) {
        let file = path + "/events.sqlite"
        guard FileManager.default.fileExists(atPath: file) else {
            throw .cannotOpen(path: file, reason: "there is no such file")
        }
        queue = try EventLog.guarded {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(StorageParameters.readerPatienceSeconds)
            return try DatabaseQueue(path: file, configuration: configuration)
        }
    }

    /// Nil where the directory was never used.
    package func networkID() throws(StorageError) -> NetworkID? {
        try EventLog.guarded {
            try queue.read { database in
                try Data.fetchOne(
                    database, sql: "SELECT value FROM meta WHERE key = 'network'"
                ).flatMap { NetworkID(bytes: $0) }
            }
        }
    }

    /// What was signed, in the order of writing, after `sequence`; 0 begins.
    package func statements(
        after sequence: Int64, limit: Int
    ) throws(StorageError) -> [StoredRecord] {
        try records(
            "SELECT sequence, duty AS key, content AS value FROM statement", after: sequence,
            limit: limit)
    }

    /// Further attempts of duties at the log, and their refusals.
    package func duties(after sequence: Int64, limit: Int) throws(StorageError) -> [StoredRecord] {
        let kind = RecordKind.duty.rawValue
        return try records(
            "SELECT sequence, key, value FROM record", after: sequence, limit: limit,
            and: "kind = \(kind)")
    }

    /// Log blocks from `height` on, in order.
    package func logBlocks(
        from height: Height, limit: Int
    ) throws(StorageError) -> [StoredLogBlock] {
        guard let first = Int64(exactly: height.number) else { return [] }
        return try EventLog.guarded {
            try queue.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        SELECT height, content FROM log_block
                        WHERE height >= ? ORDER BY height LIMIT ?
                        """, arguments: [first, limit]
                ).map { row in
                    let number: Int64 = row["height"]
                    let content: Data = row["content"]
                    return StoredLogBlock(
                        height: Height(UInt64(clamping: number)), content: [UInt8](content))
                }
            }
        }
    }

    private func records(
        _ select: String, after sequence: Int64, limit: Int, and condition: String = "TRUE"
    ) throws(StorageError) -> [StoredRecord] {
        try EventLog.guarded {
            try queue.read { database in
                try Row.fetchAll(
                    database,
                    sql: "\(select) WHERE \(condition) AND sequence > ? ORDER BY sequence LIMIT ?",
                    arguments: [sequence, limit]
                ).map { row in
                    let key: Data = row["key"]
                    let value: Data = row["value"]
                    return StoredRecord(
                        sequence: row["sequence"], key: [UInt8](key), value: [UInt8](value))
                }
            }
        }
    }
}
