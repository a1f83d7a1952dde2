/// A key file: secrets sealed under a passphrase, and the public keys that belong to them.
///
///     magic 8 | version 1 | purpose 1 | passes 4 | memory 8 | salt 16 | nonce 24      62 bytes
///     | count 1 | public keys, 32 each | ciphertext, 32 each, and its tag 16 | checksum 8
///
/// Integers are big-endian. Argon2id turns the passphrase into a key, XChaCha20-Poly1305 seals the
/// seeds, and everything before the ciphertext is its associated data, so that neither cost nor
/// public keys can be exchanged. The checksum, a truncated SHA-256 of all before it, tells an
/// accident from a wrong passphrase; it protects against nobody. Costs are bounded before they are
/// used, and the public keys are computed again after opening. Pure: bytes in, bytes out; the
/// shell writes the file (mode 0600, new file, fsync, rename) and draws salt and nonce.
package struct KeyFile: Hashable, Sendable {
    /// What the seeds in a file are for, and their order.
    package enum Purpose: UInt8, Sendable {
        /// Operator, VRF and network identity: three independent seeds.
        case node = 1
        /// A rollup wallet's one seed; its public key is the Ed25519 key of the same seed, as a
        /// name for it.
        case wallet = 2

        package var seedCount: Int {
            switch self {
            case .node: 3
            case .wallet: 1
            }
        }
    }

    static let magic = Array("groveKEY".utf8)
    static let version: UInt8 = 1
    static let seedByteCount = 32
    static let checksumByteCount = 8
    static let headerByteCount =
        8 + 1 + 1 + 4 + 8 + Argon2id.saltByteCount + XChaCha20Poly1305.nonceByteCount + 1

    package let purpose: Purpose
    package let cost: Argon2id.Cost
    /// One for each seed, in the order of `purpose`; unproven until `open` has succeeded.
    package let publicKeys: [Bytes32]
    let salt: [UInt8]
    let nonce: [UInt8]
    let ciphertext: [UInt8]

    /// Throws `KeyFileError.damaged` or `.unsupported`, without the passphrase and cheaply.
    package init(decoding bytes: [UInt8]) throws(KeyFileError) {
        guard bytes.starts(with: Self.magic) else {
            throw .damaged("it does not begin as a key file does")
        }
        guard bytes.count > Self.headerByteCount + Self.checksumByteCount else {
            throw .damaged("cut off after \(bytes.count) bytes")
        }
        guard bytes[8] == Self.version else { throw .unsupported("version \(bytes[8])") }
        guard let purpose = Purpose(rawValue: bytes[9]) else {
            throw .unsupported("purpose \(bytes[9])")
        }
        let count = purpose.seedCount
        let expected = Self.byteCount(seedCount: count)
        guard bytes.count == expected else {
            throw .damaged("\(bytes.count) bytes in place of \(expected)")
        }
        let body = Array(bytes.dropLast(Self.checksumByteCount))
        guard Array(bytes.suffix(Self.checksumByteCount)) == Self.checksum(body) else {
            throw .damaged("the checksum differs")
        }
        var reader = ByteReader(bytes: body, offset: 10)
        let passes = reader.integer(byteCount: 4)
        let memoryByteCount = reader.integer(byteCount: 8)
        do {
            cost = try Argon2id.Cost(passes: passes, memoryByteCount: memoryByteCount)
        } catch {
            throw .unsupported("\(passes) passes over \(memoryByteCount) bytes")
        }
        self.purpose = purpose
        salt = reader.bytes(Argon2id.saltByteCount)
        nonce = reader.bytes(XChaCha20Poly1305.nonceByteCount)
        guard reader.integer(byteCount: 1) == UInt64(count) else {
            throw .damaged("a seed count that is not \(count)")
        }
        publicKeys = (0..<count).map { _ in Bytes32(reader.bytes(Bytes32.byteCount))! }
        ciphertext = reader.bytes(
            Self.seedByteCount * count + XChaCha20Poly1305.tagByteCount)
    }

    init(
        purpose: Purpose, cost: Argon2id.Cost, publicKeys: [Bytes32], salt: [UInt8],
        nonce: [UInt8], seeds: borrowing SecretBytes, key: borrowing SecretBytes
    ) {
        self.purpose = purpose
        self.cost = cost
        self.publicKeys = publicKeys
        self.salt = salt
        self.nonce = nonce
        let header = Self.header(
            purpose: purpose, cost: cost, publicKeys: publicKeys, salt: salt, nonce: nonce)
        ciphertext = XChaCha20Poly1305.seal(
            seeds, key: key, nonce: nonce, associatedData: header)
    }

    package var encoded: [UInt8] {
        let body = associatedData + ciphertext
        return body + Self.checksum(body)
    }

    /// Everything before the ciphertext.
    var associatedData: [UInt8] {
        Self.header(
            purpose: purpose, cost: cost, publicKeys: publicKeys, salt: salt, nonce: nonce)
    }

    private static func header(
        purpose: Purpose, cost: Argon2id.Cost, publicKeys: [Bytes32], salt: [UInt8],
        nonce: [UInt8]
    ) -> [UInt8] {
        var bytes = magic + [version, purpose.rawValue]
        bytes.append(bigEndian: UInt32(cost.passes))
        bytes.append(bigEndian: cost.memoryByteCount)
        bytes += salt + nonce + [UInt8(publicKeys.count)]
        for key in publicKeys { bytes += key.bytes }
        return bytes
    }

    private static func checksum(_ body: [UInt8]) -> [UInt8] {
        Array(SHA256.hash(body).bytes.prefix(checksumByteCount))
    }

    private static func byteCount(seedCount: Int) -> Int {
        headerByteCount + seedCount * (Bytes32.byteCount + seedByteCount)
            + XChaCha20Poly1305.tagByteCount + checksumByteCount
    }
}

/// Why a key file does not open.
package enum KeyFileError: Error, Hashable, Sendable {
    /// The passphrase is not the one it was sealed with (or the file was changed on purpose).
    case wrongPassphrase
    /// Bytes are missing or changed; restore a copy.
    case damaged(String)
    /// Made by another version, or asks for more work than is allowed.
    case unsupported(String)
    /// The passphrase is empty or longer than `CryptographyParameters.passphraseByteCount`.
    case unusablePassphrase
    /// The system refused the memory of the password hash.
    case outOfMemory(byteCount: Int)
}

/// Cuts a byte string whose length was checked before.
private struct ByteReader {
    let bytes: [UInt8]
    var offset: Int

    mutating func bytes(_ count: Int) -> [UInt8] {
        defer { offset += count }
        return Array(bytes[offset..<offset + count])
    }

    mutating func integer(byteCount: Int) -> UInt64 {
        bytes(byteCount).reduce(0) { $0 << 8 | UInt64($1) }
    }
}
