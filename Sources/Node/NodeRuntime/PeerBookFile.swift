internal import Foundation
internal import Glibc
internal import Logging
internal import Peering

/// Where a node keeps what it knows of its peers: `peers` in its data directory, mode 0600.
///
/// Written as a whole: a new file beside it, synced, renamed over the old one, so that the name
/// always holds one whole state. It may be deleted: then the node begins with its bootstrap list.
struct PeerBookFile: Sendable {
    let path: String

    init(directory: String) { path = directory + "/peers" }

    /// Empty where there is none or it is damaged beyond reading, which is said.
    func read(_ logger: Logger) -> PeerKnowledge {
        guard access(path, F_OK) == 0 else { return PeerKnowledge() }
        let limit = PeeringParameters.maximumEncodedByteCount
        let bytes: Data
        do {
            let handle = try FileHandle(forReadingFrom: URL(filePath: path))
            defer { try? handle.close() }
            bytes = try handle.read(upToCount: limit + 1) ?? Data()
        } catch {
            logger.warning(
                "the peer book cannot be read and is begun anew",
                metadata: ["path": "\(path)", "error": "\(error.localizedDescription)"])
            return PeerKnowledge()
        }
        let seconds = UInt64(max(0, Date().timeIntervalSince1970))
        guard let knowledge = PeerKnowledge(decoding: [UInt8](bytes), at: seconds) else {
            logger.warning("the peer book is damaged and begun anew", metadata: ["path": "\(path)"])
            return PeerKnowledge()
        }
        if knowledge.damagedLineCount > 0 {
            logger.warning(
                "lines of the peer book are damaged and left out",
                metadata: ["path": "\(path)", "lines": "\(knowledge.damagedLineCount)"])
        }
        return knowledge
    }

    /// Returns once the new state survives a loss of power.
    func write(_ bytes: [UInt8]) throws(PeerBookFileError) {
        let temporary = path + ".new"
        // Left behind by a crash; the directory's lock says that nobody writes it now.
        unlink(temporary)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure() }
        do {
            defer { close(descriptor) }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = rest.withUnsafeBytes {
                    Glibc.write(descriptor, $0.baseAddress, $0.count)
                }
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw failure() }
                rest = rest.dropFirst(count)
            }
            guard fsync(descriptor) == 0 else { throw failure() }
        }
        guard rename(temporary, path) == 0 else { throw failure() }
    }

    private func failure() -> PeerBookFileError {
        PeerBookFileError(path: path, reason: String(cString: strerror(errno)))
    }
}

struct PeerBookFileError: Error, CustomStringConvertible {
    let path: String
    let reason: String
    var description: String { "\(path): \(reason)" }
}
