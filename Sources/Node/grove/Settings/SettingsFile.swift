package import Foundation
import NetworkFile

/// The settings file: one flat JSON object whose names are those of `Setting`.
package struct SettingsFile: Hashable, Sendable {
    static let maximumByteCount = 1 << 20

    package let path: String
    package let values: [Setting: String]

    package init(path: String) throws {
        let bytes = try LocalFile.read(path, atMost: Self.maximumByteCount)
        try self.init(path: path, contents: Data(bytes))
    }

    package init(path: String, contents: Data) throws(SettingsError) {
        if let fault = StrictJSON.fault(in: [UInt8](contents)) {
            throw .malformed(path: path, reason: fault)
        }
        let object: [String: JSONValue]
        do {
            object = try JSONDecoder().decode([String: JSONValue].self, from: contents)
        } catch let error as DecodingError {
            if case .typeMismatch(_, let context) = error, let name = context.codingPath.first {
                throw .wrongType(name: name.stringValue, path: path)
            }
            throw .notJSON(path: path, reason: "it does not parse")
        } catch {
            throw .notJSON(path: path, reason: error.localizedDescription)
        }
        let unknown = object.keys.filter { Setting(rawValue: $0) == nil }
        guard unknown.isEmpty else { throw .unknownNames(unknown.sorted(), path: path) }
        self.path = path
        values = Dictionary(
            uniqueKeysWithValues: object.compactMap { name, value in
                Setting(rawValue: name).map { ($0, value.text) }
            })
    }
}

private enum JSONValue: Decodable {
    case text(String)
    case number(Int)
    case list([String])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .list(try container.decode([String].self))
        }
    }

    var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        case .list(let list): list.joined(separator: ",")
        }
    }
}
