package import Cryptography
package import Primitives

/// The hashes of the newest log blocks, to tell whether the authority has signed another one of the
/// same height. At most `NodeParameters.maximumRememberedRoots`.
package struct RecentHashes: Sendable {
    private var hashes: [Height: Digest] = [:]

    package init() {}

    package mutating func record(_ hash: Digest, at height: Height) {
        hashes[height] = hash
        let kept = UInt64(NodeParameters.maximumRememberedRoots)
        if height.number >= kept { hashes[Height(height.number - kept)] = nil }
    }

    /// Nil where the height is not folded, or too long ago.
    package subscript(height: Height) -> Digest? { hashes[height] }
}
