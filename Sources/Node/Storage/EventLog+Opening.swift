package import Cryptography
internal import Foundation
internal import GRDB
internal import Glibc
package import Primitives

extension EventLog {
    static func createDirectory(_ path: String) throws(StorageError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(path: path, reason: error.localizedDescription)
        }
    }

    /// Before SQLite does, which gives its `-wal` and `-shm` files the mode of this one.
    static func createFile(_ path: String) throws(StorageError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: path, reason: DirectoryLock.reason())
        }
        defer { Glibc.close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else {
            throw .cannotOpen(path: path, reason: DirectoryLock.reason())
        }
    }

    static func open(_ path: String) throws(StorageError) -> DatabasePool {
        try guarded {
            try checkIsEventLog(path)
            var configuration = Configuration()
            configuration.maximumReaderCount = StorageParameters.maximumReaderCount
            let pool = try DatabasePool(path: path, configuration: configuration)
            // Here and not in `prepareDatabase`: the pool itself sets NORMAL after that, with
            // which a power cut can take back what was committed.
            try pool.writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = FULL")
            }
            let isSuperseded = try pool.read(EventLogSchema.migrator.hasBeenSuperseded)
            guard !isSuperseded else { throw StorageError.newerFormat }
            return pool
        }
    }

    /// Throws where the file is another application's database, which is then left as it is.
    private static func checkIsEventLog(_ path: String) throws {
        let queue = try DatabaseQueue(path: path)
        let tables = try queue.read { database in
            try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        guard tables.isEmpty || tables.contains("grdb_migrations") else {
            throw StorageError.damaged("events.sqlite is another program's database")
        }
    }

    /// A directory belongs to one operator key and one set of rules for ever: another key's duties
    /// are not its own, and a log under other rules folds to another ledger. Throws `wrongOwner`.
    package func claim(operatorKey: OperatorKey, policyHash: Digest) throws(StorageError) {
        try claim("operator", operatorKey.bytes, named: "operator key")
        try claim("policy", policyHash.bytes, named: "policy hash")
    }

    private func claim(
        _ key: String, _ value: [UInt8], named name: String
    ) throws(StorageError) {
        try Self.guarded {
            try pool.write { database in
                let present = try Data.fetchOne(
                    database, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
                guard let present else {
                    return try database.execute(
                        sql: "INSERT INTO meta (key, value) VALUES (?, ?)",
                        arguments: [key, Data(value)])
                }
                guard present != Data(value) else { return }
                throw StorageError.wrongOwner(
                    what: name, expected: value.hex, found: [UInt8](present).hex)
            }
        }
    }

    func checkNetwork(_ networkID: NetworkID) throws(StorageError) {
        try Self.guarded {
            try pool.write { database in
                let present = try Data.fetchOne(
                    database, sql: "SELECT value FROM meta WHERE key = 'network'")
                guard let present else {
                    return try database.execute(
                        sql: "INSERT INTO meta (key, value) VALUES ('network', ?)",
                        arguments: [Data(networkID.bytes)])
                }
                guard present != Data(networkID.bytes) else { return }
                guard let found = NetworkID(bytes: present) else {
                    throw StorageError.damaged("the network id is none")
                }
                throw StorageError.wrongNetwork(expected: networkID, found: found)
            }
        }
    }
}
