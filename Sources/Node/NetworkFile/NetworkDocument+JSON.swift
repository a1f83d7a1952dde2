package import Foundation
internal import Glibc

extension NetworkDescription {
    /// Reads and checks a network file.
    package init(path: String) throws(NetworkFileError) {
        try self.init(document: NetworkDocument(decoding: Self.read(path)))
    }

    /// No more than a network file may have, since a path may name an endless device.
    private static func read(_ path: String) throws(NetworkFileError) -> Data {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(path) }
        defer { close(descriptor) }
        let limit = NetworkDocument.maximumByteCount
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while data.count <= limit {
            let count = Glibc.read(descriptor, &buffer, min(buffer.count, limit + 1 - data.count))
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(path) }
            if count == 0 { break }
            data += buffer[..<count]
        }
        return data
    }

    private static func unreadable(_ path: String) -> NetworkFileError {
        .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
}

/// Network files are JSON. A file is refused as a whole: an unknown field could be a rule of a
/// later version, a missing one has no default.
extension NetworkDocument {
    /// Some fifty thousand accounts. A parser takes tens of bytes for each byte of a hostile file.
    package static let maximumByteCount = 8 << 20

    /// The document as written, every field known and of its type; values are unchecked.
    package init(decoding data: Data) throws(NetworkFileError) {
        guard data.count <= Self.maximumByteCount else {
            throw .tooLarge(limitByteCount: Self.maximumByteCount, found: data.count)
        }
        if let fault = StrictJSON.fault(in: [UInt8](data)) { throw .malformed(fault) }
        do {
            self = try JSONDecoder().decode(NetworkDocument.self, from: data)
        } catch let error as DecodingError {
            throw NetworkFileError(error)
        } catch {
            throw .notJSON(reason: error.localizedDescription)
        }
        let unknown = try Self.unknownFields(in: data, knowing: self)
        guard unknown.isEmpty else { throw .unknownFields(unknown) }
    }

    /// Sorted keys, so that the same document is the same file.
    package func encoded() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    private static func unknownFields(
        in data: Data, knowing document: NetworkDocument
    ) throws(NetworkFileError) -> [String] {
        do {
            let written = try JSONSerialization.jsonObject(with: data)
            var known = try JSONSerialization.jsonObject(with: document.encoded())
            if var fields = known as? [String: Any], fields["faucet"] == nil {
                // May be written as null.
                fields["faucet"] = NSNull()
                known = fields
            }
            return fields(of: written, missingIn: known, at: "").sorted()
        } catch {
            throw .notJSON(reason: error.localizedDescription)
        }
    }

    private static func fields(of written: Any, missingIn known: Any, at path: String) -> [String] {
        if let written = written as? [String: Any], let known = known as? [String: Any] {
            return written.keys.sorted().flatMap { key -> [String] in
                let place = path.isEmpty ? key : "\(path).\(key)"
                guard let value = written[key], let match = known[key] else { return [place] }
                return fields(of: value, missingIn: match, at: place)
            }
        }
        if let written = written as? [Any], let known = known as? [Any] {
            return zip(written, known).enumerated().flatMap { index, pair in
                fields(of: pair.0, missingIn: pair.1, at: "\(path)[\(index)]")
            }
        }
        return []
    }
}

extension NetworkFileError {
    fileprivate init(_ error: DecodingError) {
        switch error {
        case .keyNotFound(let key, let context):
            self = .missingField(Self.path(context.codingPath + [key]))
        case .typeMismatch(_, let context), .valueNotFound(_, let context):
            self = .wrongType(
                field: Self.path(context.codingPath), reason: context.debugDescription)
        case .dataCorrupted(let context):
            self =
                context.codingPath.isEmpty
                ? .notJSON(reason: context.debugDescription)
                : .wrongType(
                    field: Self.path(context.codingPath), reason: context.debugDescription)
        @unknown default:
            self = .notJSON(reason: error.localizedDescription)
        }
    }

    private static func path(_ keys: [any CodingKey]) -> String {
        keys.reduce("") { path, key in
            if let index = key.intValue { return "\(path)[\(index)]" }
            return path.isEmpty ? key.stringValue : "\(path).\(key.stringValue)"
        }
    }
}
