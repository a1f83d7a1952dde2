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

    /// Creates `path` whole or not at all: a new file beside it, synced, then put in its place.
    /// An existing file is never replaced.
    package static func create(
        _ path: String, _ bytes: [UInt8], mode: UInt32
    ) throws(CommandFailure) {
        let temporary = "\(path).new-\(getpid())"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw failure("create", path) }
        defer { unlink(temporary) }
        do {
            defer { close(descriptor) }
            // The mode that was asked for, whatever the umask.
            guard fchmod(descriptor, mode) == 0 else { throw failure("create", path) }
            try write(bytes, to: descriptor, path: path)
            guard fsync(descriptor) == 0 else { throw failure("write", path) }
        }
        // A link, unlike a rename, fails where the name is taken.
        guard link(temporary, path) == 0 else {
            if errno == EEXIST {
                throw CommandFailure(
                    .environment, "\(path) exists and is not overwritten; choose another name")
            }
            throw failure("create", path)
        }
        try syncDirectory(of: path)
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
