internal import CSodium

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    package static func hash(_ bytes: [UInt8]) -> Digest {
        var output = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        let code = crypto_hash_sha256(&output, bytes, UInt64(bytes.count))
        precondition(code == 0, "crypto_hash_sha256 returned \(code)")
        return Digest(bytes: output)!
    }
}
