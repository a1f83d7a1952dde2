/// Every limit of this target.
package enum VRFParameters {
    /// Inputs are fixed in length and far shorter; the vectors of the RFC's family reach 1000.
    package static let maximumInputByteCount = 1_024
}
