internal import Foundation

/// What a JSON decoder lets pass and a file of rules must not, or refuses without naming the place:
/// a name that stands twice in one object (two readers would follow different ones), numbers that
/// are not whole, other encodings than UTF-8, and deep nesting.
package enum StrictJSON {
    private static let maximumDepth = 64

    /// Why `bytes`, as JSON, are not to be trusted; nil where nothing is found. Does not check what
    /// a decoder checks. O(n).
    package static func fault(in bytes: [UInt8]) -> String? {
        guard !bytes.contains(0), String(validating: bytes, as: UTF8.self) != nil else {
            return "it is not UTF-8 text"
        }
        var scanner = Scanner(bytes: bytes)
        while scanner.index < bytes.count {
            if let fault = scanner.step() { return fault }
            guard scanner.levels.count <= maximumDepth else {
                return "it is nested deeper than \(maximumDepth) levels"
            }
        }
        return nil
    }
}

/// One pass over the bytes, with the place in the document.
private struct Scanner {
    struct Level {
        /// Nil in an array.
        var names: Set<String>?
        var expectsName: Bool
        /// Of the present value.
        var name = ""
        var position = 0
    }

    let bytes: [UInt8]
    var index = 0
    var levels: [Level] = []

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func step() -> String? {
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "{"): levels.append(Level(names: [], expectsName: true))
        case UInt8(ascii: "["): levels.append(Level(names: nil, expectsName: false))
        case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = levels.popLast()
        case UInt8(ascii: ","):
            guard let last = levels.indices.last else { break }
            levels[last].expectsName = levels[last].names != nil
            levels[last].position += 1
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
        default: break
        }
        return nil
    }

    private mutating func string() -> String? {
        let start = index
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        let end = min(index, bytes.count)
        index = end + 1
        guard let last = levels.indices.last, levels[last].expectsName else { return nil }
        let name = text(bytes[start..<end])
        levels[last].expectsName = false
        levels[last].name = name
        guard levels[last].names?.insert(name).inserted != false else {
            return "\(place) stands twice"
        }
        return nil
    }

    private mutating func number() -> String? {
        let start = index - 1
        let parts = Set("+-.eE0123456789".utf8)
        while index < bytes.count, parts.contains(bytes[index]) { index += 1 }
        let text = String(decoding: bytes[start..<index].prefix(40), as: UTF8.self)
        guard UInt64(text) == nil else { return nil }
        return "\(place): expected a whole number from 0 to \(UInt64.max), found \(text)"
    }

    /// Such as `genesis.accounts[2].balance`.
    private var place: String {
        levels.reduce("") { place, level in
            guard level.names != nil else { return "\(place)[\(level.position)]" }
            return place.isEmpty ? level.name : "\(place).\(level.name)"
        }
    }

    /// A name with its escapes resolved, so that "a" and "\u0061" are one.
    private func text(_ name: ArraySlice<UInt8>) -> String {
        let quoted = [UInt8(ascii: "\"")] + name + [UInt8(ascii: "\"")]
        if name.contains(UInt8(ascii: "\\")),
            let text = try? JSONDecoder().decode(String.self, from: Data(quoted))
        {
            return text
        }
        return String(decoding: name, as: UTF8.self)
    }
}
