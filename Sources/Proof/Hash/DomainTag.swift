package import Field

/// What a hash is for: one field element, up to seven ASCII characters read as a little-endian
/// integer. Two uses never share a tag.
package struct DomainTag: Hashable, Sendable, ExpressibleByStringLiteral {
    package let element: Goldilocks

    package static let maximumLength = 7

    /// Traps on an empty or a longer name: names are written in the source.
    package init(_ name: StaticString) {
        let bytes = name.withUTF8Buffer { Array($0) }
        precondition(
            (1...Self.maximumLength).contains(bytes.count) && bytes.allSatisfy { $0 < 0x80 },
            "a domain tag is one to seven ASCII characters, not \(name)")
        element = Goldilocks(bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    package init(stringLiteral name: StaticString) { self.init(name) }

    /// Rows of a committed matrix.
    package static let merkleLeaf: DomainTag = "mleaf"
}
