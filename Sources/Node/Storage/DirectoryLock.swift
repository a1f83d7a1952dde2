internal import Glibc
internal import Synchronization

/// The right to write in a directory, held until it is released or as long as this object lives. The
/// kernel lets go of it when the process dies, however it dies, so that no stale lock is ever in the
/// way.
final class DirectoryLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// `path` is an existing directory. Its file `lock` holds the process id, for people.
    init(directory path: String) throws(StorageError) {
        let file = path + "/lock"
        // Closed on exec: a child must not hold the lock on.
        let descriptor = open(file, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen(path: file, reason: Self.reason())
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let failure = errno
            let holder = Self.processID(in: descriptor)
            close(descriptor)
            guard failure == EWOULDBLOCK else {
                throw .cannotOpen(path: file, reason: String(cString: strerror(failure)))
            }
            throw .directoryInUse(path: path, processID: holder)
        }
        // Only now: an object that throws with all its properties set is deinitialised, and would
        // close the number again, which may be another thread's socket by then.
        self.descriptor = Mutex(descriptor)
        Self.writeProcessID(to: descriptor)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }

    /// The holder's id is only told to people, so a failure to write it is none.
    private static func writeProcessID(to descriptor: Int32) {
        let text = Array("\(getpid())\n".utf8)
        guard ftruncate(descriptor, 0) == 0 else { return }
        _ = pwrite(descriptor, text, text.count, 0)
    }

    private static func processID(in descriptor: Int32) -> Int32? {
        var bytes = [UInt8](repeating: 0, count: 16)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count > 0 else { return nil }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return Int32(text.split(separator: "\n").first ?? "")
    }

    static func reason() -> String { String(cString: strerror(errno)) }
}
