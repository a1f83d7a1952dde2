package import Cryptography
import Foundation
import Glibc

/// Reads and writes whole files, and says what is wrong in one sentence.
package enum LocalFile {
    /// Throws `environment` where the file cannot be read or has more than `limit` bytes.
    package static func read(_ path: String, atMost limit: Int) throws(CommandFailure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure("read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw CommandFailure(
                    .environment, "\(path) has more than \(limit) bytes: is it the right file?")
            }
        }
    }

    /// As `read`, into memory that is zeroed; `warn` is told where others may read the file.
    package static func readSecret(
        _ path: String, atMost limit: Int, warn: (String) -> Void
    ) throws(CommandFailure) -> SecretBytes {
        if let warning = wideModeWarning(path) { warn(warning) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("read", path) }
        defer { close(descriptor) }
        var filled = 0
        let buffer = try SecretBytes(count: limit + 1) { bytes throws(CommandFailure) in
            while filled < bytes.count {
                let count = Glibc.read(
                    descriptor, bytes.baseAddress! + filled, bytes.count - filled)
                if count < 0, errno == EINTR { continue }
                guard count >= 0 else { throw failure("read", path) }
                if count == 0 { break }
                filled += count
            }
        }
        guard filled <= limit else {
            throw CommandFailure(
                .environment, "\(path) has more than \(limit) bytes: is it the right file?")
        }
        return buffer.slice(0..<filled)
    }

    /// A sentence where a regular file is open to anybody but its owner; nil otherwise, and where
    /// there is no such file.
    package static func wideModeWarning(_ path: String) -> String? {
        var status = Glibc.stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        let mode = status.st_mode & 0o777
        guard mode & 0o077 != 0 else { return nil }
        return "\(path) is open to others (mode \(String(mode, radix: 8))): chmod 600 \(path)"
    }

    /// For whoever works long before it creates `path`: throws what `create` would throw now where
    /// the name is taken.
    package static func requireNew(_ path: String) throws(CommandFailure) {
        guard access(path, F_OK) != 0 else { throw taken(path) }
    }

    private static func taken(_ path: String) -> CommandFailure {
        CommandFailure(
            .environment, "\(path) exists and is not overwritten; choose another name")
    }

    /// Creates `path` whole or not at all: a new file beside it, synced, then put in its place.
    /// An existing file is never replaced.
    package static func create(
        _ path: String, _ bytes: [UInt8], mode: UInt32
    ) throws(CommandFailure) {
        let temporary = try writeBeside(path, bytes, mode: mode)
        defer { unlink(temporary) }
        // A link, unlike a rename, fails where the name is taken.
        guard link(temporary, path) == 0 else {
            if errno == EEXIST { throw taken(path) }
            throw failure("create", path)
        }
        try syncDirectory(of: path)
    }

    /// Puts `bytes` in the place of the file at `path`: a new file beside it, synced, renamed over
    /// it, and the directory synced. At every moment, and after every failure, the name stands for
    /// the whole old file or the whole new one. A symbolic link stays: what it names is replaced.
    package static func replace(
        _ path: String, _ bytes: [UInt8], mode: UInt32
    ) throws(CommandFailure) {
        guard let resolved = realpath(path, nil) else { throw failure("replace", path) }
        defer { free(resolved) }
        let target = String(cString: resolved)
        let temporary = try writeBeside(target, bytes, mode: mode)
        guard rename(temporary, target) == 0 else {
            let reason = failure("replace", path)
            unlink(temporary)
            throw reason
        }
        try syncDirectory(of: target)
    }

    /// Writes and syncs a new file of a name of its own in the directory of `path`; returns that
    /// name. Leaves nothing where it fails.
    private static func writeBeside(
        _ path: String, _ bytes: [UInt8], mode: UInt32
    ) throws(CommandFailure) -> String {
        guard !path.isEmpty else {
            throw CommandFailure(.usage, "the name of the file to write is empty")
        }
        // Random: what a killed process left behind is in nobody's way.
        let temporary = "\(path).new-\(randomBytes(4).hex)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("create", path) }
        do throws(CommandFailure) {
            defer { close(descriptor) }
            // The mode that was asked for, whatever the umask.
            guard fchmod(descriptor, mode) == 0 else { throw failure("create", path) }
            try write(bytes, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw failure("write", path) }
        } catch {
            unlink(temporary)
            throw error
        }
        return temporary
    }

    /// Creates the directory where it is missing, readable by its owner alone.
    package static func createDirectory(_ path: String) throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                .environment,
                "cannot create the directory \(path): \(error.localizedDescription)")
        }
        guard access(path, W_OK | X_OK) == 0 else { throw failure("write in", path) }
    }

    private static func write(
        _ bytes: [UInt8], to descriptor: Int32, path: String
    ) throws(CommandFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw failure("write", path) }
            rest = rest.dropFirst(count)
        }
    }

    private static func syncDirectory(of path: String) throws(CommandFailure) {
        let directory = URL(filePath: path).deletingLastPathComponent().path(percentEncoded: false)
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("sync", directory) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", directory) }
    }

    private static func failure(_ verb: String, _ path: String) -> CommandFailure {
        CommandFailure(.environment, "cannot \(verb) \(path): \(String(cString: strerror(errno)))")
    }
}
