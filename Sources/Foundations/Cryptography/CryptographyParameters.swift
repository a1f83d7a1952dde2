/// Every limit of this target.
package enum CryptographyParameters {
    /// RFC 5869: at most 255 blocks.
    package static let maximumHKDFByteCount = 255 * 32
    /// Passes over memory that an Argon2id key file may ask for.
    package static let argon2idPasses: ClosedRange<UInt64> = 1...16
    /// Memory in bytes that an Argon2id key file may ask for: 8 KiB (the algorithm's least) to
    /// 1 GiB.
    package static let argon2idMemoryByteCount: ClosedRange<UInt64> = 8_192...1_073_741_824
    /// Bytes of a passphrase.
    package static let passphraseByteCount: ClosedRange<UInt64> = 1...1_024
}
