package import Field
package import Hash

/// Writes a proof: nothing but field elements, eight little-endian bytes each, canonical.
package struct ProofWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func write(_ element: Goldilocks) {
        let value = element.canonical
        for shift in stride(from: UInt64(0), to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    package mutating func write(_ elements: [Goldilocks]) {
        for element in elements { write(element) }
    }

    package mutating func write(_ element: some ExtensionField) {
        write(element.coefficients)
    }

    package mutating func write<Element: ExtensionField>(_ elements: [Element]) {
        for element in elements { write(element) }
    }

    package mutating func write(_ digest: HashOutput) { write(digest.elements) }

    package mutating func write(_ cap: MerkleCap) {
        for digest in cap.digests { write(digest) }
    }

    package mutating func write(_ path: MerklePath) {
        for digest in path.siblings { write(digest) }
    }
}

/// Reads a proof back. It asks the caller how much there is to read, never the bytes; each read
/// throws `truncated` or `nonCanonicalElement`.
package struct ProofReader: Sendable {
    private let bytes: [UInt8]
    private var offset = 0

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package mutating func element() throws(CommitmentError) -> Goldilocks {
        try require(elements: 1)
        var value: UInt64 = 0
        for index in (0..<8).reversed() { value = value << 8 | UInt64(bytes[offset + index]) }
        guard let element = Goldilocks(canonical: value) else {
            throw .nonCanonicalElement(offset: offset)
        }
        offset += Goldilocks.byteCount
        return element
    }

    package mutating func elements(_ count: Int) throws(CommitmentError) -> [Goldilocks] {
        try require(elements: count)
        var elements: [Goldilocks] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try element()) }
        return elements
    }

    package mutating func extensionElement<Element: ExtensionField>(
        _ type: Element.Type
    ) throws(CommitmentError) -> Element {
        let coefficients = try elements(Element.degree)
        return Element { coefficients[$0] }
    }

    package mutating func extensionElements<Element: ExtensionField>(
        _ type: Element.Type, count: Int
    ) throws(CommitmentError) -> [Element] {
        try require(elements: count * Element.degree)
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try extensionElement(type)) }
        return elements
    }

    package mutating func digest() throws(CommitmentError) -> HashOutput {
        try require(elements: Poseidon2.digestCount)
        return HashOutput(try element(), try element(), try element(), try element())
    }

    package mutating func digests(_ count: Int) throws(CommitmentError) -> [HashOutput] {
        try require(elements: count * Poseidon2.digestCount)
        var digests: [HashOutput] = []
        digests.reserveCapacity(count)
        for _ in 0..<count { digests.append(try digest()) }
        return digests
    }

    /// A cap of 2^`height` digests.
    package mutating func cap(height: Int) throws(CommitmentError) -> MerkleCap {
        MerkleCap(digests: try digests(1 << height))
    }

    package mutating func path(length: Int) throws(CommitmentError) -> MerklePath {
        MerklePath(siblings: try digests(length))
    }

    /// Throws `trailingBytes` unless everything was read.
    package func finish() throws(CommitmentError) {
        guard offset == bytes.count else { throw .trailingBytes(count: bytes.count - offset) }
    }

    private func require(elements count: Int) throws(CommitmentError) {
        let expected = count * Goldilocks.byteCount
        guard bytes.count - offset >= expected else {
            throw .truncated(offset: offset, expected: expected, found: bytes.count - offset)
        }
    }
}
