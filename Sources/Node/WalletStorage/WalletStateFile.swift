import Foundation
import Glibc

/// The file of a wallet's state, and the only right to write it.
///
/// Writing replaces the whole file: a new one beside it (mode 0600), synced, renamed over the old
/// one, and the directory synced. So the name always holds one whole state, the old or the new, and
/// once `write` has returned the new one survives a loss of power.
struct WalletStateFile: Sendable {
    static let maximumByteCount = 1 << 16

    let path: String
    private let lock: StateLock

    /// Throws `inUse` where anybody holds the lock, `<path>.lock`.
    init(locking path: String) throws(WalletStoreError) {
        self.path = path
        lock = try StateLock(path: path)
    }

    var exists: Bool { access(path, F_OK) == 0 }

    func read() throws(WalletStoreError) -> WalletRecord { try Self.read(path) }

    func write(_ record: WalletRecord) throws(WalletStoreError) {
        let temporary = path + ".new"
        // Left behind by a crash; the lock says that nobody writes it now.
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        do throws(WalletStoreError) {
            defer { close(descriptor) }
            try write(try encode(record), to: descriptor)
            guard fsync(descriptor) == 0 else { throw failure() }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else { throw failure() }
        try syncDirectory()
    }

    /// Needs no lock: the name always stands for one whole state.
    static func read(_ path: String) throws(WalletStoreError) -> WalletRecord {
        guard access(path, F_OK) == 0 else { throw .missing(path: path) }
        let data: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            data = try handle.read(upToCount: maximumByteCount + 1) ?? Data()
        } catch {
            throw .unreadable(path: path, reason: error.localizedDescription)
        }
        guard data.count <= maximumByteCount else {
            throw .damaged(path: path, reason: "more than \(maximumByteCount) bytes")
        }
        let record: WalletRecord
        do {
            record = try JSONDecoder().decode(WalletRecord.self, from: data)
        } catch {
            throw .damaged(path: path, reason: "no wallet state in JSON")
        }
        try record.check(path: path)
        return record
    }

    private func encode(_ record: WalletRecord) throws(WalletStoreError) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        do {
            return [UInt8](try encoder.encode(record) + Data("\n".utf8))
        } catch {
            throw .notDurable(path: path, reason: error.localizedDescription)
        }
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws(WalletStoreError) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest, rest.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure() }
            rest.removeFirst(count)
        }
    }

    private func syncDirectory() throws(WalletStoreError) {
        let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure() }
    }

    private func failure() -> WalletStoreError {
        .notDurable(path: path, reason: String(cString: strerror(errno)))
    }
}

/// Held as long as this object lives; the kernel lets go of it when the process dies, however it
/// dies. A file of its own, since the state's is replaced with every payment.
private final class StateLock: Sendable {
    private let descriptor: Int32

    init(path: String) throws(WalletStoreError) {
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .unreadable(path: path + ".lock", reason: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(path: path)
        }
        // Only now: an object that throws with all its properties set is deinitialised, and would
        // close the number again, which may be another thread's file by then.
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }
}
