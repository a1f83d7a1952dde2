internal import Cryptography
internal import Foundation
internal import GRDB

/// What a row holds, with a checksum: eight bytes of SHA-256 over table, key and content, which
/// tell that the disk gave back something else than was written. They protect against nobody.
enum StoredContent {
    private static let checksumByteCount = 8

    static func checksum(_ table: String, _ key: [UInt8], _ content: [UInt8]) -> Data {
        Data(
            taggedHash("stored", .text(table), .bytes(key), .bytes(content)).bytes
                .prefix(checksumByteCount))
    }

    /// The columns `content` and `checksum` of `row`; rows of the first version have no checksum.
    static func read(_ row: Row, _ table: String, _ key: [UInt8]) throws -> [UInt8] {
        let content = [UInt8](try row.decode(Data.self, forColumn: "content"))
        if let found = try row.decode(Data?.self, forColumn: "checksum"),
            found != checksum(table, key, content)
        {
            throw StorageError.damaged("a row of \(table) is not what was written")
        }
        return content
    }
}
