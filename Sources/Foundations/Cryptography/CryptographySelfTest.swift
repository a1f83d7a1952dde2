/// Whether the library that was loaded is the one that this package was written for. A node runs
/// this before it does anything else; about a millisecond.
package enum CryptographySelfTest {
    /// Throws `selfTestFailed` with the name of the first answer that differs.
    package static func run() throws(CryptographyError) {
        for (name, holds) in checks() where !holds { throw .selfTestFailed(name) }
    }

    private static func checks() -> [(String, Bool)] {
        [
            ("a point with a component of order 2 is refused (CVE-2025-69277)", refusesTorsion()),
            ("the VRF's arithmetic gives RFC 9381 example 16", computesExample16()),
            ("Ed25519 answers at its edges as pinned", answersEdgesAsPinned()),
            ("X25519 refuses zero", refusesZeroPoint()),
            ("ChaCha20-Poly1305 refuses a changed tag", refusesChangedTag()),
        ]
    }

    private static func bytes(_ hex: String) -> Bytes32 { Bytes32(hex: hex)! }

    /// B + T₂: libsodium 1.0.18 to 1.0.20 as released take it for a subgroup element.
    private static func refusesTorsion() -> Bool {
        let base = EdwardsPoint.baseMultiplied(by: EdwardsScalar(short: [1]))
        let order2 = bytes("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
        guard let torsion = EdwardsPoint(order2) else { return false }
        return EdwardsPoint.isInPrimeOrderSubgroup(base.encoding)
            && !EdwardsPoint.isInPrimeOrderSubgroup((base + torsion).encoding)
            && (base + torsion).multiplied(by: EdwardsScalar(short: [2])) == nil
    }

    private static func computesExample16() -> Bool {
        let seed = SecretBytes(
            copying: bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").bytes
        )
        var hasher = SHA512.Hasher()
        hasher.update(seed)
        let secret = EdwardsSecretScalar(clamping: hasher.finalizeSecret())
        let key = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        let point = bytes("91bbed02a99461df1ad4c6564a5f5d829d0b90cfc7903e7a5797bd658abf3318")
        let gamma = bytes("8657106690b5526245a92b003bb079ccd1a92130477671f6fc01ad16f26f723f")
        guard let hashed = EdwardsPoint(point) else { return false }
        return secret.multiplyingBase()?.encoding == key
            && secret.multiplying(hashed)?.encoding == gamma
    }

    /// One key and signature with a torsion component that cancels (accepted by the library,
    /// refused by our rule) and one that only the cofactored equation accepts.
    private static func answersEdgesAsPinned() -> Bool {
        edges.allSatisfy { edge in
            guard let signature = [UInt8](hex: edge.signature).flatMap({ Signature($0) }),
                let message = [UInt8](hex: edge.message)
            else { return false }
            let key = bytes(edge.key)
            return Ed25519.librarySaysValid(signature, message: message, key: key) == edge.library
                && Ed25519.verify(signature, message: message, key: key) == edge.rule
        }
    }

    private static func refusesZeroPoint() -> Bool {
        let secret = SecretBytes(copying: [UInt8](repeating: 7, count: 32))
        do {
            _ = try X25519.sharedSecret(secret, with: .zero)
            return false
        } catch {
            return error == .lowOrderPoint
        }
    }

    private static func refusesChangedTag() -> Bool {
        let key = SecretBytes(copying: [UInt8](repeating: 1, count: 32))
        let nonce = [UInt8](repeating: 2, count: 12)
        var sealed = ChaCha20Poly1305.seal([1, 2, 3], key: key, nonce: nonce, associatedData: [])
        let opened = try? ChaCha20Poly1305.open(
            sealed[...], key: key, nonce: nonce, associatedData: [])
        sealed[sealed.count - 1] ^= 1
        let forged = try? ChaCha20Poly1305.open(
            sealed[...], key: key, nonce: nonce, associatedData: [])
        return opened == [1, 2, 3] && forged == nil
    }
}
