/// Every limit of this target.
package enum NodeProofParameters {
    /// The proof of a node as it is served and logged: 284,640 bytes for the largest profile's
    /// circuit proof, and 96 for each leaf, of which no block has so many.
    package static let maximumByteCount = 512 << 10
}
