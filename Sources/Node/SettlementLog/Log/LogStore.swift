import Cryptography
import Foundation
import GRDB
import Glibc
import Messages
import Primitives

/// The log on disk: one SQLite database in WAL mode with `synchronous = FULL`, one writer.
///
/// `block` holds whole encoded blocks; `included` finds a transaction's height; `pending` holds what
/// has a receipt and no block yet. One commit saves new pending transactions and the next block
/// together, so a kill leaves both or neither.
struct LogStore: Sendable {
    /// What the log was before the process started.
    struct Recovered {
        let tip: LogHeader?
        let pending: [PendingTransaction]
    }

    /// One block to be saved.
    struct NewBlock: Sendable {
        let block: LogBlock
        let entries: [PendingTransaction]
    }

    private let pool: DatabasePool
    private let lock: FileLock

    init(
        path: String, parameters: SettlementLogParameters, authority: OperatorKey
    ) throws(SettlementLogError) {
        lock = try FileLock(path: path)
        // SQLite gives its side files the mode of the database.
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .storage("cannot open \(path): \(String(cString: strerror(errno)))")
        }
        Glibc.close(descriptor)
        try Self.syncDirectory(of: path)
        let identity = LogIdentity(parameters: parameters, authority: authority)
        do {
            try Self.checkIsLog(path)
            pool = try DatabasePool(path: path)
            try pool.writeWithoutTransaction { database in
                // After opening: the pool itself sets NORMAL, which loses commits with the power.
                try database.execute(sql: "PRAGMA synchronous = FULL")
                try LogSchema.create(in: database)
            }
            try pool.write { database in try identity.claim(database) }
        } catch {
            throw Self.failure(error)
        }
    }

    /// Throws where `path` is another application's database, which is then left as it is.
    private static func checkIsLog(_ path: String) throws {
        guard try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int != 0 else {
            return
        }
        let queue = try DatabaseQueue(path: path)
        let tables = try queue.read { database in
            try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        guard tables.isEmpty || tables.contains("identity") else {
            throw SettlementLogError.corrupt(
                "it holds other tables (\(tables.sorted().prefix(4).joined(separator: ", "))): is "
                    + "it another program's?")
        }
    }

    /// What SQLite found out, for whoever runs the log.
    private static func failure(_ error: any Error) -> SettlementLogError {
        switch error {
        case let error as SettlementLogError: return error
        case let error as DatabaseError:
            let words = error.message ?? "no message"
            let isDamage = [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode)
            return isDamage ? .corrupt(words) : .storage(words)
        case let error as RowDecodingError: return .corrupt("\(error)")
        default: return .storage("\(error)")
        }
    }

    /// The name of a new database is on disk, not only what it holds.
    private static func syncDirectory(of path: String) throws(SettlementLogError) {
        let end = path.lastIndex(of: "/")
        let directory = end.map { path[...$0] } ?? "."
        let descriptor = open(String(directory), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw .storage("cannot open \(directory): \(String(cString: strerror(errno)))")
        }
        defer { Glibc.close(descriptor) }
        guard fsync(descriptor) == 0 else {
            throw .storage("cannot sync \(directory): \(String(cString: strerror(errno)))")
        }
    }

    /// Saves all of it or nothing; durable when it returns.
    func commit(
        pending: [PendingTransaction], block: NewBlock?
    ) async throws(SettlementLogError) {
        do {
            try await pool.write { database in
                for entry in pending { try LogSchema.insert(pending: entry, into: database) }
                if let block { try LogSchema.insert(block, into: database) }
            }
        } catch {
            throw Self.failure(error)
        }
    }

    /// Checks the newest blocks against each other: a log must not build on what it did not write.
    /// The whole chain is what every node, and `grove audit`, checks.
    func recover(
        networkID: NetworkID, authority: OperatorKey
    ) throws(SettlementLogError) -> Recovered {
        do {
            return try pool.read { database in
                Recovered(
                    tip: try LogSchema.tip(
                        in: database, networkID: networkID, authority: authority),
                    pending: try LogSchema.pending(in: database))
            }
        } catch {
            throw Self.failure(error)
        }
    }

    /// The height that the receipt of an included transaction named; nil where no block holds it.
    func lastInclusionHeight(
        ofIncluded id: Digest
    ) async throws(SettlementLogError) -> Height? {
        do {
            return try await pool.read { database in
                try LogSchema.lastInclusionHeight(ofIncluded: id, in: database)
            }
        } catch {
            throw Self.failure(error)
        }
    }

    /// Encoded blocks from `height` on, as many as one response may hold.
    func blocks(
        from height: Height, limit: Int
    ) async throws(SettlementLogError) -> [[UInt8]] {
        do {
            return try await pool.read { database in
                try LogSchema.blocks(from: height, limit: limit, in: database)
            }
        } catch {
            throw Self.failure(error)
        }
    }

    /// Some blocks from `height` on, for the log itself.
    func decodedBlocks(from height: Height) async throws(SettlementLogError) -> [LogBlock] {
        let encoded = try await blocks(from: height, limit: .max)
        do {
            return try encoded.map { try MessageCodec.decodeLogBlock($0) }
        } catch {
            throw .corrupt("a block from height \(height) on does not decode: \(error)")
        }
    }

    /// Lets another process open the log.
    func close() throws(SettlementLogError) {
        do {
            try pool.close()
        } catch {
            throw Self.failure(error)
        }
        lock.release()
    }

    /// SQLite's number for the writer's `synchronous`; 2 is FULL.
    func synchronousMode() throws -> Int? {
        try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
    }

    func journalMode() throws -> String? {
        try pool.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
    }
}
