internal import Foundation
internal import GRDB
package import Primitives

/// What a node must not forget when its process dies: its proofs and duties, what it signed, and
/// the log blocks that it received.
///
/// One SQLite database (WAL, `synchronous = FULL`) in a directory that one process at a time may
/// write. `commit` returns when its entries are on the disk, all or none of them; a flush takes
/// about 2 ms, so that entries of one moment belong into one call. Nothing is overwritten: the
/// same entry again is no error, another under the same key is one.
///
/// A node signs a statement, records it, and only then lets anybody see it; asked for the same
/// duty again, it gives the recorded one. So a node that restarts in the middle of a slot repeats
/// itself and never says two things (`docs/protocol`, offences).
///
/// Files have mode 0600, the directory 0700. Calls block; the caller chooses on which thread.
package final class EventLog: Sendable {
    let pool: DatabasePool
    private let lock: DirectoryLock

    /// Creates the directory where it is missing. A directory belongs to one network for ever.
    package init(directory path: String, networkID: NetworkID) throws(StorageError) {
        try Self.createDirectory(path)
        lock = try DirectoryLock(directory: path)
        let file = path + "/events.sqlite"
        try Self.createFile(file)
        pool = try Self.open(file)
        try Self.guarded { try EventLogSchema.migrator.migrate(self.pool) }
        try checkNetwork(networkID)
    }

    deinit {
        // Before the lock goes with its owner.
        try? pool.close()
    }

    /// Lets another owner open the directory, whoever still holds this one: from here on every call
    /// throws. Waits for those that are at work.
    package func close() throws(StorageError) {
        try Self.guarded { try pool.close() }
        lock.release()
    }

    /// Writes all of `entries` or, if it throws, none.
    package func commit(_ entries: [LogEntry]) throws(StorageError) {
        for entry in entries { try entry.checkSize() }
        try Self.guarded {
            try pool.write { database in
                for entry in entries { try Self.append(entry, to: database) }
            }
        }
    }

    /// Forgets the records of `kind` up to and including `sequence`: their slots are settled.
    package func discardRecords(
        of kind: RecordKind, through sequence: Int64
    ) throws(StorageError) {
        try Self.guarded {
            try pool.write { database in
                try database.execute(
                    sql: "DELETE FROM record WHERE kind = ? AND sequence <= ?",
                    arguments: [kind.rawValue, sequence])
            }
        }
    }

    /// Forgets the records of `kind` with these keys; those that are not there are no error.
    package func discardRecords(
        of kind: RecordKind, keys: [[UInt8]]
    ) throws(StorageError) {
        try Self.guarded {
            try pool.write { database in
                for key in keys {
                    try database.execute(
                        sql: "DELETE FROM record WHERE kind = ? AND key = ?",
                        arguments: [kind.rawValue, Data(key)])
                }
            }
        }
    }

    static func guarded<Value>(_ body: () throws -> Value) throws(StorageError) -> Value {
        do {
            return try body()
        } catch let error as StorageError {
            throw error
        } catch let error as DatabaseError {
            let message = error.message ?? "no message"
            if [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode) {
                throw .damaged(message)
            }
            throw .database(code: error.extendedResultCode.rawValue, message: message)
        } catch let error as RowDecodingError {
            throw .damaged("\(error)")
        } catch {
            throw .database(code: -1, message: "\(error)")
        }
    }
}

/// Numbers are for ever: they are on the disk.
package enum RecordKind: Int64, CaseIterable, Sendable {
    /// A proof that this node made.
    case proof = 1
    /// A duty that this node took on.
    case duty = 2
    /// Anything else that a part of the node keeps for itself.
    case state = 3
    /// A payment that this node has accepted from a user of its own.
    case payment = 4
    /// An order of this node's operator to send money.
    case sendOrder = 5
}

/// One thing to remember.
package enum LogEntry: Hashable, Sendable {
    case record(RecordKind, key: [UInt8], value: [UInt8])
    /// `duty` names what may be signed for once: `content` is what was signed.
    case statement(duty: [UInt8], content: [UInt8])
    /// An encoded log block; heights are consecutive from the first one on.
    case logBlock(Height, content: [UInt8])

    fileprivate func checkSize() throws(StorageError) {
        let (key, value): ([UInt8], [UInt8]) =
            switch self {
            case .record(_, let key, let value): (key, value)
            case .statement(let duty, let content): (duty, content)
            case .logBlock(_, let content): ([], content)
            }
        let limits = StorageParameters.self
        guard key.count <= limits.maximumKeyByteCount else {
            throw .tooLarge(
                limitByteCount: limits.maximumKeyByteCount, foundByteCount: key.count)
        }
        guard value.count <= limits.maximumValueByteCount else {
            throw .tooLarge(
                limitByteCount: limits.maximumValueByteCount, foundByteCount: value.count)
        }
    }
}

extension EventLog {
    private static func append(_ entry: LogEntry, to database: Database) throws {
        switch entry {
        case .record(let kind, let key, let value):
            let present = try Data.fetchOne(
                database, sql: "SELECT value FROM record WHERE kind = ? AND key = ?",
                arguments: [kind.rawValue, Data(key)])
            if let present {
                guard present == Data(value) else {
                    throw StorageError.conflictingRecord(kind, key: key)
                }
                return
            }
            try database.execute(
                sql: "INSERT INTO record (kind, key, value, checksum) VALUES (?, ?, ?, ?)",
                arguments: [
                    kind.rawValue, Data(key), Data(value),
                    StoredContent.checksum("record-\(kind.rawValue)", key, value),
                ])
        case .statement(let duty, let content):
            let present = try Data.fetchOne(
                database, sql: "SELECT content FROM statement WHERE duty = ?",
                arguments: [Data(duty)])
            if let present {
                guard present == Data(content) else {
                    throw StorageError.conflictingStatement(duty: duty, signed: [UInt8](present))
                }
                return
            }
            try database.execute(
                sql: "INSERT INTO statement (duty, content, checksum) VALUES (?, ?, ?)",
                arguments: [
                    Data(duty), Data(content), StoredContent.checksum("statement", duty, content),
                ])
        case .logBlock(let height, let content):
            try append(height, content, to: database)
        }
    }

    private static func append(
        _ height: Height, _ content: [UInt8], to database: Database
    ) throws {
        guard let number = Int64(exactly: height.number) else {
            throw StorageError.missingLogBlock(expected: Height(0), found: height)
        }
        let present = try Data.fetchOne(
            database, sql: "SELECT content FROM log_block WHERE height = ?", arguments: [number])
        if let present {
            guard present == Data(content) else {
                throw StorageError.conflictingLogBlock(height)
            }
            return
        }
        let last = try Int64.fetchOne(database, sql: "SELECT MAX(height) FROM log_block")
        guard last ?? 0 >= 0, last ?? 0 < .max else {
            throw StorageError.damaged("a log block of height \(last ?? 0)")
        }
        let expected = last.map { $0 + 1 } ?? 0
        guard number == expected else {
            throw StorageError.missingLogBlock(
                expected: Height(UInt64(expected)), found: height)
        }
        try database.execute(
            sql: "INSERT INTO log_block (height, content, checksum) VALUES (?, ?, ?)",
            arguments: [
                number, Data(content),
                StoredContent.checksum("block", Array("\(number)".utf8), content),
            ])
    }
}
