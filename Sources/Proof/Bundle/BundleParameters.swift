package import Primitives

/// Every limit of this target.
package enum BundleParameters {
    /// Merges above a leaf: the levels of the largest proof tree.
    package static let maximumDepth = 16
    /// A leaf proof; the largest profile stays below 300 KB.
    package static let maximumLeafProofByteCount = 1 << 20
    /// A whole node proof, as it is served and logged.
    package static let maximumByteCount = 16 << 20

    /// The `ownKey` of a merge that is a bundle. No circuit has this key, so no statement of a
    /// bundle is ever one of a recursive proof: "bundle" and its version, little-endian.
    package static let mergeKey: FieldDigest = {
        let name = Array("bundle".utf8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let key = FieldDigest(elements: [name, 1, 0, 0]) else {
            preconditionFailure("six bytes are below the modulus")
        }
        return key
    }()
}
