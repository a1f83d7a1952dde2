package import Foundation

/// The known answers and captured frames below `Tests/Vectors`; each names its source and licence.
package enum VectorFile {
    /// `name` is a path relative to `Tests/Vectors`.
    package static func data(_ name: String) throws -> Data {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Vectors")
        return try Data(contentsOf: folder.appending(path: name))
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from name: String) throws
        -> Value
    {
        try JSONDecoder().decode(type, from: data(name))
    }

    /// For files whose shape varies from entry to entry.
    package static func object(_ name: String) throws -> [String: Any] {
        let object = try JSONSerialization.jsonObject(with: data(name))
        guard let dictionary = object as? [String: Any] else {
            throw CocoaError(.fileReadCorruptFile)
        }
        return dictionary
    }
}
