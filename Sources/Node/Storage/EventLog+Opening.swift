internal import Cryptography
internal import Foundation
internal import GRDB
internal import Glibc
internal import Primitives

extension EventLog {
    static func createDirectory(_ path: String) throws(StorageError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw .cannotOpen(path: path, reason: "\(error)")
        }
    }

    /// Before SQLite does, which gives its `-wal` and `-shm` files the mode of this one.
    static func createFile(_ path: String) throws(StorageError) {
        let descriptor = Glibc.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: path, reason: DirectoryLock.reason())
        }
        defer { close(descriptor) }
        guard fchmod(descriptor, 0o600) == 0 else {
            throw .cannotOpen(path: path, reason: DirectoryLock.reason())
        }
    }

    static func open(_ path: String) throws(StorageError) -> DatabasePool {
        try guarded {
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
                    throw StorageError.database(code: -1, message: "the network id is damaged")
                }
                throw StorageError.wrongNetwork(expected: networkID, found: found)
            }
        }
    }
}
