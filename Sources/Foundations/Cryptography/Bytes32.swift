/// Thirty-two bytes held inline as four big-endian words, so that comparison is by bytes.
package struct Bytes32: Hashable, Comparable, Sendable {
    /// `words.0` holds bytes `0..<8`, most significant first.
    private let word0: UInt64
    private let word1: UInt64
    private let word2: UInt64
    private let word3: UInt64

    package static let byteCount = 32
    package static let zero = Bytes32(words: 0, 0, 0, 0)

    package init(words word0: UInt64, _ word1: UInt64, _ word2: UInt64, _ word3: UInt64) {
        self.word0 = word0
        self.word1 = word1
        self.word2 = word2
        self.word3 = word3
    }

    /// Nil unless `bytes` holds exactly 32 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        for (offset, byte) in bytes.enumerated() {
            switch offset / 8 {
            case 0: words.0 = words.0 << 8 | UInt64(byte)
            case 1: words.1 = words.1 << 8 | UInt64(byte)
            case 2: words.2 = words.2 << 8 | UInt64(byte)
            default: words.3 = words.3 << 8 | UInt64(byte)
            }
        }
        self.init(words: words.0, words.1, words.2, words.3)
    }

    /// Reads 32 bytes from memory.
    init(loadingFrom pointer: UnsafePointer<UInt8>) {
        let raw = UnsafeRawPointer(pointer)
        self.init(
            words: UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 24, as: UInt64.self)))
    }

    /// Nil unless `hex` is 64 hexadecimal digits.
    package init?(hex: String) {
        guard let bytes = [UInt8](hex: hex) else { return nil }
        self.init(bytes)
    }

    /// Lends the 32 bytes to C.
    func withUnsafeBytes<Result: ~Copyable, Failure: Error>(
        _ body: (UnsafePointer<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let words = (word0.bigEndian, word1.bigEndian, word2.bigEndian, word3.bigEndian)
        return try Swift.withUnsafeBytes(of: words) { raw throws(Failure) in
            try body(raw.baseAddress!.assumingMemoryBound(to: UInt8.self))
        }
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for word in [word0, word1, word2, word3] { bytes.append(bigEndian: word) }
        return bytes
    }

    package var hex: String { bytes.hex }

    /// The first eight bytes as a big-endian integer.
    package var leadingWord: UInt64 { word0 }

    package static func < (lhs: Bytes32, rhs: Bytes32) -> Bool {
        if lhs.word0 != rhs.word0 { return lhs.word0 < rhs.word0 }
        if lhs.word1 != rhs.word1 { return lhs.word1 < rhs.word1 }
        if lhs.word2 != rhs.word2 { return lhs.word2 < rhs.word2 }
        return lhs.word3 < rhs.word3
    }
}

extension Bytes32: CustomStringConvertible {
    package var description: String { hex }
}

/// A type with a name of its own that is thirty-two bytes and nothing else.
package protocol Bytes32Representable: Hashable, Comparable, Sendable, CustomStringConvertible {
    var rawBytes: Bytes32 { get }
    init(_ rawBytes: Bytes32)
}

extension Bytes32Representable {
    package init?(bytes: some Collection<UInt8>) {
        guard let raw = Bytes32(bytes) else { return nil }
        self.init(raw)
    }

    package init?(hex: String) {
        guard let raw = Bytes32(hex: hex) else { return nil }
        self.init(raw)
    }

    package var bytes: [UInt8] { rawBytes.bytes }
    package var hex: String { rawBytes.hex }
    /// The first eight hexadecimal digits: for people, never for a decision.
    package var shortName: String { String(hex.prefix(8)) }
    package var description: String { hex }

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawBytes < rhs.rawBytes }
}

/// A SHA-256 output.
package struct Digest: Bytes32Representable {
    package let rawBytes: Bytes32
    package init(_ rawBytes: Bytes32) { self.rawBytes = rawBytes }
    package static let zero = Digest(.zero)
}
