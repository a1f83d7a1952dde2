import Foundation
import NetworkFile
import Testing

/// Files that somebody made to break us.
@Suite struct HostileFileTests {
    private func fault(_ text: String) -> String? { StrictJSON.fault(in: Array(text.utf8)) }

    @Test func `a name may stand once in an object, however it is written`() {
        #expect(fault(#"{"a": 1, "b": {"a": 2}, "c": [{"a": 3}, {"a": 4}]}"#) == nil)
        #expect(fault(#"{"a": 1, "a": 2}"#) == "a stands twice")
        #expect(fault(#"{"a": 1, "\u0061": 2}"#) == "a stands twice")
        #expect(fault(#"{"x": [{"y": 1}, {"y": 1, "y": 1}]}"#) == "x[1].y stands twice")
        #expect(fault(#"{"x": {"y": "z\", \"y"}, "y": "y"}"#) == nil)
    }

    @Test func `numbers are whole, and the place of another is named`() {
        #expect(fault(#"{"a": 0, "b": 18446744073709551615}"#) == nil)
        for number in ["-1", "1.5", "1e3", "18446744073709551616", "1e400"] {
            #expect(fault(#"{"a": {"b": [7, \#(number)]}}"#)?.hasPrefix("a.b[1]: ") == true)
        }
        #expect(fault(#"{"a": "-1.5"}"#) == nil)
    }

    @Test func `other encodings and deep nesting are refused`() throws {
        let utf16 = try #require("{}".data(using: .utf16LittleEndian))
        #expect(StrictJSON.fault(in: [UInt8](utf16)) == "it is not UTF-8 text")
        #expect(StrictJSON.fault(in: [0x7B, 0x22, 0xFF, 0x22, 0x7D]) == "it is not UTF-8 text")
        #expect(fault(String(repeating: "[", count: 65))?.contains("nested") == true)
        #expect(fault(String(repeating: "[", count: 64)) == nil)
    }

    @Test func `no bytes trap the scanner`() throws {
        let document = [UInt8](try SampleNetwork.document().encoded())
        for end in 0..<document.count {
            _ = StrictJSON.fault(in: Array(document[..<end]))
        }
        for text in ["\"", "\"\\", "{\"", "]]]", "}", ",", ",,", "{,\"a", "\"\\\"", "-", "[1"] {
            _ = fault(text)
        }
    }

    /// Every value of the sample document, exchanged for each of these: refused with a typed error or
    /// a network, never a trap.
    @Test func `any value in any place is a network or an error`() throws {
        let values: [Any] = [
            0, 1, 2, 65_536, UInt64(1) << 32, UInt64(1) << 53, Int64.max, UInt64.max,
            UInt64.max - 1,
            "", "0", String(repeating: "f", count: 64), String(repeating: "z", count: 100_000),
            "\u{1B}[2J", true, NSNull(), [Any](), [String: Any](), ["a"], ["a": 1],
        ]
        let object = try SampleNetwork.object()
        for path in Self.places(in: object) {
            for value in values {
                let changed = Self.setting(value, at: path[...], in: object)
                let data = try JSONSerialization.data(withJSONObject: changed)
                do {
                    _ = try NetworkDescription(document: NetworkDocument(decoding: data))
                } catch {
                    let words = error.description
                    #expect(words.utf8.count < 2_000, "\(path)")
                    #expect(!words.contains("\u{1B}"), "\(path)")
                }
            }
        }
    }

    @Test func `a cut-off or changed file is a network or an error`() throws {
        let document = [UInt8](try SampleNetwork.document().encoded())
        for index in stride(from: 0, to: document.count, by: 7) {
            for bytes in [Array(document[..<index]), Self.flipping(index, of: document)] {
                do {
                    _ = try NetworkDescription(
                        document: NetworkDocument(decoding: Data(bytes)))
                } catch {
                    #expect(!error.description.isEmpty, "byte \(index)")
                }
            }
        }
    }

    @Test func `a file beyond the limit is not read to its end`() {
        let error = #expect(throws: NetworkFileError.self) {
            _ = try NetworkDescription(path: "/dev/zero")
        }
        let limit = NetworkDocument.maximumByteCount
        #expect(error == .tooLarge(limitByteCount: limit, found: limit + 1))
    }

    private static func flipping(_ index: Int, of bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        bytes[index] ^= 1
        return bytes
    }

    /// Paths to every value, containers too.
    private static func places(in value: Any) -> [[String]] {
        let children: [(String, Any)] =
            if let object = value as? [String: Any] {
                object.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
            } else if let list = value as? [Any] {
                list.enumerated().map { ("\($0.offset)", $0.element) }
            } else {
                []
            }
        return children.flatMap { name, child in
            [[name]] + places(in: child).map { [name] + $0 }
        }
    }

    private static func setting(_ new: Any, at path: ArraySlice<String>, in value: Any) -> Any {
        guard let name = path.first else { return new }
        if var object = value as? [String: Any] {
            object[name] = setting(new, at: path.dropFirst(), in: object[name] ?? NSNull())
            return object
        }
        guard var list = value as? [Any], let index = Int(name) else { return value }
        list[index] = setting(new, at: path.dropFirst(), in: list[index])
        return list
    }
}
