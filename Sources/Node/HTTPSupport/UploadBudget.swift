import Synchronization

/// How many bytes of uploads may be in memory at once. Reserved by the announced length, before
/// anything is read.
package final class UploadBudget: Sendable {
    private let free: Mutex<Int>

    package init(byteCount: Int) { free = Mutex(byteCount) }

    package func reserve(_ byteCount: Int) -> Bool {
        free.withLock { free in
            guard byteCount <= free else { return false }
            free -= byteCount
            return true
        }
    }

    package func release(_ byteCount: Int) { free.withLock { $0 += byteCount } }
}
