import Glibc

extension LocalFile {
    /// Creates or replaces a file of no secret.
    static func place(_ path: String, _ bytes: [UInt8]) throws(CommandFailure) {
        try access(path, F_OK) == 0
            ? replace(path, bytes, mode: 0o644) : create(path, bytes, mode: 0o644)
    }
}
