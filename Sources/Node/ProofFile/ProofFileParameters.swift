internal import NodeProofs

/// Every limit of this target.
package enum ProofFileParameters {
    /// The line before the proof; the longest possible one has about 1,300 bytes.
    package static let maximumHeaderByteCount = 2_048
    package static let maximumByteCount =
        NodeProofParameters.maximumByteCount + maximumHeaderByteCount
}
