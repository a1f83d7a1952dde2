import Glibc
import Synchronization

/// An exclusive lock on a file, held until released, until the last reference goes or until the
/// process ends, however it ends (flock(2)).
final class FileLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// `path` is the locked file's with `.lock` behind it. Throws `locked` where another holder, of
    /// this process or of another one, has it.
    init(path: String) throws(SettlementLogError) {
        let descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .storage("cannot open \(path).lock: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .locked(path: path)
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            if let open = descriptor { close(open) }
            descriptor = nil
        }
    }
}
