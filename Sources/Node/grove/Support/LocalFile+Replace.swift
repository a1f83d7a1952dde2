package import Glibc

extension LocalFile {
    /// Puts `bytes` in the place of the file at `path`: a new file beside it, synced, then renamed
    /// over it. At every moment the name stands for the whole old file or the whole new one.
    package static func replace(
        _ path: String, _ bytes: [UInt8], mode: mode_t
    ) throws(CommandFailure) {
        let temporary = "\(path).replaced-\(getpid())"
        unlink(temporary)
        try create(temporary, bytes, mode: mode)
        guard rename(temporary, path) == 0 else {
            let reason = String(cString: strerror(errno))
            unlink(temporary)
            throw CommandFailure(.environment, "cannot replace \(path): \(reason)")
        }
    }

    /// Creates or replaces a file of no secret.
    static func place(_ path: String, _ bytes: [UInt8]) throws(CommandFailure) {
        try access(path, F_OK) == 0
            ? replace(path, bytes, mode: 0o644) : create(path, bytes, mode: 0o644)
    }
}
