package import Foundation

/// The known answers and captured frames below `Tests/Vectors`; each names its source and licence.
package enum VectorFile {
    /// `name` is a path relative to `Tests/Vectors`.
    package static func data(_ name: String) throws -> Data {
        try Data(contentsOf: location(name))
    }

    /// Where the file is, or is to be.
    package static func location(_ name: String) -> URL {
        URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Vectors").appending(path: name)
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
