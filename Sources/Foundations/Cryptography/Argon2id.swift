internal import CSodium

/// Argon2id version 1.3, one lane (RFC 9106): turns a passphrase into a key at a chosen cost.
package enum Argon2id {
    package static let saltByteCount = 16

    /// What one guess costs.
    package struct Cost: Hashable, Sendable {
        package let passes: UInt64
        package let memoryByteCount: UInt64

        /// Throws `costOutOfBounds`: a hostile file must not ask for a terabyte or a year.
        package init(passes: UInt64, memoryByteCount: UInt64) throws(CryptographyError) {
            let allowedPasses = CryptographyParameters.argon2idPasses
            guard allowedPasses.contains(passes) else {
                throw .costOutOfBounds(found: passes, allowed: allowedPasses)
            }
            let allowedMemory = CryptographyParameters.argon2idMemoryByteCount
            guard allowedMemory.contains(memoryByteCount) else {
                throw .costOutOfBounds(found: memoryByteCount, allowed: allowedMemory)
            }
            self.passes = passes
            self.memoryByteCount = memoryByteCount
        }

        private init(uncheckedPasses: UInt64, memoryByteCount: UInt64) {
            passes = uncheckedPasses
            self.memoryByteCount = memoryByteCount
        }

        /// 3 passes over 256 MiB, about half a second: for an operator's keys.
        package static let moderate = Cost(
            uncheckedPasses: 3, memoryByteCount: 268_435_456)
        /// One pass over 8 KiB, for tests and throw-away devnets: guessing costs nothing.
        package static let minimal = Cost(uncheckedPasses: 1, memoryByteCount: 8_192)
    }

    /// Throws `outOfMemory`, `costOutOfBounds` for a passphrase outside `passphraseByteCount`, or
    /// `wrongByteCount` for a salt that is not 16 bytes.
    package static func derive(
        byteCount: Int, passphrase: borrowing SecretBytes, salt: [UInt8], cost: Cost
    ) throws(CryptographyError) -> SecretBytes {
        guard salt.count == saltByteCount else {
            throw .wrongByteCount(expected: saltByteCount, found: salt.count)
        }
        let allowed = CryptographyParameters.passphraseByteCount
        guard allowed.contains(UInt64(passphrase.count)) else {
            throw .costOutOfBounds(found: UInt64(passphrase.count), allowed: allowed)
        }
        return try SecretBytes(count: byteCount) { output throws(CryptographyError) in
            let code = passphrase.withUnsafeBytes { passphrase in
                crypto_pwhash(
                    output.assumingMemoryBound(to: UInt8.self).baseAddress!, UInt64(byteCount),
                    passphrase.assumingMemoryBound(to: CChar.self).baseAddress!,
                    UInt64(passphrase.count), salt, cost.passes, Int(cost.memoryByteCount),
                    crypto_pwhash_ALG_ARGON2ID13)
            }
            guard code == 0 else {
                throw .outOfMemory(byteCount: Int(cost.memoryByteCount))
            }
        }
    }
}
